// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Downloads that are interrupted, by whatever it may be, and arrive all the same.

#include "lib/transfer/download.h"

#include "tests/support/samplebytes.h"
#include "tests/support/waituntil.h"

#include <Freshen/FaultServer>

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Ranges = FaultAnswer::Ranges;
using Answers = QList<FaultAnswer>;

Q_DECLARE_METATYPE(QList<Freshen::FaultAnswer>)

namespace {

constexpr qsizetype smallSize = 3'000'000; // one piece
constexpr qsizetype largeSize = 40'000'000; // five of them

FaultAnswer answerWith(const QByteArray &content, const QByteArray &etag = "\"one\"")
{
    FaultAnswer answer;
    answer.content = content;
    answer.etag = etag;
    return answer;
}

FaultAnswer cutAnswer(const QByteArray &content, qint64 after, const QByteArray &etag = "\"one\"")
{
    FaultAnswer answer = answerWith(content, etag);
    answer.cutAfter = after;
    return answer;
}

FaultAnswer statusAnswer(int status, const QByteArray &retryAfter = {})
{
    FaultAnswer answer;
    answer.status = status;
    answer.content = "<html>not now</html>";
    answer.retryAfter = retryAfter;
    return answer;
}

// Whether a request goes on there: Qt may lose the last bytes before a cut.
bool isJustBefore(qint64 cut, const QByteArray &range)
{
    const qint64 first = range.mid(6, range.indexOf('-') - 6).toLongLong();
    return first <= cut && first >= cut - (512 << 10);
}

} // namespace

class TestResume : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void acc048_cutAndResume_data();
    void acc048_cutAndResume();
    void acc048_changedOnTheServer_data();
    void acc048_changedOnTheServer();
    void acc049_serverIsBadAtRanges_data();
    void acc049_serverIsBadAtRanges();
    void acc044_passingTrouble_data();
    void acc044_passingTrouble();
    void acc044_lastingTrouble_data();
    void acc044_lastingTrouble();
    void acc044_loginPageOfTheNetwork();
    void acc045_shorterThanSigned();
    void acc047_drip();
    void acc047_deadline();
    void acc050_secondMirror_data();
    void acc050_secondMirror();
    void slowWrongGood();
    void blamesNobodyForAMixture();
    void acrossObjects_data();
    void acrossObjects();
    void withoutHash_data();
    void withoutHash();
    void completeWithoutHash();
    void wholeFileOfAnInterruptedInstall();
    void damagedPartIsFetchedAgain();
    void recordsThatAreNone_data();
    void recordsThatAreNone();
    void afterAPowerCut();
    void severalConnections();
    void fewerConnectionsWhereTheServerWants();
    void pauses();
    void keepsToTheRate();

private:
    void serve(const Answers &answers) { m_server->serve(u"/file"_s, answers); }
    void begin(const QByteArray &content, QList<QUrl> urls = {}, UrlPolicy policy = patient());
    void begin(const DownloadRequest &request, const UrlPolicy &policy);
    static UrlPolicy patient()
    {
        UrlPolicy policy;
        policy.limits.patience = 30s;
        return policy;
    }
    void end() { QVERIFY(waitUntil([&] { return hasEnded(); })); }
    bool hasEnded() const { return m_finished + m_failed > 0; }
    QByteArray code() const { return m_failed ? errorCodeName(m_error.code).data() : ""; }
    QString file(const QString &ending = {}) const { return m_folder->filePath(u"package"_s + ending); }
    QByteArray result() const { return contentOf(file()); }
    // What was asked for, one after the other. When a connection ends midway, Qt may ask the same
    // again before it can be stopped.
    QByteArrayList ranges() const;

    QNetworkAccessManager m_manager;
    QByteArray m_small;
    QByteArray m_large;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FaultServer> m_server;
    std::unique_ptr<Download> m_download;
    int m_finished = 0;
    int m_failed = 0;
    Error m_error;
};

void TestResume::initTestCase()
{
    m_small = randomBytes(smallSize);
    m_large = randomBytes(largeSize);
}

void TestResume::init()
{
    m_download.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<FaultServer>();
}

QByteArrayList TestResume::ranges() const
{
    QByteArrayList ranges;
    for (const FaultRequest &request : m_server->requests()) {
        const QByteArray range = request.header("Range");
        if (ranges.isEmpty() || ranges.last() != range)
            ranges.append(range);
    }
    return ranges;
}

void TestResume::begin(const QByteArray &content, QList<QUrl> urls, UrlPolicy policy)
{
    if (urls.isEmpty())
        urls = {m_server->url(u"/file"_s)};
    begin({urls, file(), content.size(), sha256(content), true, 3}, policy);
}

void TestResume::begin(const DownloadRequest &request, const UrlPolicy &policy)
{
    m_finished = m_failed = 0;
    m_download = std::make_unique<Download>(&m_manager, policy, request);
    connect(m_download.get(), &Download::finished, this, [this] { ++m_finished; });
    connect(m_download.get(), &Download::failed, this, [this](const Error &error) {
        ++m_failed;
        m_error = error;
        qInfo("%s", error.message.c_str());
    });
    m_download->start();
}

void TestResume::acc048_cutAndResume_data()
{
    QTest::addColumn<bool>("isLarge");
    QTest::addColumn<int>("percent");
    for (const int percent : {0, 1, 50, 99}) {
        QTest::addRow("small, at %d %%", percent) << false << percent;
        QTest::addRow("large, at %d %%", percent) << true << percent;
    }
}

void TestResume::acc048_cutAndResume()
{
    QFETCH(bool, isLarge);
    QFETCH(int, percent);
    const QByteArray &content = isLarge ? m_large : m_small;
    const qint64 piece = isLarge ? 8 << 20 : content.size();
    const qint64 cut = piece * percent / 100;
    serve({cutAnswer(content, cut), answerWith(content)});
    begin(content);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == content);
    QCOMPARE(m_download->bytesReceived(), content.size());
    const QByteArrayList asked = ranges();
    QVERIFY(std::any_of(asked.begin(), asked.end(),
                        [&](const QByteArray &range) { return isJustBefore(cut, range); }));
}

void TestResume::acc048_changedOnTheServer_data()
{
    QTest::addColumn<bool>("isLarge");
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    for (const bool isLarge : {false, true}) {
        const char *size = isLarge ? "large" : "small";
        QTest::addRow("%s, another tag", size) << isLarge << QByteArray("\"a\"") << QByteArray("\"b\"");
        QTest::addRow("%s, the tag is gone", size) << isLarge << QByteArray("\"a\"") << QByteArray("");
    }
}

// What was there is not the file that is wanted: the bytes of the old one are in none of it.
void TestResume::acc048_changedOnTheServer()
{
    QFETCH(bool, isLarge);
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    const QByteArray &content = isLarge ? m_large : m_small;
    const QByteArray old = randomBytes(content.size());
    serve({cutAnswer(old, 1'500'000, first), answerWith(content, second)});
    begin(content);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == content);
}

void TestResume::acc049_serverIsBadAtRanges_data()
{
    QTest::addColumn<bool>("isLarge");
    QTest::addColumn<Ranges>("ranges");
    for (const bool isLarge : {false, true}) {
        const char *size = isLarge ? "large" : "small";
        QTest::addRow("%s, ignored", size) << isLarge << Ranges::Ignored;
        QTest::addRow("%s, refused", size) << isLarge << Ranges::Refused;
        QTest::addRow("%s, wrong start", size) << isLarge << Ranges::WrongStart;
        QTest::addRow("%s, wrong total", size) << isLarge << Ranges::WrongTotal;
        QTest::addRow("%s, wrong unit", size) << isLarge << Ranges::WrongUnit;
        QTest::addRow("%s, not said which", size) << isLarge << Ranges::NoContentRange;
    }
}

void TestResume::acc049_serverIsBadAtRanges()
{
    QFETCH(bool, isLarge);
    QFETCH(Ranges, ranges);
    const QByteArray &content = isLarge ? m_large : m_small;
    FaultAnswer first = cutAnswer(content, 1'000'000);
    FaultAnswer other = answerWith(content);
    first.ranges = other.ranges = ranges;
    serve({first, other});
    begin(content);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == content);
}

void TestResume::acc044_passingTrouble_data()
{
    QTest::addColumn<FaultAnswer>("trouble");
    for (const int status : {408, 425, 429, 500, 502, 503, 504})
        QTest::addRow("%d", status) << statusAnswer(status);
    QTest::newRow("503 for a second") << statusAnswer(503, "1");
}

void TestResume::acc044_passingTrouble()
{
    QFETCH(FaultAnswer, trouble);
    serve({cutAnswer(m_small, 1'000'000), trouble, trouble, answerWith(m_small)});
    QElapsedTimer time;
    time.start();
    begin(m_small);
    QSignalSpy interrupted(m_download.get(), &Download::interrupted);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_small);
    QVERIFY(interrupted.size() >= 2);
    const QByteArrayList asked = ranges();
    QCOMPARE(asked.size(), 2);
    QVERIFY(isJustBefore(1'000'000, asked.last()));
    if (!trouble.retryAfter.isEmpty())
        QVERIFY(time.elapsed() >= 1000);
}

void TestResume::acc044_lastingTrouble_data()
{
    QTest::addColumn<FaultAnswer>("trouble");
    QTest::addColumn<int>("retryAfter");
    for (const int status : {400, 401, 403, 404, 410, 451})
        QTest::addRow("%d", status) << statusAnswer(status) << 0;
    QTest::newRow("503 for an hour") << statusAnswer(503, "3600") << 3600;
    QTest::newRow("503 for a year") << statusAnswer(503, "31536000") << 24 * 3600;
}

// One request tells; nobody is asked again before the time.
void TestResume::acc044_lastingTrouble()
{
    QFETCH(FaultAnswer, trouble);
    QFETCH(int, retryAfter);
    serve({trouble});
    begin(m_small);
    end();
    QCOMPARE(code(), "HTTP_STATUS");
    QCOMPARE(m_server->requests(u"/file"_s), 1);
    QCOMPARE(m_download->retryAfter().value_or(0s).count(), retryAfter);
}

void TestResume::acc044_loginPageOfTheNetwork()
{
    const FaultAnswer page = FaultAnswer::loginPage();
    serve({cutAnswer(m_small, 1'000'000), page, page, answerWith(m_small)});
    begin(m_small);
    QSignalSpy interrupted(m_download.get(), &Download::interrupted);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_small);
    QVERIFY(std::any_of(interrupted.begin(), interrupted.end(), [](const QVariantList &arguments) {
        const auto error = arguments.first().value<Error>();
        return error.message.find("login page") != std::string::npos;
    }));
}

void TestResume::acc045_shorterThanSigned()
{
    serve({answerWith(m_small.chopped(1))});
    begin(m_small);
    end();
    QCOMPARE(code(), "SIZE");
    QCOMPARE(m_server->requests(u"/file"_s), 1);
    m_download.reset();
    QVERIFY(!QFile::exists(file(u".part"_s)));
}

void TestResume::acc047_drip()
{
    FaultAnswer drip = answerWith(m_small);
    drip.bytesPerSecond = 10;
    serve({drip});
    UrlPolicy policy;
    policy.limits = {.window = 1s, .minimumRate = 512, .patience = 100ms};
    begin(m_small, {}, policy);
    end();
    QCOMPARE(code(), "SLOW");
}

// Fast enough at every moment, but not on the whole.
void TestResume::acc047_deadline()
{
    FaultAnswer drip = answerWith(m_small);
    drip.bytesPerSecond = 100'000;
    serve({drip});
    UrlPolicy policy;
    policy.limits.deadline = 700ms;
    begin(m_small, {}, policy);
    end();
    QCOMPARE(code(), "SLOW");
    QCOMPARE(m_server->requests(u"/file"_s), 1);
}

void TestResume::acc050_secondMirror_data()
{
    QTest::addColumn<FaultAnswer>("first");
    QTest::addColumn<QByteArray>("error");
    FaultAnswer wrong = answerWith(m_small);
    wrong.damagedAt = 2'000'000;
    QTest::newRow("wrong bytes") << wrong << QByteArray("HASH");
    QTest::newRow("longer") << answerWith(m_small + "x") << QByteArray("SIZE");
    QTest::newRow("shorter") << answerWith(m_small.chopped(1)) << QByteArray("SIZE");
    QTest::newRow("nothing there") << statusAnswer(404) << QByteArray("HTTP_STATUS");
    QTest::newRow("busy") << statusAnswer(503, "3600") << QByteArray("HTTP_STATUS");
    QTest::newRow("cut") << cutAnswer(m_small, 1'000'000) << QByteArray("NETWORK");
}

void TestResume::acc050_secondMirror()
{
    QFETCH(FaultAnswer, first);
    QFETCH(QByteArray, error);
    m_server->serve(u"/first"_s, first);
    m_server->serve(u"/second"_s, answerWith(m_small));
    begin(m_small, {m_server->url(u"/first"_s), m_server->url(u"/second"_s)});
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_small);
    const auto failures = m_download->failures();
    QCOMPARE(failures.size(), 1);
    QCOMPARE(failures.first().url, m_server->url(u"/first"_s));
    QCOMPARE(QByteArray(errorCodeName(failures.first().error.code).data()), error);
}

// As long as nobody says which bytes are wrong, those of the first are suspected as well.
void TestResume::slowWrongGood()
{
    FaultAnswer slow = answerWith(m_small, "\"slow\"");
    slow.bytesPerSecond = 400;
    FaultAnswer wrong = answerWith(m_small, "\"wrong\"");
    wrong.damagedAt = 2'000'000;
    m_server->serve(u"/slow"_s, slow);
    m_server->serve(u"/wrong"_s, wrong);
    m_server->serve(u"/good"_s, answerWith(m_small, "\"good\""));
    UrlPolicy policy = patient();
    policy.limits.window = 1s;
    begin(m_small,
          {m_server->url(u"/slow"_s), m_server->url(u"/wrong"_s), m_server->url(u"/good"_s)},
          policy);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_small);
    const auto failures = m_download->failures();
    QCOMPARE(failures.size(), 2);
    QCOMPARE(failures.at(0).url, m_server->url(u"/slow"_s));
    QCOMPARE(failures.at(0).error.code, ErrorCode::SLOW);
    QCOMPARE(failures.at(1).url, m_server->url(u"/wrong"_s));
    QCOMPARE(failures.at(1).error.code, ErrorCode::HASH);
    QCOMPARE(m_server->requests(u"/good"_s), 1);
}

// The first was wrong and broke off, the second only completed what it had begun.
void TestResume::blamesNobodyForAMixture()
{
    QByteArray damaged = m_small;
    damaged[10] = char(damaged[10] ^ 1);
    m_server->serve(u"/first"_s, Answers{cutAnswer(damaged, 1'000'000), statusAnswer(404)});
    m_server->serve(u"/second"_s, answerWith(m_small, "\"two\""));
    begin(m_small, {m_server->url(u"/first"_s), m_server->url(u"/second"_s)});
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_small);
}

void TestResume::acrossObjects_data()
{
    QTest::addColumn<bool>("isLarge");
    QTest::newRow("small") << false;
    QTest::newRow("large") << true;
}

// As across starts of the app: nothing but the files is left of the first one.
void TestResume::acrossObjects()
{
    QFETCH(bool, isLarge);
    const QByteArray &content = isLarge ? m_large : m_small;
    FaultAnswer stall = answerWith(content);
    stall.stallAfter = 1'000'000;
    const qint64 arrives = isLarge ? 3'000'000 : 1'000'000;
    const auto answers = isLarge ? Answers{stall, stall, stall, answerWith(content)}
                                 : Answers{stall, answerWith(content)};
    serve(answers);
    begin(content);
    QVERIFY(waitUntil([&] { return m_download->bytesReceived() == arrives; }));
    m_download.reset();
    begin(content);
    QSignalSpy progressed(m_download.get(), &Download::progressed);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == content);
    QVERIFY(progressed.first().first().toLongLong() > 0);
    QCOMPARE(m_download->bytesReceived() + progressed.first().first().toLongLong(),
             content.size());
    QVERIFY(!QFile::exists(file(u".part"_s)) && !QFile::exists(file(u".record"_s)));
}

void TestResume::withoutHash_data()
{
    QTest::addColumn<QByteArray>("etag");
    QTest::addColumn<bool>("resumes");
    QTest::newRow("strong tag") << QByteArray("\"one\"") << true;
    QTest::newRow("weak tag") << QByteArray("W/\"one\"") << false;
    QTest::newRow("no tag") << QByteArray("") << false;
}

// Where nothing else tells whether parts belong together, the server has to.
void TestResume::withoutHash()
{
    QFETCH(QByteArray, etag);
    QFETCH(bool, resumes);
    serve({cutAnswer(m_small, 1'000'000, etag), answerWith(m_small, etag)});
    begin({{m_server->url(u"/file"_s)}, file(), 5'000'000, {}, false}, patient());
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_small);
    const qint64 twice = m_download->bytesReceived() - m_small.size();
    if (resumes)
        QCOMPARE(twice, 0);
    else
        QVERIFY(twice > 1'000'000 - (512 << 10) && twice <= 1'000'000);
}

// All of it had arrived, and then it was interrupted.
void TestResume::completeWithoutHash()
{
    const DownloadRequest request = {{m_server->url(u"/file"_s)}, file(), smallSize, {}, false};
    serve({answerWith(m_small)});
    begin(request, patient());
    connect(m_download.get(), &Download::progressed, this, [this](qint64 bytes) {
        if (bytes == smallSize)
            m_download->setPaused(true);
    });
    QVERIFY(waitUntil([&] { return m_download->isPaused(); }));
    m_download.reset();
    QVERIFY(QFile::exists(file(u".part"_s)));
    begin(request, patient());
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_small);
    QCOMPARE(m_server->requests(u"/file"_s), 1);
}

void TestResume::wholeFileOfAnInterruptedInstall()
{
    QFile whole(file());
    QVERIFY(whole.open(QIODevice::WriteOnly) && whole.write(m_small) == m_small.size());
    whole.close();
    begin(m_small);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_small);
    QCOMPARE(m_server->requests(u"/file"_s), 0);
}

// Where the disk, not the server, was at fault, the only address is still good.
void TestResume::damagedPartIsFetchedAgain()
{
    serve({cutAnswer(m_small, 2'000'000), statusAnswer(404)});
    begin(m_small);
    end();
    QCOMPARE(code(), "HTTP_STATUS");
    m_download.reset();
    QFile part(file(u".part"_s));
    QVERIFY(part.open(QIODevice::ReadWrite) && part.seek(1000) && part.write("damage") == 6);
    part.close();
    serve({answerWith(m_small)});
    begin(m_small);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_small);
}

void TestResume::recordsThatAreNone_data()
{
    QTest::addColumn<QByteArray>("record");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("short") << QByteArray("{\"schema\":1}\n");
    QTest::newRow("noise") << randomBytes(12288);
    QTest::newRow("zeros") << QByteArray(12288, '\0');
    QByteArray huge = "{\"schema\":1,\"length\":3000000,\"exact\":true,\"pieceSize\":1,\"sha256\":\""
        + sha256(m_small).toLatin1() + "\"}\n";
    huge.resize(12288, ' ');
    QTest::newRow("millions of pieces") << huge;
    huge.replace("\"pieceSize\":1,", "\"pieceSize\":-9,");
    QTest::newRow("pieces of less than nothing") << huge;
    huge.replace("\"pieceSize\":-9,", "\"pieceSize\":3000000,");
    QTest::newRow("more than there is") << huge.left(4096) + QByteArray(8192, '\x7f');
}

void TestResume::recordsThatAreNone()
{
    QFETCH(QByteArray, record);
    QFile file(this->file(u".record"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(record) == record.size());
    file.close();
    serve({answerWith(m_small)});
    begin(m_small);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_small);
}

// What counts then is what was on the disk for certain: after so short a time, nothing.
void TestResume::afterAPowerCut()
{
    serve({cutAnswer(m_small, 2'000'000), statusAnswer(404)});
    begin(m_small);
    end();
    m_download.reset();
    QFile record(file(u".record"_s));
    QVERIFY(record.open(QIODevice::ReadWrite));
    const QByteArray before = record.readAll();
    QByteArray after = before;
    QFile boot(u"/proc/sys/kernel/random/boot_id"_s);
    QVERIFY(boot.open(QIODevice::ReadOnly));
    after.replace(boot.readAll().trimmed(), "00000000-0000-0000-0000-000000000000");
    QVERIFY(after != before && record.seek(0) && record.write(after) == after.size());
    record.close();
    serve({answerWith(m_small)});
    begin(m_small);
    QSignalSpy progressed(m_download.get(), &Download::progressed);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_small);
    QCOMPARE(progressed.first().first().toLongLong(), 0);
}

void TestResume::severalConnections()
{
    FaultAnswer answer = answerWith(m_large);
    answer.bytesPerSecond = 20'000'000;
    serve({answer});
    begin(m_large);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_large);
    QCOMPARE(m_server->mostConnections(), 3);
    QCOMPARE(m_server->bytesSent(), m_large.size());
    QCOMPARE(m_server->requests(u"/file"_s), 5);
}

void TestResume::fewerConnectionsWhereTheServerWants()
{
    FaultAnswer answer = answerWith(m_large);
    answer.bytesPerSecond = 20'000'000;
    serve({answer, statusAnswer(503), statusAnswer(429), answer});
    begin(m_large);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_large);
    QCOMPARE(m_download->failures().size(), 0);
}

void TestResume::pauses()
{
    FaultAnswer answer = answerWith(m_small);
    answer.bytesPerSecond = 2'000'000;
    serve({answer});
    begin(m_small);
    QVERIFY(waitUntil([&] { return m_download->bytesReceived() > 500'000; }));
    m_download->setPaused(true);
    QVERIFY(waitUntil([&] { return m_server->connections() == 0; }));
    const qint64 received = m_download->bytesReceived();
    QVERIFY(!hasEnded() && received < m_small.size());
    m_download->setPaused(false);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_small);
    QCOMPARE(m_download->bytesReceived(), m_small.size());
}

void TestResume::keepsToTheRate()
{
    serve({answerWith(m_small)});
    QElapsedTimer time;
    time.start();
    begin(m_small);
    m_download->setMaximumRate(1'500'000);
    end();
    QCOMPARE(code(), "");
    QVERIFY(result() == m_small);
    // Two seconds, less what may be taken at once.
    QVERIFY2(time.elapsed() > 1500, qPrintable(QString::number(time.elapsed())));
    QVERIFY2(time.elapsed() < 10'000, qPrintable(QString::number(time.elapsed())));
}

QTEST_GUILESS_MAIN(TestResume)
#include "tst_resume.moc"
