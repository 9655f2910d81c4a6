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

namespace {

const QByteArray longAgo = "Sun, 06 Nov 1994 08:49:37 GMT";
const QByteArray today = "Sun, 22 Nov 2026 10:00:00 GMT";

} // namespace

// What a request asks for, what an answer lets one ask, and the application's say in it.
class TestConditionalGet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tellsTheValidators_data();
    void tellsTheValidators();
    void tellsNoneOfAFailure();
    void secondTimeWithoutContent_data();
    void secondTimeWithoutContent();
    void changedContent();
    void onlyForTheirOwnAddress();
    void onlyAtTheEndOfRedirects();
    void onlyAtTheStartOfRedirects();
    void notModifiedUnasked();
    void notModifiedAfterTheAskingHop();
    void hookAddsHeaders();
    void hookCannotLeadElsewhere();
    void hookIsForOneServer();

private:
    void get(const QUrl &url);
    void get(const QString &path) { get(m_server->url(path)); }

    QNetworkAccessManager m_manager;
    std::unique_ptr<FaultServer> m_server;
    std::unique_ptr<Fetch> m_fetch;
    Validators m_known;
    UrlPolicy m_policy;
    QByteArray m_error;
};

void TestConditionalGet::init()
{
    m_server = std::make_unique<FaultServer>();
    m_known = {};
    m_policy = {};
}

void TestConditionalGet::get(const QUrl &url)
{
    m_fetch = std::make_unique<Fetch>(&m_manager, m_policy, 1000, ErrorCode::SIZE);
    m_fetch->setValidators(m_known);
    m_error.clear();
    int ends = 0;
    connect(m_fetch.get(), &Fetch::finished, this, [&] { ++ends; });
    connect(m_fetch.get(), &Fetch::failed, this, [&](const Error &error) {
        m_error = errorCodeName(error.code).data();
        ++ends;
    });
    m_fetch->start(url);
    QVERIFY(waitUntil([&] { return ends > 0; }));
    QCOMPARE(ends, 1);
    m_fetch->disconnect(this);
}

void TestConditionalGet::tellsTheValidators_data()
{
    QTest::addColumn<QByteArrayList>("headers");
    QTest::addColumn<QByteArray>("etag");
    QTest::addColumn<QByteArray>("lastModified");
    const auto row = [](const char *name, const QByteArrayList &headers, const QByteArray &etag,
                        const QByteArray &lastModified = {}) {
        QTest::newRow(name) << headers << etag << lastModified;
    };
    const QByteArray changed = "Last-Modified: " + longAgo;
    row("none", {}, {});
    row("strong", {"ETag: \"a b\""}, "\"a b\"");
    row("weak", {"ETag: W/\"a\""}, "W/\"a\"");
    row("without quotes", {"ETag: abc"}, "abc");
    row("not ASCII", {"ETag: \"\xe4\xff\""}, "\"\xe4\xff\"");
    row("as long as it may be", {"ETag: " + QByteArray(1024, 'x')}, QByteArray(1024, 'x'));
    row("too long", {"ETag: " + QByteArray(1025, 'x')}, {});
    row("with a tab", {"ETag: \"a\tb\""}, {});
    row("with an escape", {"ETag: \"a\x1b[1mb\""}, {});
    row("deleted", {"ETag: \"a\x7f\""}, {});
    row("date", {changed, "Date: " + today}, {}, longAgo);
    row("both", {changed, "Date: " + today, "ETag: \"a\""}, "\"a\"", longAgo);
    row("date, answered at no time", {changed}, {});
    row("a minute ago", {"Last-Modified: Sun, 22 Nov 2026 09:59:00 GMT", "Date: " + today}, {},
        "Sun, 22 Nov 2026 09:59:00 GMT");
    row("just now", {"Last-Modified: Sun, 22 Nov 2026 09:59:01 GMT", "Date: " + today}, {});
    row("tomorrow", {"Last-Modified: " + today, "Date: " + longAgo}, {});
    row("no date", {"Last-Modified: yesterday", "Date: " + today}, {});
}

void TestConditionalGet::tellsTheValidators()
{
    QFETCH(QByteArrayList, headers);
    FaultAnswer answer;
    answer.content = "content";
    answer.headers = headers;
    m_server->serve(u"/file"_s, answer);
    get(u"/file"_s);
    QCOMPARE(m_error, QByteArray());
    QVERIFY(!m_fetch->isNotModified());
    QTEST(m_fetch->validators().etag, "etag");
    QTEST(m_fetch->validators().lastModified, "lastModified");
    QCOMPARE(m_fetch->validators().url, m_server->url(u"/file"_s));
    QCOMPARE(m_server->header(u"/file"_s, "If-None-Match"), QByteArray());
    QCOMPARE(m_server->header(u"/file"_s, "If-Modified-Since"), QByteArray());
}

void TestConditionalGet::tellsNoneOfAFailure()
{
    m_server->serve(u"/file"_s, {500, "no", {"ETag: \"a\""}});
    get(u"/file"_s);
    QCOMPARE(m_error, "HTTP_STATUS");
    QVERIFY(m_fetch->validators().isEmpty());
}

void TestConditionalGet::secondTimeWithoutContent_data()
{
    QTest::addColumn<QByteArray>("etag");
    QTest::addColumn<QByteArray>("lastModified");
    QTest::newRow("tag") << QByteArray("W/\"a, b\"") << QByteArray();
    QTest::newRow("date") << QByteArray() << longAgo;
    QTest::newRow("both") << QByteArray("\"\xe4\"") << longAgo;
}

void TestConditionalGet::secondTimeWithoutContent()
{
    QFETCH(QByteArray, etag);
    QFETCH(QByteArray, lastModified);
    FaultAnswer answer;
    answer.content = "content";
    answer.etag = etag;
    answer.lastModified = lastModified;
    answer.headers = {"Date: " + today};
    m_server->serve(u"/file"_s, answer);
    get(u"/file"_s);
    QCOMPARE(m_fetch->content(), "content");
    m_known = m_fetch->validators();
    get(u"/file"_s);
    QCOMPARE(m_error, QByteArray());
    QVERIFY(m_fetch->isNotModified());
    QVERIFY(m_fetch->validators().isEmpty()); // they are those that are known
    QCOMPARE(m_fetch->content(), QByteArray());
    QCOMPARE(m_server->header(u"/file"_s, "If-None-Match"), etag);
    QCOMPARE(m_server->header(u"/file"_s, "If-Modified-Since"), lastModified);
    QCOMPARE(m_server->bytesSent(), 7);
}

void TestConditionalGet::changedContent()
{
    FaultAnswer answer;
    answer.content = "new";
    answer.etag = "\"2\"";
    m_server->serve(u"/file"_s, answer);
    m_known = {m_server->url(u"/file"_s), "\"1\"", {}};
    get(u"/file"_s);
    QVERIFY(!m_fetch->isNotModified());
    QCOMPARE(m_fetch->content(), "new");
    QCOMPARE(m_fetch->validators().etag, "\"2\"");
    QCOMPARE(m_server->header(u"/file"_s, "If-None-Match"), "\"1\"");
}

void TestConditionalGet::onlyForTheirOwnAddress()
{
    FaultAnswer answer;
    answer.content = "content";
    answer.etag = "\"1\"";
    m_server->serve(u"/file"_s, answer);
    m_known = {m_server->url(u"/other"_s), "\"1\"", longAgo};
    get(u"/file"_s);
    QCOMPARE(m_fetch->content(), "content");
    QCOMPARE(m_server->header(u"/file"_s, "If-None-Match"), QByteArray());
    QCOMPARE(m_server->header(u"/file"_s, "If-Modified-Since"), QByteArray());
    // Another question is another file.
    m_known.url = m_server->url(u"/file"_s);
    QUrl url = m_server->url(u"/file"_s);
    url.setQuery(u"a=b"_s);
    get(url);
    QCOMPARE(m_fetch->content(), "content");
}

void TestConditionalGet::onlyAtTheEndOfRedirects()
{
    FaultAnswer answer;
    answer.content = "content";
    answer.etag = "\"1\"";
    m_server->serve(u"/end"_s, answer);
    m_server->redirect(u"/start"_s, "/end");
    get(u"/start"_s);
    m_known = m_fetch->validators();
    QCOMPARE(m_known.url, m_server->url(u"/end"_s));
    get(u"/start"_s);
    QVERIFY(m_fetch->isNotModified());
    QCOMPARE(m_fetch->finalUrl(), m_server->url(u"/end"_s));
    QCOMPARE(m_server->header(u"/start"_s, "If-None-Match"), QByteArray());
    QCOMPARE(m_server->header(u"/end"_s, "If-None-Match"), "\"1\"");
    // It has moved on.
    m_server->serve(u"/elsewhere"_s, answer);
    m_server->redirect(u"/start"_s, "/elsewhere");
    get(u"/start"_s);
    QVERIFY(!m_fetch->isNotModified());
    QCOMPARE(m_fetch->content(), "content");
    QCOMPARE(m_server->header(u"/elsewhere"_s, "If-None-Match"), QByteArray());
}

void TestConditionalGet::onlyAtTheStartOfRedirects()
{
    FaultAnswer answer;
    answer.content = "content";
    answer.etag = "\"1\"";
    m_server->serve(u"/end"_s, answer);
    m_server->redirect(u"/start"_s, "/end");
    m_known = {m_server->url(u"/start"_s), "\"1\"", {}};
    get(u"/start"_s);
    QCOMPARE(m_fetch->content(), "content");
    QCOMPARE(m_server->header(u"/start"_s, "If-None-Match"), "\"1\"");
    QCOMPARE(m_server->header(u"/end"_s, "If-None-Match"), QByteArray());
}

void TestConditionalGet::notModifiedUnasked()
{
    FaultAnswer answer;
    answer.status = 304;
    answer.announced = 0;
    m_server->serve(u"/file"_s, answer);
    get(u"/file"_s);
    QCOMPARE(m_error, "HTTP_STATUS");
    QVERIFY(!m_fetch->isNotModified());
}

void TestConditionalGet::notModifiedAfterTheAskingHop()
{
    FaultAnswer answer;
    answer.status = 304;
    answer.announced = 0;
    m_server->serve(u"/end"_s, answer);
    m_server->redirect(u"/start"_s, "/end");
    m_known = {m_server->url(u"/start"_s), "\"1\"", {}};
    get(u"/start"_s);
    QCOMPARE(m_error, "HTTP_STATUS");
}

void TestConditionalGet::hookAddsHeaders()
{
    m_server->serve(u"/file"_s, "content");
    get(u"/file"_s);
    QCOMPARE(m_server->header(u"/file"_s, "User-Agent"), "Freshen");
    m_policy.prepare = [](QNetworkRequest &request) {
        request.setHeader(QNetworkRequest::UserAgentHeader, u"Notes/2.0"_s);
        request.setRawHeader("Authorization", "Bearer secret");
    };
    get(u"/file"_s);
    QCOMPARE(m_fetch->content(), "content");
    QCOMPARE(m_server->header(u"/file"_s, "User-Agent"), "Notes/2.0");
    QCOMPARE(m_server->header(u"/file"_s, "Authorization"), "Bearer secret");
}

void TestConditionalGet::hookCannotLeadElsewhere()
{
    m_server->serve(u"/file"_s, "content");
    m_server->serve(u"/other"_s, "other");
    m_policy.prepare = [this](QNetworkRequest &request) {
        request = QNetworkRequest(m_server->url(u"/other"_s));
        request.setRawHeader("X-Own", "1");
    };
    get(u"/file"_s);
    QCOMPARE(m_fetch->content(), "content");
    QCOMPARE(m_server->header(u"/file"_s, "X-Own"), "1");
    QCOMPARE(m_server->requests(u"/other"_s), 0);
}

void TestConditionalGet::hookIsForOneServer()
{
    FaultServer other;
    other.serve(u"/file"_s, "content");
    m_server->redirect(u"/start"_s, "/middle");
    m_server->redirect(u"/middle"_s, other.url(u"/file"_s).toEncoded());
    m_policy.prepare = [](QNetworkRequest &request) { request.setRawHeader("X-Secret", "1"); };
    get(u"/start"_s);
    QCOMPARE(m_fetch->content(), "content");
    QCOMPARE(m_server->header(u"/start"_s, "X-Secret"), "1");
    QCOMPARE(m_server->header(u"/middle"_s, "X-Secret"), "1");
    QCOMPARE(other.header(u"/file"_s, "X-Secret"), QByteArray());
    QCOMPARE(other.header(u"/file"_s, "User-Agent"), "Freshen");
}

QTEST_GUILESS_MAIN(TestConditionalGet)
#include "tst_conditionalget.moc"
