// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/fetch.h"

#include "tests/support/samplebytes.h"
#include "tests/support/waituntil.h"

#include <Freshen/FaultServer>

#include <QNetworkAccessManager>
#include <QTest>

#include <memory>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Length = FaultAnswer::Length;

namespace {

constexpr qint64 limit = 100'000;

} // namespace

class TestFetch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void fetches_data();
    void fetches();
    void refusesOneByteTooMany_data();
    void refusesOneByteTooMany();
    void acc046_endlessStream();
    void refusesOnce();
    void passesOnWhatFailed();
    void tellsWhereItCameFrom();
    void acc006_bombStaysSmall();
    void acc044_triesAgainWhatMayPass_data();
    void acc044_triesAgainWhatMayPass();
    void acc044_asksNobodyBeforeTheTime();
    void acc050_nextAddress_data();
    void acc050_nextAddress();
    void nobodyHasIt();
    void acc047_drip();
    void acc047_deadline();

private:
    // With these limits from now on.
    void prepare(const TransferLimits &limits);
    void end(const QList<QUrl> &urls)
    {
        m_fetch->start(urls);
        QVERIFY(waitUntil([&] { return hasEnded(); }));
        QCOMPARE(m_finished + m_failed, 1);
    }
    QByteArray code() const { return errorCodeName(m_error->code).data(); }
    bool hasEnded() const { return m_finished + m_failed > 0; }

    QNetworkAccessManager m_manager;
    std::unique_ptr<FaultServer> m_server;
    std::unique_ptr<Fetch> m_fetch;
    std::optional<Error> m_error;
    int m_finished = 0;
    int m_failed = 0;
};

void TestFetch::init()
{
    m_server = std::make_unique<FaultServer>();
    prepare({});
}

void TestFetch::prepare(const TransferLimits &limits)
{
    UrlPolicy policy;
    policy.limits = limits;
    m_fetch = std::make_unique<Fetch>(&m_manager, policy, limit, ErrorCode::FEED_TOO_LARGE);
    m_error.reset();
    m_finished = m_failed = 0;
    connect(m_fetch.get(), &Fetch::finished, this, [this] { ++m_finished; });
    connect(m_fetch.get(), &Fetch::failed, this, [this](const Error &error) {
        ++m_failed;
        m_error = error;
    });
}

void TestFetch::fetches_data()
{
    QTest::addColumn<qint64>("size");
    for (const qint64 size : {qint64(0), qint64(1), limit - 1, limit})
        QTest::addRow("%d", int(size)) << size;
}

void TestFetch::fetches()
{
    QFETCH(qint64, size);
    m_server->serve(u"/file"_s, QByteArray(size, 'x'));
    m_fetch->start(m_server->url(u"/file"_s));
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(m_finished, 1);
    QCOMPARE(m_fetch->content(), QByteArray(size, 'x'));
}

void TestFetch::refusesOneByteTooMany_data()
{
    QTest::addColumn<Length>("length");
    QTest::newRow("announced") << Length::Announced;
    QTest::newRow("chunked") << Length::Chunked;
    QTest::newRow("until the end") << Length::UntilTheEnd;
}

void TestFetch::refusesOneByteTooMany()
{
    QFETCH(Length, length);
    m_server->serve(u"/file"_s, {200, QByteArray(limit + 1, 'x'), {}, length});
    m_fetch->start(m_server->url(u"/file"_s));
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(m_failed, 1);
    QCOMPARE(code(), "FEED_TOO_LARGE");
    QVERIFY(m_error->message.find(std::to_string(limit)) != std::string::npos);
}

void TestFetch::acc046_endlessStream()
{
    FaultAnswer answer;
    answer.content = QByteArray(64 * 1024, 'x');
    answer.length = Length::Chunked;
    answer.isEndless = true;
    m_server->serve(u"/file"_s, answer);
    m_fetch->start(m_server->url(u"/file"_s));
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(code(), "FEED_TOO_LARGE");
    QVERIFY(m_fetch->content().size() < limit + (2 << 20));
    // It does not go on in the background, whoever keeps the object.
    QTRY_COMPARE_WITH_TIMEOUT(m_server->connections(), 0, 10'000);
    QCOMPARE(m_failed, 1);
    QCOMPARE(m_finished, 0);
}

void TestFetch::refusesOnce()
{
    FaultAnswer answer;
    answer.content = QByteArray(4 * limit, 'x');
    answer.announced = 8 * limit;
    m_server->serve(u"/file"_s, answer);
    m_fetch->start(m_server->url(u"/file"_s));
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    // Then the connection breaks, too.
    QVERIFY(waitUntil([&] { return m_server->connections() == 0; }));
    QCoreApplication::processEvents();
    QCOMPARE(m_failed, 1);
    QCOMPARE(code(), "FEED_TOO_LARGE");
}

void TestFetch::passesOnWhatFailed()
{
    m_fetch->start(m_server->url(u"/missing"_s));
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(m_failed, 1);
    QCOMPARE(code(), "HTTP_STATUS");
    QCOMPARE(m_fetch->content(), QByteArray());
}

void TestFetch::tellsWhereItCameFrom()
{
    m_server->serve(u"/end/feed.xml"_s, "feed");
    m_server->redirect(u"/feed.xml"_s, "/end/feed.xml");
    m_fetch->start(m_server->url(u"/feed.xml"_s));
    QVERIFY(waitUntil([&] { return m_finished == 1; }));
    QCOMPARE(m_fetch->finalUrl(), m_server->url(u"/end/feed.xml"_s));
}

// A small answer that unpacks to a large one: what counts is what arrives in memory.
void TestFetch::acc006_bombStaysSmall()
{
    // 50 MB of zeros.
    FaultAnswer answer;
    answer.content = qCompress(QByteArray(50 << 20, '\0'), 9).mid(4);
    answer.headers = {"Content-Encoding: deflate"};
    QVERIFY(answer.content.size() < limit);
    m_server->serve(u"/file"_s, answer);
    m_fetch->start(m_server->url(u"/file"_s));
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(m_failed, 1);
    QVERIFY(m_fetch->content().size() < limit + (2 << 20));
}

void TestFetch::acc044_triesAgainWhatMayPass_data()
{
    QTest::addColumn<FaultAnswer>("trouble");
    for (const int status : {408, 425, 429, 500, 502, 503, 504})
        QTest::addRow("%d", status) << FaultAnswer{status, "not now", {}};
    FaultAnswer soon{503, "not now", {}};
    soon.retryAfter = "1";
    QTest::newRow("503 for a second") << soon;
    FaultAnswer cut;
    cut.content = "content";
    cut.cutAfter = 3;
    QTest::newRow("cut") << cut;
}

void TestFetch::acc044_triesAgainWhatMayPass()
{
    QFETCH(FaultAnswer, trouble);
    FaultAnswer good;
    good.content = "content";
    m_server->serve(u"/file"_s, QList{trouble, good});
    end({m_server->url(u"/file"_s)});
    QCOMPARE(m_finished, 1);
    QCOMPARE(m_fetch->content(), "content");
}

// A server that wants more time than there is patience gets it.
void TestFetch::acc044_asksNobodyBeforeTheTime()
{
    FaultAnswer later{503, "not now", {}};
    later.retryAfter = "3600";
    m_server->serve(u"/file"_s, later);
    end({m_server->url(u"/file"_s)});
    QCOMPARE(code(), "HTTP_STATUS");
    QCOMPARE(m_server->requests(u"/file"_s), 1);
    QCOMPARE(m_fetch->retryAfter().value_or(0s), 3600s);
}

void TestFetch::acc050_nextAddress_data()
{
    QTest::addColumn<FaultAnswer>("first");
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("not there") << FaultAnswer{404, {}, {}} << QByteArray("HTTP_STATUS");
    QTest::newRow("busy") << FaultAnswer{503, {}, {}} << QByteArray("HTTP_STATUS");
    QTest::newRow("other bytes") << FaultAnswer{200, "contents", {}} << QByteArray("HASH");
    QTest::newRow("too many") << FaultAnswer{200, QByteArray(limit + 1, 'x'), {}}
                              << QByteArray("FEED_TOO_LARGE");
}

void TestFetch::acc050_nextAddress()
{
    QFETCH(FaultAnswer, first);
    QFETCH(QByteArray, error);
    m_server->serve(u"/first"_s, first);
    m_server->serve(u"/second"_s, "content");
    m_fetch->setHash(sha256("content"));
    end({m_server->url(u"/first"_s), m_server->url(u"/second"_s)});
    QCOMPARE(m_finished, 1);
    QCOMPARE(m_fetch->content(), "content");
    QCOMPARE(m_fetch->url(), m_server->url(u"/second"_s));
    QCOMPARE(m_server->requests(u"/first"_s), 1);
    const auto failures = m_fetch->failures();
    QCOMPARE(failures.size(), 1);
    QCOMPARE(failures.first().url, m_server->url(u"/first"_s));
    QCOMPARE(QByteArray(errorCodeName(failures.first().error.code).data()), error);
}

void TestFetch::nobodyHasIt()
{
    m_server->serve(u"/second"_s, "contents");
    m_fetch->setHash(sha256("content"));
    end({m_server->url(u"/first"_s), m_server->url(u"/second"_s)});
    QCOMPARE(code(), "HASH");
    // Both are told.
    QVERIFY(m_error->message.find("/first") != std::string::npos);
    QVERIFY(m_error->message.find("/second") != std::string::npos);
}

void TestFetch::acc047_drip()
{
    FaultAnswer drip{200, QByteArray(limit, 'x'), {}};
    drip.bytesPerSecond = 10;
    m_server->serve(u"/file"_s, drip);
    prepare({.window = 1s, .patience = 100ms});
    end({m_server->url(u"/file"_s)});
    QCOMPARE(code(), "SLOW");
}

void TestFetch::acc047_deadline()
{
    FaultAnswer slow{200, QByteArray(limit, 'x'), {}};
    slow.bytesPerSecond = 20'000;
    m_server->serve(u"/file"_s, slow);
    prepare({.deadline = 500ms});
    end({m_server->url(u"/file"_s)});
    QCOMPARE(code(), "SLOW");
    QVERIFY(waitUntil([&] { return m_server->connections() == 0; }));
}

QTEST_GUILESS_MAIN(TestFetch)
#include "tst_fetch.moc"
