// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Where the administrator, the surroundings and other update systems have a say.

#include "lib/session/policy.h"

#include "tests/auto/session/updaterfixture.h"
#include "tests/support/cafe.h"

#include <Freshen/updaterdelegate.h>

#include <QCoreApplication>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QTest>

#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
using State = Updater::State;

namespace {

// An application that wants another feed.
class Delegate : public UpdaterDelegate
{
public:
    QUrl feedUrl(const QUrl &url) override
    {
        QUrl changed = url;
        changed.setQuery(u"build=7"_s);
        return changed;
    }
};

// A policy for all products while it lives.
class PolicyFile
{
public:
    explicit PolicyFile(const QByteArray &members)
        : m_file(UpdaterFixture::shop().path(u"policy.json"_s))
    {
        QFile::remove(m_file);
        writeAll(m_file, "{\"*\":" + members + '}');
        QFile::setPermissions(m_file, QFile::ReadOwner | QFile::WriteOwner);
        Policy::setFile(m_file);
    }
    ~PolicyFile() { Policy::setFile({}); }

private:
    QString m_file;
};

} // namespace

class TestUpdaterRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void waitsForMains();
    void waitsForAFreeNetwork();
    void administratorTurnsUpdatesOff();
    void administratorPinsAVersion();
    void administratorChoosesTheFeed();
    void administratorHoldsTheChannel();
    void administratorOutranksTheCommandLine();
    void othersKeepTheAppFresh();
    void intervalHasAFloor();

private:
    static bool checkEnds(UpdaterFixture &app) { return app.reaches(State::UpdateFound); }
};

void TestUpdaterRules::initTestCase()
{
    UpdaterFixture::shop().packOptions = {u"--channel"_s, u"beta"_s};
    UpdaterFixture::shop().release(u"3.0"_s);
}

void TestUpdaterRules::waitsForMains()
{
    Cafe cafe;
    cafe.battery = true;
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().setAvoidsBattery(true);
    app.updater().checkForUpdatesInBackground();
    QCOMPARE(app.state(), State::Idle);
    app.updater().checkForUpdates();
    QCOMPARE(app.state(), State::Checking);
    app.updater().cancel();
    app.updater().setAvoidsBattery(false);
    app.updater().checkForUpdatesInBackground();
    QCOMPARE(app.state(), State::Checking);
}

void TestUpdaterRules::waitsForAFreeNetwork()
{
    Cafe cafe;
    cafe.metered = true;
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().setAvoidsMeteredNetworks(true);
    app.updater().checkForUpdatesInBackground();
    QCOMPARE(app.state(), State::Idle);
    cafe.metered = false;
    app.updater().checkForUpdatesInBackground();
    QCOMPARE(app.state(), State::Checking);
}

void TestUpdaterRules::administratorTurnsUpdatesOff()
{
    if (::getuid() != 0)
        QSKIP("Only an administrator can write a policy.");
    const PolicyFile policy(R"({"updates": false})");
    UpdaterFixture app;
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"the administrator decided"_s));
    QVERIFY(!app.start());
    QVERIFY(!app.updater().isEnabled());
    app.updater().checkForUpdates();
    app.updater().checkForUpdatesInBackground();
    QCOMPARE(app.state(), State::Idle);
    QVERIFY(app.network.requests.isEmpty());
    QVERIFY(app.settings.allKeys().isEmpty());
}

void TestUpdaterRules::administratorPinsAVersion()
{
    if (::getuid() != 0)
        QSKIP("Only an administrator can write a policy.");
    const PolicyFile policy(R"({"version": "1"})");
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.isIdle());
    QCOMPARE(app.updater().noUpdateReason(), u"policy"_s);
    QVERIFY(app.driver.sentence.contains(u"administrator"_s));
    QCOMPARE(UpdaterFixture::shop().freshen(u"check"_s).status, 0); // without the test's policy
}

void TestUpdaterRules::administratorChoosesTheFeed()
{
    if (::getuid() != 0)
        QSKIP("Only an administrator can write a policy.");
    const QByteArray url = UpdaterFixture::shop().url(u"in-house.xml"_s).toUtf8();
    const PolicyFile policy("{\"feed\": \"" + url + "\"}");
    Delegate delegate;
    UpdaterFixture app;
    app.updater().setDelegate(&delegate);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.isIdle());
    QCOMPARE(app.network.lastRequests[u"in-house.xml"_s].url(), QUrl(QString::fromUtf8(url)));
    QCOMPARE(app.network.requests.size(), 1);
}

void TestUpdaterRules::administratorHoldsTheChannel()
{
    if (::getuid() != 0)
        QSKIP("Only an administrator can write a policy.");
    const PolicyFile policy(R"({"channel": "stable", "automaticallyChecks": false})");
    UpdaterFixture app;
    QVERIFY(app.start());
    QCOMPARE(app.updater().lockedSettings(),
             (QStringList{u"automaticallyChecks"_s, u"channels"_s}));
    app.updater().setChannels({u"beta"_s});
    app.updater().setAutomaticallyChecks(true);
    QCOMPARE(app.updater().channels(), QStringList());
    QVERIFY(!app.updater().automaticallyChecks());
    app.updater().checkForUpdates();
    QVERIFY(checkEnds(app));
    QCOMPARE(app.updater().availableRelease().version(), u"2.0"_s);
}

// With the real policy file, in a file system that only this program sees.
void TestUpdaterRules::administratorOutranksTheCommandLine()
{
    Workshop &shop = UpdaterFixture::shop();
    UpdaterFixture app;
    const QString freshen = QCoreApplication::applicationDirPath() + u"/../bin/freshen"_s;
    const QString script = u"mount -t tmpfs none /etc && mkdir /etc/freshen && "
                           "printf %s \"$0\" >/etc/freshen/policy.json && exec \"$@\""_s;
    const auto run = [&](const QString &members, const QStringList &command) {
        return shop.run(u"unshare"_s,
                        QStringList{u"-m"_s, u"sh"_s, u"-c"_s, script,
                                    u"{\"*\":{%1}}"_s.arg(members)}
                            + command);
    };
    if (run({}, {u"true"_s}).status != 0)
        QSKIP("Only an administrator can mount a file system.");
    const QStringList check{freshen, u"check"_s, u"--app"_s, shop.app(), u"--json"_s};
    QCOMPARE(run({}, check).json[u"reason"_s].toString(), u"newer"_s);
    for (const QString &members : {u"\"updates\":false"_s, u"\"version\":\"1\""_s}) {
        const Outcome outcome = run(members, check);
        QCOMPARE(outcome.status, 3);
        QCOMPARE(outcome.json[u"reason"_s].toString(), u"policy"_s);
    }
    const QString channel = u"\"channel\":\"beta\""_s;
    QCOMPARE(run(channel, check).json[u"release"_s][u"version"_s].toString(), u"3.0"_s);
    QCOMPARE(run(channel, check + QStringList{u"--channel"_s, u"beta"_s}).errorCode(), u"USAGE"_s);
    const QString feed = u"\"feed\":\"%1\""_s.arg(shop.url(u"appcast.xml"_s));
    QCOMPARE(run(feed, check).status, 0);
    QCOMPARE(run(feed, check + QStringList{u"--feed"_s, u"https://example.org/"_s}).errorCode(),
             u"USAGE"_s);
}

// As a snap here; tst_installkind has all the others.
void TestUpdaterRules::othersKeepTheAppFresh()
{
    Workshop &shop = UpdaterFixture::shop();
    qputenv("SNAP", shop.path(u"apps"_s).toUtf8());
    const auto restore = qScopeGuard([] { qunsetenv("SNAP"); });
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/Starts"_s, 5);
    QVERIFY(app.start());
    QCOMPARE(app.state(), State::Idle); // no permission is asked for
    app.updater().checkForUpdates();
    QVERIFY(app.isIdle());
    QCOMPARE(app.updater().noUpdateReason(), u"managed"_s);
    QVERIFY2(app.driver.sentence.contains(u"snap"_s), qPrintable(app.driver.sentence));
    QVERIFY(app.network.requests.isEmpty());
    for (const QString &command : {u"check"_s, u"update"_s}) {
        const Outcome outcome = shop.freshen(command);
        QCOMPARE(outcome.status, 3);
        QCOMPARE(outcome.json[u"reason"_s].toString(), u"managed"_s);
    }
    QVERIFY(shop.freshen(u"check"_s).json[u"managedBy"_s].toString().contains(u"snap"_s));
}

void TestUpdaterRules::intervalHasAFloor()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    QCOMPARE(app.updater().checkInterval(), 24 * 3600);
    app.updater().setCheckInterval(7 * 24 * 3600);
    QCOMPARE(app.updater().checkInterval(), 7 * 24 * 3600);
    app.updater().setCheckInterval(60);
    QCOMPARE(app.updater().checkInterval(), 3600);
    app.updater().setCheckInterval(0);
    QCOMPARE(app.updater().checkInterval(), 24 * 3600);
}

QTEST_GUILESS_MAIN(TestUpdaterRules)
#include "tst_updaterrules.moc"
