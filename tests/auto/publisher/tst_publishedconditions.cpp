// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Conditions that a publisher writes into a feed by hand: the tools keep them, clients obey them.

#include "tests/auto/publisher/publishing.h"

#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"
#include "lib/feed/feedsignature.h"

#include <QJsonArray>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr auto conditions =
    "  <freshen:mustUnderstand>rollout deadline</freshen:mustUnderstand>\n"
    "      <freshen:rollout percent=\"12.5\" salt=\"s\" from=\"2026-11-20T00:00:00Z\""
    " until=\"2026-11-22T00:00:00Z\"/>\n"
    "      <sparkle:criticalUpdate sparkle:version=\"0.5\"/>\n"
    "      <freshen:deadline at=\"2026-12-01T00:00:00Z\"/>\n    </item>";

} // namespace

class TestPublishedConditions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void generateKeepsThem();
    void generateReplacesNoSpoiltItem();
    void withdrawnOutlivesPrunedItems();
    void unknownConditionIsNotPublishedWithout();
    void undeclaredPrefixIsDeclared();
    void checkObeysThem_data();
    void checkObeysThem();
    void checkTellsTheDeadline();
    void acc014_checkWarnsOfHttp();

private:
    Appcast appcast() const;
    void edit(const QByteArray &before, const QByteArray &after) const;
    Finished check(const QStringList &options) const;

    std::unique_ptr<Site> m_site;
};

void TestPublishedConditions::init()
{
    m_site = std::make_unique<Site>();
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
}

Appcast TestPublishedConditions::appcast() const
{
    const auto feed = verifyFeed(readWholeFile(m_site->feed()), {testKey().publicKey()},
                                 FeedTrust::Required);
    if (!feed)
        qFatal("%s", feed.error().message.c_str());
    const auto appcast = readAppcast(feed->content, QUrl(u"https://example.org/up/appcast.xml"_s));
    if (!appcast)
        qFatal("%s", appcast.error().message.c_str());
    return *appcast;
}

void TestPublishedConditions::edit(const QByteArray &before, const QByteArray &after) const
{
    QByteArray feed = readWholeFile(m_site->feed());
    QVERIFY2(feed.contains(before), before.constData());
    writeTextFile(m_site->feed(), feed.replace(before, after));
}

// As on Linux, with 0.9 installed.
Finished TestPublishedConditions::check(const QStringList &options) const
{
    return runProgram(QStringLiteral(FRESHEN_BUILD_BIN "/freshen"),
                      QStringList{u"check"_s, u"--json"_s, u"--feed"_s, m_site->feed(),
                                  u"--feed-trust"_s, u"none"_s, u"--os"_s, u"linux"_s, u"--arch"_s,
                                  u"x86_64"_s, u"--installed-version"_s, u"0.9"_s}
                          + options);
}

void TestPublishedConditions::generateKeepsThem()
{
    edit("</item>", conditions);
    edit("<item>", "<freshen:withdrawn version=\"0.9\"/>\n    <item>");
    QCOMPARE(m_site->pack(u"2.0"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    const Appcast feed = appcast();
    QCOMPARE(feed.warnings, QStringList());
    QCOMPARE(feed.withdrawnVersions, QStringList{u"0.9"_s});
    QCOMPARE(feed.items.size(), 2);
    QVERIFY(!feed.items[0].rollout && feed.items[0].mustUnderstand.isEmpty());
    const AppcastItem &item = feed.items[1];
    QCOMPARE(item.version, u"1.0"_s);
    QCOMPARE(item.mustUnderstand, QStringList({u"rollout"_s, u"deadline"_s}));
    QCOMPARE(item.rollout->percent, 12.5);
    QCOMPARE(item.rollout->salt, u"s"_s);
    QCOMPARE(item.rollout->until, QDateTime({2026, 11, 22}, {0, 0}, Qt::UTC));
    QCOMPARE(item.deadline, QDateTime({2026, 12, 1}, {0, 0}, Qt::UTC));
    QCOMPARE(m_site->generate().json().value(u"result"_s).toString(), u"unchanged"_s);
    QCOMPARE(m_site->lint().status, 0);
}

// Else everybody would get what was meant for a tenth.
void TestPublishedConditions::generateReplacesNoSpoiltItem()
{
    edit("</item>", "<freshen:rollout percent=\"1O\"/></item>");
    const QByteArray before = readWholeFile(m_site->feed());
    const Finished made = m_site->generate();
    QCOMPARE(made.status, 1);
    QVERIFY2(made.out.contains("lint"), made.out.constData());
    QCOMPARE(readWholeFile(m_site->feed()), before);
}

// A kill switch that goes with an old item would bring back what it killed.
void TestPublishedConditions::withdrawnOutlivesPrunedItems()
{
    QCOMPARE(m_site->pack(u"2.0"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    edit("</item>\n    <item>",
         "</item>\n    <freshen:withdrawn version=\"1.5\"/><freshen:withdrawn "
         "version=\"1.4\"></freshen:withdrawn>\n    <item>");
    QCOMPARE(m_site->pack(u"3.0"_s).status, 0);
    QCOMPARE(m_site->generate({u"--maximum-versions"_s, u"2"_s}).status, 0);
    QCOMPARE(appcast().items.size(), 2);
    QCOMPARE(appcast().items[1].version, u"2.0"_s);
    QCOMPARE(appcast().withdrawnVersions, QStringList({u"1.5"_s, u"1.4"_s}));
}

// The gated item counts as the package's, so that no second one without the gate is made.
void TestPublishedConditions::unknownConditionIsNotPublishedWithout()
{
    edit("</item>", "  <freshen:mustUnderstand>moonPhase</freshen:mustUnderstand>\n    </item>");
    QCOMPARE(m_site->pack(u"0.8"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    QCOMPARE(appcast().items.size(), 2);
    QCOMPARE(check({}).json().value(u"reason"_s).toString(), u"newer-than-feed"_s);
}

void TestPublishedConditions::undeclaredPrefixIsDeclared()
{
    edit(" xmlns:sparkle=\"http://www.andymatuschak.org/xml-namespaces/sparkle\"", "");
    QCOMPARE(m_site->generate().json().value(u"result"_s).toString(), u"written"_s);
    QCOMPARE(appcast().items[0].version, u"1.0"_s);
    QCOMPARE(m_site->lint().json().value(u"result"_s).toString(), u"clean"_s);
}

void TestPublishedConditions::checkObeysThem_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("reason");
    const QString later = u"2026-11-29T00:00:00Z"_s;
    // Of the share of 12.5 percent with the salt "s", install-29 is (at 3.26 percent), install-1 is
    // not.
    const auto scheduled = [&](const QString &id, const QString &now) {
        return QStringList{u"--scheduled"_s, u"--install-id"_s, id, u"--now"_s, now};
    };
    QTest::newRow("asked for") << QStringList{u"--install-id"_s, u"install-1"_s} << u"newer"_s;
    QTest::newRow("no id") << QStringList{u"--scheduled"_s} << u"newer"_s;
    QTest::newRow("outside") << scheduled(u"install-1"_s, later) << u"phased"_s;
    QTest::newRow("inside") << scheduled(u"install-29"_s, later) << u"newer"_s;
    QTest::newRow("not yet") << scheduled(u"install-29"_s, u"2026-11-20T00:00:00Z"_s)
                             << u"phased"_s;
    QTest::newRow("at 3.1 percent")
        << scheduled(u"install-29"_s, u"2026-11-20T12:00:00Z"_s) << u"phased"_s;
    QTest::newRow("at 3.4 percent")
        << scheduled(u"install-29"_s, u"2026-11-20T13:00:00Z"_s) << u"newer"_s;
    QTest::newRow("pinned") << QStringList{u"--pinned"_s, u"0.9"_s} << u"policy"_s;
    QTest::newRow("pinned to it") << QStringList{u"--pinned"_s, u"1"_s} << u"newer"_s;
}

void TestPublishedConditions::checkObeysThem()
{
    QFETCH(QStringList, options);
    edit("</item>", conditions);
    const Finished answer = check(options);
    QVERIFY2(!answer.out.isEmpty(), answer.err.constData());
    QTEST(answer.json().value(u"reason"_s).toString(), "reason");
}

void TestPublishedConditions::checkTellsTheDeadline()
{
    const auto deadline = [this] {
        return check({}).json().value(u"release"_s).toObject().value(u"deadline"_s);
    };
    QVERIFY(deadline().isNull());
    edit("</item>", conditions);
    QVERIFY(deadline().isNull()); // not critical for 0.9
    edit("sparkle:version=\"0.5\"", "sparkle:version=\"1.0\"");
    QCOMPARE(deadline().toString(), u"2026-12-01T00:00:00Z"_s);
}

// The item is offered all the same; one warning for it, none for others.
void TestPublishedConditions::acc014_checkWarnsOfHttp()
{
    QCOMPARE(m_site->pack(u"2.0"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    QVERIFY(!check({}).json().contains(u"warnings"_s));
    edit("https://example.org/up/notes", "http://example.org/up/notes");
    const QJsonObject answer = check({}).json();
    QCOMPARE(answer[u"release"_s][u"version"_s].toString(), u"2.0"_s);
    const QJsonArray warnings = answer.value(u"warnings"_s).toArray();
    QCOMPARE(warnings.size(), 1);
    QVERIFY(warnings[0].toString().startsWith(u"HTTP_URL: Version 2.0 "_s));
}

QTEST_GUILESS_MAIN(TestPublishedConditions)
#include "tst_publishedconditions.moc"
