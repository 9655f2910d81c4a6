// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/supervise/sourcefixture.h"
#include "tests/support/realserver.h"
#include "tests/support/samplebytes.h"
#include "tests/support/tarbuilder.h"
#include "tests/support/waituntil.h"

#include <Freshen/FaultServer>

#include <QSignalSpy>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray longAgo = "Sun, 06 Nov 1994 08:49:37 GMT";
const QByteArray today = "Date: Sun, 22 Nov 2026 10:00:00 GMT";

FaultAnswer tagged(const QByteArray &content, const QByteArray &etag)
{
    FaultAnswer answer;
    answer.content = content;
    answer.etag = etag;
    return answer;
}

} // namespace

class TestHttpSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void overseer_httpFetcherConditional_data();
    void overseer_httpFetcherConditional();
    void overseer_httpFetcherFirstRunDownloads();
    void overseer_httpFetcherWithoutValidators();
    void overseer_failedDownloadIsFetchedAgain_data();
    void overseer_failedDownloadIsFetchedAgain();
    void overseer_rejectedBuildIsFetchedAgain();
    void remembersOverARestart();
    void damagedStateIsNone();
    void remembersOnlyTheLastFind();
    void changesBetweenTheRequests();
    void sameBytesAreNothingNew();
    void signature_data();
    void signature();
    void signatureThatCameLater();
    void signatureThatCannotBeFetched();
    void tooLarge_data();
    void tooLarge();
    void silentServer();
    void goesOnAfterACut();
    void refusals_data();
    void refusals();
    void overseer_gzIsUnpacked_data();
    void overseer_gzIsUnpacked();
    void gzipBomb();
    void damagedGzip();
    void emptyFile();
    void noCredentialsInMessages();
    void tellsProgress();
    void silentAfterCancel();
    void oneLookAtATime();
    void removesWhatNobodyCameFor();
    void realServer();

private:
    QString text(const QString &path = u"/agent"_s) const
    {
        return u"http:"_s + m_server->url(path).toString();
    }

    std::unique_ptr<FaultServer> m_server;
    std::unique_ptr<SourceFixture> m_bench;
};

void TestHttpSource::init()
{
    m_server = std::make_unique<FaultServer>();
    m_bench = std::make_unique<SourceFixture>();
    m_bench->make(text());
}

void TestHttpSource::overseer_httpFetcherConditional_data()
{
    QTest::addColumn<QByteArray>("etag");
    QTest::addColumn<QByteArray>("lastModified");
    QTest::addColumn<QByteArray>("asked");
    QTest::newRow("tag") << QByteArray("\"1\"") << QByteArray("") << QByteArray("If-None-Match");
    QTest::newRow("weak tag") << QByteArray("W/\"1\"") << QByteArray("")
                              << QByteArray("If-None-Match");
    QTest::newRow("date") << QByteArray("") << longAgo << QByteArray("If-Modified-Since");
}

void TestHttpSource::overseer_httpFetcherConditional()
{
    QFETCH(QByteArray, etag);
    QFETCH(QByteArray, lastModified);
    QFETCH(QByteArray, asked);
    FaultAnswer answer = tagged("one", etag);
    answer.lastModified = lastModified;
    answer.headers = {today};
    m_server->serve(u"/agent"_s, answer);
    const Looked first = m_bench->lookAndRemember();
    QCOMPARE(first.end, "found");
    QCOMPARE(first.content, "one");
    QCOMPARE(first.build.name, u"agent"_s);

    const qsizetype before = m_server->requests().size();
    QCOMPARE(m_bench->look().end, "nothing");
    QCOMPARE(m_server->requests().size(), before + 1);
    QCOMPARE(m_server->requests().last().status, 304);
    QVERIFY(!m_server->header(u"/agent"_s, asked).isEmpty());

    m_server->serve(u"/agent"_s, tagged("two", "\"2\""));
    QCOMPARE(m_bench->look().content, "two");
}

void TestHttpSource::overseer_httpFetcherFirstRunDownloads()
{
    m_server->serve(u"/agent"_s, tagged("one", "\"1\""));
    QCOMPARE(m_bench->look().content, "one");
    QCOMPARE(m_server->header(u"/agent"_s, "If-None-Match"), QByteArray());
}

// There, such a server never updates anybody.
void TestHttpSource::overseer_httpFetcherWithoutValidators()
{
    m_server->serve(u"/agent"_s, "one");
    QCOMPARE(m_bench->lookAndRemember().content, "one");
    QCOMPARE(m_bench->look().end, "nothing");
    m_server->serve(u"/agent"_s, "two");
    QCOMPARE(m_bench->look().content, "two");
}

void TestHttpSource::overseer_failedDownloadIsFetchedAgain_data()
{
    QTest::addColumn<FaultAnswer>("answer");
    FaultAnswer cut = tagged("two, and more", "\"2\"");
    cut.cutAfter = 3;
    QTest::newRow("cut") << cut;
    FaultAnswer busy = tagged({}, "\"2\"");
    busy.status = 503;
    QTest::newRow("busy") << busy;
    FaultAnswer gone = tagged({}, "\"2\"");
    gone.status = 404;
    QTest::newRow("gone") << gone;
}

void TestHttpSource::overseer_failedDownloadIsFetchedAgain()
{
    QFETCH(FaultAnswer, answer);
    m_server->serve(u"/agent"_s, tagged("one", "\"1\""));
    QCOMPARE(m_bench->lookAndRemember().content, "one");
    const FaultAnswer good = tagged("two, and more", "\"2\"");
    m_server->serve(u"/agent"_s, {good, answer, good});
    const Looked failed = m_bench->lookAndRemember();
    QVERIFY2(failed.end == "NETWORK" || failed.end == "HTTP_STATUS", failed.end);
    QCOMPARE(m_bench->look().content, "two, and more");
}

void TestHttpSource::overseer_rejectedBuildIsFetchedAgain()
{
    m_server->serve(u"/agent"_s, tagged("one", "\"1\""));
    QCOMPARE(m_bench->look().content, "one");
    QCOMPARE(m_bench->look().content, "one");
    m_bench->make(text());
    QCOMPARE(m_bench->look().content, "one");
}

void TestHttpSource::remembersOverARestart()
{
    m_server->serve(u"/agent"_s, tagged("one", "\"1\""));
    QCOMPARE(m_bench->lookAndRemember().content, "one");
    m_bench->make(text());
    QCOMPARE(m_bench->look().end, "nothing");
    QCOMPARE(m_server->requests().last().status, 304);
    // Another source in the same folder knows nothing of it.
    m_server->serve(u"/other"_s, tagged("one", "\"1\""));
    m_bench->make(text(u"/other"_s));
    QCOMPARE(m_bench->look().content, "one");
}

void TestHttpSource::damagedStateIsNone()
{
    m_server->serve(u"/agent"_s, tagged("one", "\"1\""));
    QCOMPARE(m_bench->lookAndRemember().content, "one");
    QCOMPARE(m_bench->files().size(), 1);
    QFile state(m_bench->options.folder + u'/' + m_bench->files().first());
    QVERIFY(state.resize(state.size() / 2));
    m_bench->make(text());
    QCOMPARE(m_bench->look().content, "one");
}

void TestHttpSource::remembersOnlyTheLastFind()
{
    m_server->serve(u"/agent"_s, tagged("one", "\"1\""));
    QCOMPARE(m_bench->look().content, "one");
    m_server->serve(u"/agent"_s, FaultAnswer{500});
    QCOMPARE(m_bench->lookAndRemember().end, "HTTP_STATUS");
    m_server->serve(u"/agent"_s, tagged("one", "\"1\""));
    QCOMPARE(m_bench->look().content, "one");
}

void TestHttpSource::changesBetweenTheRequests()
{
    m_server->serve(u"/agent"_s, {tagged("one", "\"1\""), tagged("two", "\"2\"")});
    QCOMPARE(m_bench->lookAndRemember().content, "two");
    // Nobody may take the first tag for that of the second build.
    m_server->serve(u"/agent"_s, tagged("one", "\"1\""));
    QCOMPARE(m_bench->look().content, "one");
}

void TestHttpSource::sameBytesAreNothingNew()
{
    m_server->serve(u"/agent"_s, tagged("one", "\"1\""));
    QCOMPARE(m_bench->lookAndRemember().content, "one");
    m_server->serve(u"/agent"_s, tagged("one", "\"touched\""));
    QCOMPARE(m_bench->look().end, "nothing");
    QCOMPARE(m_bench->look().end, "nothing");
    QCOMPARE(m_server->requests().last().status, 304);
    QTRY_COMPARE(m_bench->files().size(), 1);
}

void TestHttpSource::signature_data()
{
    QTest::addColumn<FaultAnswer>("answer");
    QTest::addColumn<QByteArray>("signature");
    QTest::newRow("signed") << tagged("untrusted comment: x\n", "") << "untrusted comment: x\n"_ba;
    QTest::newRow("not there") << FaultAnswer{404} << QByteArray();
    QTest::newRow("gone") << FaultAnswer{410} << QByteArray();
}

void TestHttpSource::signature()
{
    QFETCH(FaultAnswer, answer);
    m_server->serve(u"/a b/agent"_s, tagged("one", "\"1\""));
    m_server->serve(u"/a b/agent.minisig"_s, answer);
    m_bench->make(text(u"/a b/agent"_s));
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, "found");
    QTEST(looked.build.signature, "signature");
    QCOMPARE(m_server->requests(u"/a b/agent.minisig"_s), 1);
}

void TestHttpSource::signatureThatCameLater()
{
    m_server->serve(u"/agent"_s, "one");
    QCOMPARE(m_bench->lookAndRemember().build.signature, QByteArray());
    m_server->serve(u"/agent.minisig"_s, "signed");
    QCOMPARE(m_bench->lookAndRemember().build.signature, "signed");
    QCOMPARE(m_bench->look().end, "nothing");
}

// No one may turn a signed build into an unsigned one by an error.
void TestHttpSource::signatureThatCannotBeFetched()
{
    m_server->serve(u"/agent"_s, tagged("one", "\"1\""));
    for (const int status : {403, 500}) {
        m_server->serve(u"/agent.minisig"_s, FaultAnswer{status});
        const Looked looked = m_bench->lookAndRemember();
        QCOMPARE(looked.end, "HTTP_STATUS");
        QVERIFY(looked.message.contains("/agent.minisig"_L1));
    }
    m_server->serve(u"/agent.minisig"_s, QByteArray(20'000, 'x'));
    QCOMPARE(m_bench->look().end, "SIZE");
    m_server->serve(u"/agent.minisig"_s, "signed");
    QCOMPARE(m_bench->look().build.signature, "signed");
}

void TestHttpSource::tooLarge_data()
{
    QTest::addColumn<FaultAnswer>("answer");
    FaultAnswer large;
    large.zeros = (1 << 20) + 1;
    QTest::newRow("announced") << large;
    large.length = FaultAnswer::Length::Chunked;
    QTest::newRow("not announced") << large;
    large.isEndless = true;
    QTest::newRow("endless") << large;
}

void TestHttpSource::tooLarge()
{
    QFETCH(FaultAnswer, answer);
    m_server->serve(u"/agent"_s, answer);
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, "SIZE");
    QVERIFY(looked.message.contains("1048576"_L1));
    QVERIFY(looked.message.contains(m_server->url(u"/agent"_s).toString()));
    m_bench->source.reset();
    QCOMPARE(m_bench->files(), QStringList());
}

void TestHttpSource::silentServer()
{
    m_bench->options.policy.limits.window = 300ms;
    m_bench->make(text());
    FaultAnswer silent = tagged("one", "\"1\"");
    silent.stallAfter = 1;
    m_server->serve(u"/agent"_s, {tagged("one", "\"1\""), silent, tagged("one", "\"1\"")});
    QVERIFY(!m_bench->look().isFound());
    QCOMPARE(m_bench->look().content, "one");
    FaultAnswer late = tagged("two", "\"2\"");
    late.delayMs = 120'000;
    m_server->serve(u"/agent"_s, late);
    QCOMPARE(m_bench->look().end, "NETWORK");
}

void TestHttpSource::goesOnAfterACut()
{
    const QByteArray content = randomBytes(600'000);
    FaultAnswer cut = tagged(content, "\"1\"");
    cut.cutAfter = 400'000;
    m_server->serve(u"/agent"_s, {tagged(content, "\"1\""), cut, tagged(content, "\"1\"")});
    QCOMPARE(m_bench->look().end, "NETWORK");
    m_bench->make(text());
    QVERIFY(m_bench->look().content == content);
    const QByteArray range = m_server->header(u"/agent"_s, "Range");
    QVERIFY2(range.startsWith("bytes=") && range != "bytes=0-", range);
    QCOMPARE(m_server->header(u"/agent"_s, "If-Range"), "\"1\"");
}

void TestHttpSource::refusals_data()
{
    QTest::addColumn<FaultAnswer>("answer");
    QTest::addColumn<QByteArray>("end");
    QTest::addColumn<int>("retryAfter");
    QTest::newRow("404") << FaultAnswer{404} << "HTTP_STATUS"_ba << -1;
    QTest::newRow("403") << FaultAnswer{403} << "HTTP_STATUS"_ba << -1;
    QTest::newRow("500") << FaultAnswer{500} << "HTTP_STATUS"_ba << -1;
    FaultAnswer busy{503};
    busy.retryAfter = "120";
    QTest::newRow("503") << busy << "HTTP_STATUS"_ba << 120;
    QTest::newRow("login page") << FaultAnswer::loginPage() << "NETWORK"_ba << -1;
    FaultAnswer loop;
    loop.redirect = "/agent";
    QTest::newRow("redirect loop") << loop << "NETWORK"_ba << -1;
    FaultAnswer local;
    local.redirect = "file:///etc/passwd";
    QTest::newRow("redirect to a file") << local << "URL_SCHEME"_ba << -1;
}

void TestHttpSource::refusals()
{
    QFETCH(FaultAnswer, answer);
    m_server->serve(u"/agent"_s, answer);
    const Looked looked = m_bench->look();
    QTEST(looked.end, "end");
    QTEST(int(looked.retryAfter.value_or(-1s).count()), "retryAfter");
    QVERIFY2(!looked.message.isEmpty(), looked.end);
    m_server->serve(u"/agent"_s, "one");
    QCOMPARE(m_bench->look().content, "one");
}

void TestHttpSource::overseer_gzIsUnpacked_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QString>("unpackedName");
    QTest::addColumn<QByteArray>("content");
    const QByteArray packed = compressed("one", KCompressionDevice::GZip);
    QTest::newRow("packed") << u"/agent.gz"_s << packed << u"agent"_s << "one"_ba;
    QTest::newRow("unpacked on the way") << u"/agent.gz"_s << "one"_ba << u"agent"_s << "one"_ba;
    QTest::newRow("package") << u"/agent.tar.gz"_s << packed << u"agent.tar.gz"_s << packed;
    QTest::newRow("without the name") << u"/agent"_s << packed << u"agent"_s << packed;
}

void TestHttpSource::overseer_gzIsUnpacked()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, sent);
    m_server->serve(name, tagged(sent, "\"1\""));
    m_server->serve(name + u".minisig"_s, "signed");
    m_bench->make(text(name));
    const Looked looked = m_bench->lookAndRemember();
    QCOMPARE(looked.end, "found");
    QTEST(looked.build.name, "unpackedName");
    QTEST(looked.content, "content");
    QCOMPARE(looked.build.signature, "signed");
    QCOMPARE(looked.build.file.endsWith(".tar.gz"_L1), name.endsWith(".tar.gz"_L1));
    QCOMPARE(m_bench->files().size(), 1); // the state
}

void TestHttpSource::gzipBomb()
{
    const QByteArray bomb = compressed(QByteArray(20 << 20, '\0'), KCompressionDevice::GZip);
    m_server->serve(u"/agent.gz"_s, bomb);
    m_bench->make(text(u"/agent.gz"_s));
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, "SIZE");
    QVERIFY(looked.message.contains("agent.gz"_L1));
    QTRY_COMPARE(m_bench->files(), QStringList()); // by the thread that unpacked it
}

void TestHttpSource::damagedGzip()
{
    const QByteArray packed = compressed(randomBytes(100'000), KCompressionDevice::GZip);
    m_server->serve(u"/agent.gz"_s, packed.first(50'000));
    m_bench->make(text(u"/agent.gz"_s));
    QCOMPARE(m_bench->look().end, "ARCHIVE");
    m_server->serve(u"/agent.gz"_s, packed);
    QCOMPARE(m_bench->look().content.size(), 100'000);
}

void TestHttpSource::emptyFile()
{
    FaultAnswer empty;
    empty.etag = "\"1\"";
    empty.headers = {"Content-Length: 0"};
    m_server->serve(u"/agent"_s, empty);
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, "SIZE");
    QVERIFY(looked.message.contains("empty"_L1));
}

void TestHttpSource::noCredentialsInMessages()
{
    QUrl url = m_server->url(u"/agent"_s);
    url.setUserInfo(u"me:geheim"_s);
    url.setQuery(u"key=geheim"_s);
    m_bench->make(u"http:"_s + url.toString());
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, "HTTP_STATUS");
    QVERIFY(!looked.message.contains("geheim"_L1));
    QVERIFY(!m_bench->source->displayName().contains("geheim"_L1));
    QVERIFY(m_bench->source->displayName().contains("/agent"_L1));
}

void TestHttpSource::tellsProgress()
{
    m_server->serve(u"/agent"_s, tagged(randomBytes(100'000), "\"1\""));
    QSignalSpy progress(m_bench->source.get(), &UpdateSource::progressed);
    QCOMPARE(m_bench->look().end, "found");
    QCOMPARE(progress.last(), QVariantList({qint64(100'000), qint64(100'000)}));
}

void TestHttpSource::silentAfterCancel()
{
    FaultAnswer slow = tagged(randomBytes(100'000), "\"1\"");
    slow.stallAfter = 50'000;
    m_server->serve(u"/agent"_s, {tagged(slow.content, "\"1\""), slow, slow});
    int ends = 0;
    const auto count = [&] { ++ends; };
    connect(m_bench->source.get(), &UpdateSource::found, this, count);
    connect(m_bench->source.get(), &UpdateSource::failed, this, count);
    connect(m_bench->source.get(), &UpdateSource::nothingNew, this, count);
    m_bench->source->look();
    m_bench->source->cancel(); // before anything was asked
    m_bench->source->look();
    QVERIFY(waitUntil([&] { return m_server->requests(u"/agent"_s) == 2; }));
    m_bench->source->cancel();
    QVERIFY(waitUntil([&] { return m_server->connections() == 0; }));
    QCOMPARE(ends, 0);
    m_server->serve(u"/agent"_s, tagged(slow.content, "\"1\""));
    QVERIFY(m_bench->look().content == slow.content);
    QCOMPARE(ends, 1);
}

void TestHttpSource::oneLookAtATime()
{
    m_server->serve(u"/agent"_s, tagged("one", "\"1\""));
    m_bench->source->look();
    QCOMPARE(m_bench->look().end, "found");
    QCOMPARE(m_server->requests(u"/agent"_s), 2);
}

void TestHttpSource::removesWhatNobodyCameFor()
{
    m_server->serve(u"/agent"_s, tagged("one", "\"1\""));
    QString left;
    connect(m_bench->source.get(), &UpdateSource::found, this, [&](const FetchedBuild &build) {
        left = build.file + u".copy"_s;
        QVERIFY(QFile::copy(build.file, left));
    });
    QCOMPARE(m_bench->lookAndRemember().end, "found");
    QVERIFY(QFile::exists(left));
    m_bench->make(text());
    QCOMPARE(m_bench->look().end, "nothing");
    QVERIFY(!QFile::exists(left));
}

void TestHttpSource::realServer()
{
    if (!NginxServer::isAvailable())
        QSKIP("nginx is neither installed nor unpacked (platform/linux/setup.sh --tests)");
    NginxServer server({.directives = "gzip on; gzip_types *; gzip_min_length 1;"});
    QVERIFY(server.start());
    const QByteArray content(500'000, 'x');
    server.serve(u"agent"_s, content);
    server.serve(u"agent.minisig"_s, "signed");
    const QString text = server.url(u"agent"_s).toString();
    m_bench->make(text);
    const Looked first = m_bench->lookAndRemember();
    QVERIFY(first.content == content);
    QCOMPARE(first.build.signature, "signed");
    m_bench->make(text);
    QCOMPARE(m_bench->look().end, "nothing");
    QTRY_COMPARE(server.requests().last().status, 304);
    server.serve(u"agent"_s, "two");
    QCOMPARE(m_bench->look().content, "two");
}

QTEST_GUILESS_MAIN(TestHttpSource)
#include "tst_httpsource.moc"
