// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The dialogs of a download that really stands still.

#include "tests/auto/session/slowshop.h"

#include <Freshen/UpdateDialogs>

#include <QAbstractButton>
#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using State = Updater::State;

class TestPauseButton : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pausesAndResumes();
    void joinsASilentDownload();

private:
    // The newest visible one of that name: a page that was left goes with the next event only.
    template<typename T>
    static T *find(const QString &name)
    {
        T *found = nullptr;
        for (QWidget *window : QApplication::topLevelWidgets()) {
            for (T *widget : window->findChildren<T *>(name))
                found = widget->isVisible() ? widget : found;
        }
        return found;
    }
    static QString details() { return find<QLabel>(u"progressDetails"_s)->text(); }
};

void TestPauseButton::pausesAndResumes()
{
    UpdaterFixture app;
    SlowShop shop(app);
    shop.serve(1'000'000);
    UpdateDialogs dialogs(&app.updater());
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(!find<QAbstractButton>(u"pauseButton"_s));
    QTRY_VERIFY_WITH_TIMEOUT(find<QAbstractButton>(u"installButton"_s), 60'000);
    QTest::mouseClick(find<QAbstractButton>(u"installButton"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(details().contains(u"per second"), 60'000);
    QTest::keyClick(find<QAbstractButton>(u"pauseButton"_s), Qt::Key_Space);
    QVERIFY(app.updater().isDownloadPaused());
    QVERIFY2(details().startsWith(u"Paused at "_s), qPrintable(details()));
    QCOMPARE(find<QAbstractButton>(u"pauseButton"_s)->text(), u"&Resume"_s);
    // The application has a say, too.
    app.updater().setDownloadPaused(false);
    QCOMPARE(find<QAbstractButton>(u"pauseButton"_s)->text(), u"&Pause"_s);
    QTest::keyClick(find<QAbstractButton>(u"pauseButton"_s), Qt::Key_Space);
    QVERIFY(app.updater().isDownloadPaused());
    shop.serve({});
    QTest::keyClick(find<QAbstractButton>(u"pauseButton"_s), Qt::Key_Space);
    QVERIFY(!app.updater().isDownloadPaused());
    QTRY_COMPARE_WITH_TIMEOUT(app.state(), State::ReadyToInstall, 60'000);
    QVERIFY(!find<QAbstractButton>(u"pauseButton"_s));
}

// The person asks for a check while the app downloads by itself.
void TestPauseButton::joinsASilentDownload()
{
    UpdaterFixture app;
    SlowShop shop(app);
    shop.serve(1'000'000);
    app.settings.setValue(u"Freshen/AutomaticallyDownloads"_s, true);
    UpdateDialogs dialogs(&app.updater());
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QTRY_VERIFY_WITH_TIMEOUT(app.updater().bytesDone() > 0, 60'000);
    QVERIFY(!find<QLabel>(u"heading"_s));
    app.updater().checkForUpdates();
    QCOMPARE(find<QLabel>(u"heading"_s)->text().remove(QChar(0x200b)),
             u"Downloading %1 2.0…"_s.arg(QGuiApplication::applicationDisplayName()));
    QTRY_VERIFY(details().contains(u" of "_s));
    QVERIFY(find<QAbstractButton>(u"pauseButton"_s));
}

QTEST_MAIN(TestPauseButton)
#include "tst_pausebutton.moc"
