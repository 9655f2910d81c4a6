// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What the reader spends on a feed is bounded, whatever is in it, and what it does not know or does
// not get in full changes nothing.

#include "lib/feed/appcastwriter.h"
#include "tests/auto/feed/feedtext.h"
#include "tests/support/peakmemory.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace Freshen;

class tst_FeedBounds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc003_everyPrefixOfEverySeed();
    void acc004_bombs_data();
    void acc004_bombs();
    void acc006_hugeElements_data();
    void acc006_hugeElements();
    void acc007_otherVocabulariesChangeNothing();
};

namespace {

constexpr qint64 memoryLimit = 50 << 20;

QByteArray fileContent(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

// Behind the root element there may be a comment; only there a feed can be cut unnoticed.
void tst_FeedBounds::acc003_everyPrefixOfEverySeed()
{
    QDirIterator seeds(QStringLiteral(FRESHEN_TEST_DATA "/../fuzz/corpus/feed"), QDir::Files);
    int refusals = 0;
    while (seeds.hasNext()) {
        const QByteArray whole = fileContent(seeds.next());
        const auto complete = readAppcast(whole, webBase);
        if (!complete)
            continue;
        const qsizetype end = whole.lastIndexOf("</rss>") + 6;
        for (qsizetype size = 0; size < whole.size(); ++size) {
            const auto part = readAppcast(whole.left(size), webBase);
            QVERIFY2(!part || size >= end, qPrintable(seeds.fileName()));
            if (part)
                QCOMPARE(writeAppcast(*part), writeAppcast(*complete));
            refusals += !part;
        }
    }
    QVERIFY2(refusals > 5000, "the seeds are missing");
}

void tst_FeedBounds::acc004_bombs_data()
{
    QTest::addColumn<QByteArray>("content");
    const auto withDocumentType = [](const QByteArray &declarations, const QByteArray &text) {
        return "<!DOCTYPE rss [" + declarations + "]>\n" + feed("<title>" + text + "</title>");
    };
    QByteArray laughs = "<!ENTITY l0 \"" + QByteArray(1000, 'x') + "\">";
    for (int i = 1; i < 10; ++i) {
        const QByteArray inner = "&l" + QByteArray::number(i - 1) + ';';
        laughs += "<!ENTITY l" + QByteArray::number(i) + " \"" + inner.repeated(10) + "\">";
    }
    QTest::newRow("acc004_billion laughs") << withDocumentType(laughs, "&l9;");
    QTest::newRow("acc004_one large entity, often")
        << withDocumentType("<!ENTITY big \"" + QByteArray(1 << 20, 'x') + "\">",
                            QByteArray("&big;").repeated(100'000));
    QTest::newRow("acc004_entity that is itself")
        << withDocumentType("<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">", "&a;");
    QTest::newRow("acc004_parameter entities")
        << withDocumentType("<!ENTITY % p \"<!ENTITY q 'x'>\"> %p;", "&q;");
    QTest::newRow("acc004_never ending document type")
        << QByteArray("<!DOCTYPE rss [" + QByteArray("<!ENTITY e \"x\">").repeated(200'000));
}

void tst_FeedBounds::acc004_bombs()
{
    QFETCH(QByteArray, content);
    const PeakMemory memory;
    QCOMPARE(codeOf(readAppcast(content, webBase)), u"FEED_FORBIDDEN_XML"_s);
    const auto growth = memory.growth();
    if (growth)
        QVERIFY2(*growth < memoryLimit, QByteArray::number(*growth));
}

void tst_FeedBounds::acc006_hugeElements_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("code");
    const auto attributes = [](int count) {
        QByteArray all;
        for (int i = 0; i < count; ++i)
            all += " a" + QByteArray::number(i) + "='>'";
        return item(version + enclosure + "<!-- '> --><![CDATA[<a b='>]]><unknown" + all + "/>");
    };
    const auto deltas = [](int count) {
        QByteArray all;
        for (int i = 0; i < count; ++i)
            all += "<freshen:delta url='d' from='" + QByteArray::number(i) + "'/>";
        return item(version + enclosure + all);
    };
    const auto enclosures = [](int count) {
        return item(version + QByteArray("<enclosure url='a'/>").repeated(count));
    };
    QTest::newRow("100 attributes") << attributes(100) << u"none"_s;
    QTest::newRow("101 attributes") << attributes(101) << u"FEED_TOO_LARGE"_s;
    QTest::newRow("4 MiB of attributes") << attributes(350'000) << u"FEED_TOO_LARGE"_s;
    QTest::newRow("998 deltas") << deltas(998) << u"none"_s;
    QTest::newRow("999 deltas") << deltas(999) << u"FEED_TOO_LARGE"_s;
    QTest::newRow("4 MiB of deltas") << deltas(100'000) << u"FEED_TOO_LARGE"_s;
    QTest::newRow("4 MiB of enclosures") << enclosures(200'000) << u"FEED_TOO_LARGE"_s;
    QTest::newRow("items with many parts") << deltas(900).repeated(30) << u"none"_s;
}

// None of them may cost time that grows with the square of its size.
void tst_FeedBounds::acc006_hugeElements()
{
    QFETCH(QByteArray, content);
    QElapsedTimer timer;
    timer.start();
    QTEST(codeOf(readAppcast(feed(content), webBase)), "code");
    QVERIFY2(timer.elapsed() < 5'000, QByteArray::number(timer.elapsed()));
}

void tst_FeedBounds::acc007_otherVocabulariesChangeNothing()
{
    const QByteArray bare = feed(stamp + item(version + enclosure));
    QByteArray dressed = bare;
    dressed
        .replace("<channel>",
                 R"(<channel xmlns:m="urn:media"><m:thumbnail url="file:///x"/>)"
                 "<atom:link xmlns:atom='http://www.w3.org/2005/Atom'/>"
                 "<ttl>60</ttl><sparkle:unheard><item/></sparkle:unheard>")
        .replace("</item>",
                 "<m:group><title>none</title></m:group><guid>1</guid>"
                 "<freshen:unheard version='9'/></item>");
    const auto left = readAppcast(bare, webBase);
    const auto right = readAppcast(dressed, webBase);
    QVERIFY(left && right && dressed.size() > bare.size() + 200);
    QCOMPARE(writeAppcast(*right), writeAppcast(*left));
    QCOMPARE(right->warnings, QStringList());
}

QTEST_GUILESS_MAIN(tst_FeedBounds)
#include "tst_feedbounds.moc"
