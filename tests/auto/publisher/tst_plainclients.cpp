// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What plain Sparkle and WinSparkle clients see in a published feed: read here by their own rules,
// with nothing of Freshen's reader.

#include "tests/auto/publisher/publishing.h"
#include "tests/support/resultcheck.h"

#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"
#include "lib/feed/feedsignature.h"
#include "lib/feed/selection.h"

#include <QTest>
#include <QXmlStreamReader>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

const QString sparkle = u"http://www.andymatuschak.org/xml-namespaces/sparkle"_s;

// An item as a plain client keeps it.
struct PlainItem {
    QString version;
    QString url;
    QString os;
    QString length;
    QByteArray edSignature;
    QString channel;
};

// Names with their full namespace; nothing that stands deeper than an item's own children.
QList<PlainItem> plainItems(const QByteArray &feed)
{
    QList<PlainItem> items;
    QXmlStreamReader xml(feed);
    int depth = 0;
    while (!xml.atEnd()) {
        const auto token = xml.readNext();
        depth += (token == QXmlStreamReader::StartElement)
            - (token == QXmlStreamReader::EndElement);
        if (token != QXmlStreamReader::StartElement)
            continue;
        const bool isSparkle = xml.namespaceUri() == sparkle;
        if (depth == 3 && xml.name() == u"item"_s && xml.namespaceUri().isEmpty())
            items += PlainItem();
        if (depth != 4 || items.isEmpty())
            continue;
        if (isSparkle && xml.name() == u"channel"_s) {
            items.last().channel = xml.readElementText();
            --depth;
        } else if (isSparkle && xml.name() == u"version"_s) {
            items.last().version = xml.readElementText();
            --depth;
        } else if (xml.name() == u"enclosure"_s && xml.namespaceUri().isEmpty()) {
            const QXmlStreamAttributes attributes = xml.attributes();
            items.last().url = attributes.value(u"url"_s).toString();
            items.last().length = attributes.value(u"length"_s).toString();
            items.last().os = attributes.value(sparkle, u"os"_s).toString();
            items.last().edSignature = attributes.value(sparkle, u"edSignature"_s).toLatin1();
        }
    }
    return xml.hasError() ? QList<PlainItem>() : items;
}

// The highest version of those whose system is exactly one of these. Numbers alone are compared
// here: all three clients order them in the same way.
PlainItem plainChoice(const QByteArray &feed, const QStringList &systems)
{
    PlainItem best;
    const QList<PlainItem> items = plainItems(feed);
    for (const PlainItem &item : items) {
        const auto numbers = [](const QString &version) { return version.toDouble(); };
        if (systems.contains(item.os) && item.channel.isEmpty()
            && numbers(item.version) > numbers(best.version))
            best = item;
    }
    return best;
}

bool verifies(const QByteArray &content, const QByteArray &base64)
{
    const auto signature = Trust::parseSignature(toView(base64));
    return signature && testKey().publicKey().verify(toBytes(content), *signature);
}

// Sparkle's verdict over a whole feed: the last block counts, and says how long the rest is.
bool sparkleAccepts(const QByteArray &feed)
{
    const qsizetype at = feed.lastIndexOf("<!-- sparkle-signatures:\n");
    const QList<QByteArray> lines = feed.mid(at).split('\n');
    if (at < 0 || lines.size() != 5 || lines[3] != "-->" || !lines[4].isEmpty()
        || !lines[1].startsWith("edSignature: ") || !lines[2].startsWith("length: "))
        return false;
    return lines[2].mid(8).toLongLong() == at && verifies(feed.left(at), lines[1].mid(13));
}

} // namespace

class TestPlainClients : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void acc105_sameItem_data();
    void acc105_sameItem();
    void acc105_sameVerdictOnPackages();
    void acc105_sameVerdictOnFeeds();

private:
    QByteArray feed() const { return readWholeFile(m_site.feed()); }

    const Site m_site;
};

void TestPlainClients::initTestCase()
{
    const QList<QStringList> systems = {{u"linux"_s, u"x86_64"_s},
                                        {u"macos"_s, u"arm64"_s},
                                        {u"windows"_s, u"x86_64"_s},
                                        {u"windows"_s, u"arm64"_s}};
    for (const char *number : {"1.0", "2.0"}) {
        const QString version = QString::fromLatin1(number);
        for (const QStringList &system : systems) {
            if (version == u"2.0"_s && system == systems.last())
                continue; // the newest is not for everybody
            const Finished packed = m_site.pack(version,
                                                {u"--os"_s, system[0], u"--arch"_s, system[1]},
                                                u'-' + system[0] + u'-' + system[1] + u".zip"_s);
            QVERIFY2(packed.status == 0, packed.err.constData());
        }
    }
    QCOMPARE(
        m_site.pack(u"3.0"_s, {u"--channel"_s, u"beta"_s, u"--os"_s, u"macos"_s}, u".zip"_s).status,
        0);
    QCOMPARE(m_site.generate({u"--critical-update-version"_s, u"1.5"_s}).status, 0);
}

void TestPlainClients::acc105_sameItem_data()
{
    QTest::addColumn<QString>("os");
    QTest::addColumn<QString>("arch");
    QTest::addColumn<QStringList>("plainSystems"); // that this client takes
    QTest::addColumn<QString>("version");
    QTest::newRow("Sparkle") << u"macos"_s << u"arm64"_s << QStringList{u"macos"_s} << u"2.0"_s;
    QTest::newRow("WinSparkle") << u"windows"_s << u"x86_64"_s
                                << QStringList{u"windows"_s, u"windows-x64"_s} << u"2.0"_s;
    QTest::newRow("WinSparkle on ARM")
        << u"windows"_s << u"arm64"_s << QStringList{u"windows"_s, u"windows-arm64"_s} << u"1.0"_s;
}

void TestPlainClients::acc105_sameItem()
{
    QFETCH(QString, os);
    QFETCH(QString, arch);
    QFETCH(QStringList, plainSystems);
    QFETCH(QString, version);
    const PlainItem theirs = plainChoice(feed(), plainSystems);
    QCOMPARE(theirs.version, version);
    const auto appcast = readAppcast(withoutTrailers(feed()),
                                     QUrl(u"https://example.org/up/appcast.xml"_s));
    VERIFY_RESULT(appcast);
    ClientConditions client;
    client.installedVersion = u"0.5"_s;
    client.os = os;
    client.arch = arch;
    const Selection ours = selectItem(*appcast, client);
    QVERIFY(ours.item.has_value());
    QCOMPARE(ours.item->version, theirs.version);
    QCOMPARE(ours.item->enclosure->url.toString(), theirs.url);
    QCOMPARE(QString::number(ours.item->enclosure->length), theirs.length);
    QCOMPARE(ours.item->enclosure->edSignature.toLatin1(), theirs.edSignature);
}

void TestPlainClients::acc105_sameVerdictOnPackages()
{
    const QList<PlainItem> items = plainItems(feed());
    QCOMPARE(items.size(), 8);
    for (const PlainItem &item : items) {
        const QString path = m_site.folder() + u'/' + QUrl(item.url).fileName();
        const QByteArray package = readWholeFile(path);
        QCOMPARE(QString::number(package.size()), item.length);
        QVERIFY(verifies(package, item.edSignature));
        const auto ours = [&](const QString &file) {
            return appcastTool({u"verify"_s, u"--public-key"_s, m_site.publicKey(),
                                u"--signature"_s, QString::fromLatin1(item.edSignature), file})
                .status;
        };
        QCOMPARE(ours(path), 0);
        QByteArray changed = package;
        changed[changed.size() / 2] = char(changed[changed.size() / 2] ^ 1);
        writeTextFile(m_site.path(u"changed"_s), changed);
        QVERIFY(!verifies(changed, item.edSignature));
        QCOMPARE(ours(m_site.path(u"changed"_s)), 4);
    }
}

void TestPlainClients::acc105_sameVerdictOnFeeds()
{
    const QByteArray good = feed();
    QVERIFY(sparkleAccepts(good));
    const auto ours = [](const QByteArray &bytes) {
        return verifyFeed(bytes, {testKey().publicKey()}, FeedTrust::Required).has_value();
    };
    QVERIFY(ours(good));
    for (const auto &[before, after] :
         {std::pair("<title>1.0", "<title>1.1"), std::pair("edSignature: ", "edSignature:  "),
          std::pair("\nlength: ", "\nlength: 1"),
          std::pair("-->\n<!-- sparkle", "--> \n<!-- sparkle")}) {
        QByteArray changed = good;
        changed.replace(before, after);
        QVERIFY2(changed != good, before);
        QVERIFY2(!sparkleAccepts(changed), before);
        QVERIFY2(!ours(changed), before);
    }
}

QTEST_GUILESS_MAIN(TestPlainClients)
#include "tst_plainclients.moc"
