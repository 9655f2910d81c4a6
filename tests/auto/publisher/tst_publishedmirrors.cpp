// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/publisher/publishing.h"

#include "lib/feed/appcastreader.h"
#include "lib/feed/feedsignature.h"

#include <QJsonArray>
#include <QTest>

#include <memory>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

const QByteArray aMirror = "<freshen:mirror url=\"https://m.example.org/notes.tar.zst\"/>";

} // namespace

// Mirrors, as freshen-appcast writes, keeps and judges them.
class TestPublishedMirrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void newItemsNameThem();
    void theirNumberIsLimited();
    void theyHaveToBeFolders();
    void overPlainHttp();
    void thoseOfAPersonAreKept();
    void lint_data();
    void lint();
    void lintAllowsHttp();

private:
    QList<QUrl> mirrorsOf(const QString &version) const;
    void addToItem(const QByteArray &element) const;
    QStringList complaints(const Finished &answer) const;

    std::unique_ptr<Site> m_site;
};

void TestPublishedMirrors::init()
{
    m_site = std::make_unique<Site>();
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
}

QList<QUrl> TestPublishedMirrors::mirrorsOf(const QString &version) const
{
    const auto feed = readAppcast(withoutTrailers(readWholeFile(m_site->feed())),
                                  QUrl(u"https://example.org/up/appcast.xml"_s));
    for (const AppcastItem &item : feed ? feed->items : QList<AppcastItem>()) {
        if (item.version == version)
            return item.mirrors;
    }
    return {};
}

// As a person with a text editor does, who signs the feed again.
void TestPublishedMirrors::addToItem(const QByteArray &element) const
{
    QByteArray feed = readWholeFile(m_site->feed());
    writeTextFile(m_site->feed(), feed.replace("</item>", element + "</item>"));
    QCOMPARE(appcastTool({u"sign"_s, u"--key"_s, m_site->keyFile(), m_site->feed()}).status, 0);
}

QStringList TestPublishedMirrors::complaints(const Finished &answer) const
{
    QStringList result;
    const QJsonArray found = answer.json().value(u"problems"_s).toArray();
    for (const QJsonValue &problem : found) {
        if (problem[u"message"_s].toString().contains(u"mirror"_s))
            result += problem[u"level"_s].toString() + u' ' + problem[u"code"_s].toString();
    }
    return result;
}

void TestPublishedMirrors::newItemsNameThem()
{
    QCOMPARE(m_site->generate().status, 0);
    QCOMPARE(m_site->pack(u"2.0"_s).status, 0);
    const Finished answer = m_site->generate({u"--mirror-url"_s, u"https://m.example.org/a"_s,
                                              u"--mirror-url"_s, u"https://n.example.org/"_s});
    QVERIFY2(answer.status == 0, answer.out.constData());
    QVERIFY(!answer.json().contains(u"warnings"_s));
    QCOMPARE(mirrorsOf(u"2.0"_s),
             (QList<QUrl>{QUrl(u"https://m.example.org/a/notes-2.0-linux-x86_64.tar.zst"_s),
                          QUrl(u"https://n.example.org/notes-2.0-linux-x86_64.tar.zst"_s)}));
    QCOMPARE(mirrorsOf(u"1.0"_s), QList<QUrl>());
    QCOMPARE(complaints(m_site->lint()), QStringList());
}

void TestPublishedMirrors::theirNumberIsLimited()
{
    QStringList options;
    for (int i = 0; i < 16; ++i)
        options += {u"--mirror-url"_s, u"https://m%1.example.org/"_s.arg(i)};
    const QStringList more{u"--mirror-url"_s, u"https://m.example.org/"_s};
    QCOMPARE(m_site->generate(options + more).errorCode(), u"USAGE"_s);
    QCOMPARE(m_site->generate(options).status, 0);
    QCOMPARE(mirrorsOf(u"1.0"_s).size(), 16);
}

void TestPublishedMirrors::theyHaveToBeFolders()
{
    for (const QString &url :
         {u"m.example.org"_s, u"ftp://m.example.org/"_s, u"https://m.example.org/get?file="_s}) {
        const Finished answer = m_site->generate({u"--mirror-url"_s, url});
        QCOMPARE(answer.errorCode(), u"USAGE"_s);
        QVERIFY2(answer.out.contains("--mirror-url"), answer.out.constData());
    }
}

void TestPublishedMirrors::overPlainHttp()
{
    const Finished answer = m_site->generate({u"--mirror-url"_s, u"http://m.example.org/"_s});
    QCOMPARE(answer.status, 0);
    QCOMPARE(answer.json().value(u"warnings"_s).toArray().size(), 1);
}

void TestPublishedMirrors::thoseOfAPersonAreKept()
{
    QCOMPARE(m_site->generate().status, 0);
    addToItem(aMirror);
    QCOMPARE(m_site->pack(u"2.0"_s).status, 0);
    QCOMPARE(m_site->generate({u"--mirror-url"_s, u"https://n.example.org/"_s}).status, 0);
    QCOMPARE(mirrorsOf(u"1.0"_s), QList<QUrl>{QUrl(u"https://m.example.org/notes.tar.zst"_s)});
    QVERIFY(readWholeFile(m_site->feed()).contains(aMirror));
}

void TestPublishedMirrors::lint_data()
{
    QTest::addColumn<QByteArray>("mirrors");
    QTest::addColumn<QByteArray>("removed");
    QTest::addColumn<QStringList>("found");
    const QByteArray nothing;
    QTest::newRow("good") << aMirror << nothing << QStringList();
    QTest::newRow("http") << aMirror + "<freshen:mirror url=\"http://m.example.org/a\"/>" << nothing
                          << QStringList{u"warning URL_SCHEME"_s};
    QTest::newRow("the enclosure's own")
        << QByteArray("<freshen:mirror "
                      "url=\"https://example.org/up/notes-1.0-linux-x86_64.tar.zst\"/>")
        << nothing << QStringList{u"warning CONFIG"_s};
    QTest::newRow("the enclosure's own folder")
        << QByteArray("<freshen:mirror url=\"https://example.org/up/\"/>") << nothing
        << QStringList{u"warning CONFIG"_s};
    QTest::newRow("twice") << aMirror + aMirror << nothing << QStringList{u"warning CONFIG"_s};
    QTest::newRow("without sha256")
        << aMirror << QByteArray("freshen:sha256=\"") << QStringList{u"warning HASH"_s};
    QTest::newRow("never fetched") << QByteArray("<freshen:mirror url=\"ftp://m.example.org/a\"/>")
                                   << nothing << QStringList{u"error NO_USABLE_ITEM"_s};
}

void TestPublishedMirrors::lint()
{
    QFETCH(QByteArray, mirrors);
    QFETCH(QByteArray, removed);
    QFETCH(QStringList, found);
    QCOMPARE(m_site->generate().status, 0);
    if (!removed.isEmpty())
        writeTextFile(m_site->feed(),
                      readWholeFile(m_site->feed()).replace(removed, "freshen:was=\""));
    addToItem(mirrors);
    QCOMPARE(complaints(m_site->lint()), found);
}

void TestPublishedMirrors::lintAllowsHttp()
{
    QCOMPARE(m_site->generate().status, 0);
    addToItem("<freshen:mirror url=\"http://m.example.org/a\"/>");
    QCOMPARE(complaints(m_site->lint({u"--allow-http"_s})), QStringList());
}

QTEST_GUILESS_MAIN(TestPublishedMirrors)
#include "tst_publishedmirrors.moc"
