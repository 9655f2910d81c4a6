// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Downloads that nobody asked for give way.

#include "tests/auto/session/slowshop.h"
#include "tests/support/cafe.h"
#include "tests/support/virtualclock.h"

#include <Freshen/updaterdelegate.h>

#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = Updater::State;

namespace {

class Delegate : public UpdaterDelegate
{
public:
    bool lets = true;
    QStringList asked; // about which versions

    bool mayDownload(const Release &release) override
    {
        asked += release.version();
        return lets;
    }
};

} // namespace

class TestUpdaterConsiderate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void givesWay_data();
    void givesWay();
    void doesNotEvenBegin();
    void othersMindNothing();
    void askedForIsNotHeldBack();
    void personTakesOver_data();
    void personTakesOver();
    void personsPauseOutlastsTheReason();

private:
    bool downloads(qint64 bytes = 1)
    {
        return m_app->answersUntil([&] {
            return m_app->state() == State::Downloading && updater().bytesDone() >= bytes;
        });
    }
    Updater &updater() { return m_app->updater(); }
    int requests(const QString &name) const { return m_app->network.requests.value(name); }

    std::unique_ptr<VirtualClock> m_clock;
    std::unique_ptr<Cafe> m_cafe;
    std::unique_ptr<Delegate> m_delegate;
    std::unique_ptr<UpdaterFixture> m_app;
    std::unique_ptr<SlowShop> m_shop;
};

void TestUpdaterConsiderate::init()
{
    UpdaterFixture::shop(); // nothing is built in the clock's future
    m_clock = std::make_unique<VirtualClock>();
    m_cafe = std::make_unique<Cafe>();
    m_delegate = std::make_unique<Delegate>();
    m_app = std::make_unique<UpdaterFixture>();
    m_shop = std::make_unique<SlowShop>(*m_app);
    m_shop->serve(4'000'000);
    m_app->settings.setValue(u"Freshen/AutomaticallyDownloads"_s, true);
    updater().setDelegate(m_delegate.get());
    QVERIFY(m_app->start());
    updater().setAvoidsBattery(true);
    updater().setAvoidsMeteredNetworks(true);
}

void TestUpdaterConsiderate::cleanup()
{
    m_shop.reset();
    m_app.reset();
    m_delegate.reset();
    m_cafe.reset();
    m_clock.reset();
}

void TestUpdaterConsiderate::givesWay_data()
{
    QTest::addColumn<QString>("reason");
    QTest::newRow("battery") << u"battery"_s;
    QTest::newRow("metered") << u"metered"_s;
    QTest::newRow("application") << u"application"_s;
}

void TestUpdaterConsiderate::givesWay()
{
    QFETCH(QString, reason);
    const auto set = [&](bool isBad) {
        m_cafe->battery = isBad && reason == u"battery"_s;
        m_cafe->metered = isBad && reason == u"metered"_s;
        m_delegate->lets = !(isBad && reason == u"application"_s);
    };
    updater().checkForUpdatesInBackground();
    QVERIFY(downloads());
    set(true);
    QVERIFY(!updater().isDownloadPaused());
    m_clock->pass(1min);
    QVERIFY(updater().isDownloadPaused());
    QTRY_COMPARE_WITH_TIMEOUT(m_shop->server.connections(), 0, 60'000);
    m_shop->serve({});
    m_clock->pass(10min);
    QVERIFY(updater().isDownloadPaused());
    set(false);
    m_clock->pass(1min);
    QVERIFY(!updater().isDownloadPaused());
    QVERIFY(m_app->reaches(State::WaitingForQuit));
    QCOMPARE(m_app->driver.heard, QStringList{u"dismiss"_s});
    QVERIFY(!m_delegate->asked.isEmpty());
    QCOMPARE(m_delegate->asked.count(u"2.0"_s), m_delegate->asked.size());
}

void TestUpdaterConsiderate::doesNotEvenBegin()
{
    m_delegate->lets = false;
    m_shop->serve({});
    updater().checkForUpdatesInBackground();
    QVERIFY(m_app->reaches(State::Downloading));
    QVERIFY(updater().isDownloadPaused());
    QCOMPARE(m_delegate->asked, QStringList{u"2.0"_s});
    m_clock->pass(3min);
    QCOMPARE(m_delegate->asked.size(), 4);
    QCOMPARE(m_app->network.requests.keys(), QStringList{u"appcast.xml"_s});
    m_delegate->lets = true;
    m_clock->pass(1min);
    QVERIFY(m_app->reaches(State::WaitingForQuit));
}

void TestUpdaterConsiderate::othersMindNothing()
{
    updater().setAvoidsBattery(false);
    updater().setAvoidsMeteredNetworks(false);
    m_cafe->battery = m_cafe->metered = true;
    updater().checkForUpdatesInBackground();
    QVERIFY(downloads());
    m_clock->pass(1min);
    QVERIFY(!updater().isDownloadPaused());
    // A wish counts at once.
    updater().setAvoidsBattery(true);
    QVERIFY(updater().isDownloadPaused());
    updater().setAvoidsBattery(false);
    QVERIFY(!updater().isDownloadPaused());
}

void TestUpdaterConsiderate::askedForIsNotHeldBack()
{
    m_delegate->lets = false;
    m_cafe->battery = m_cafe->metered = true;
    updater().checkForUpdates();
    QVERIFY(downloads());
    m_clock->pass(5min);
    QVERIFY(!updater().isDownloadPaused());
    QCOMPARE(m_delegate->asked, QStringList());
}

void TestUpdaterConsiderate::personTakesOver_data()
{
    QTest::addColumn<bool>("isByACheck");
    QTest::newRow("asks for a check") << true;
    QTest::newRow("resumes") << false;
}

void TestUpdaterConsiderate::personTakesOver()
{
    QFETCH(bool, isByACheck);
    m_delegate->lets = false;
    m_shop->serve({});
    updater().checkForUpdatesInBackground();
    QVERIFY(m_app->reaches(State::Downloading));
    QVERIFY(updater().isDownloadPaused());
    if (isByACheck)
        updater().checkForUpdates();
    else
        updater().setDownloadPaused(false);
    QVERIFY(!updater().isDownloadPaused());
    m_clock->pass(5min);
    QCOMPARE(m_delegate->asked.size(), 1);
    QVERIFY(m_app->answersUntil([&] { return m_app->driver.heard.contains(u"ready 2.0"_s); }));
    QCOMPARE(m_app->driver.heard.first() == u"attention"_s, isByACheck);
    QVERIFY(m_app->driver.heard.contains(u"progress Downloading"_s));
}

void TestUpdaterConsiderate::personsPauseOutlastsTheReason()
{
    updater().checkForUpdatesInBackground();
    QVERIFY(downloads());
    updater().setDownloadPaused(true);
    m_cafe->metered = true;
    m_clock->pass(1min);
    m_cafe->metered = false;
    m_clock->pass(1min);
    QVERIFY(updater().isDownloadPaused());
    updater().setDownloadPaused(false);
    QVERIFY(!updater().isDownloadPaused());
}

QTEST_GUILESS_MAIN(TestUpdaterConsiderate)
#include "tst_updaterconsiderate.moc"
