// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/feed/linuxclient.h"

#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class tst_Selection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void selected_data();
    void selected();
    void operatingSystems_data();
    void operatingSystems();
    void systemVersions_data();
    void systemVersions();
    void releaseOfAnItem();
    void criticalRelease_data();
    void criticalRelease();
};

Q_DECLARE_METATYPE(Freshen::ClientConditions)
Q_DECLARE_METATYPE(QList<Freshen::AppcastItem>)

namespace {

AppcastItem channelItem(const QString &version, const QString &channel)
{
    AppcastItem item = linuxItem(version);
    item.channel = channel;
    return item;
}

AppcastItem itemFor(const QString &os, const QString &arch)
{
    AppcastItem item = linuxItem(u"2.0"_s);
    item.enclosure->os = os;
    item.enclosure->arch = arch;
    return item;
}

AppcastItem macItem(const QString &version, const QString &minimum, const QString &maximum = {})
{
    AppcastItem item = linuxItem(version);
    item.enclosure->os = u"macos"_s;
    item.enclosure->arch.clear();
    item.minimumSystemVersion = minimum;
    item.maximumSystemVersion = maximum;
    return item;
}

ClientConditions macClient(const QString &osVersion)
{
    ClientConditions client = linuxClient(u"1.0"_s);
    client.os = u"macos"_s;
    client.osVersion = osVersion;
    return client;
}

ClientConditions with(ClientConditions client, const QSet<QString> &channels)
{
    client.channels = channels;
    return client;
}

ClientConditions withFailed(ClientConditions client, const QSet<QString> &versions)
{
    client.failedVersions = versions;
    return client;
}

ClientConditions withSkipped(ClientConditions client, const QString &version)
{
    client.skippedVersions = {version};
    return client;
}

} // namespace

void tst_Selection::selected_data()
{
    QTest::addColumn<QList<AppcastItem>>("items");
    QTest::addColumn<ClientConditions>("client");
    QTest::addColumn<QString>("offered"); // version, and title where there is one
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QStringList>("candidates");

    const ClientConditions one = linuxClient(u"1.0"_s);
    const QList<AppcastItem> three = {linuxItem(u"1.0"_s), linuxItem(u"2.0"_s),
                                      linuxItem(u"3.0"_s)};
    const QStringList all = {u"1.0"_s, u"2.0"_s, u"3.0"_s};
    const auto add = [](const char *row, const QList<AppcastItem> &items,
                        const ClientConditions &client, const QString &offered,
                        const QString &reason, const QStringList &candidates) {
        QTest::newRow(row) << items << client << offered << reason << candidates;
    };

    add("newest first", {linuxItem(u"3.0"_s), linuxItem(u"2.0"_s)}, one, u"3.0"_s, u"newer"_s,
        {u"3.0"_s, u"2.0"_s});
    add("acc013_newest last", three, one, u"3.0"_s, u"newer"_s, all);
    add("of equals the first", {linuxItem(u"2.0"_s, u"a"_s), linuxItem(u"2.0.0"_s, u"b"_s)}, one,
        u"2.0 a"_s, u"newer"_s, {u"2.0"_s, u"2.0.0"_s});
    add("up to date", three, linuxClient(u"3.0.0"_s), {}, u"up-to-date"_s, all);
    add("newer than the feed", three, linuxClient(u"3.1"_s), {}, u"newer-than-feed"_s, all);
    add("empty feed", {}, one, {}, u"empty-feed"_s, {});

    add("acc011_other system", {itemFor(u"windows"_s, {})}, one, {}, u"up-to-date"_s, {});
    add("acc011_other processor", {itemFor(u"linux"_s, u"arm64"_s)}, one, {}, u"up-to-date"_s, {});
    add("acc011_other channel", {channelItem(u"2.0"_s, u"beta"_s)}, one, {}, u"up-to-date"_s, {});
    add("acc011_others besides", three + QList{channelItem(u"9.0"_s, u"beta"_s)}, one, u"3.0"_s,
        u"newer"_s, all);

    const QList<AppcastItem> channels = {linuxItem(u"2.0"_s), channelItem(u"4.0"_s, u"beta"_s),
                                         channelItem(u"5.0"_s, u"nightly"_s)};
    add("channel followed", channels, with(one, {u"beta"_s}), u"4.0"_s, u"newer"_s,
        {u"2.0"_s, u"4.0"_s});
    add("channels followed", channels, with(one, {u"beta"_s, u"nightly"_s}), u"5.0"_s, u"newer"_s,
        {u"2.0"_s, u"4.0"_s, u"5.0"_s});
    add("made-up channel", channels, with(one, {u"madeup"_s}), u"2.0"_s, u"newer"_s, {u"2.0"_s});

    add("failed before", three, withFailed(linuxClient(u"2.0"_s), {u"3.0"_s}), {},
        u"failed-before"_s, {u"1.0"_s, u"2.0"_s});
    add("failed before, another is left", three, withFailed(one, {u"3.0"_s}), u"2.0"_s, u"newer"_s,
        {u"1.0"_s, u"2.0"_s});
    add("failed long ago", three, withFailed(linuxClient(u"3.0"_s), {u"2.0"_s}), {},
        u"up-to-date"_s, {u"1.0"_s, u"3.0"_s});
    add("skipped", three, withSkipped(one, u"3.0"_s), {}, u"skipped"_s, {});
    add("skipped an older one", three, withSkipped(one, u"2.0"_s), u"3.0"_s, u"newer"_s,
        {u"3.0"_s});
    add("skipped and installed since", three, withSkipped(linuxClient(u"3.0"_s), u"3.0"_s), {},
        u"up-to-date"_s, {});
    add("skipped and failed", three, withFailed(withSkipped(one, u"3.0"_s), {u"3.0"_s}), {},
        u"skipped"_s, {});

    add("acc012_system too old", {macItem(u"2.0"_s, u"14.0"_s)}, macClient(u"13.6"_s), {},
        u"os-too-old"_s, {});
    add("acc012_system too new", {macItem(u"2.0"_s, {}, u"14.0"_s)}, macClient(u"14.1"_s), {},
        u"os-too-new"_s, {});
    add("acc012_newest fits not", {macItem(u"3.0"_s, u"14.0"_s), macItem(u"2.0"_s, u"13.0"_s)},
        macClient(u"13.6"_s), u"2.0"_s, u"newer"_s, {u"2.0"_s});
    add("acc012_fits not and is installed", {macItem(u"1.0"_s, u"14.0"_s)}, macClient(u"13.6"_s),
        {}, u"up-to-date"_s, {});
    add("skipped and too old", {macItem(u"3.0"_s, {}), macItem(u"2.0"_s, u"14.0"_s)},
        withFailed(macClient(u"13.6"_s), {u"3.0"_s}), {}, u"os-too-old"_s, {});

    ClientConditions semVer = linuxClient(u"1.0.0-beta.1"_s);
    add("Sparkle order", {linuxItem(u"1.0.0"_s)}, semVer, {}, u"up-to-date"_s, {u"1.0.0"_s});
    semVer.order = versionOrder(Versioning::SemVer);
    ClientConditions backwards = linuxClient(u"2.0"_s);
    backwards.order = [](const QString &left, const QString &right) {
        return compareVersions(right, left);
    };
    add("an order of the application's", three, backwards, u"1.0"_s, u"newer"_s, all);
    add("SemVer order", {linuxItem(u"1.0.0"_s)}, semVer, u"1.0.0"_s, u"newer"_s, {u"1.0.0"_s});
}

void tst_Selection::selected()
{
    QFETCH(QList<AppcastItem>, items);
    QFETCH(ClientConditions, client);
    const Selection selection = select(items, client);
    const QString offered = selection.item
        ? (selection.item->version + u' ' + selection.item->title).trimmed()
        : QString();
    QTEST(offered, "offered");
    QTEST(selection.reason, "reason");
    QTEST(selection.candidates, "candidates");
}

void tst_Selection::operatingSystems_data()
{
    QTest::addColumn<QString>("itemOs");
    QTest::addColumn<QString>("itemArch");
    QTest::addColumn<QString>("clients"); // those that see it
    const auto add = [](const char *itemOs, const char *itemArch, const char *clients) {
        QTest::addRow("os '%s' arch '%s'", itemOs, itemArch)
            << QString::fromLatin1(itemOs) << QString::fromLatin1(itemArch)
            << QString::fromLatin1(clients);
    };
    add("linux", "", "linux/x86_64 linux/arm64");
    add("linux", "x86_64", "linux/x86_64");
    add("linux", "arm64", "linux/arm64");
    add("linux-x64", "", "linux/x86_64");
    add("linux-arm64", "", "linux/arm64");
    add("linux-x86_64", "", "");
    add("Linux", "", "");
    add("windows", "", "windows/x86_64 windows/x86");
    add("windows-x64", "", "windows/x86_64");
    add("windows-x86", "", "windows/x86");
    add("windows-arm64", "", "");
    add("macos", "", "macos/x86_64 macos/arm64");
    add("macos", "arm64", "macos/arm64");
    add("macos-arm64", "", "");
    add("android", "", "");
    add("", "", "windows/x86_64 windows/x86 macos/x86_64 macos/arm64");
    add("", "arm64", "macos/arm64");
}

void tst_Selection::operatingSystems()
{
    QFETCH(QString, itemOs);
    QFETCH(QString, itemArch);
    QStringList clients;
    for (const char *name : {"linux/x86_64", "linux/arm64", "windows/x86_64", "windows/x86",
                             "macos/x86_64", "macos/arm64"}) {
        const QString client = QString::fromLatin1(name);
        ClientConditions conditions = linuxClient(u"1.0"_s);
        conditions.os = client.section(u'/', 0, 0);
        conditions.arch = client.section(u'/', 1);
        if (select({itemFor(itemOs, itemArch)}, conditions).item)
            clients.append(client);
    }
    QTEST(clients.join(u' '), "clients");
}

void tst_Selection::systemVersions_data()
{
    QTest::addColumn<QString>("os");
    QTest::addColumn<QString>("osVersion");
    QTest::addColumn<bool>("isOffered");
    QTest::newRow("mac, minimum") << u"macos"_s << u"12.0"_s << true;
    QTest::newRow("mac, below") << u"macos"_s << u"11.9"_s << false;
    QTest::newRow("mac, maximum") << u"macos"_s << u"14.0.0"_s << true;
    QTest::newRow("mac, above") << u"macos"_s << u"14.0.1"_s << false;
    QTest::newRow("windows, below") << u"windows"_s << u"10.0"_s << false;
    QTest::newRow("windows, between") << u"windows"_s << u"13.0"_s << true;
    QTest::newRow("unknown") << u"macos"_s << QString() << true;
    QTest::newRow("linux, below") << u"linux"_s << u"6.1"_s << true;
}

// Of an item that wants 12 to 14.
void tst_Selection::systemVersions()
{
    QFETCH(QString, os);
    ClientConditions client = macClient({});
    client.os = os;
    QFETCH(QString, osVersion);
    client.osVersion = osVersion;
    AppcastItem item = macItem(u"2.0"_s, u"12.0"_s, u"14.0"_s);
    item.enclosure->os = os;
    QTEST(select({item}, client).item.has_value(), "isOffered");
}

void tst_Selection::releaseOfAnItem()
{
    AppcastItem item = linuxItem(u"2.0.0"_s, u"Notes 2"_s);
    item.channel = u"beta"_s;
    item.publishedTime = QDateTime({2026, 11, 22}, {10, 0}, Qt::UTC);
    item.enclosure->length = 4711;
    item.notes = u"# New"_s;
    item.notesFormat = Release::NotesFormat::Markdown;
    item.notesUrl = QUrl(u"https://example.org/notes"_s);
    item.fullNotesUrl = QUrl(u"https://example.org/all"_s);
    item.link = QUrl(u"https://example.org/"_s);
    const Release release = toRelease(item, u"1.0"_s);
    QVERIFY(!release.isNull());
    QCOMPARE(release.version(), u"2.0.0"_s);
    QCOMPARE(release.displayVersion(), u"2.0.0"_s);
    QCOMPARE(release.title(), u"Notes 2"_s);
    QCOMPARE(release.channel(), u"beta"_s);
    QCOMPARE(release.published(), item.publishedTime);
    QCOMPARE(release.size(), 4711);
    QCOMPARE(release.notes(), u"# New"_s);
    QCOMPARE(release.notesFormat(), Release::NotesFormat::Markdown);
    QCOMPARE(release.notesUrl(), item.notesUrl);
    QCOMPARE(release.fullNotesUrl(), item.fullNotesUrl);
    QCOMPARE(release.link(), item.link);
    QVERIFY(!release.isCritical());
    QVERIFY(!release.isInformational());

    item.shortVersion = u"2"_s;
    item.enclosure.reset();
    Release changed = toRelease(item, u"1.0"_s);
    QCOMPARE(changed.displayVersion(), u"2"_s);
    QCOMPARE(changed.size(), 0);
    QVERIFY(changed.isInformational());
    const Release copy = changed;
    changed.setTitle(u"other"_s);
    QCOMPARE(copy.title(), u"Notes 2"_s);
    QVERIFY(Release().isNull());
}

void tst_Selection::criticalRelease_data()
{
    QTest::addColumn<bool>("isCritical");
    QTest::addColumn<QString>("below");
    QTest::addColumn<QString>("installed");
    QTest::addColumn<bool>("expected");
    QTest::newRow("no") << false << QString() << u"1.0"_s << false;
    QTest::newRow("always") << true << QString() << u"1.0"_s << true;
    QTest::newRow("below") << true << u"1.5"_s << u"1.4.9"_s << true;
    QTest::newRow("at") << true << u"1.5"_s << u"1.5.0"_s << false;
    QTest::newRow("above") << true << u"1.5"_s << u"1.6"_s << false;
}

void tst_Selection::criticalRelease()
{
    QFETCH(bool, isCritical);
    QFETCH(QString, below);
    QFETCH(QString, installed);
    AppcastItem item = linuxItem(u"2.0"_s);
    item.isCritical = isCritical;
    item.criticalBelow = below;
    QTEST(toRelease(item, installed).isCritical(), "expected");
}

QTEST_GUILESS_MAIN(tst_Selection)
#include "tst_selection.moc"
