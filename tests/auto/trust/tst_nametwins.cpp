// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/nametwins.h"

#include <QTest>

using Freshen::Trust::NameTwins;

class TestNameTwins : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void h11_twins_data();
    void h11_twins();
    void h11_others_data();
    void h11_others();
    void sameSpellingIsNoTwin();
    void objectionNamesTheOther();
};

namespace {

void addPairs(
    const std::initializer_list<std::tuple<const char *, const char *, const char *>> &rows)
{
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");
    for (const auto &[title, one, other] : rows)
        QTest::newRow(title) << QByteArray(one) << QByteArray(other);
}

bool areTwins(const QByteArray &one, const QByteArray &other, const char *os)
{
    NameTwins twins(os);
    return twins.add(one.toStdString()) || twins.add(other.toStdString());
}

} // namespace

void TestNameTwins::h11_twins_data()
{
    addPairs({
        {"case", "A", "a"},
        {"case inside", "readMe.txt", "ReadMe.txt"},
        {"case of an umlaut", "\u00c4", "\u00e4"},
        {"case of a Greek letter", "\u03a3", "\u03c3"},
        {"final sigma", "\u03c3", "\u03c2"},
        {"case outside of the first plane", "\U00010400", "\U00010428"},
        {"composed and decomposed", "caf\u00e9", "cafe\u0301"},
        {"case and composition", "CAF\u00c9", "cafe\u0301"},
        {"marks in another order", "a\u0323\u0301", "a\u0301\u0323"},
        {"marks that folding takes away", "\u03b1\u0345\u0301", "\u03b1\u0301\u0345"},
        {"Korean syllable", "\ud55c", "\u1112\u1161\u11ab"},
        {"sharp s", "stra\u00dfe", "strasse"},
        {"capital sharp s", "\u1e9e", "\u00df"},
        {"Kelvin sign", "\u212a", "k"},
        {"Angstrom sign", "\u212b", "\u00e5"},
        {"micro sign", "\u00b5", "\u03bc"},
        {"long s", "\u017f", "s"},
        {"ligature", "\ufb01le", "file"},
        {"capital i with dot", "\u0130", "i\u0307"},
        {"zero-width space", "a\u200bb", "ab"},
        {"zero-width joiner", "a\u200db", "ab"},
        {"zero-width mark before an accent", "e\u200b\u0301", "\u00e9"},
        {"soft hyphen", "a\u00adb", "ab"},
        {"word joiner", "a\u2060", "a"},
        {"byte order mark",
         "\ufeff"
         "a",
         "a"},
        {"variation selector", "a\ufe0f", "a"},
        {"nothing to be seen", "\u200b", "\u200c"},
        {"case of a folder", "Bin/one", "bin/two"},
        {"case of a folder further down", "a/Bin/c/one", "a/bin/c/two"},
        {"folder and file", "Bin", "bin/app"},
        {"file and folder", "bin/app", "Bin"},
        {"folder that cannot be seen", "\u200b/a", "\u200c/b"},
    });
}

void TestNameTwins::h11_twins()
{
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);
    for (const char *os : {"windows", "macos"}) {
        QVERIFY2(areTwins(one, other, os), os);
        QVERIFY2(areTwins(other, one, os), os);
    }
    QVERIFY(!areTwins(one, other, "linux"));
}

void TestNameTwins::h11_others_data()
{
    addPairs({
        {"letters", "a", "b"},
        {"accent", "a", "\u00e1"},
        {"dotless i", "\u0131", "i"},
        {"Cyrillic a", "\u0430", "a"},
        {"full-width letter", "\uff21", "a"},
        {"superscript", "x\u00b2", "x2"},
        {"blank", "a b", "ab"},
        {"folder of the same name elsewhere", "a/bin/x", "b/Bin/x"},
        {"parts taken together", "a/bc", "ab/c"},
        {"name and its beginning", "abc", "ab"},
        {"folder and its file", "bin", "bin/app"},
    });
}

void TestNameTwins::h11_others()
{
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);
    for (const char *os : {"windows", "macos", "linux"})
        QVERIFY2(!areTwins(one, other, os), os);
}

void TestNameTwins::sameSpellingIsNoTwin()
{
    NameTwins twins("windows");
    QVERIFY(!twins.add("bin"));
    QVERIFY(!twins.add("bin"));
    QVERIFY(!twins.add("bin/a"));
}

void TestNameTwins::objectionNamesTheOther()
{
    NameTwins twins("macos");
    QVERIFY(!twins.add("Read\u202eme/a"));
    QCOMPARE(twins.add("READ\u202eME/b").value(),
             std::string("would be the same name as \"Read\\xe2\\x80\\xaeme\" on its system"));
}

QTEST_GUILESS_MAIN(TestNameTwins)
#include "tst_nametwins.moc"
