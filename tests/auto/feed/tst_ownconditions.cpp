// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Conditions that only Freshen's clients know: what has to be understood, withdrawn versions,
// deadlines, the administrator's pin.

#include "tests/auto/feed/feedtext.h"
#include "tests/auto/feed/linuxclient.h"

#include <QTest>

using namespace Freshen;

namespace {

const QDateTime now({2026, 11, 22}, {10, 0}, Qt::UTC);

// An item for Linux, as text.
QByteArray linuxRelease(const QByteArray &itemVersion, const QByteArray &more = {})
{
    return item("<sparkle:version>" + itemVersion
                + "</sparkle:version><enclosure url='https://example.org/a.zip' length='9' "
                  "sparkle:os='linux'/>"
                + more);
}

Appcast appcastOf(const QByteArray &channel)
{
    const auto appcast = readAppcast(feed(channel), webBase);
    return appcast ? *appcast : Appcast();
}

// The version that is offered, or the reason for none.
QString outcome(const QByteArray &channel, const ClientConditions &client)
{
    const Selection selection = selectItem(appcastOf(channel), client);
    return selection.item ? selection.item->version : selection.reason;
}

// Critical below 1.5, with a deadline.
AppcastItem overdue(const QDateTime &deadline)
{
    AppcastItem item = linuxItem(u"2.0"_s);
    item.isCritical = true;
    item.criticalBelow = u"1.5"_s;
    item.deadline = deadline;
    return item;
}

ClientConditions skipping(const QString &installed)
{
    ClientConditions client = linuxClient(installed);
    client.now = now;
    client.skippedVersions = {u"2.0"_s};
    client.skippedMajorVersion = u"2.0"_s;
    return client;
}

ClientConditions pinnedTo(const QString &prefix, const QString &installed = u"1.0"_s)
{
    ClientConditions client = linuxClient(installed);
    client.pinnedPrefix = prefix;
    return client;
}

} // namespace

class tst_OwnConditions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mustUnderstand_data();
    void mustUnderstand();
    void notUnderstoodIsAsIfAbsent();
    void withdrawn_data();
    void withdrawn();
    void withdrawnAmongTheReasons();
    void withdrawnIsRead();
    void deadlineIsRead();
    void deadline_data();
    void deadline();
    void deadlineOfARelease();
    void newerItems();
    void pinned_data();
    void pinned();
    void policy_data();
    void policy();
};

void tst_OwnConditions::mustUnderstand_data()
{
    QTest::addColumn<QByteArray>("names");
    QTest::addColumn<QString>("unknown"); // empty: the item is seen
    QTest::newRow("none") << QByteArray() << QString();
    QTest::newRow("own") << QByteArray("rollout") << QString();
    QTest::newRow("own ones") << QByteArray("\n\trollout  deadline mustUnderstand\n") << QString();
    QTest::newRow("Sparkle's") << QByteArray(
        "hardwareRequirements minimumSystemVersion criticalUpdate")
                               << QString();
    QTest::newRow("unknown") << QByteArray("somethingNew") << u"somethingNew"_s;
    QTest::newRow("one unknown") << QByteArray("rollout somethingNew deadline")
                                 << u"somethingNew"_s;
    QTest::newRow("other case") << QByteArray("Rollout") << u"Rollout"_s;
    QTest::newRow("with prefix") << QByteArray("freshen:rollout") << u"freshen:rollout"_s;
    QTest::newRow("plain RSS") << QByteArray("title") << u"title"_s;
    QTest::newRow("with comma") << QByteArray("rollout,deadline") << u"rollout,deadline"_s;
}

void tst_OwnConditions::mustUnderstand()
{
    QFETCH(QByteArray, names);
    QFETCH(QString, unknown);
    const QByteArray element = "<freshen:mustUnderstand>" + names + "</freshen:mustUnderstand>";
    const QByteArray channel = linuxRelease("3.0", element) + linuxRelease("2.0");
    QCOMPARE(outcome(channel, linuxClient(u"1.0"_s)), unknown.isEmpty() ? u"3.0"_s : u"2.0"_s);
    const QStringList warnings = unknown.isEmpty()
        ? QStringList()
        : QStringList{u"Item 1 is only for clients that understand '%1'"_s.arg(unknown)};
    QCOMPARE(appcastOf(channel).warnings, warnings);
    // The names of several elements add up.
    const QByteArray more = "<freshen:mustUnderstand>rollout</freshen:mustUnderstand>";
    QCOMPARE(
        outcome(linuxRelease("3.0", element + more) + linuxRelease("2.0"), linuxClient(u"1.0"_s)),
        unknown.isEmpty() ? u"3.0"_s : u"2.0"_s);
}

void tst_OwnConditions::notUnderstoodIsAsIfAbsent()
{
    const QByteArray gated = linuxRelease(
        "3.0", "<freshen:mustUnderstand>somethingNew</freshen:mustUnderstand>");
    QCOMPARE(outcome(gated, linuxClient(u"1.0"_s)), u"empty-feed"_s);
    QCOMPARE(outcome(gated + linuxRelease("1.0"), linuxClient(u"1.0"_s)), u"up-to-date"_s);
    QCOMPARE(outcome(gated + linuxRelease("1.0"), linuxClient(u"2.0"_s)), u"newer-than-feed"_s);
    QCOMPARE(appcastOf(gated).skippedItems, 0);
}

void tst_OwnConditions::withdrawn_data()
{
    QTest::addColumn<QByteArray>("channel");
    QTest::addColumn<QString>("expected");
    const QByteArray three = linuxRelease("3.0");
    const QByteArray two = linuxRelease("2.0");
    const QByteArray one = linuxRelease("1.0");
    const QByteArray withdrawsThree = "<freshen:withdrawn version=' 3.0 '/>";
    const QByteArray withdrawsTwo = "<freshen:withdrawn version='2.0'/>";
    QTest::newRow("the newest") << withdrawsThree + three + two + one << u"2.0"_s;
    QTest::newRow("behind the items") << three + two + one + withdrawsThree << u"2.0"_s;
    QTest::newRow("an older one") << withdrawsTwo + three + two << u"3.0"_s;
    QTest::newRow("two") << withdrawsTwo + withdrawsThree + three + two + one << u"withdrawn"_s;
    QTest::newRow("nothing else newer") << withdrawsThree + three + one << u"withdrawn"_s;
    QTest::newRow("not in the feed") << withdrawsThree + one << u"up-to-date"_s;
    QTest::newRow("what is installed")
        << "<freshen:withdrawn version='1.0'/>" + one << u"up-to-date"_s;
    QTest::newRow("in other words") << "<freshen:withdrawn version='3.0.0'/>" + three << u"3.0"_s;
    QTest::newRow("critical") << withdrawsThree + linuxRelease("3.0", "<sparkle:criticalUpdate/>")
                              << u"withdrawn"_s;
    QTest::newRow("inside of an item") << linuxRelease("3.0", withdrawsThree) << u"3.0"_s;
}

// Whoever asks for the check gets no other answer: the conditions are those of a manual one.
void tst_OwnConditions::withdrawn()
{
    QFETCH(QByteArray, channel);
    QFETCH(QString, expected);
    QCOMPARE(outcome(channel, linuxClient(u"1.0"_s)), expected);
}

// The last filter that has to go for an item to be seen is the reason.
void tst_OwnConditions::withdrawnAmongTheReasons()
{
    Appcast appcast;
    appcast.items = {linuxItem(u"3.0"_s)};
    appcast.items[0].rollout = AppcastRollout();
    appcast.withdrawnVersions = QStringList{u"3.0"_s};
    ClientConditions client = linuxClient(u"1.0"_s);
    client.installId = u"one"_s;
    client.skippedVersions = {u"3.0"_s};
    QCOMPARE(selectItem(appcast, client).reason, u"withdrawn"_s);
    client.failedVersions = {u"3.0"_s};
    QCOMPARE(selectItem(appcast, client).reason, u"failed-before"_s);
    client.pinnedPrefix = u"1"_s;
    QCOMPARE(selectItem(appcast, client).reason, u"policy"_s);
}

void tst_OwnConditions::withdrawnIsRead()
{
    const Appcast appcast = appcastOf("<freshen:withdrawn version='2.0'/><freshen:withdrawn/>"
                                      "<freshen:withdrawn version='1.5b'/>");
    QCOMPARE(appcast.withdrawnVersions, QStringList({u"2.0"_s, u"1.5b"_s}));
    QCOMPARE(appcast.warnings, {u"A <freshen:withdrawn> does not say which version"_s});
}

void tst_OwnConditions::deadlineIsRead()
{
    const Appcast good = appcastOf(
        linuxRelease("2.0", "<freshen:deadline at='2026-11-22T10:00:00Z'/>"));
    QCOMPARE(good.items[0].deadline, now);
    QCOMPARE(good.warnings, QStringList());
    const Appcast bad = appcastOf(linuxRelease("2.0", "<freshen:deadline at='tomorrow'/>"));
    QCOMPARE(bad.items.size(), 1);
    QVERIFY(!bad.items[0].deadline.isValid());
    QCOMPARE(bad.warnings, {u"Item 1 has a deadline that is no time: 'tomorrow'"_s});
}

void tst_OwnConditions::deadline_data()
{
    QTest::addColumn<QDateTime>("time");
    QTest::addColumn<QString>("installed");
    QTest::addColumn<QString>("expected");
    QTest::newRow("none") << QDateTime() << u"1.0"_s << u"skipped"_s;
    QTest::newRow("a second ahead") << now.addSecs(1) << u"1.0"_s << u"skipped"_s;
    QTest::newRow("now") << now << u"1.0"_s << u"2.0"_s;
    QTest::newRow("over") << now.addDays(-9) << u"1.0"_s << u"2.0"_s;
    QTest::newRow("not critical for it") << now << u"1.5"_s << u"skipped"_s;
}

void tst_OwnConditions::deadline()
{
    QFETCH(QDateTime, time);
    QFETCH(QString, installed);
    QFETCH(QString, expected);
    AppcastItem item = overdue(time);
    const auto outcome = [&] {
        const Selection selection = select({item}, skipping(installed));
        return selection.item ? selection.item->version : selection.reason;
    };
    QCOMPARE(outcome(), expected);
    // A skip of the whole major upgrade does not count either.
    item.minimumAutoupdateVersion = u"2.0"_s;
    QCOMPARE(outcome(), expected);
}

void tst_OwnConditions::deadlineOfARelease()
{
    QCOMPARE(toRelease(overdue(now), u"1.0"_s).deadline(), now);
    QVERIFY(toRelease(overdue(now), u"1.5"_s).deadline().isNull());
    QVERIFY(toRelease(overdue({}), u"1.0"_s).deadline().isNull());
}

// Newest first, of equals the first one first; nothing that was filtered out.
void tst_OwnConditions::newerItems()
{
    const auto shown = [](const Selection &selection) {
        QStringList names;
        for (const AppcastItem &item : selection.newer)
            names += (item.version + u' ' + item.title).trimmed();
        return names.join(u", "_s);
    };
    AppcastItem beta = linuxItem(u"4.0"_s);
    beta.channel = u"beta"_s;
    const QList<AppcastItem> items = {linuxItem(u"1.5"_s),
                                      linuxItem(u"3.0"_s, u"a"_s),
                                      linuxItem(u"1.0"_s),
                                      linuxItem(u"2.0"_s),
                                      linuxItem(u"3.0.0"_s),
                                      linuxItem(u"3.0"_s, u"b"_s),
                                      beta};
    ClientConditions one = linuxClient(u"1.0"_s);
    QCOMPARE(shown(select(items, one)), u"3.0 a, 3.0.0, 3.0 b, 2.0, 1.5"_s);
    QCOMPARE(select(items, one).item->title, u"a"_s);
    one.failedVersions = {u"2.0"_s};
    QCOMPARE(shown(select(items, one)), u"3.0 a, 3.0.0, 3.0 b, 1.5"_s);
    QCOMPARE(shown(select(items, linuxClient(u"3.0"_s))), QString());
}

void tst_OwnConditions::pinned_data()
{
    QTest::addColumn<QString>("prefix");
    QTest::addColumn<QString>("admitted");
    QTest::newRow("none") << QString() << u"2.1 2.1.3 2.10 2.1b 2 12.1"_s;
    QTest::newRow("2.1") << u"2.1"_s << u"2.1 2.1.3"_s;
    QTest::newRow("2") << u"2"_s << u"2.1 2.1.3 2.10 2.1b 2"_s;
    QTest::newRow("2.1.3") << u"2.1.3"_s << u"2.1.3"_s;
    QTest::newRow("3") << u"3"_s << QString();
}

void tst_OwnConditions::pinned()
{
    QFETCH(QString, prefix);
    QList<AppcastItem> items;
    for (const char *version : {"2.1", "2.1.3", "2.10", "2.1b", "2", "12.1"})
        items += linuxItem(QString::fromLatin1(version));
    QTEST(select(items, pinnedTo(prefix)).candidates.join(u' '), "admitted");
}

void tst_OwnConditions::policy_data()
{
    QTest::addColumn<QString>("prefix");
    QTest::addColumn<QString>("installed");
    QTest::addColumn<QString>("skipped");
    QTest::addColumn<QString>("failed");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *prefix, const char *installed,
                        const char *skipped, const char *failed, const char *expected) {
        QTest::newRow(name) << QString::fromLatin1(prefix) << QString::fromLatin1(installed)
                            << QString::fromLatin1(skipped) << QString::fromLatin1(failed)
                            << QString::fromLatin1(expected);
    };
    row("within", "2", "1.0", "", "", "2.0");
    row("held", "2.0", "2.0", "", "", "policy");
    row("held, and nothing newer", "2.0", "3.0", "", "", "up-to-date");
    row("newer one failed", "2", "2.0", "", "3.0", "policy");
    row("newer one skipped", "2", "2.0", "3.0", "", "policy");
    row("failed within", "3", "1.0", "", "3.0", "failed-before");
    row("skipped within", "3", "1.0", "3.0", "", "skipped");
}

void tst_OwnConditions::policy()
{
    QFETCH(QString, prefix);
    QFETCH(QString, installed);
    QFETCH(QString, skipped);
    QFETCH(QString, failed);
    ClientConditions client = pinnedTo(prefix, installed);
    if (!skipped.isEmpty())
        client.skippedVersions = {skipped};
    if (!failed.isEmpty())
        client.failedVersions = {failed};
    QTEST(outcome(linuxRelease("3.0") + linuxRelease("2.0"), client), "expected");
}

QTEST_GUILESS_MAIN(tst_OwnConditions)
#include "tst_ownconditions.moc"
