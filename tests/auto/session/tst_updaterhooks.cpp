// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Where the application has a say.

#include "tests/auto/session/updaterfixture.h"
#include "tests/support/virtualclock.h"

#include <Freshen/settingsstore.h>
#include <Freshen/updaterdelegate.h>

#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using State = Updater::State;
using CheckKind = Updater::CheckKind;

namespace {

class Delegate : public UpdaterDelegate
{
public:
    QList<CheckKind> asked;
    bool lets = true;
    bool asksPermission = true;
    QStringList chosenChannels;
    std::function<Release(const QList<Release> &, const Release &)> best;
    bool proceeds = true;
    std::function<void()> resume;
    bool postpones = false;

    bool mayCheck(CheckKind kind) override
    {
        asked += kind;
        return lets;
    }
    bool mayAskPermission() override { return asksPermission; }
    QUrl feedUrl(const QUrl &url) override
    {
        QUrl changed = url;
        changed.setQuery(u"build=7"_s);
        return changed;
    }
    QStringList channels(const QStringList &chosen) override { return chosen + chosenChannels; }
    void prepareRequest(QNetworkRequest &request) override { request.setRawHeader("X-Own", "1"); }
    Release bestRelease(const QList<Release> &newer, const Release &offered) override
    {
        return best ? best(newer, offered) : offered;
    }
    bool shouldProceed(const Release &, CheckKind) override { return proceeds; }
    bool postponesInstall(const Release &, const std::function<void()> &goOn) override
    {
        resume = goOn;
        return postpones;
    }
};

class Store : public SettingsStore
{
public:
    QVariantMap values;

    QVariant value(const QString &key) const override { return values.value(key); }
    void setValue(const QString &key, const QVariant &value) override
    {
        if (value.isValid())
            values.insert(key, value);
        else
            values.remove(key);
    }
};

} // namespace

class TestUpdaterHooks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void mayCheck();
    void mayAskPermission();
    void everyRequestIsPrepared();
    void followsChannels();
    void anotherChannelIsLookedAtSoon();
    void rolloutCountsWhereNobodyAsked();
    void choosesAnother();
    void choosesNone_data();
    void choosesNone();
    void postponesTheInstallation();
    void ordersVersions();
    void informsWithoutAWord();
    void tellsEveryStep();
    void keepsSettingsElsewhere();
    void offersTheDownloadWhenInstallingFails();
    void installerIsALink();
    void combinesNotes();

private:
    static bool checkEnds(UpdaterFixture &app) { return app.reaches(State::UpdateFound); }
};

void TestUpdaterHooks::initTestCase()
{
    UpdaterFixture::shop().packOptions = {u"--channel"_s, u"beta"_s};
    UpdaterFixture::shop().release(u"3.0"_s);
}

void TestUpdaterHooks::mayCheck()
{
    Delegate delegate;
    delegate.lets = false;
    UpdaterFixture app;
    app.updater().setDelegate(&delegate);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    app.updater().checkForUpdatesInBackground();
    app.updater().checkForUpdateInformation();
    QCOMPARE(app.state(), State::Idle);
    QCOMPARE(delegate.asked,
             (QList{CheckKind::User, CheckKind::Scheduled, CheckKind::Information}));
    app.updater().setDelegate(nullptr);
    app.updater().checkForUpdates();
    QCOMPARE(app.state(), State::Checking);
}

void TestUpdaterHooks::mayAskPermission()
{
    Delegate delegate;
    delegate.asksPermission = false;
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/Starts"_s, 5);
    app.updater().setDelegate(&delegate);
    QVERIFY(app.start());
    QCOMPARE(app.state(), State::Idle);
    QCOMPARE(app.driver.heard, QStringList());
}

void TestUpdaterHooks::everyRequestIsPrepared()
{
    Delegate delegate;
    UpdaterFixture app;
    app.updater().setDelegate(&delegate);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::ReadyToInstall));
    QCOMPARE(app.network.lastRequests[u"appcast.xml"_s].url().query(), u"build=7"_s);
    QCOMPARE(app.network.lastRequests.size(), 4); // feed, manifest, its signature, package
    for (const QNetworkRequest &request : std::as_const(app.network.lastRequests))
        QCOMPARE(request.rawHeader("X-Own"), "1");
}

void TestUpdaterHooks::followsChannels()
{
    Delegate delegate;
    UpdaterFixture app;
    app.updater().setDelegate(&delegate);
    QVERIFY(app.start());
    for (const bool byPerson : {true, false}) {
        app.updater().setChannels(byPerson ? QStringList{u"beta"_s} : QStringList());
        delegate.chosenChannels = byPerson ? QStringList() : QStringList{u"beta"_s};
        app.updater().checkForUpdates();
        QVERIFY(checkEnds(app));
        QCOMPARE(app.updater().availableRelease().version(), u"3.0"_s);
        app.updater().cancel();
    }
}

void TestUpdaterHooks::anotherChannelIsLookedAtSoon()
{
    VirtualClock clock;
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/AutomaticallyChecks"_s, true);
    app.settings.setValue(u"Freshen/LastCheckTime"_s, clock.now());
    QVERIFY(app.start());
    clock.pass(std::chrono::minutes(1));
    QCOMPARE(app.state(), State::Idle);
    app.updater().setChannels({u"beta"_s});
    clock.pass(std::chrono::minutes(1));
    QVERIFY(checkEnds(app));
    QCOMPARE(app.updater().availableRelease().version(), u"3.0"_s);
}

void TestUpdaterHooks::rolloutCountsWhereNobodyAsked()
{
    Workshop &shop = UpdaterFixture::shop();
    const auto restore = qScopeGuard([feed = readAll(shop.host() + u"/appcast.xml"_s), &shop] {
        writeAll(shop.host() + u"/appcast.xml"_s, feed);
    });
    shop.editFeed([](Appcast &feed) {
        for (AppcastItem &item : feed.items)
            item.rollout = AppcastRollout(); // to nobody yet
    });
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.isIdle());
    QCOMPARE(app.updater().noUpdateReason(), u"phased"_s);
    QCOMPARE(app.driver.heard, QStringList{u"dismiss"_s});
    app.updater().checkForUpdates();
    QVERIFY(checkEnds(app));
    QCOMPARE(app.updater().availableRelease().version(), u"2.0"_s);
}

void TestUpdaterHooks::choosesAnother()
{
    Delegate delegate;
    QStringList versions;
    delegate.best = [&](const QList<Release> &newer, const Release &best) {
        for (const Release &release : newer)
            versions += release.version();
        versions += best.version();
        return newer.constLast();
    };
    UpdaterFixture app;
    app.updater().setDelegate(&delegate);
    app.updater().setChannels({u"beta"_s});
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::ReadyToInstall));
    QCOMPARE(versions, (QStringList{u"3.0"_s, u"2.0"_s, u"3.0"_s}));
    QCOMPARE(app.driver.release.version(), u"2.0"_s);
    QCOMPARE(UpdaterFixture::shop().freshen(u"status"_s).json[u"staged"_s].toString(), u"2.0"_s);
}

void TestUpdaterHooks::choosesNone_data()
{
    QTest::addColumn<bool>("byChoice");
    QTest::newRow("none is good enough") << true;
    QTest::newRow("not now") << false;
}

void TestUpdaterHooks::choosesNone()
{
    QFETCH(bool, byChoice);
    Delegate delegate;
    if (byChoice)
        delegate.best = [](const QList<Release> &, const Release &) { return Release(); };
    delegate.proceeds = byChoice;
    UpdaterFixture app;
    app.updater().setDelegate(&delegate);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.isIdle());
    QVERIFY(app.updater().availableRelease().isNull());
    QCOMPARE(app.updater().noUpdateReason(), u"declined"_s);
    QCOMPARE(app.driver.heard.last(), u"dismiss"_s);
    QVERIFY2(!app.driver.sentence.contains(u"newest"), qPrintable(app.driver.sentence));
}

void TestUpdaterHooks::postponesTheInstallation()
{
    Delegate delegate;
    delegate.postpones = true;
    UpdaterFixture app;
    app.updater().setDelegate(&delegate);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::ReadyToInstall));
    app.driver.install(UserDriver::InstallTime::Now);
    QCOMPARE(app.state(), State::ReadyToInstall);
    QVERIFY(!app.driver.heard.contains(u"quit"_s));
    delegate.resume();
    QCOMPARE(app.state(), State::Installing);
    QCOMPARE(app.driver.heard.last(), u"quit"_s);
    // Twice is once.
    app.driver.heard.clear();
    delegate.resume();
    QCOMPARE(app.driver.heard, QStringList());
    app.updater().cancel();
    delegate.resume();
    QCOMPARE(app.state(), State::Idle);
}

void TestUpdaterHooks::ordersVersions()
{
    UpdaterFixture app;
    app.updater().setVersionComparator(
        [](const QString &left, const QString &right) { return right.compare(left); });
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.isIdle());
    QCOMPARE(app.updater().noUpdateReason(), u"up-to-date"_s);
}

void TestUpdaterHooks::informsWithoutAWord()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    QSignalSpy checked(&app.updater(), &Updater::checkFinished);
    QSignalSpy finished(&app.updater(), &Updater::finished);
    app.updater().checkForUpdateInformation();
    QVERIFY(app.isIdle());
    QCOMPARE(checked.count(), 1);
    QCOMPARE(checked.first().first().toBool(), true);
    QCOMPARE(finished.count(), 1);
    QCOMPARE(app.updater().availableRelease().version(), u"2.0"_s);
    QCOMPARE(app.updater().noUpdateReason(), QString());
    QCOMPARE(app.driver.heard, QStringList());
    // As a scheduled one, it does not come back to what was skipped.
    app.settings.setValue(u"Freshen/SkippedVersion"_s, u"2.0"_s);
    app.updater().checkForUpdateInformation();
    QVERIFY(app.isIdle());
    QVERIFY(app.updater().availableRelease().isNull());
    QCOMPARE(app.updater().noUpdateReason(), u"skipped"_s);
    QCOMPARE(app.driver.heard, QStringList());
}

void TestUpdaterHooks::tellsEveryStep()
{
    UpdaterFixture app;
    QStringList steps;
    Updater &updater = app.updater();
    connect(&updater, &Updater::checkFinished, this, [&] { steps += u"checked"_s; });
    connect(&updater, &Updater::downloadStarted, this, [&] { steps += u"started"_s; });
    connect(&updater, &Updater::downloadFinished, this, [&] { steps += u"downloaded"_s; });
    connect(&updater, &Updater::installPrepared, this, [&] { steps += u"prepared"_s; });
    connect(&updater, &Updater::finished, this, [&] { steps += u"finished"_s; });
    QVERIFY(app.start());
    updater.checkForUpdates();
    QVERIFY(app.reaches(State::WaitingForQuit));
    QCOMPARE(steps,
             (QStringList{u"checked"_s, u"started"_s, u"downloaded"_s, u"prepared"_s}));
    updater.cancel();
    QCOMPARE(steps.last(), u"finished"_s);
}

void TestUpdaterHooks::keepsSettingsElsewhere()
{
    Store store;
    UpdaterFixture app;
    app.updater().setSettingsStore(&store);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(checkEnds(app));
    app.driver.choose(UserDriver::Choice::Skip);
    QCOMPARE(store.values[u"SkippedVersion"_s].toString(), u"2.0"_s);
    QVERIFY(store.values[u"LastCheckTime"_s].toDateTime().isValid());
    QVERIFY(app.settings.allKeys().isEmpty());
}

void TestUpdaterHooks::offersTheDownloadWhenInstallingFails()
{
    UpdaterFixture app;
    const QString package = UpdaterFixture::shop().packageName(u"2.0"_s);
    app.network.diversions[package] = QUrl(UpdaterFixture::shop().url(u"missing"_s));
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.isIdle());
    QCOMPARE(app.driver.error.code(), u"HTTP_STATUS"_s);
    QCOMPARE(app.driver.error.link(), QUrl(UpdaterFixture::shop().url(package)));
    // A check that fails is about no release.
    app.network.diversions[u"appcast.xml"_s] = QUrl(UpdaterFixture::shop().url(u"missing"_s));
    app.updater().checkForUpdates();
    QVERIFY(app.isIdle());
    QCOMPARE(app.driver.error.link(), QUrl());
}

// Another installer's file is for the person; nothing is downloaded by itself.
void TestUpdaterHooks::installerIsALink()
{
    Workshop &shop = UpdaterFixture::shop();
    const auto restore = qScopeGuard([feed = readAll(shop.host() + u"/appcast.xml"_s), &shop] {
        writeAll(shop.host() + u"/appcast.xml"_s, feed);
    });
    shop.editFeed([&](Appcast &feed) {
        for (AppcastItem &item : feed.items) {
            item.manifest.reset();
            item.enclosure->url = QUrl(shop.url(u"setup.exe"_s));
        }
    });
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/AutomaticallyDownloads"_s, true);
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(checkEnds(app));
    QVERIFY(app.driver.release.isInformational());
    QCOMPARE(app.driver.release.link(), QUrl(shop.url(u"setup.exe"_s)));
    app.driver.choose(UserDriver::Choice::Install);
    QCOMPARE(app.state(), State::Idle);
    QVERIFY(!app.network.requests.contains(u"setup.exe"_s));
}

// What is in the feed is there at once; the rest comes later. All of it is about what is new here.
void TestUpdaterHooks::combinesNotes()
{
    Workshop &shop = UpdaterFixture::shop();
    writeAll(shop.host() + u"/two.html"_s, "<body>Two</body>");
    const auto setNotes = [&](bool areInside) {
        shop.editFeed([&](Appcast &feed) {
            for (AppcastItem &item : feed.items) {
                item.notes = item.version == u"2.0" && !areInside ? QString()
                                                                  : u"In "_s + item.version;
                item.notesUrl = QUrl(areInside ? QString() : shop.url(u"two.html"_s));
                item.notesFormat = Release::NotesFormat::Html;
            }
        });
    };
    const auto restore = qScopeGuard([feed = readAll(shop.host() + u"/appcast.xml"_s), &shop] {
        writeAll(shop.host() + u"/appcast.xml"_s, feed);
    });
    UpdaterFixture app;
    app.updater().setChannels({u"beta"_s});
    QVERIFY(app.start());
    setNotes(true);
    app.updater().checkForUpdates();
    QVERIFY(checkEnds(app));
    QCOMPARE(app.driver.release.notes(),
             u"<h2>Version 3.0</h2>\nIn 3.0\n\n<h2>Version 2.0</h2>\nIn 2.0"_s);
    app.updater().cancel();
    app.driver.choose = {};
    setNotes(false);
    app.updater().checkForUpdates();
    QVERIFY(QTest::qWaitFor([&] { return !app.driver.notes.isEmpty(); }, 30'000));
    QCOMPARE(app.driver.notes,
             u"<h2>Version 3.0</h2>\nIn 3.0\n\n<h2>Version 2.0</h2>\nTwo"_s);
}

QTEST_GUILESS_MAIN(TestUpdaterHooks)
#include "tst_updaterhooks.moc"
