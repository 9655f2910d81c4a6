// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/functionsource.h"

#include "lib/common/job.h"
#include "tests/auto/supervise/sourcefixture.h"
#include "tests/support/resultcheck.h"
#include "tests/support/waituntil.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

using Answer = Result<std::optional<FetchedBuild>>;

} // namespace

// The caller's own sources, and the texts that stand for all others.
class TestFunctionSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void overseer_fetcherFunc_data();
    void overseer_fetcherFunc();
    void silentAfterCancel();
    void texts_data();
    void texts();
    void wrongTexts_data();
    void wrongTexts();
    void appcast();
    void credentials();
};

void TestFunctionSource::overseer_fetcherFunc_data()
{
    QTest::addColumn<QByteArray>("end");
    for (const char *end : {"found", "nothing", "VETOED"})
        QTest::newRow(end) << QByteArray(end);
}

void TestFunctionSource::overseer_fetcherFunc()
{
    QFETCH(QByteArray, end);
    QTemporaryDir folder;
    const QString name = folder.filePath(u"agent"_s);
    QThread *worker = nullptr;
    FunctionSource source(u"mine"_s, [&](JobControl &) -> Answer {
        worker = QThread::currentThread();
        if (end == "nothing")
            return std::nullopt;
        if (end != "found")
            return failure(ErrorCode::VETOED, "Not today.");
        QFile file(name);
        if (file.open(QIODevice::WriteOnly))
            file.write("one");
        return FetchedBuild{name, u"agent"_s, "signed", u"v2"_s};
    });
    QCOMPARE(source.displayName(), u"mine"_s);
    for (int i = 0; i < 2; ++i) {
        const Looked looked = lookAt(source);
        QCOMPARE(looked.end, end);
        QCOMPARE(looked.content, end == "found" ? "one" : "");
        QCOMPARE(looked.build.claimedVersion, end == "found" ? u"v2"_s : u""_s);
        QCOMPARE(looked.message, end == "VETOED" ? u"Not today."_s : u""_s);
    }
    QVERIFY(worker && worker != QThread::currentThread());
}

void TestFunctionSource::silentAfterCancel()
{
    QTemporaryDir folder;
    const QString name = folder.filePath(u"agent"_s);
    std::atomic<bool> isRunning = false;
    FunctionSource source(u"mine"_s, [&](JobControl &control) -> Answer {
        QFile file(name);
        isRunning = file.open(QIODevice::WriteOnly);
        while (!control.isCancelled())
            QThread::yieldCurrentThread();
        return FetchedBuild{name, u"agent"_s};
    });
    QSignalSpy found(&source, &UpdateSource::found);
    source.look();
    QVERIFY(waitUntil([&] { return isRunning.load(); }));
    source.cancel();
    QVERIFY(waitUntil([&] { return !QFile::exists(name); }));
    QCOMPARE(found.size(), 0);
}

void TestFunctionSource::texts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("displayName");
    const auto row = [](const QString &text, const QString &name) {
        QTest::newRow(qPrintable(text)) << text << name;
    };
    row(u"http:https://host/agent"_s, u"https://host/agent"_s);
    row(u"https://host/agent"_s, u"https://host/agent"_s);
    row(u"http:http://127.0.0.1:1/agent"_s, u"http://127.0.0.1:1/agent"_s);
    row(u"http://localhost/agent"_s, u"http://localhost/agent"_s);
    row(u"file:/srv/agent"_s, u"/srv/agent"_s);
    row(u"file:///srv/agent"_s, u"/srv/agent"_s);
    row(u"file:builds"_s, u"builds"_s);
    row(u"github:acme/agent.cpp"_s, u"github:acme/agent.cpp"_s);
    row(u"github:acme/agent@https://git.example.org/api/v1"_s, u"github:acme/agent"_s);
    row(u"s3:https://b.s3.eu-west-1.amazonaws.com/k?X-Amz-Signature=1"_s,
        u"s3:https://b.s3.eu-west-1.amazonaws.com/k"_s);
}

void TestFunctionSource::texts()
{
    QFETCH(QString, text);
    const SourceFixture bench;
    const auto made = makeSource(text, bench.options);
    VERIFY_RESULT(made);
    QTEST((*made)->displayName(), "displayName");
}

void TestFunctionSource::wrongTexts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<ErrorCode>("code");
    const auto row = [](const QString &text, ErrorCode code = ErrorCode::USAGE) {
        QTest::newRow(qPrintable(text)) << text << code;
    };
    row(u""_s);
    row(u"agent"_s);
    row(u"ftp://host/agent"_s);
    row(u"http:"_s);
    row(u"http:agent"_s);
    row(u"http:http://host/agent"_s, ErrorCode::URL_SCHEME);
    row(u"http://host/agent"_s, ErrorCode::URL_SCHEME);
    row(u"http:file:///etc/passwd"_s);
    row(u"http:ftp://host/agent"_s, ErrorCode::URL_SCHEME);
    row(u"file:"_s);
    row(u"github:acme"_s);
    row(u"github:acme/agent/more"_s);
    row(u"github:../agent"_s);
    row(u"github:acme/.."_s);
    row(u"github:acme/agent?x=1"_s);
    row(u"github:acme/agent@http://host"_s, ErrorCode::URL_SCHEME);
    row(u"s3:bucket/key"_s);
    row(u"appcast:https://host/appcast.xml"_s);
}

void TestFunctionSource::wrongTexts()
{
    QFETCH(QString, text);
    QFETCH(ErrorCode, code);
    const SourceFixture bench;
    const auto made = makeSource(text, bench.options);
    VERIFY_ERROR(made, code);
    QVERIFY(made.error().message.size() > 20);
}

void TestFunctionSource::appcast()
{
    SourceFixture bench;
    QUrl asked;
    bench.options.makeAppcast = [&](const QUrl &feed, const SourceOptions &) {
        asked = feed;
        return std::make_unique<FunctionSource>(
            u"feed"_s, [](JobControl &) -> Answer { return std::nullopt; });
    };
    bench.make(u"appcast:https://host/appcast.xml"_s);
    QCOMPARE(asked, QUrl(u"https://host/appcast.xml"_s));
    QCOMPARE(bench.look().end, "nothing");
    for (const QString &text : {u"appcast:"_s, u"appcast:feed.xml"_s, u"appcast:https://"_s,
                                u"appcast:ftp://host/feed.xml"_s})
        VERIFY_ERROR(makeSource(text, bench.options), ErrorCode::USAGE);
}

void TestFunctionSource::credentials()
{
    SourceFixture bench;
    qputenv("FRESHEN_TOKEN", "abc\n");
    qputenv("AWS_ACCESS_KEY_ID", "id");
    bench.options.takeCredentials();
    QCOMPARE(bench.options.token, "abc");
    const auto half = makeSource(u"s3:https://host/key"_s, bench.options);
    VERIFY_ERROR(half, ErrorCode::KEY);
    qputenv("AWS_SECRET_ACCESS_KEY", "secret");
    qputenv("AWS_REGION", "eu-west-1");
    bench.options.takeCredentials();
    QCOMPARE(bench.options.s3.region, "eu-west-1");
    VERIFY_RESULT(makeSource(u"s3:https://host/key"_s, bench.options));
    bench.options.token = "abc\r\nX: y";
    VERIFY_ERROR(makeSource(u"github:acme/agent"_s, bench.options), ErrorCode::KEY);
}

QTEST_GUILESS_MAIN(TestFunctionSource)
#include "tst_functionsource.moc"
