// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/mirrors.h"

#include "tests/auto/feed/feedtext.h"
#include "tests/support/resultcheck.h"

#include <QTest>

using namespace Freshen;

namespace {

QByteArray mirror(const QByteArray &url)
{
    return "<freshen:mirror url='" + url + "'/>";
}

QList<QUrl> urls(const QStringList &texts)
{
    QList<QUrl> list;
    for (const QString &text : texts)
        list += QUrl(text);
    return list;
}

} // namespace

class tst_Mirrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void read_data();
    void read();
    void fileBesideALocalFeed();
    void mustBeUnderstood();
    void addresses_data();
    void addresses();
    void ofAnItemWithoutMirrors();
};

void tst_Mirrors::read_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QStringList>("mirrors");
    QTest::addColumn<QString>("warning"); // empty: none
    const QByteArray good = mirror("https://m.example.org/a.zip");
    const QStringList one{u"https://m.example.org/a.zip"_s};
    QByteArray sixteen;
    QStringList sixteenUrls;
    for (int i = 0; i < 16; ++i) {
        sixteenUrls += u"https://m%1.example.org/a.zip"_s.arg(i);
        sixteen += mirror(sixteenUrls.last().toUtf8());
    }
    const QString never = u"has a mirror with an address that is never fetched: '%1'"_s;
    QTest::newRow("none") << enclosure << QStringList() << QString();
    QTest::newRow("one") << enclosure + good << one << QString();
    QTest::newRow("before the enclosure") << good + enclosure << one << QString();
    QTest::newRow("two, in order")
        << enclosure + mirror("https://z.example.org/a.zip") + good
        << QStringList{u"https://z.example.org/a.zip"_s, one.first()} << QString();
    QTest::newRow("relative") << enclosure + mirror("mirror/a.zip")
                              << QStringList{u"https://example.org/updates/mirror/a.zip"_s}
                              << QString();
    // Whether it is asked is decided when it would be, as with enclosures.
    QTest::newRow("http") << enclosure + mirror("http://m.example.org/a.zip")
                          << QStringList{u"http://m.example.org/a.zip"_s} << QString();
    QTest::newRow("ftp") << enclosure + mirror("ftp://m.example.org/a.zip") + good << one
                         << never.arg(u"ftp://m.example.org/a.zip"_s);
    QTest::newRow("file") << enclosure + mirror("file:///etc/passwd") + good << one
                          << never.arg(u"file:///etc/passwd"_s);
    QTest::newRow("control characters")
        << enclosure + mirror("ftp:&#x9b;2J") + good << one << never.arg(u"ftp:\\xc2\\x9b2J"_s);
    QTest::newRow("no address") << enclosure + "<freshen:mirror/>" + good << one
                                << never.arg(QString());
    QTest::newRow("16") << enclosure + sixteen << sixteenUrls << QString();
    QTest::newRow("17") << enclosure + sixteen + good << sixteenUrls
                        << u"has more mirrors than the first 16, which are used"_s;
    QTest::newRow("of another language")
        << enclosure + "<freshen:mirror xml:lang='de' url='https://m.example.org/a.zip'/>" << one
        << QString();
    const QString whose = u"has mirrors, but not one enclosure that they could be of"_s;
    QTest::newRow("of which enclosure?")
        << enclosure + "<enclosure url='https://example.org/b.zip' length='9'/>" + good
        << QStringList() << whose;
    QTest::newRow("of no enclosure")
        << "<link>https://example.org/</link>" + good << QStringList() << whose;
}

void tst_Mirrors::read()
{
    QFETCH(QByteArray, content);
    QFETCH(QStringList, mirrors);
    QFETCH(QString, warning);
    const auto appcast = readAppcast(feed(item(version + content)), webBase);
    VERIFY_RESULT(appcast);
    QCOMPARE(appcast->items.size(), 1);
    QCOMPARE(appcast->items[0].mirrors, urls(mirrors));
    QCOMPARE(appcast->warnings,
             warning.isEmpty() ? QStringList() : QStringList{u"Item 1 "_s + warning});
}

void tst_Mirrors::fileBesideALocalFeed()
{
    const QByteArray text = feed(
        item(version + enclosure + mirror("copy/a.zip") + mirror("../a.zip")));
    const auto appcast = readAppcast(text, QUrl(u"file:///srv/feed/appcast.xml"_s));
    VERIFY_RESULT(appcast);
    QCOMPARE(appcast->items[0].mirrors, urls({u"file:///srv/feed/copy/a.zip"_s}));
    QCOMPARE(appcast->warnings.size(), 1);
}

void tst_Mirrors::mustBeUnderstood()
{
    const auto appcast = readAppcast(
        feed(item(version + enclosure + "<freshen:mustUnderstand>mirror</freshen:mustUnderstand>")),
        webBase);
    VERIFY_RESULT(appcast);
    QCOMPARE(appcast->items[0].notUnderstood, QStringList());
}

void tst_Mirrors::addresses_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QStringList>("mirrors");
    QTest::addColumn<QStringList>("others"); // besides its own
    const QString package = u"https://example.org/up/a.zip"_s;
    const QString manifest = u"https://example.org/other/a.manifest"_s;
    const QStringList two{u"https://m.example.org/b/c.zip"_s, u"https://n.example.org/d.zip"_s};
    QTest::newRow("package") << package << two << two;
    QTest::newRow("manifest") << manifest << two
                              << QStringList{u"https://m.example.org/b/a.manifest"_s,
                                             u"https://n.example.org/a.manifest"_s};
    QTest::newRow("package in folders")
        << package << QStringList{u"https://m.example.org/b/"_s, u"https://n.example.org"_s}
        << QStringList{u"https://m.example.org/b/a.zip"_s, u"https://n.example.org/a.zip"_s};
    QTest::newRow("manifest in folders")
        << manifest << QStringList{u"https://m.example.org/b/"_s, u"https://n.example.org"_s}
        << QStringList{u"https://m.example.org/b/a.manifest"_s,
                       u"https://n.example.org/a.manifest"_s};
    QTest::newRow("its own address") << package << QStringList{package} + two << two;
    QTest::newRow("twice") << package << two + two << two;
    QTest::newRow("escapes stay")
        << u"https://example.org/a%20b%2Fc%3Fd%25.manifest"_s
        << QStringList{u"https://m.example.org/x%2Fy/c.zip"_s}
        << QStringList{u"https://m.example.org/x%2Fy/a%20b%2Fc%3Fd%25.manifest"_s};
    QTest::newRow("a colon") << u"https://example.org/a:b.manifest"_s
                             << QStringList{u"https://m.example.org/c.zip"_s}
                             << QStringList{u"https://m.example.org/a:b.manifest"_s};
    QTest::newRow("the mirror's key") << u"https://example.org/a.manifest?key=secret"_s
                                      << QStringList{u"https://m.example.org/c.zip?key=own"_s}
                                      << QStringList{u"https://m.example.org/a.manifest?key=own"_s};
}

void tst_Mirrors::addresses()
{
    QFETCH(QString, file);
    QFETCH(QStringList, mirrors);
    QFETCH(QStringList, others);
    AppcastItem item;
    item.enclosure.emplace().url = QUrl(u"https://example.org/up/a.zip"_s);
    item.mirrors = urls(mirrors);
    QCOMPARE(addressesOf(item, QUrl(file)), urls(QStringList{file} + others));
}

void tst_Mirrors::ofAnItemWithoutMirrors()
{
    const QUrl file(u"https://example.org/a.zip"_s);
    QCOMPARE(addressesOf(AppcastItem(), file), QList<QUrl>{file});
}

QTEST_GUILESS_MAIN(tst_Mirrors)
#include "tst_mirrors.moc"
