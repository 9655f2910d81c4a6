// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The decisions that Sparkle's own tests ask for, on feeds of the same structure.

#include "lib/feed/selection.h"

#include "tests/auto/feed/feedtext.h"

#include <QTest>

using namespace Freshen;

Q_DECLARE_METATYPE(Freshen::ClientConditions)

namespace {

QByteArray element(const char *name, const QByteArray &text)
{
    return QByteArray("<sparkle:") + name + '>' + text + "</sparkle:" + name + '>';
}

// An item for every system that reads Sparkle's feeds.
QByteArray release(const QByteArray &version, const QByteArray &more = {})
{
    return item("<enclosure url='https://example.org/app.zip' length='9' sparkle:version='"
                + version + "'/>" + more);
}

QByteArray minimum(const char *version)
{
    return element("minimumAutoupdateVersion", version);
}

ClientConditions mac(const QString &installed = u"1.0"_s)
{
    ClientConditions client;
    client.installedVersion = installed;
    client.os = u"macos"_s;
    client.osVersion = u"14.0.0"_s;
    client.arch = u"arm64"_s;
    client.now = QDateTime({2026, 11, 22}, {10, 0}, Qt::UTC);
    return client;
}

ClientConditions following(const QSet<QString> &channels)
{
    ClientConditions client = mac();
    client.channels = channels;
    return client;
}

// A scheduled check of somebody who skipped these: "2.0", "major 3.0:3.5"; holding major upgrades
// shows what the first pass alone finds.
ClientConditions skipping(const QString &minor, const QString &major, bool holdsMajor)
{
    ClientConditions client = mac();
    if (!minor.isEmpty())
        client.skippedVersions = {minor};
    client.skippedMajorVersion = major.section(u':', 0, 0);
    client.skippedMajorSubrelease = major.section(u':', 1);
    client.holdsMajorUpgrades = holdsMajor;
    return client;
}

ClientConditions phased(const QString &installed, const char *now, std::optional<int> group)
{
    ClientConditions client = mac(installed);
    client.now = QDateTime::fromString(QString::fromLatin1(now), Qt::ISODate);
    client.rolloutGroup = group;
    return client;
}

ClientConditions onHardware(const char *arch, const char *osVersion)
{
    ClientConditions client = mac();
    client.arch = QString::fromLatin1(arch);
    client.osVersion = QString::fromLatin1(osVersion);
    return client;
}

Appcast appcastOf(const QByteArray &channel, const QStringList &languages = {})
{
    const auto appcast = readAppcast(feed(channel), webBase, languages);
    return appcast ? *appcast : Appcast();
}

} // namespace

class tst_SparkleFeeds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decisions_data();
    void decisions();
    void firstFeed();
    void informational_data();
    void informational();
    void languages_data();
    void languages();
    void enclosuresPerSystem_data();
    void enclosuresPerSystem();
    void lastDeltaFromAVersionCounts();
    void hardwareWords_data();
    void hardwareWords();
};

void tst_SparkleFeeds::decisions_data()
{
    QTest::addColumn<QByteArray>("channel");
    QTest::addColumn<ClientConditions>("client");
    QTest::addColumn<QString>("candidates");
    QTest::addColumn<QString>("outcome"); // the version, or the reason for none
    QByteArray channel;
    const auto add = [&channel](const char *row, const ClientConditions &client,
                                const char *candidates, const char *outcome) {
        QTest::newRow(row) << channel << client << QString::fromLatin1(candidates)
                           << QString::fromLatin1(outcome);
    };

    channel = release("2.0") + release("3.0", element("channel", ""))
        + release("4.0", element("channel", "beta")) + release("5.0", element("channel", "nightly"))
        + item("<enclosure url='https://example.org/a.zip' sparkle:version='6.0' "
               "sparkle:os='windows'/>")
        + item("<enclosure url='https://example.org/a.zip' sparkle:version='7.0' "
               "sparkle:deltaFrom='1.0'/>");
    add("channels: both", following({u"beta"_s, u"nightly"_s}), "2.0 3.0 4.0 5.0", "5.0");
    add("channels: none", following({}), "2.0 3.0", "3.0");
    add("channels: beta", following({u"beta"_s}), "2.0 3.0 4.0", "4.0");
    add("channels: nightly", following({u"nightly"_s}), "2.0 3.0 5.0", "5.0");
    add("channels: made up", following({u"madeup"_s}), "2.0 3.0", "3.0");

    channel = release("3.0", minimum("2.0")) + release("2.0");
    add("major: held at 1.0", mac(), "2.0", "2.0");
    add("major: 2.0", mac(u"2.0"_s), "3.0 2.0", "3.0");
    add("major: 2.5", mac(u"2.5"_s), "3.0 2.0", "3.0");
    add("major: skipped 2.0, first pass", skipping(u"2.0"_s, {}, true), "", "major-upgrade-held");
    add("major: skipped 2.0", skipping(u"2.0"_s, {}, false), "3.0", "3.0");
    add("major: skipped 3.0", skipping({}, u"3.0"_s, false), "2.0", "2.0");
    add("major: skipped 2.0 and 3.0", skipping(u"2.0"_s, u"3.0"_s, false), "", "skipped");
    add("major: skipped 2.5", skipping(u"2.5"_s, {}, false), "3.0", "3.0");
    add("major: skipped 1.5", skipping(u"1.5"_s, {}, false), "2.0", "2.0");
    add("major: skipped 1.5 and major 1.0", skipping(u"1.5"_s, u"1.0"_s, false), "2.0", "2.0");
    channel = release("3.0", minimum(""));
    add("major: empty minimum", mac(), "3.0", "3.0");

    channel = release("4.1", minimum("4.0")) + release("4.0", minimum("4.0"))
        + release("3.9", minimum("3.0")) + release("3.0", minimum("3.0")) + release("2.0");
    add("skipping: none", mac(), "2.0", "2.0");
    add("skipping: 3.0, minor skipped", skipping(u"2.0"_s, u"3.0"_s, false), "4.1 4.0", "4.1");
    add("skipping: 3.0, first pass", skipping({}, u"3.0"_s, true), "2.0", "2.0");
    add("skipping: 4.0", skipping({}, u"4.0"_s, false), "2.0", "2.0");

    channel = release("4.1", minimum("4.0")) + release("4.0", minimum("4.0"))
        + release("3.9", minimum("3.0") + element("ignoreSkippedUpgradesBelowVersion", "3.5"))
        + release("3.0", minimum("3.0")) + release("2.0");
    // The minor skip leaves only the major upgrades to see.
    add("forgetting: 3.0", skipping(u"2.0"_s, u"3.0"_s, false), "4.1 4.0 3.9", "4.1");
    add("forgetting: 3.4", skipping(u"2.0"_s, u"3.4"_s, false), "4.1 4.0 3.9", "4.1");
    add("forgetting: 3.0, offered as 3.5", skipping(u"2.0"_s, u"3.0:3.5"_s, false), "4.1 4.0",
        "4.1");
    add("forgetting: 3.0, offered as 3.5.1", skipping(u"2.0"_s, u"3.0:3.5.1"_s, false), "4.1 4.0",
        "4.1");
    add("forgetting: 4.0, offered as 4.0", skipping({}, u"4.0:4.0"_s, false), "2.0", "2.0");
    add("forgetting: 4.0 and 2.1", skipping(u"2.1"_s, u"4.0:4.0"_s, false), "", "skipped");

    const QByteArray rollout = "<pubDate>Sat, 26 Jul 2014 15:20:11 +0000</pubDate>"
        + element("phasedRolloutInterval", "86400");
    channel = release("3.0", rollout + minimum("2.0") + "<sparkle:criticalUpdate/>")
        + release("2.0", rollout);
    constexpr auto before = "2014-07-23T15:20:11Z";
    constexpr auto twoDays = "2014-07-28T15:20:11Z";
    add("phased: nobody's group", phased(u"1.0"_s, twoDays, {}), "2.0", "2.0");
    add("phased: group 6 long after", phased(u"1.0"_s, "2026-11-22T10:00:00Z", 6), "2.0", "2.0");
    for (const int group : {0, 1, 2})
        add(qPrintable(u"phased: group %1"_s.arg(group)), phased(u"1.0"_s, twoDays, group), "2.0",
            "2.0");
    add("phased: a second too early", phased(u"1.0"_s, "2014-07-28T15:20:10Z", 2), "3.0", "3.0");
    add("phased: group 3", phased(u"1.0"_s, twoDays, 3), "3.0", "3.0");
    add("phased: group 6", phased(u"1.0"_s, twoDays, 6), "3.0", "3.0");
    add("phased: not published yet", phased(u"1.0"_s, before, 0), "3.0", "3.0");
    add("phased: critical, 2.0, no group", phased(u"2.0"_s, twoDays, {}), "3.0 2.0", "3.0");
    add("phased: critical, 2.0, before", phased(u"2.0"_s, before, 0), "3.0", "3.0");
    add("phased: critical, 2.0, group 6", phased(u"2.0"_s, twoDays, 6), "3.0", "3.0");
    channel = release("2.0", rollout);
    add("phased: the reason", phased(u"1.0"_s, twoDays, 3), "", "phased");
    channel = release("2.0", element("phasedRolloutInterval", "86400"));
    add("phased: without a date", phased(u"1.0"_s, twoDays, 6), "2.0", "2.0");

    channel = release("2.0") + release("3.0", element("minimumUpdateVersion", "0.9.1"))
        + release("4.0", element("minimumUpdateVersion", "1.0.0"))
        + release("5.0", element("minimumUpdateVersion", "4.0"));
    add("minimum to update", mac(), "2.0 3.0 4.0", "4.0");

    channel = release("6.0",
                      element("hardwareRequirements", "arm64")
                          + element("minimumSystemVersion", "27.0"))
        + release("5.0", element("hardwareRequirements", "arm64,fakerequirement"))
        + release("4.0", element("hardwareRequirements", "ARM64"))
        + release("3.0", element("hardwareRequirements", "arm64"))
        + release("2.1", element("hardwareRequirements", "")) + release("2.0");
    add("hardware: Intel", onHardware("x86_64", "14.0"), "2.1 2.0", "2.1");
    add("hardware: ARM", onHardware("arm64", "26.1"), "5.0 4.0 3.0 2.1 2.0", "5.0");
    add("hardware: ARM, new system", onHardware("arm64", "27.0"), "6.0 5.0 4.0 3.0 2.1 2.0", "6.0");
    channel = release("2.0", element("hardwareRequirements", "arm64"));
    add("hardware: the reason", onHardware("x86_64", "14.0"), "", "hardware");
    channel = release("2.0", element("minimumSystemVersion", "27.0"));
    add("hardware: Intel ends", onHardware("x86_64", "27.1"), "", "hardware");
}

void tst_SparkleFeeds::decisions()
{
    QFETCH(QByteArray, channel);
    QFETCH(ClientConditions, client);
    const Selection selection = selectItem(appcastOf(channel), client);
    QTEST(selection.candidates.join(u' '), "candidates");
    QTEST(selection.item ? selection.item->version : selection.reason, "outcome");
}

void tst_SparkleFeeds::firstFeed()
{
    const auto delta = [](const char *from) {
        return QByteArray("<enclosure url='https://example.org/3.0_from_") + from
            + ".patch' sparkle:deltaFrom='" + from + "'/>";
    };
    const Appcast appcast = appcastOf(
        release("2.0",
                "<title>Version 2.0</title><description sparkle:format='plain-text'>desc"
                "</description><pubDate>Sat, 26 Jul 2014 15:20:11 +0000</pubDate>"
                "<sparkle:criticalUpdate sparkle:version='1.5'/>")
        + release("3.0",
                  "<title>Version 3.0</title><description>desc3</description>"
                  "<sparkle:tags><sparkle:criticalUpdate/></sparkle:tags>"
                      + element("phasedRolloutInterval", "86400")
                      + element("deltas", delta("1.0") + delta("2.0")))
        + release("4.0", element("minimumSystemVersion", "17.0.0"))
        + release("5.0", element("maximumSystemVersion", "2.0.0")));
    QCOMPARE(appcast.items.size(), 4);
    const AppcastItem &first = appcast.items[0];
    QCOMPARE(first.title, u"Version 2.0"_s);
    QCOMPARE(first.notes, u"desc"_s);
    QCOMPARE(first.notesFormat, Release::NotesFormat::PlainText);
    QCOMPARE(first.published, u"Sat, 26 Jul 2014 15:20:11 +0000"_s);
    QVERIFY(toRelease(first, u"1.0"_s).isCritical());
    QVERIFY(!toRelease(first, u"1.5"_s).isCritical());
    QVERIFY(!toRelease(first, u"1.6"_s).isCritical());
    const AppcastItem &second = appcast.items[1];
    QCOMPARE(second.notesFormat, Release::NotesFormat::Html);
    QVERIFY(!second.publishedTime.isValid());
    QVERIFY(toRelease(second, u"1.0"_s).isCritical());
    QCOMPARE(second.phasedRolloutInterval, 86400);
    QCOMPARE(second.sparkleDeltas.size(), 2);
    QCOMPARE(second.sparkleDeltas[0].from, u"1.0"_s);
    QCOMPARE(second.sparkleDeltas[0].url.fileName(), u"3.0_from_1.0.patch"_s);
    QCOMPARE(appcast.items[2].minimumSystemVersion, u"17.0.0"_s);
    const Selection selection = selectItem(appcast, mac());
    QCOMPARE(selection.item->version, u"3.0"_s);
    QCOMPARE(selection.candidates, (QStringList{u"2.0"_s, u"3.0"_s}));
}

void tst_SparkleFeeds::informational_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("installed");
    QTest::addColumn<bool>("expected");
    const QByteArray link = "<link>https://example.org/news</link>";
    const QByteArray some = link
        + element("informationalUpdate",
                  element("version", "2.5") + element("version", "2.4")
                      + element("belowVersion", "0.5"));
    QTest::newRow("not") << QByteArray() << u"1.0"_s << false;
    QTest::newRow("everybody") << link + "<sparkle:informationalUpdate/>" << u"1.0"_s << true;
    QTest::newRow("without link") << QByteArray("<sparkle:informationalUpdate/>") << u"1.0"_s
                                  << false;
    for (const auto &[installed, expected] : {std::pair("2.3", false),
                                              {"2.4", true},
                                              {"2.5", true},
                                              {"2.6", false},
                                              {"0.5", false},
                                              {"0.4", true},
                                              {"0.0", true},
                                              {"1.0", false}})
        QTest::addRow("some at %s", installed)
            << some << QString::fromLatin1(installed) << expected;
}

void tst_SparkleFeeds::informational()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, installed);
    const Appcast appcast = appcastOf(release("3.0", content));
    QTEST(toRelease(appcast.items.value(0), installed).isInformational(), "expected");
}

void tst_SparkleFeeds::languages_data()
{
    QTest::addColumn<QByteArray>("links");
    QTest::addColumn<QStringList>("languages");
    QTest::addColumn<QString>("expected");
    const auto link = [](const char *language, const char *name) {
        const QByteArray attribute = *language ? QByteArray(" xml:lang='") + language + '\''
                                               : QByteArray();
        return "<sparkle:releaseNotesLink" + attribute + ">https://example.org/" + name
            + "</sparkle:releaseNotesLink>";
    };
    const QByteArray later = link("es", "es") + link("en", "en");
    const QByteArray implicit = link("es", "es") + link("", "en");
    const QByteArray first = link("en", "en") + link("es", "es");
    for (const QByteArray &links : {later, implicit, first}) {
        QTest::addRow("nobody's: %s", links.constData()) << links << QStringList() << u"en"_s;
        QTest::addRow("Spanish: %s", links.constData()) << links << QStringList{u"es"_s} << u"es"_s;
        QTest::addRow("French: %s", links.constData()) << links << QStringList{u"fr"_s} << u"en"_s;
        QTest::addRow("French, Spanish: %s", links.constData())
            << links << QStringList{u"fr"_s, u"es"_s, u"en"_s} << u"es"_s;
    }
    QTest::newRow("with region") << link("en-GB", "gb") + link("es-MX", "mx")
                                 << QStringList{u"es"_s} << u"mx"_s;
    QTest::newRow("neither") << link("de", "de") + link("es", "es") << QStringList{u"fr"_s}
                             << u"de"_s;
}

void tst_SparkleFeeds::languages()
{
    QFETCH(QByteArray, links);
    QFETCH(QStringList, languages);
    const Appcast appcast = appcastOf(release("2.0", links), languages);
    QTEST(appcast.items.value(0).notesUrl.fileName(), "expected");
}

void tst_SparkleFeeds::enclosuresPerSystem_data()
{
    QTest::addColumn<QString>("os");
    QTest::addColumn<QString>("arch");
    QTest::addColumn<QString>("outcome"); // file and version, or the reason for none
    QTest::newRow("macos") << u"macos"_s << u"arm64"_s << u"mac.zip 2.0"_s;
    QTest::newRow("windows x64") << u"windows"_s << u"x86_64"_s << u"win64.exe 2.0.1"_s;
    QTest::newRow("windows x86") << u"windows"_s << u"x86"_s << u"win.exe 2.0"_s;
    QTest::newRow("linux x64") << u"linux"_s << u"x86_64"_s << u"linux.tar.gz 2.0"_s;
    QTest::newRow("linux arm64") << u"linux"_s << u"arm64"_s << u"arm.tar.gz 2.0"_s;
}

void tst_SparkleFeeds::enclosuresPerSystem()
{
    QFETCH(QString, os);
    QFETCH(QString, arch);
    const auto build = [](const char *file, const char *more) {
        return QByteArray("<enclosure url='https://example.org/") + file + "' " + more + "/>";
    };
    const Appcast appcast = appcastOf(
        item("<sparkle:version>2.0</sparkle:version>" + build("mac.zip", "sparkle:os='macos'")
             + build("win.exe", "sparkle:os='windows'")
             + build("win64.exe", "sparkle:os='windows-x64' sparkle:version='2.0.1'")
             + build("linux.tar.gz", "sparkle:os='linux'")
             + build("arm.tar.gz", "sparkle:os='linux' freshen:arch='arm64'")));
    ClientConditions client = mac();
    client.os = os;
    client.arch = arch;
    const Selection selection = selectItem(appcast, client);
    QTEST(selection.item
              ? selection.item->enclosure->url.fileName() + u' ' + selection.item->version
              : selection.reason,
          "outcome");
}

void tst_SparkleFeeds::lastDeltaFromAVersionCounts()
{
    const Appcast appcast = appcastOf(
        release("2.0",
                "<freshen:delta from='1.0' url='https://example.org/first'/>"
                "<freshen:delta from='1.0' url='https://example.org/second'/>"));
    QCOMPARE(appcast.items[0].deltas.size(), 1);
    QCOMPARE(appcast.items[0].deltas[0].url.fileName(), u"second"_s);
}

void tst_SparkleFeeds::hardwareWords_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("needsArm64");
    QTest::newRow("alone") << element("hardwareRequirements", "arm64") << true;
    QTest::newRow("blanks") << element("hardwareRequirements", " x\n\tarm64 ") << true;
    QTest::newRow("other") << element("hardwareRequirements", "arm64e, x86_64") << false;
    QTest::newRow("attribute") << QByteArray("<title sparkle:hardwareRequirements='arm64'/>")
                               << false;
}

void tst_SparkleFeeds::hardwareWords()
{
    QFETCH(QByteArray, content);
    QTEST(appcastOf(release("2.0", content)).items.value(0).needsArm64, "needsArm64");
}

QTEST_GUILESS_MAIN(tst_SparkleFeeds)
#include "tst_sparklefeeds.moc"
