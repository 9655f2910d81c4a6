// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/combinednotes.h"

#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Format = Release::NotesFormat;

class TestCombinedNotes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void none() { QCOMPARE(combinedNotes({}).notes, QString()); }
    void oneIsLeftAsItIs();
    void combines_data();
    void combines();
};

void TestCombinedNotes::oneIsLeftAsItIs()
{
    const QString page = u"<html><body> <p>new</p></body></html>\n"_s;
    QCOMPARE(combinedNotes({{u"2.0"_s, page, Format::Html}}).notes, page);
}

void TestCombinedNotes::combines_data()
{
    QTest::addColumn<QList<VersionNotes>>("notes");
    QTest::addColumn<QString>("text");
    QTest::newRow("HTML") << QList<VersionNotes>{{u"3 <b>"_s, u"<p>c</p>"_s, Format::Html},
                                                 {u"2"_s, u"<p>b</p>"_s, Format::Html}}
                          << u"<h2>Version 3 &lt;b&gt;</h2>\n<p>c</p>\n\n"
                             "<h2>Version 2</h2>\n<p>b</p>"_s;
    QTest::newRow("whole pages")
        << QList<VersionNotes>{{u"3"_s, u"<html><head><style>x</style></head><BODY class='a'>\nc"
                                        "</BODY></html>"_s, Format::Html},
                               {u"2"_s, u"<body>b"_s, Format::Html}}
        << u"<h2>Version 3</h2>\nc\n\n<h2>Version 2</h2>\nb"_s;
    QTest::newRow("Markdown") << QList<VersionNotes>{{u"3"_s, u"* c\n"_s, Format::Markdown},
                                                     {u"2"_s, u"* b"_s, Format::Markdown}}
                              << u"## Version 3\n\n* c\n\n## Version 2\n\n* b"_s;
    QTest::newRow("plain text") << QList<VersionNotes>{{u"3"_s, u"c"_s, Format::PlainText},
                                                       {u"2"_s, u"b"_s, Format::PlainText}}
                                << u"Version 3\n\nc\n\nVersion 2\n\nb"_s;
    QTest::newRow("plain text in HTML")
        << QList<VersionNotes>{{u"3"_s, u"c"_s, Format::Html},
                               {u"2"_s, u"<b>\n&"_s, Format::PlainText}}
        << u"<h2>Version 3</h2>\nc\n\n<h2>Version 2</h2>\n<p>&lt;b&gt;<br>&amp;</p>"_s;
    QTest::newRow("what does not go together")
        << QList<VersionNotes>{{u"3"_s, u"c"_s, Format::PlainText},
                               {u"2"_s, u"<b>"_s, Format::Html},
                               {u"1"_s, u"a"_s, Format::PlainText}}
        << u"Version 3\n\nc\n\nVersion 1\n\na"_s;
}

void TestCombinedNotes::combines()
{
    QFETCH(QList<VersionNotes>, notes);
    const VersionNotes combined = combinedNotes(notes);
    QTEST(combined.notes, "text");
    QCOMPARE(combined.version, notes.constFirst().version);
    QCOMPARE(combined.format, notes.constFirst().format);
}

QTEST_GUILESS_MAIN(TestCombinedNotes)
#include "tst_combinednotes.moc"
