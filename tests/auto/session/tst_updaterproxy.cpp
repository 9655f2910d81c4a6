// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// An update behind a proxy that wants a name and a password, the real tinyproxy.

#include "tests/auto/session/updaterfixture.h"
#include "tests/support/realserver.h"

#include <Freshen/FaultServer>
#include <Freshen/updaterdelegate.h>

#include <QJsonDocument>
#include <QNetworkProxy>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using State = Updater::State;

namespace {

// A name of this computer that does not count as loopback, to which no proxy leads.
QUrl throughTheProxy(QUrl url)
{
    url.setHost(u"0.0.0.0"_s);
    return url;
}

class Delegate : public UpdaterDelegate
{
public:
    bool changesFeed = false;
    QUrl feedUrl(const QUrl &url) override { return changesFeed ? throughTheProxy(url) : url; }
};

} // namespace

class TestUpdaterProxy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void acc051_asksAndGoesOn_data();
    void acc051_asksAndGoesOn();
    void acc051_wrongLoginIsAskedAgain_data();
    void acc051_wrongLoginIsAskedAgain();
    void acc051_personGivesUp();
    void acc051_refusedAgainAndAgain();
    void acc051_cancelledQuestion();
    void acc051_silentCheckFailsQuietly();
    void acc051_managerOfTheApplication();

private:
    static void setProxy(const QByteArray &address) { qputenv("http_proxy", address); }
    Updater &updater() { return m_app->updater(); }
    FakeDriver &driver() { return m_app->driver; }
    bool isAsked()
    {
        return m_app->answersUntil([&] { return bool(driver().logIn); });
    }
    void reply(const QString &user, const QString &password)
    {
        std::exchange(driver().logIn, {})({user, password});
    }

    std::unique_ptr<TinyproxyServer> m_proxy;
    std::unique_ptr<UpdaterFixture> m_app;
    std::unique_ptr<Delegate> m_delegate;
    Appcast m_feed; // as it was
};

void TestUpdaterProxy::initTestCase()
{
    if (!TinyproxyServer::isAvailable())
        QSKIP("tinyproxy is neither installed nor unpacked (platform/linux/setup.sh --tests)");
    UpdaterFixture::shop().editFeed([&](Appcast &feed) { m_feed = feed; });
}

void TestUpdaterProxy::init()
{
    m_proxy = std::make_unique<TinyproxyServer>("somebody", "pass-word");
    QVERIFY(m_proxy->start());
    setProxy(m_proxy->address());
    m_delegate = std::make_unique<Delegate>();
    m_delegate->changesFeed = true;
    m_app = std::make_unique<UpdaterFixture>();
    const QString file = UpdaterFixture::shop().app() + u"/freshen.json"_s;
    QJsonObject description = QJsonDocument::fromJson(readAll(file)).object();
    description[u"allowHttp"_s] = true;
    writeAll(file, QJsonDocument(description).toJson());
    updater().setNetworkAccessManager(nullptr);
    updater().setDelegate(m_delegate.get());
    QVERIFY(m_app->start());
}

void TestUpdaterProxy::cleanup()
{
    m_app.reset();
    m_delegate.reset();
    m_proxy.reset();
    qunsetenv("http_proxy");
    if (!m_feed.items.isEmpty())
        UpdaterFixture::shop().editFeed([&](Appcast &feed) { feed.items = m_feed.items; });
}

void TestUpdaterProxy::acc051_asksAndGoesOn_data()
{
    QTest::addColumn<QString>("behind");
    QTest::newRow("feed") << u"feed"_s;
    QTest::newRow("manifest") << u"manifest"_s;
    QTest::newRow("package") << u"package"_s;
}

void TestUpdaterProxy::acc051_asksAndGoesOn()
{
    QFETCH(QString, behind);
    m_delegate->changesFeed = behind == u"feed"_s;
    UpdaterFixture::shop().editFeed([&](Appcast &feed) {
        for (AppcastItem &item : feed.items) {
            if (behind == u"manifest"_s)
                item.manifest->url = throughTheProxy(item.manifest->url);
            if (behind == u"package"_s)
                item.enclosure->url = throughTheProxy(item.enclosure->url);
        }
    });
    updater().checkForUpdates();
    QVERIFY(isAsked());
    QCOMPARE(driver().proxy, u"127.0.0.1:%1"_s.arg(m_proxy->port()));
    QCOMPARE(m_app->state(), behind == u"feed"_s ? State::Checking : State::Downloading);
    reply(u"somebody"_s, u"pass-word"_s);
    QVERIFY(m_app->reaches(State::ReadyToInstall));
    QCOMPARE(driver().heard.count(u"login"_s), 1);
    QVERIFY(!driver().heard.contains(u"error PROXY_AUTH"_s));
    // It is not forgotten.
    updater().cancel();
    updater().checkForUpdates();
    QVERIFY(m_app->reaches(State::ReadyToInstall));
    QCOMPARE(driver().heard.count(u"login"_s), 1);
}

void TestUpdaterProxy::acc051_wrongLoginIsAskedAgain_data()
{
    QTest::addColumn<bool>("isOfTheFeed");
    QTest::newRow("feed") << true;
    QTest::newRow("package") << false;
}

// tinyproxy says 401 to a wrong one, as if it were a server.
void TestUpdaterProxy::acc051_wrongLoginIsAskedAgain()
{
    QFETCH(bool, isOfTheFeed);
    m_delegate->changesFeed = isOfTheFeed;
    UpdaterFixture::shop().editFeed([&](Appcast &feed) {
        for (AppcastItem &item : feed.items)
            item.enclosure->url = throughTheProxy(item.enclosure->url);
    });
    updater().checkForUpdates();
    for (int i = 0; i < 2; ++i) {
        QVERIFY(isAsked());
        reply(u"somebody"_s, u"wrong"_s);
        // From the reply itself nothing comes.
        QVERIFY(!driver().logIn);
    }
    QVERIFY(isAsked());
    reply(u"somebody"_s, u"pass-word"_s);
    QVERIFY(m_app->reaches(State::ReadyToInstall));
    QCOMPARE(driver().heard.count(u"login"_s), 3);
    QCOMPARE(driver().heard.filter(u"error"_s), QStringList());
}

void TestUpdaterProxy::acc051_personGivesUp()
{
    updater().checkForUpdates();
    QVERIFY(isAsked());
    reply(u"somebody"_s, u"wrong"_s);
    QVERIFY(isAsked());
    driver().heard.clear();
    reply({}, {});
    QCOMPARE(m_app->state(), State::Idle);
    QCOMPARE(driver().heard.size(), 2);
    QVERIFY(driver().heard.last().startsWith(u"error "_s));
    // The wrong login is forgotten, and the next check asks.
    updater().checkForUpdates();
    QVERIFY(isAsked());
    reply(u"somebody"_s, u"pass-word"_s);
    QVERIFY(m_app->reaches(State::ReadyToInstall));
}

// As the standard has it.
void TestUpdaterProxy::acc051_refusedAgainAndAgain()
{
    FaultServer proxy;
    FaultAnswer refusal;
    refusal.status = 407;
    refusal.headers = {"Proxy-Authenticate: Basic realm=\"proxy\""};
    proxy.serveAlways(refusal);
    setProxy(proxy.url(u"/"_s).toEncoded());
    updater().checkForUpdates();
    for (int i = 0; i < 3; ++i) {
        QVERIFY(isAsked());
        reply(u"somebody"_s, QString::number(i));
    }
    QVERIFY(isAsked());
    reply({}, {});
    QCOMPARE(driver().heard.last(), u"error PROXY_AUTH"_s);
    QCOMPARE(updater().lastError().code(), u"PROXY_AUTH"_s);
}

void TestUpdaterProxy::acc051_cancelledQuestion()
{
    updater().checkForUpdates();
    QVERIFY(isAsked());
    updater().cancel();
    QCOMPARE(m_app->state(), State::Idle);
    const int requests = m_proxy->requests();
    reply(u"somebody"_s, u"pass-word"_s);
    QCOMPARE(m_app->state(), State::Idle);
    updater().checkForUpdates();
    QVERIFY(isAsked());
    QCOMPARE(m_proxy->requests(), requests + 1);
    updater().setUserDriver(nullptr);
    QCOMPARE(m_app->state(), State::Idle);
}

void TestUpdaterProxy::acc051_silentCheckFailsQuietly()
{
    updater().checkForUpdatesInBackground();
    QVERIFY(m_app->isIdle());
    QCOMPARE(updater().lastError().code(), u"PROXY_AUTH"_s);
    QCOMPARE(driver().heard, QStringList{u"dismiss"_s});
}

// It alone knows what it says to proxies.
void TestUpdaterProxy::acc051_managerOfTheApplication()
{
    QNetworkAccessManager own;
    own.setProxy(QNetworkProxy(QNetworkProxy::HttpProxy, u"127.0.0.1"_s, quint16(m_proxy->port())));
    updater().setNetworkAccessManager(&own);
    updater().checkForUpdates();
    QVERIFY(m_app->isIdle());
    QCOMPARE(driver().heard.last(), u"error PROXY_AUTH"_s);
    QVERIFY(!driver().heard.contains(u"login"_s));
    updater().setNetworkAccessManager(nullptr);
}

QTEST_GUILESS_MAIN(TestUpdaterProxy)
#include "tst_updaterproxy.moc"
