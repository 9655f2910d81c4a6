// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/text/displaytext.h"
#include "ui/widgets/text/weblink.h"

#include <QTest>

using namespace Freshen;

class TestDisplayText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc016_steeringCharacters_data();
    void acc016_steeringCharacters();
    void acc016_cutsLongText();
    void cutsBetweenCharacters();
    void longWordsCanBreak();
    void sizes();
    void webLinks_data();
    void webLinks();
};

void TestDisplayText::acc016_steeringCharacters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << QStringLiteral("Notes 2.0") << QStringLiteral("Notes 2.0");
    QTest::newRow("ANSI") << QStringLiteral("a\x1b[31mred") << QStringLiteral("a[31mred");
    QTest::newRow("right-to-left override")
        << QStringLiteral("photo\u202egpj.exe") << QStringLiteral("photogpj.exe");
    QTest::newRow("isolates") << QStringLiteral("a\u2066b\u2069c") << QStringLiteral("abc");
    QTest::newRow("lines") << QStringLiteral(" a\n\n b\u2029c\td ") << QStringLiteral("a b c d");
    QTest::newRow("zero") << QStringLiteral("a") + QChar(0) + QStringLiteral("b")
                          << QStringLiteral("ab");
    QTest::newRow("delete and C1") << QStringLiteral("a\u007f\u009bb") << QStringLiteral("ab");
    QTest::newRow("Hebrew stays") << QStringLiteral("שלום") << QStringLiteral("שלום");
    QTest::newRow("emoji stays") << QStringLiteral("🎉👩‍🚀")
                                 << QStringLiteral("🎉👩‍🚀");
    QTest::newRow("markup stays text") << QStringLiteral("<b>&amp;") << QStringLiteral("<b>&amp;");
}

void TestDisplayText::acc016_steeringCharacters()
{
    QFETCH(QString, text);
    QTEST(displayText(text, 100), "shown");
}

void TestDisplayText::acc016_cutsLongText()
{
    const QString shown = displayText(QString(1'000'000, u'x'), 40);
    QCOMPARE(shown, QString(39, u'x') + u'…');
    QCOMPARE(displayText(QString(40, u'x'), 40), QString(40, u'x'));
    QCOMPARE(displayVersion(QString(1000, u'1')).size(), 40);
}

void TestDisplayText::cutsBetweenCharacters()
{
    const QString party = QStringLiteral("🎉");
    QCOMPARE(displayText(party.repeated(10), 4), party + u'…');
    QCOMPARE(displayText(party.repeated(10), 5), party.repeated(2) + u'…');
}

void TestDisplayText::longWordsCanBreak()
{
    const QString word(100, u'x');
    const QString result = breakable(word);
    QCOMPARE(QString(result).remove(QChar(0x200b)), word);
    for (const QString &part : result.split(QChar(0x200b)))
        QVERIFY(part.size() <= 24);
    const QString sentence = QStringLiteral("words of the usual length stay as they are");
    QCOMPARE(breakable(sentence), sentence);
}

void TestDisplayText::sizes()
{
    QLocale::setDefault(QLocale::c());
    QCOMPARE(displaySize(12'400'000), QStringLiteral("12.4 MB"));
    QCOMPARE(displaySize(999), QStringLiteral("999 bytes"));
}

void TestDisplayText::webLinks_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("opens");
    QTest::newRow("https") << QStringLiteral("https://example.org/a") << true;
    QTest::newRow("http") << QStringLiteral("http://example.org") << true;
    QTest::newRow("upper case") << QStringLiteral("HTTPS://example.org") << true;
    QTest::newRow("file") << QStringLiteral("file:///etc/passwd") << false;
    QTest::newRow("UNC") << QStringLiteral("//host/share/x") << false;
    QTest::newRow("javascript") << QStringLiteral("javascript:alert(1)") << false;
    QTest::newRow("data") << QStringLiteral("data:text/html,x") << false;
    QTest::newRow("mailto") << QStringLiteral("mailto:a@example.org") << false;
    QTest::newRow("other program") << QStringLiteral("ms-msdt:/id") << false;
    QTest::newRow("relative") << QStringLiteral("notes.html") << false;
    QTest::newRow("no host") << QStringLiteral("https:///x") << false;
    QTest::newRow("empty") << QString() << false;
}

void TestDisplayText::webLinks()
{
    QFETCH(QString, address);
    QTEST(isWebLink(QUrl(address)), "opens");
}

QTEST_GUILESS_MAIN(TestDisplayText)
#include "tst_displaytext.moc"
