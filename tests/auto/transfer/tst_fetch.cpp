// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/fetch.h"

#include "tests/support/waituntil.h"

#include <Freshen/FaultServer>

#include <QNetworkAccessManager>
#include <QTest>

#include <memory>

using namespace Freshen;
using namespace Qt::StringLiterals;
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

private:
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
    m_fetch = std::make_unique<Fetch>(&m_manager, UrlPolicy(), limit, ErrorCode::FEED_TOO_LARGE);
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

QTEST_GUILESS_MAIN(TestFetch)
#include "tst_fetch.moc"
