// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/s3source.h"

#include "lib/supervise/source/awssignature.h"
#include "tests/auto/supervise/sourcefixture.h"
#include "tests/support/samplebytes.h"
#include "tests/support/virtualclock.h"

#include <Freshen/FaultServer>

#include <QMessageAuthenticationCode>
#include <QNetworkRequest>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

// Those of AWS's own examples.
const S3Credentials exampleCredentials{
    "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", {}, "us-east-1"};
const QByteArray nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

QByteArray part(const QByteArray &authorization, const QByteArray &name)
{
    const qsizetype begin = authorization.indexOf(name + '=') + name.size() + 1;
    const qsizetype end = authorization.indexOf(',', begin);
    return authorization.mid(begin, end < 0 ? -1 : end - begin);
}

QByteArray hmac(const QByteArray &key, const QByteArray &message)
{
    return QMessageAuthenticationCode::hash(message, key, QCryptographicHash::Sha256);
}

} // namespace

class TestS3Source : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void knownAnswers_data();
    void knownAnswers();
    void overseer_s3FetcherByEtag();
    void signsWhatItSends();
    void anonymous();
    void signedAddress();
    void regions_data();
    void regions();
    void objectWithoutSignature_data();
    void objectWithoutSignature();
    void clockIsWrong();
    void credentialsAreWrong();
    void redirectedWithoutCredentials();

private:
    void make(const QString &path = u"/bucket/agent"_s);

    std::unique_ptr<FaultServer> m_server;
    std::unique_ptr<SourceFixture> m_bench;
};

void TestS3Source::init()
{
    m_server = std::make_unique<FaultServer>();
    m_bench = std::make_unique<SourceFixture>();
    m_bench->options.s3 = exampleCredentials;
    make();
}

void TestS3Source::make(const QString &path)
{
    m_bench->make(u"s3:"_s + m_server->url(path).toString());
}

// "Signature Calculations for the Authorization Header" in the reference of the S3 API.
void TestS3Source::knownAnswers_data()
{
    QTest::addColumn<QString>("request");
    QTest::addColumn<QByteArray>("range");
    QTest::addColumn<QByteArray>("signature");
    QTest::newRow("GET Object")
        << u"/test.txt"_s << "bytes=0-9"_ba
        << "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"_ba;
    QTest::newRow("GET Bucket Lifecycle")
        << u"/?lifecycle"_s << QByteArray()
        << "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"_ba;
    QTest::newRow("Get Bucket (List Objects)")
        << u"/?max-keys=2&prefix=J"_s << QByteArray()
        << "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"_ba;
}

void TestS3Source::knownAnswers()
{
    QFETCH(QString, request);
    QFETCH(QByteArray, range);
    const QDateTime time(QDate(2013, 5, 24), QTime(0, 0), Qt::UTC);
    AwsRequest asked{QUrl(u"https://examplebucket.s3.amazonaws.com"_s + request),
                     {{"host", "examplebucket.s3.amazonaws.com"},
                      {"x-amz-content-sha256", nothing},
                      {"x-amz-date", "20130524T000000Z"}}};
    if (!range.isEmpty())
        asked.headers["range"] = range;
    const QByteArray said = awsAuthorization(asked, time, exampleCredentials);
    QTEST(part(said, "Signature"), "signature");
    QCOMPARE(part(said, "Credential"), "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request");
    QVERIFY(said.startsWith("AWS4-HMAC-SHA256 "));
}

void TestS3Source::overseer_s3FetcherByEtag()
{
    FaultAnswer answer;
    answer.content = "one";
    answer.etag = "\"1\"";
    m_server->serve(u"/bucket/agent"_s, answer);
    m_server->serve(u"/bucket/agent.minisig"_s, "signed");
    const Looked looked = m_bench->lookAndRemember();
    QCOMPARE(looked.end, "found");
    QCOMPARE(looked.content, "one");
    QCOMPARE(looked.build.signature, "signed");
    make();
    QCOMPARE(m_bench->look().end, "nothing");
    QCOMPARE(m_server->requests().last().status, 304);
    answer.content = "two";
    answer.etag = "\"2\"";
    m_server->serve(u"/bucket/agent"_s, answer);
    QCOMPARE(m_bench->look().content, "two");
}

// Computed once more, from the request as it came over the wire.
void TestS3Source::signsWhatItSends()
{
    const VirtualClock clock(QDateTime(QDate(2026, 11, 23), QTime(4, 5, 6), Qt::UTC));
    m_bench->options.s3.sessionToken = "session";
    make(u"/bucket/an agent+1"_s);
    m_server->serve(u"/bucket/an agent+1"_s, "one");
    QCOMPARE(m_bench->look().end, "found");
    QCOMPARE(m_server->requests().size(), 3); // question, file, signature
    for (const FaultRequest &request : m_server->requests()) {
        QCOMPARE(request.header("x-amz-date"), "20261123T040506Z");
        QCOMPARE(request.header("x-amz-security-token"), "session");
        const QByteArray names = "host;x-amz-content-sha256;x-amz-date;x-amz-security-token";
        const QByteArray ending = request.path.endsWith(".minisig"_L1) ? ".minisig" : "";
        const QByteArray canonical = "GET\n/bucket/an%20agent%2B1" + ending
            + "\n\nhost:" + request.header("Host") + "\nx-amz-content-sha256:" + nothing
            + "\nx-amz-date:20261123T040506Z\nx-amz-security-token:session\n\n" + names + '\n'
            + nothing;
        const QByteArray text = "AWS4-HMAC-SHA256\n20261123T040506Z\n"
                                "20261123/us-east-1/s3/aws4_request\n"
            + sha256(canonical).toLatin1();
        QByteArray key = hmac("AWS4" + exampleCredentials.secret, "20261123");
        key = hmac(hmac(hmac(key, "us-east-1"), "s3"), "aws4_request");
        const QByteArray said = request.header("Authorization");
        QCOMPARE(part(said, "Signature"), hmac(key, text).toHex());
        QCOMPARE(part(said, "SignedHeaders"), names);
        QVERIFY(!request.head.contains(exampleCredentials.secret));
    }
}

void TestS3Source::anonymous()
{
    m_bench->options.s3 = {};
    make();
    m_server->serve(u"/bucket/agent"_s, "one");
    QCOMPARE(m_bench->look().end, "found");
    for (const FaultRequest &request : m_server->requests()) {
        QVERIFY(request.header("Authorization").isNull());
        QVERIFY(request.header("x-amz-date").isNull());
    }
}

void TestS3Source::signedAddress()
{
    m_server->serve(u"/bucket/agent"_s, "one");
    m_bench->make(u"s3:"_s + m_server->url(u"/bucket/agent"_s).toString()
                  + u"?X-Amz-Signature=abc"_s);
    QCOMPARE(m_bench->look().end, "found");
    QVERIFY(m_server->requests().first().header("Authorization").isNull());
    QVERIFY(m_server->requests().first().head.contains("?X-Amz-Signature=abc "));
}

void TestS3Source::regions_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QByteArray>("region");
    const auto row = [](const QString &host, const QByteArray &region) {
        QTest::newRow(qPrintable(host)) << QByteArray() << host << region;
    };
    row(u"bucket.s3.eu-west-1.amazonaws.com"_s, "eu-west-1");
    row(u"bucket.s3.dualstack.eu-west-1.amazonaws.com"_s, "eu-west-1");
    row(u"s3.ap-southeast-2.amazonaws.com"_s, "ap-southeast-2");
    row(u"s3-us-west-2.amazonaws.com"_s, "us-west-2");
    row(u"bucket.s3.cn-north-1.amazonaws.com.cn"_s, "cn-north-1");
    row(u"bucket.s3.amazonaws.com"_s, "us-east-1");
    row(u"bucket.s3-accelerate.amazonaws.com"_s, "us-east-1");
    row(u"minio.example.org"_s, "us-east-1");
    QTest::newRow("given") << "here"_ba << u"s3.eu-west-1.amazonaws.com"_s << "here"_ba;
}

void TestS3Source::regions()
{
    QFETCH(QByteArray, given);
    QFETCH(QString, host);
    m_bench->options.s3.region = given;
    const QUrl url(u"https://%1/bucket/agent"_s.arg(host));
    QNetworkRequest request(url);
    s3Place(url, m_bench->options).policy.prepare(request);
    const QByteArray credential = part(request.rawHeader("Authorization"), "Credential");
    QTEST(credential.split('/').value(2), "region");
}

// Without the right to list a bucket, what it does not have is forbidden.
void TestS3Source::objectWithoutSignature_data()
{
    QTest::addColumn<int>("status");
    QTest::newRow("404") << 404;
    QTest::newRow("403") << 403;
}

void TestS3Source::objectWithoutSignature()
{
    QFETCH(int, status);
    m_server->serve(u"/bucket/agent"_s, "one");
    m_server->serve(u"/bucket/agent.minisig"_s, FaultAnswer{status});
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, "found");
    QCOMPARE(looked.build.signature, QByteArray());
}

void TestS3Source::clockIsWrong()
{
    VirtualClock clock(QDateTime(QDate(2026, 11, 23), QTime(10, 0), Qt::UTC));
    FaultAnswer answer{403};
    answer.content = "<Error><Code>RequestTimeTooSkewed</Code></Error>";
    answer.headers = {"Date: Mon, 23 Nov 2026 12:00:00 GMT"};
    m_server->serve(u"/bucket/agent"_s, answer);
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, "CLOCK");
    QVERIFY2(looked.message.contains("120 minutes"_L1), qPrintable(looked.message));
    clock.set(QDateTime(QDate(2026, 11, 23), QTime(12, 14), Qt::UTC));
    QCOMPARE(m_bench->look().end, "HTTP_STATUS");
}

void TestS3Source::credentialsAreWrong()
{
    m_server->serve(u"/bucket/agent"_s, FaultAnswer{403});
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, "HTTP_STATUS");
    QVERIFY(looked.message.contains("AWS_SECRET_ACCESS_KEY"_L1));
    QVERIFY(looked.message.contains("/bucket/agent"_L1));
    QVERIFY(!looked.message.contains(QString::fromLatin1(exampleCredentials.keyId)));
    QVERIFY(!looked.message.contains(QString::fromLatin1(exampleCredentials.secret)));
}

void TestS3Source::redirectedWithoutCredentials()
{
    const FaultServer elsewhere(QHostAddress(u"127.0.0.2"_s));
    m_server->redirect(u"/bucket/agent"_s, elsewhere.url(u"/agent"_s).toEncoded());
    QCOMPARE(m_bench->look().end, "HTTP_STATUS");
    QCOMPARE(elsewhere.requests().size(), 1);
    QVERIFY(elsewhere.requests().first().header("Authorization").isNull());
    QVERIFY(elsewhere.requests().first().header("x-amz-date").isNull());
}

QTEST_GUILESS_MAIN(TestS3Source)
#include "tst_s3source.moc"
