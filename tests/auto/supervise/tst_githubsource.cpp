// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/convert.h"
#include "platform/paths.h"
#include "tests/auto/supervise/sourcefixture.h"
#include "tests/support/samplebytes.h"
#include "tests/support/tarbuilder.h"
#include "tests/support/virtualclock.h"

#include <Freshen/FaultServer>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString page = u"/repos/acme/agent/releases/latest"_s;

// The spellings of this machine.
const QString ours = toQString(Platform::processorName());
const bool isArm = ours == "arm64"_L1;
const QString oursToo = isArm ? u"aarch64"_s : u"amd64"_s;
const QString other = isArm ? u"amd64"_s : u"aarch64"_s;

} // namespace

class TestGithubSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void overseer_githubFetcherLatestRelease();
    void asksAsTheApiWants();
    void unchangedReleaseIsNotSentAgain();
    void editedNotesAreNothingNew();
    void overseer_rejectedBuildIsFetchedAgain();
    void draftsAndPreReleases_data();
    void draftsAndPreReleases();
    void overseer_githubFetcherChoosesTheAsset_data();
    void overseer_githubFetcherChoosesTheAsset();
    void overseer_githubFetcherAssetPredicate();
    void ambiguousNames();
    void unsignedRelease();
    void signatureThatCameLater();
    void signatureThatIsGone();
    void privateRepository();
    void tokenStaysAtTheApi();
    void tokenStaysAfterARedirect();
    void rateLimit_data();
    void rateLimit();
    void refusals_data();
    void refusals();
    void digestIsChecked();
    void tooLarge();
    void overseer_gzIsUnpacked();
    void nameIsNoPath_data();
    void nameIsNoPath();

private:
    void make();
    // Adds it to the release, with the bytes at two addresses; the API's wants the token.
    void addAsset(const QString &name, const QByteArray &content, const QUrl &api = {});
    void publish(const QJsonObject &more = {}, const QByteArray &etag = "\"1\"");
    QString agent() const { return u"agent_Linux_"_s + oursToo; }

    std::unique_ptr<FaultServer> m_server;
    std::unique_ptr<FaultServer> m_elsewhere; // where everybody's addresses lead
    std::unique_ptr<SourceFixture> m_bench;
    QJsonArray m_assets;
};

void TestGithubSource::init()
{
    m_server = std::make_unique<FaultServer>();
    m_elsewhere = std::make_unique<FaultServer>(QHostAddress(u"127.0.0.2"_s));
    m_bench = std::make_unique<SourceFixture>();
    m_assets = {};
    make();
}

void TestGithubSource::make()
{
    m_bench->make(u"github:acme/agent@"_s + m_server->url(u"/"_s).toString());
}

void TestGithubSource::addAsset(const QString &name, const QByteArray &content, const QUrl &api)
{
    const int id = int(m_assets.size()) + 1;
    const QString path = u"/repos/acme/agent/releases/assets/%1"_s.arg(id);
    m_assets.append(QJsonObject{
        {u"id"_s, id},
        {u"name"_s, name},
        {u"size"_s, content.size()},
        {u"updated_at"_s, u"2026-11-22T10:00:00Z"_s},
        {u"url"_s, (api.isEmpty() ? m_server->url(path) : api).toString()},
        {u"browser_download_url"_s, m_elsewhere->url(u"/"_s + name).toString()},
    });
    m_server->serve(path, content);
    m_elsewhere->serve(u"/"_s + name, content);
}

void TestGithubSource::publish(const QJsonObject &more, const QByteArray &etag)
{
    QJsonObject release{{u"tag_name"_s, u"v2.0"_s}, {u"assets"_s, m_assets}};
    for (auto member = more.begin(); member != more.end(); ++member)
        release[member.key()] = member.value();
    FaultAnswer answer;
    answer.content = QJsonDocument(release).toJson();
    answer.etag = etag;
    m_server->serve(page, answer);
}

void TestGithubSource::overseer_githubFetcherLatestRelease()
{
    addAsset(agent(), "two");
    addAsset(agent() + u".minisig"_s, "signed");
    publish();
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, "found");
    QCOMPARE(looked.content, "two");
    QCOMPARE(looked.build.name, agent());
    QCOMPARE(looked.build.signature, "signed");
    QCOMPARE(looked.build.claimedVersion, u"v2.0"_s);
}

void TestGithubSource::asksAsTheApiWants()
{
    addAsset(agent(), "two");
    publish();
    QCOMPARE(m_bench->look().end, "found");
    QCOMPARE(m_server->header(page, "Accept"), "application/vnd.github+json");
    QCOMPARE(m_server->header(page, "X-GitHub-Api-Version"), "2022-11-28");
    QVERIFY(!m_server->header(page, "User-Agent").isEmpty());
    QVERIFY(m_server->header(page, "Authorization").isNull());
}

void TestGithubSource::unchangedReleaseIsNotSentAgain()
{
    addAsset(agent(), "two");
    publish();
    QCOMPARE(m_bench->lookAndRemember().content, "two");
    make();
    QCOMPARE(m_bench->look().end, "nothing");
    QCOMPARE(m_server->requests().last().status, 304);
    m_assets = {};
    addAsset(u"agent-linux-"_s + ours, "three");
    publish({}, "\"2\"");
    QCOMPARE(m_bench->look().content, "three");
}

void TestGithubSource::editedNotesAreNothingNew()
{
    addAsset(agent(), "two");
    publish();
    QCOMPARE(m_bench->lookAndRemember().content, "two");
    publish({{u"body"_s, u"Now without typos."_s}}, "\"2\"");
    QCOMPARE(m_bench->look().end, "nothing");
    QCOMPARE(m_elsewhere->requests().size(), 1);
    QCOMPARE(m_bench->look().end, "nothing");
    QCOMPARE(m_server->requests().last().status, 304);
}

void TestGithubSource::overseer_rejectedBuildIsFetchedAgain()
{
    addAsset(agent(), "two");
    publish();
    FaultAnswer cut;
    cut.content = "two";
    cut.cutAfter = 1;
    m_elsewhere->serve(u"/"_s + agent(), cut);
    QCOMPARE(m_bench->lookAndRemember().end, "NETWORK");
    m_elsewhere->serve(u"/"_s + agent(), "two");
    QCOMPARE(m_bench->look().content, "two");
    QCOMPARE(m_bench->look().content, "two");
}

void TestGithubSource::draftsAndPreReleases_data()
{
    QTest::addColumn<QString>("member");
    QTest::newRow("draft") << u"draft"_s;
    QTest::newRow("pre-release") << u"prerelease"_s;
}

void TestGithubSource::draftsAndPreReleases()
{
    QFETCH(QString, member);
    addAsset(agent(), "two");
    publish({{member, true}});
    QCOMPARE(m_bench->look().end, "nothing");
    publish({{member, false}}, "\"2\"");
    QCOMPARE(m_bench->look().content, "two");
}

void TestGithubSource::overseer_githubFetcherChoosesTheAsset_data()
{
    QTest::addColumn<QStringList>("others");
    QTest::addColumn<QString>("chosen");
    const auto row = [](const char *name, const QString &chosen, const QStringList &others) {
        QTest::newRow(name) << others << chosen;
    };
    row("spelling of manifests", u"agent-2.0-linux-%1.tar.zst"_s.arg(ours), {});
    row("other spelling", u"agent_Linux_%1.gz"_s.arg(oursToo), {});
    row("other machines", u"agent-linux-"_s + ours,
        {u"agent-linux-"_s + other, u"agent-darwin-"_s + ours, u"agent-windows-%1.exe"_s.arg(ours),
         u"agent-linux-i386"_s, u"agent-linux-x86"_s, u"agent-linux-riscv64"_s});
    const QString mine = u"agent-linux-"_s + ours;
    row("what stands beside it", mine,
        {mine + u".minisig"_s, mine + u".sha256"_s, mine + u".sig"_s, mine + u".asc"_s,
         mine + u".manifest"_s, mine + u".delta"_s, mine + u".deb"_s, mine + u".sbom.json"_s,
         mine + u"_SHA256SUMS"_s});
}

void TestGithubSource::overseer_githubFetcherChoosesTheAsset()
{
    QFETCH(QStringList, others);
    QFETCH(QString, chosen);
    for (const QString &name : others)
        addAsset(name, "other");
    addAsset(chosen, "two");
    publish();
    QCOMPARE(m_bench->look().content, "two");
}

void TestGithubSource::overseer_githubFetcherAssetPredicate()
{
    m_bench->options.chooseAsset = [](const QString &name) { return name == "mine.bin"_L1; };
    make();
    addAsset(agent(), "two");
    addAsset(u"mine.bin"_s, "mine");
    publish();
    QCOMPARE(m_bench->look().content, "mine");
}

void TestGithubSource::ambiguousNames()
{
    addAsset(u"agent-linux-%1-gnu"_s.arg(ours), "two");
    addAsset(u"agent-linux-%1-musl"_s.arg(oursToo), "two");
    addAsset(u"agent-linux-"_s + other, "two");
    publish();
    Looked looked = m_bench->look();
    QCOMPARE(looked.end, "NO_USABLE_ITEM");
    QVERIFY(looked.message.contains(u"agent-linux-%1-gnu"_s.arg(ours)));
    QVERIFY(looked.message.contains(u"agent-linux-%1-musl"_s.arg(oursToo)));
    QVERIFY(!looked.message.contains(other));
    m_assets = {};
    addAsset(u"agent-linux-"_s + other, "two");
    publish({}, "\"2\"");
    looked = m_bench->look();
    QCOMPARE(looked.end, "NO_USABLE_ITEM");
    QVERIFY(looked.message.contains(u"agent-linux-"_s + other));
}

void TestGithubSource::unsignedRelease()
{
    addAsset(agent(), "two");
    publish();
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, "found");
    QCOMPARE(looked.build.signature, QByteArray());
}

void TestGithubSource::signatureThatCameLater()
{
    addAsset(agent(), "two");
    publish();
    QCOMPARE(m_bench->lookAndRemember().build.signature, QByteArray());
    addAsset(agent() + u".minisig"_s, "signed");
    publish({}, "\"2\"");
    QCOMPARE(m_bench->look().build.signature, "signed");
}

void TestGithubSource::signatureThatIsGone()
{
    addAsset(agent(), "two");
    addAsset(agent() + u".minisig"_s, "signed");
    publish();
    m_elsewhere->serve(u"/"_s + agent() + u".minisig"_s, FaultAnswer{404});
    QCOMPARE(m_bench->look().end, "HTTP_STATUS");
}

void TestGithubSource::privateRepository()
{
    m_bench->options.token = "geheim";
    make();
    addAsset(agent(), "two");
    addAsset(agent() + u".minisig"_s, "signed");
    publish();
    const Looked looked = m_bench->look();
    QCOMPARE(looked.content, "two");
    QCOMPARE(looked.build.signature, "signed");
    const auto requests = m_server->requests();
    QCOMPARE(requests.size(), 3);
    QCOMPARE(requests[0].header("Accept"), "application/vnd.github+json");
    for (const FaultRequest &request : requests)
        QCOMPARE(request.header("Authorization"), "Bearer geheim");
    QCOMPARE(requests[1].header("Accept"), "application/octet-stream");
    QCOMPARE(requests[2].header("Accept"), "application/octet-stream");
    QCOMPARE(m_elsewhere->requests().size(), 0);
}

// A page may name any address as its own.
void TestGithubSource::tokenStaysAtTheApi()
{
    m_bench->options.token = "geheim";
    make();
    addAsset(agent(), "two", m_elsewhere->url(u"/api"_s));
    publish();
    QCOMPARE(m_bench->look().content, "two");
    QCOMPARE(m_elsewhere->requests().size(), 1);
    QVERIFY(m_elsewhere->requests().first().header("Authorization").isNull());
}

void TestGithubSource::tokenStaysAfterARedirect()
{
    m_bench->options.token = "geheim";
    make();
    addAsset(agent(), "two");
    publish();
    m_server->redirect(u"/repos/acme/agent/releases/assets/1"_s,
                       m_elsewhere->url(u"/"_s + agent()).toEncoded());
    m_elsewhere->serve(page, FaultAnswer{404});
    QCOMPARE(m_bench->look().content, "two");
    QCOMPARE(m_elsewhere->requests().size(), 1);
    QVERIFY(!m_elsewhere->requests().first().head.contains("geheim"));
    // Nor does the page itself lead it away.
    m_server->redirect(page, m_elsewhere->url(page).toEncoded());
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, "HTTP_STATUS");
    QVERIFY(!looked.message.contains("geheim"_L1));
    QCOMPARE(m_elsewhere->requests(page), 1);
    QVERIFY(!m_elsewhere->requests().last().head.contains("geheim"));
}

void TestGithubSource::rateLimit_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArrayList>("headers");
    QTest::addColumn<int>("retryAfter");
    const auto row = [](const char *name, int status, const QByteArrayList &headers, int wait) {
        QTest::newRow(name) << status << headers << wait;
    };
    const QByteArray reset = "X-RateLimit-Reset: 1800000090"; // now is 1800000000
    row("primary", 403, {"X-RateLimit-Remaining: 0", reset}, 90);
    row("primary, 429", 429, {"X-RateLimit-Remaining: 0", reset}, 90);
    row("secondary", 403, {"Retry-After: 60", "X-RateLimit-Remaining: 10", reset}, 60);
    row("secondary, 429", 429, {"Retry-After: 60"}, 60);
    row("reset is past", 403, {"X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1700000000"}, 0);
    row("reset is far", 403, {"X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 9223372036854775807"},
        24 * 60 * 60);
    row("something else", 403, {"X-RateLimit-Remaining: 10", reset}, -1);
}

void TestGithubSource::rateLimit()
{
    QFETCH(int, status);
    QFETCH(QByteArrayList, headers);
    QFETCH(int, retryAfter);
    const VirtualClock clock(QDateTime::fromSecsSinceEpoch(1'800'000'000, Qt::UTC));
    FaultAnswer answer{status};
    answer.headers = headers;
    m_server->serve(page, answer);
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, "HTTP_STATUS");
    QCOMPARE(int(looked.retryAfter.value_or(-1s).count()), retryAfter);
    QCOMPARE(looked.message.contains("FRESHEN_TOKEN"_L1), retryAfter >= 0);
    addAsset(agent(), "two");
    publish();
    QCOMPARE(m_bench->look().content, "two");
}

void TestGithubSource::refusals_data()
{
    QTest::addColumn<FaultAnswer>("answer");
    QTest::addColumn<QByteArray>("end");
    QTest::addColumn<QString>("word");
    QTest::newRow("no release") << FaultAnswer{404} << "HTTP_STATUS"_ba << u"private"_s;
    QTest::newRow("token") << FaultAnswer{401} << "HTTP_STATUS"_ba << u"FRESHEN_TOKEN"_s;
    QTest::newRow("busy") << FaultAnswer{503} << "HTTP_STATUS"_ba << u"503"_s;
    const auto page = [](const QByteArray &content) {
        FaultAnswer answer;
        answer.content = content;
        return answer;
    };
    QTest::newRow("no JSON") << page("hello") << "FEED_PARSE"_ba << u"API"_s;
    QTest::newRow("other JSON") << page("[1, {}]") << "FEED_PARSE"_ba << u"API"_s;
    QTest::newRow("no list") << page("{\"tag_name\": \"v1\", \"assets\": 3}") << "FEED_PARSE"_ba
                             << u"API"_s;
    QTest::newRow("deep") << page(QByteArray(1'000'000, '[')) << "FEED_PARSE"_ba << u"API"_s;
    QTest::newRow("strange assets") << page("{\"tag_name\": \"v1\", \"assets\": [3, null, {}]}")
                                    << "NO_USABLE_ITEM"_ba << u"v1"_s;
    FaultAnswer huge;
    huge.zeros = 9 << 20;
    QTest::newRow("huge") << huge << "FEED_TOO_LARGE"_ba << u"larger"_s;
}

void TestGithubSource::refusals()
{
    QFETCH(FaultAnswer, answer);
    QFETCH(QString, word);
    m_bench->options.token = "geheim";
    make();
    m_server->serve(page, answer);
    const Looked looked = m_bench->look();
    QTEST(looked.end, "end");
    QVERIFY2(looked.message.contains(word), qPrintable(looked.message));
    QVERIFY(!looked.message.contains("geheim"_L1));
}

void TestGithubSource::digestIsChecked()
{
    addAsset(agent(), "two");
    QJsonObject asset = m_assets.first().toObject();
    asset[u"digest"_s] = u"sha256:"_s + sha256("other");
    m_assets[0] = asset;
    publish();
    QCOMPARE(m_bench->look().end, "HASH");
    asset[u"digest"_s] = u"sha256:"_s + sha256("two");
    m_assets[0] = asset;
    publish({}, "\"2\"");
    QCOMPARE(m_bench->look().content, "two");
}

void TestGithubSource::tooLarge()
{
    addAsset(agent(), QByteArray((1 << 20) + 1, 'x'));
    publish();
    QCOMPARE(m_bench->look().end, "SIZE");
    // A page that says less than comes.
    m_assets = {};
    addAsset(agent(), "two");
    publish({}, "\"2\"");
    m_elsewhere->serve(u"/"_s + agent(), "two and more");
    QCOMPARE(m_bench->look().end, "SIZE");
}

void TestGithubSource::overseer_gzIsUnpacked()
{
    addAsset(agent() + u".gz"_s, compressed("two", KCompressionDevice::GZip));
    addAsset(agent() + u".gz.minisig"_s, "signed");
    publish();
    const Looked looked = m_bench->look();
    QCOMPARE(looked.content, "two");
    QCOMPARE(looked.build.name, agent());
    QCOMPARE(looked.build.signature, "signed");
}

void TestGithubSource::nameIsNoPath_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("plain");
    QTest::newRow("path") << u"../../bin/agent"_s << u"_.._.._bin_agent"_s;
    QTest::newRow("folder above") << u".."_s << u"_.."_s;
    QTest::newRow("hidden") << u".gz"_s << u"_.gz"_s;
    QTest::newRow("Windows") << u"C:\\agent\n"_s << u"C:_agent_"_s;
}

void TestGithubSource::nameIsNoPath()
{
    QFETCH(QString, name);
    m_bench->options.chooseAsset = [](const QString &) { return true; };
    make();
    addAsset(name, "two");
    QJsonObject asset = m_assets.first().toObject();
    asset[u"browser_download_url"_s] = m_elsewhere->url(u"/file"_s).toString();
    m_assets[0] = asset;
    m_elsewhere->serve(u"/file"_s, "two");
    publish();
    const Looked looked = m_bench->look();
    QCOMPARE(looked.content, "two");
    QTEST(looked.build.name, "plain");
}

QTEST_GUILESS_MAIN(TestGithubSource)
#include "tst_githubsource.moc"
