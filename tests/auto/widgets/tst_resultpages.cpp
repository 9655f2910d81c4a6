// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// How a conversation ends: what is said, what can be copied, and where links lead.

#include "tests/auto/widgets/dialogfixture.h"
#include "tests/auto/widgets/samplepages.h"

#include <QApplication>
#include <QDesktopServices>
#include <QLabel>
#include <QTest>
#include <QTextEdit>

using namespace Freshen;

class TestResultPages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void updatedTellsWhatIsNew();
    void updatedWithoutNotes();
    void errorOffersTheDownload_data();
    void errorOffersTheDownload();
    void acc026_cannotConfirm();
    void sentencesWrapAndCopy();

public Q_SLOTS:
    void openUrl(const QUrl &url) { m_opened += url; }

private:
    QList<QUrl> m_opened;
};

void TestResultPages::initTestCase()
{
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Notes"));
    QApplication::setQuitOnLastWindowClosed(false);
    for (const char *scheme : {"https", "http", "file", "ftp"})
        QDesktopServices::setUrlHandler(QLatin1String(scheme), this, "openUrl");
}

void TestResultPages::cleanupTestCase()
{
    for (const char *scheme : {"https", "http", "file", "ftp"})
        QDesktopServices::unsetUrlHandler(QLatin1String(scheme));
}

void TestResultPages::updatedTellsWhatIsNew()
{
    m_opened.clear();
    DialogFixture fixture;
    fixture.driver().showUpdated(QStringLiteral("1.0.0"), sampleRelease());
    QVERIFY(fixture.text().contains(QLatin1String("What is new in 2.0.0")));
    QVERIFY(fixture.text().contains(QLatin1String("The version before was 1.0.0.")));
    QVERIFY(fixture.find<QTextEdit>("notes")->toPlainText().contains(QLatin1String("Preview")));
    auto *link = fixture.find<QLabel>("allVersionsLink");
    QVERIFY(link->text().contains(QLatin1String("All versions")));
    QVERIFY(link->toolTip().contains(sampleRelease().fullNotesUrl().toString()));
    QCOMPARE(link->accessibleDescription(), sampleRelease().fullNotesUrl().toString());
    Q_EMIT link->linkActivated(QStringLiteral("#"));
    QCOMPARE(m_opened, QList<QUrl>{sampleRelease().fullNotesUrl()});
}

void TestResultPages::updatedWithoutNotes()
{
    DialogFixture fixture;
    Release release = plainRelease(QStringLiteral("2.0.0"));
    release.setFullNotesUrl(QUrl(QStringLiteral("file:///etc/passwd")));
    fixture.driver().showUpdated(QStringLiteral("1.0.0"), release);
    QVERIFY(fixture.text().contains(QLatin1String("2.0.0")));
    QVERIFY(!fixture.text().contains(QLatin1String("What is new")));
    QVERIFY(!fixture.find<QWidget>("notes"));
    QVERIFY(!fixture.find<QWidget>("allVersionsLink"));
}

void TestResultPages::errorOffersTheDownload_data()
{
    QTest::addColumn<QUrl>("link");
    QTest::addColumn<bool>("isOffered");
    const auto row = [](const char *link, bool isOffered) {
        QTest::newRow(link) << QUrl(QLatin1String(link)) << isOffered;
    };
    row("", false);
    row("https://example.org/a?b=1&lt=2", true);
    row("http://example.org/", true);
    row("file:///etc/passwd", false);
    row("ftp://example.org/", false);
    row("javascript:alert(1)", false);
    row("https:", false);
}

void TestResultPages::errorOffersTheDownload()
{
    QFETCH(QUrl, link);
    QFETCH(bool, isOffered);
    m_opened.clear();
    DialogFixture fixture;
    UpdateError error(QStringLiteral("NEEDS_RIGHTS"), QStringLiteral("x"));
    error.setLink(link);
    fixture.driver().showError(error);
    auto *label = fixture.find<QLabel>("downloadLink");
    QCOMPARE(label != nullptr, isOffered);
    if (!label)
        return;
    QVERIFY(label->text().contains(QLatin1String("Download it yourself")));
    QVERIFY(label->toolTip().contains(link.toString().toHtmlEscaped()));
    Q_EMIT label->linkActivated(QStringLiteral("#"));
    QCOMPARE(m_opened, QList<QUrl>{link});
}

// A feed that somebody withholds or replays is no mere failure.
void TestResultPages::acc026_cannotConfirm()
{
    DialogFixture fixture;
    fixture.driver().showProgress(UserDriver::Phase::Checking, 0, 0);
    fixture.driver().showError(UpdateError(QStringLiteral("STALE"), QStringLiteral("x")));
    QVERIFY2(fixture.text().contains(QLatin1String("cannot be confirmed that")),
             qPrintable(fixture.text()));
    fixture.driver().showProgress(UserDriver::Phase::Checking, 0, 0);
    fixture.driver().showError(UpdateError(QStringLiteral("NETWORK"), QStringLiteral("x")));
    QVERIFY(fixture.text().contains(QLatin1String("The check for updates failed")));
}

void TestResultPages::sentencesWrapAndCopy()
{
    DialogFixture fixture;
    const QString sentence =
        QStringLiteral("It is kept up to date by Flatpak. ").repeated(12).trimmed();
    fixture.driver().showNoUpdate(sentence);
    auto *text = fixture.find<QTextEdit>("resultText");
    QVERIFY(text->isReadOnly());
    QVERIFY(text->textInteractionFlags() & Qt::TextSelectableByMouse);
    QVERIFY(text->textInteractionFlags() & Qt::TextSelectableByKeyboard);
    text->selectAll();
    QCOMPARE(text->textCursor().selectedText(), sentence);
    QVERIFY(text->height() > 2 * text->fontMetrics().lineSpacing());
    QVERIFY(!text->accessibleName().isEmpty());
}

QTEST_MAIN(TestResultPages)
#include "tst_resultpages.moc"
