// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/rollout.h"

#include "tests/auto/feed/feedtext.h"
#include "tests/auto/feed/linuxclient.h"

#include <QTest>

#include <array>
#include <cmath>

using namespace Freshen;

namespace {

constexpr int installs = 100'000;

QString installId(int number)
{
    return u"install-%1"_s.arg(number);
}

QDateTime at(const char *text)
{
    return QDateTime::fromString(QString::fromLatin1(text), Qt::ISODate);
}

// Four standard deviations of what so many installs make of a share.
double tolerance(double share)
{
    return 4 * std::sqrt(installs * share * (1 - share));
}

AppcastItem rolledOut(const QString &version, const AppcastRollout &rollout)
{
    AppcastItem item = linuxItem(version);
    item.rollout = rollout;
    return item;
}

// A scheduled check of this install.
ClientConditions client(const QString &id, const QDateTime &now = at("2026-11-22T10:00:00Z"))
{
    ClientConditions client = linuxClient(u"1.0"_s);
    client.installId = id;
    client.now = now;
    return client;
}

bool sees(const AppcastItem &item, const ClientConditions &client)
{
    return select({item}, client).item.has_value();
}

} // namespace

class tst_Rollout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void attributes_data();
    void attributes();
    void malformedHidesTheItemAlone();
    void knownPositions();
    void positionsAreEven();
    void shareOfManyInstalls();
    void saltsAreIndependent();
    void growingShareOnlyAddsInstalls();
    void shareInTime_data();
    void shareInTime();
    void saltDefaultsToTheVersion();
    void whoDoesNotWait();
    void reason();
    void olderOneMeanwhile();
};

void tst_Rollout::attributes_data()
{
    QTest::addColumn<QByteArray>("element");
    QTest::addColumn<QString>("objection"); // empty: fine
    const auto row = [](const char *attributes, const QString &objection = {}) {
        QTest::newRow(attributes) << QByteArray("<freshen:rollout ") + attributes + "/>"
                                  << objection;
    };
    row("percent='0'");
    row("percent='0.05'");
    row("percent='100'");
    row("percent='10' salt='2.0'");
    row("percent='10' from='2026-11-22T10:00:00Z'");
    row("percent='10' from='2026-11-22T10:00:00Z' until='2026-11-23T10:00:00Z'");
    row("", u"rollout to '' percent"_s);
    row("percent=''", u"rollout to '' percent"_s);
    row("percent='100.1'", u"rollout to '100.1' percent"_s);
    row("percent='101'", u"rollout to '101' percent"_s);
    row("percent='-1'", u"rollout to '-1' percent"_s);
    row("percent='+1'", u"rollout to '+1' percent"_s);
    row("percent='1e1'", u"rollout to '1e1' percent"_s);
    row("percent='10%'", u"rollout to '10%' percent"_s);
    row("percent='.5'", u"rollout to '.5' percent"_s);
    row("percent='nan'", u"rollout to 'nan' percent"_s);
    row("percent='10' from='today'", u"rollout from no time: 'today'"_s);
    row("percent='10' from=''", u"rollout from no time: ''"_s);
    row("percent='10' from='2026-11-22T10:00:00Z' until='2026-11-31T10:00:00Z'",
        u"rollout until no time"_s);
    row("percent='10' until='2026-11-23T10:00:00Z'", u"ends without beginning"_s);
    row("percent='10' from='2026-11-23T10:00:00Z' until='2026-11-23T10:00:00Z'",
        u"ends without beginning"_s);
    QTest::newRow("twice") << QByteArray("<freshen:rollout percent='1'/>").repeated(2)
                           << u"two rollouts"_s;
}

void tst_Rollout::attributes()
{
    QFETCH(QByteArray, element);
    QFETCH(QString, objection);
    const auto appcast = readAppcast(feed(item(version + enclosure + element)), webBase);
    QCOMPARE(codeOf(appcast), objection.isEmpty() ? u"none"_s : u"NO_USABLE_ITEM"_s);
    const QString message = appcast ? QString() : toQString(appcast.error().message);
    QVERIFY(!appcast || appcast->items[0].rollout);
    QVERIFY2(message.contains(objection), qPrintable(message));
}

void tst_Rollout::malformedHidesTheItemAlone()
{
    const auto appcast = readAppcast(
        feed(item(version + enclosure + "<freshen:rollout/>") + item(version + enclosure)),
        webBase);
    QVERIFY(appcast);
    QCOMPARE(appcast->items.size(), 1);
    QVERIFY(!appcast->items[0].rollout);
    QCOMPARE(appcast->warnings, {u"Item 1 has a rollout to '' percent; it is skipped"_s});
}

// Worked out with another program: publishers' tools and other clients must get the same.
void tst_Rollout::knownPositions()
{
    const QString id = u"7d9c1f6e-3b0a-4a55-9c3e-0a1b2c3d4e5f"_s;
    QCOMPARE(rolloutPosition(id, u"2.0.0"_s), double(0x10eee525d4ea2cc5) / std::pow(2.0, 64));
    QCOMPARE(rolloutPosition(u"ä"_s, u"2.0.0"_s), double(0x59192ce1582b0ad6) / std::pow(2.0, 64));
    QCOMPARE(rolloutPosition({}, {}), double(0x01ba4719c80b6fe9) / std::pow(2.0, 64));
}

void tst_Rollout::positionsAreEven()
{
    std::array<int, 10> tenths{};
    for (int i = 0; i < installs; ++i) {
        const double position = rolloutPosition(installId(i), u"2.0"_s);
        QVERIFY(position >= 0 && position < 1);
        ++tenths[std::size_t(position * 10)];
    }
    for (const int count : tenths)
        QVERIFY2(std::abs(count - installs / 10) < tolerance(0.1),
                 qPrintable(QString::number(count)));
}

void tst_Rollout::shareOfManyInstalls()
{
    const AppcastItem item = rolledOut(u"2.0"_s, {10, {}, {}, {}});
    int count = 0;
    for (int i = 0; i < installs; ++i)
        count += sees(item, client(installId(i)));
    qInfo("%d of %d installs see a rollout to 10 percent", count, installs);
    QVERIFY(std::abs(count - installs / 10) < tolerance(0.1));
}

// Nobody is always among the first, unless the publisher gives two releases one salt.
void tst_Rollout::saltsAreIndependent()
{
    int both = 0;
    for (int i = 0; i < installs; ++i) {
        const bool first = rolloutPosition(installId(i), u"2.0"_s) < 0.1;
        const bool second = rolloutPosition(installId(i), u"2.1"_s) < 0.1;
        both += first && second;
        QCOMPARE(rolloutPosition(installId(i), u"2.0"_s) < 0.1, first);
    }
    qInfo("%d of %d installs are in both", both, installs);
    QVERIFY(std::abs(both - installs / 100) < tolerance(0.01));
}

void tst_Rollout::growingShareOnlyAddsInstalls()
{
    QSet<int> before;
    for (const double percent : {0.0, 0.5, 5.0, 20.0, 99.9, 100.0}) {
        const AppcastItem item = rolledOut(u"2.0"_s, {percent, {}, {}, {}});
        QSet<int> now;
        for (int i = 0; i < 2000; ++i) {
            if (sees(item, client(installId(i))))
                now.insert(i);
        }
        QVERIFY(now.contains(before));
        before = now;
    }
    QCOMPARE(before.size(), 2000);
}

void tst_Rollout::shareInTime_data()
{
    QTest::addColumn<QDateTime>("from");
    QTest::addColumn<QDateTime>("until");
    QTest::addColumn<QDateTime>("now");
    QTest::addColumn<double>("share");
    const QDateTime from = at("2026-11-20T00:00:00Z");
    const QDateTime until = at("2026-11-24T00:00:00Z");
    QTest::newRow("always") << QDateTime() << QDateTime() << from << 0.4;
    QTest::newRow("before") << from << QDateTime() << from.addSecs(-1) << 0.0;
    QTest::newRow("since") << from << QDateTime() << from << 0.4;
    QTest::newRow("ramp: before") << from << until << from.addSecs(-1) << 0.0;
    QTest::newRow("ramp: begin") << from << until << from << 0.0;
    QTest::newRow("ramp: a quarter") << from << until << from.addDays(1) << 0.1;
    QTest::newRow("ramp: half") << from << until << from.addDays(2) << 0.2;
    QTest::newRow("ramp: end") << from << until << until << 0.4;
    QTest::newRow("ramp: after") << from << until << until.addDays(9) << 0.4;
    QTest::newRow("no clock") << from << until << QDateTime() << 0.0;
}

void tst_Rollout::shareInTime()
{
    QFETCH(QDateTime, from);
    QFETCH(QDateTime, until);
    QFETCH(QDateTime, now);
    QTEST(rolloutShare({40, {}, from, until}, now), "share");
}

void tst_Rollout::saltDefaultsToTheVersion()
{
    const AppcastItem plain = rolledOut(u"2.0"_s, {50, {}, {}, {}});
    const AppcastItem salted = rolledOut(u"2.0"_s, {50, u"spring"_s, {}, {}});
    const AppcastItem next = rolledOut(u"2.1"_s, {50, u"spring"_s, {}, {}});
    int differences = 0;
    for (int i = 0; i < 100; ++i) {
        const ClientConditions one = client(installId(i));
        QCOMPARE(sees(plain, one), rolloutPosition(one.installId, u"2.0"_s) < 0.5);
        QCOMPARE(sees(salted, one), sees(next, one));
        differences += sees(plain, one) != sees(salted, one);
    }
    QVERIFY(differences > 20);
}

void tst_Rollout::whoDoesNotWait()
{
    AppcastItem item = rolledOut(u"2.0"_s, {0, {}, {}, {}});
    QVERIFY(!sees(item, client(u"one"_s)));
    QVERIFY(sees(item, client({})));
    item.isCritical = true;
    item.criticalBelow = u"0.9"_s;
    QVERIFY(!sees(item, client(u"one"_s)));
    item.criticalBelow = u"1.1"_s;
    QVERIFY(sees(item, client(u"one"_s)));
}

void tst_Rollout::reason()
{
    const AppcastItem item = rolledOut(u"2.0"_s, {100, {}, at("2026-11-22T10:00:01Z"), {}});
    QCOMPARE(select({item}, client(u"one"_s)).reason, u"phased"_s);
    QCOMPARE(select({item}, client(u"one"_s, at("2026-11-22T10:00:01Z"))).reason, u"newer"_s);
}

void tst_Rollout::olderOneMeanwhile()
{
    const QList<AppcastItem> items = {rolledOut(u"3.0"_s, {0, {}, {}, {}}), linuxItem(u"2.0"_s)};
    QCOMPARE(select(items, client(u"one"_s)).candidates, QStringList{u"2.0"_s});
}

QTEST_GUILESS_MAIN(tst_Rollout)
#include "tst_rollout.moc"
