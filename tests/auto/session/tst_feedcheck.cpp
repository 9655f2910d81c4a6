// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/feedcheck.h"

#include "lib/signing/secretkey.h"
#include "tests/support/waituntil.h"

#include <Freshen/FaultServer>

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QNetworkAccessManager>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

const QString product = u"org.example.notes"_s;
const QString path = u"/appcast.xml"_s;

const SecretKey &key(int number = 0)
{
    static const SecretKey keys[] = {*SecretKey::generate(), *SecretKey::generate()};
    return keys[number];
}

// Offers 2.0; good until the end of the year.
QByteArray plainFeed(int counter)
{
    return R"(<rss version="2.0" xmlns:freshen="urn:freshen:appcast:1" )"
           R"(xmlns:sparkle="http://www.andymatuschak.org/xml-namespaces/sparkle"><channel>)"
           R"(<freshen:feed product="org.example.notes" version=")"
        + QByteArray::number(counter)
        + R"(" issued="2026-11-22T10:00:00Z" expires="2026-12-31T00:00:00Z"/>)"
          R"(<item><sparkle:version>2.0</sparkle:version>)"
          R"(<enclosure url="notes.tar.gz" sparkle:os="linux" length="9" sparkle:edSignature="x"/>)"
          "</item></channel></rss>\n";
}

QByteArray signedFeed(int counter = 5, int keyNumber = 0)
{
    return signFeed(plainFeed(counter), key(keyNumber));
}

} // namespace

class TestFeedCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void secondCheckCostsNothing();
    void changedFeedIsFetched();
    void refusedFeedIsNotKept_data();
    void refusedFeedIsNotKept();
    void badCacheIsFetchedAgain_data();
    void badCacheIsFetchedAgain();
    void acc026_expiredCache();
    void unusableCacheIsNotAskedFor_data();
    void unusableCacheIsNotAskedFor();
    void redirectedFeed();
    void serverWithoutValidators();
    void questionsLeaveItAlone();
    void checksWithoutACache();
    void unsignedFeed();
    void carriesTheApplicationsHeaders();

private:
    void serve(const QByteArray &feed, const QByteArray &etag);
    QByteArray check();
    QByteArray check(const CheckRequest &request);
    FeedCache cache() const { return FeedCache(product, m_request.feed); }
    QString onlyFile() const;
    int requests() const { return m_server->requests(path); }
    QByteArray asked() const { return m_server->header(path, "If-None-Match"); }

    QNetworkAccessManager m_manager;
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<FaultServer> m_server;
    CheckRequest m_request;
    CheckOutcome m_outcome;
};

void TestFeedCheck::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    qputenv("XDG_STATE_HOME", QFile::encodeName(m_home->filePath(u"state"_s)));
    qputenv("XDG_CACHE_HOME", QFile::encodeName(m_home->filePath(u"cache"_s)));
    m_server = std::make_unique<FaultServer>();
    m_request = {};
    m_request.feed = m_server->url(path);
    m_request.keys = {key().publicKey()};
    m_request.product = product;
    m_request.client.installedVersion = u"1.0"_s;
    m_request.client.os = u"linux"_s;
    m_request.client.arch = u"x86_64"_s;
    m_request.client.now = QDateTime({2026, 11, 23}, {10, 0}, Qt::UTC);
    serve(signedFeed(), "\"five\"");
}

void TestFeedCheck::serve(const QByteArray &feed, const QByteArray &etag)
{
    FaultAnswer answer;
    answer.content = feed;
    answer.etag = etag;
    m_server->serve(path, answer);
}

QByteArray TestFeedCheck::check()
{
    return check(m_request);
}

// The code of the error that it ended with; empty when it was none.
QByteArray TestFeedCheck::check(const CheckRequest &request)
{
    FeedCheck check(&m_manager, request);
    std::optional<QByteArray> code;
    connect(&check, &FeedCheck::finished, this, [&] { code = QByteArray(); });
    connect(&check, &FeedCheck::failed, this,
            [&](const Error &error) { code = errorCodeName(error.code).data(); });
    check.start();
    if (!waitUntil([&] { return code.has_value(); }))
        return "it does not end";
    m_outcome = check.outcome();
    return *code;
}

QString TestFeedCheck::onlyFile() const
{
    const QDir folder(m_home->filePath(u"cache/freshen/feeds"_s));
    const QStringList files = folder.entryList(QDir::Files | QDir::Hidden);
    return files.size() == 1 ? folder.filePath(files.first()) : QString();
}

void TestFeedCheck::secondCheckCostsNothing()
{
    QCOMPARE(check(), QByteArray());
    QVERIFY(!m_outcome.isNotModified);
    QCOMPARE(m_outcome.bytesFetched, signedFeed().size());
    const qint64 sent = m_server->bytesSent();
    QVERIFY(!onlyFile().isEmpty());
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(check(), QByteArray());
        QVERIFY(m_outcome.isNotModified);
        QCOMPARE(m_outcome.bytesFetched, 0);
        QVERIFY(m_outcome.isSigned);
        QVERIFY(m_outcome.selection.item.has_value());
        QCOMPARE(m_outcome.selection.item->enclosure->url, m_server->url(u"/notes.tar.gz"_s));
    }
    QCOMPARE(m_server->bytesSent(), sent);
    QCOMPARE(requests(), 3);
}

void TestFeedCheck::changedFeedIsFetched()
{
    QCOMPARE(check(), QByteArray());
    serve(signedFeed(6), "\"six\"");
    QCOMPARE(check(), QByteArray());
    QVERIFY(!m_outcome.isNotModified);
    QCOMPARE(m_outcome.appcast.stamp->version, 6);
    QCOMPARE(check(), QByteArray());
    QVERIFY(m_outcome.isNotModified);
    QCOMPARE(m_outcome.appcast.stamp->version, 6);
    QCOMPARE(asked(), "\"six\"");
}

void TestFeedCheck::refusedFeedIsNotKept_data()
{
    QTest::addColumn<QByteArray>("feed");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("unsigned") << plainFeed(6) << QByteArray("FEED_UNSIGNED");
    QTest::newRow("other key") << signedFeed(6, 1) << QByteArray("FEED_SIGNATURE");
    QTest::newRow("older") << signedFeed(4) << QByteArray("ROLLBACK");
    QTest::newRow("no feed") << signFeed("<rss><channel></rss>", key()) << QByteArray("FEED_PARSE");
    QTest::newRow("changed") << signFeed(plainFeed(5) + "<!-- -->\n", key())
                             << QByteArray("FEED_CHANGED");
}

// The validators of what was accepted last go on being used, so that it is asked for again.
void TestFeedCheck::refusedFeedIsNotKept()
{
    QFETCH(QByteArray, feed);
    QFETCH(QByteArray, code);
    QCOMPARE(check(), QByteArray());
    serve(feed, "\"bad\"");
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(check(), code);
        QCOMPARE(asked(), "\"five\"");
    }
    QCOMPARE(requests(), 3);
    serve(signedFeed(), "\"five\"");
    QCOMPARE(check(), QByteArray());
    QVERIFY(m_outcome.isNotModified);
}

void TestFeedCheck::badCacheIsFetchedAgain_data()
{
    QTest::addColumn<QByteArray>("feed");
    QTest::newRow("unsigned") << plainFeed(9);
    QTest::newRow("other key") << signedFeed(9, 1);
    QTest::newRow("older") << signedFeed(4);
    QTest::newRow("changed by a byte") << signedFeed().replace("2.0</", "9.0</");
    QTest::newRow("empty") << QByteArray();
}

// Somebody who may write there keeps another feed for the server's validators.
void TestFeedCheck::badCacheIsFetchedAgain()
{
    QFETCH(QByteArray, feed);
    QCOMPARE(check(), QByteArray());
    cache().keep({{m_request.feed, "\"five\"", {}}, feed});
    QCOMPARE(check(), QByteArray());
    QCOMPARE(requests(), 3);
    QVERIFY(!m_outcome.isNotModified);
    QCOMPARE(m_outcome.bytesFetched, signedFeed().size());
    QCOMPARE(m_outcome.selection.item->version, u"2.0"_s);
    QCOMPARE(asked(), QByteArray());
    // All is well again.
    QCOMPARE(check(), QByteArray());
    QVERIFY(m_outcome.isNotModified);
    QCOMPARE(requests(), 4);
}

// "Not modified" for ever does not keep anybody from seeing that the feed is old.
void TestFeedCheck::acc026_expiredCache()
{
    QCOMPARE(check(), QByteArray());
    m_request.client.now = m_request.client.now.addDays(60);
    QCOMPARE(check(), "STALE");
    QCOMPARE(requests(), 3);
    QCOMPARE(onlyFile(), QString());
    QCOMPARE(check(), "STALE");
    QCOMPARE(requests(), 4);
}

void TestFeedCheck::unusableCacheIsNotAskedFor_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("<rss/>");
    QTest::newRow("whole, but of nobody")
        << QCryptographicHash::hash("text", QCryptographicHash::Sha256) + "text";
    QTest::newRow("large") << QByteArray(7 << 20, '\0');
}

void TestFeedCheck::unusableCacheIsNotAskedFor()
{
    QFETCH(QByteArray, content);
    QCOMPARE(check(), QByteArray());
    QFile file(onlyFile());
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
    file.close();
    QCOMPARE(check(), QByteArray());
    QCOMPARE(asked(), QByteArray());
    QVERIFY(!m_outcome.isNotModified);
    QCOMPARE(requests(), 2);
    QCOMPARE(check(), QByteArray());
    QVERIFY(m_outcome.isNotModified);
}

void TestFeedCheck::redirectedFeed()
{
    m_server->redirect(u"/start"_s, "/appcast.xml");
    m_request.feed = m_server->url(u"/start"_s);
    QCOMPARE(check(), QByteArray());
    QCOMPARE(check(), QByteArray());
    QVERIFY(m_outcome.isNotModified);
    QCOMPARE(m_server->header(u"/start"_s, "If-None-Match"), QByteArray());
    QCOMPARE(asked(), "\"five\"");
    // Addresses are still those beside the feed itself.
    m_server->redirect(u"/start"_s, "/moved/appcast.xml");
    FaultAnswer answer;
    answer.content = signedFeed();
    m_server->serve(u"/moved/appcast.xml"_s, answer);
    QCOMPARE(check(), QByteArray());
    QVERIFY(!m_outcome.isNotModified);
    QCOMPARE(m_outcome.selection.item->enclosure->url, m_server->url(u"/moved/notes.tar.gz"_s));
}

void TestFeedCheck::serverWithoutValidators()
{
    serve(signedFeed(), {});
    QCOMPARE(check(), QByteArray());
    QCOMPARE(onlyFile(), QString());
    serve(signedFeed(), "\"five\"");
    QCOMPARE(check(), QByteArray());
    QVERIFY(!onlyFile().isEmpty());
    // It stops to send them: what was kept is as old as any.
    serve(signedFeed(6), {});
    QCOMPARE(check(), QByteArray());
    QCOMPARE(onlyFile(), QString());
}

void TestFeedCheck::questionsLeaveItAlone()
{
    CheckRequest question = m_request;
    question.keepsFreshness = false;
    QCOMPARE(check(question), QByteArray());
    QCOMPARE(onlyFile(), QString());
    QCOMPARE(check(), QByteArray());
    QVERIFY(!onlyFile().isEmpty());
    QCOMPARE(check(question), QByteArray());
    QVERIFY(!m_outcome.isNotModified);
    QCOMPARE(asked(), QByteArray());
}

void TestFeedCheck::checksWithoutACache()
{
    qputenv("XDG_CACHE_HOME", "/dev/null");
    for (int i = 0; i < 2; ++i) {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"/dev/null"_s));
        QCOMPARE(check(), QByteArray());
        QVERIFY(!m_outcome.isNotModified);
    }
}

void TestFeedCheck::unsignedFeed()
{
    serve(plainFeed(5), "\"plain\"");
    m_request.trust = FeedTrust::Optional;
    QCOMPARE(check(), QByteArray());
    QCOMPARE(check(), QByteArray());
    QVERIFY(m_outcome.isNotModified);
    // No longer good enough.
    m_request.trust = FeedTrust::Required;
    QCOMPARE(check(), "FEED_UNSIGNED");
    QCOMPARE(onlyFile(), QString());
}

void TestFeedCheck::carriesTheApplicationsHeaders()
{
    m_request.policy.prepare = [](QNetworkRequest &request) { request.setRawHeader("X-Own", "1"); };
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(check(), QByteArray());
        QCOMPARE(m_server->header(path, "X-Own"), "1");
    }
    QVERIFY(m_outcome.isNotModified);
}

QTEST_GUILESS_MAIN(TestFeedCheck)
#include "tst_feedcheck.moc"
