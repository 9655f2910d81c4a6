// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/download.h"

#include "tests/auto/transfer/slowdisk.h"
#include "tests/support/samplebytes.h"
#include "tests/support/waituntil.h"

#include <Freshen/FaultServer>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QNetworkAccessManager>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <memory>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Length = FaultAnswer::Length;

Q_DECLARE_METATYPE(Freshen::FaultAnswer)

namespace {

// What may be on its way in buffers of the system and of Qt.
constexpr qint64 buffers = 24 << 20;

} // namespace

class TestDownload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void downloads_data();
    void downloads();
    void replacesWhatIsThere();
    void slowDisk_data();
    void slowDisk();
    void acc045_wrongLength_data();
    void acc045_wrongLength();
    void acc046_endlessStream();
    void wrongContent();
    void acc048_cutForGood();
    void deletedMidway();
    void deletedBeforeItStarted();
    void deletedAfterwards();
    void folderThatCannotBeWritten_data();
    void folderThatCannotBeWritten();
    void filesOnlyWhenAllowed();
    void asksWithTheApplicationsHeaders();

private:
    QString file() const { return m_folder->filePath(u"downloads/package"_s); }
    // Starts to fetch what stands at "/file" and should be `content`.
    void begin(const QByteArray &content)
    {
        begin({{}, file(), content.size(), sha256(content), true, 3});
    }
    void begin(DownloadRequest request, UrlPolicy policy = {});
    bool hasEnded() const { return m_finished + m_failed > 0; }
    QByteArray code() const;
    // Everything below the folder of this test.
    QStringList files() const;

    QNetworkAccessManager m_manager;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FaultServer> m_server;
    std::unique_ptr<Download> m_download;
    int m_finished = 0;
    int m_failed = 0;
    Error m_error;
};

void TestDownload::init()
{
    m_download.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<FaultServer>();
    m_finished = m_failed = 0;
}

void TestDownload::begin(DownloadRequest request, UrlPolicy policy)
{
    if (request.urls.isEmpty())
        request.urls = {m_server->url(u"/file"_s)};
    policy.limits.patience = 300ms;
    m_download = std::make_unique<Download>(&m_manager, policy, request);
    connect(m_download.get(), &Download::finished, this, [this] { ++m_finished; });
    connect(m_download.get(), &Download::failed, this, [this](const Error &error) {
        ++m_failed;
        m_error = error;
        qInfo("%s", error.message.c_str());
    });
    m_download->start();
}

QByteArray TestDownload::code() const
{
    return m_failed ? errorCodeName(m_error.code).data() : "";
}

QStringList TestDownload::files() const
{
    QStringList found;
    for (const auto &entry :
         std::filesystem::recursive_directory_iterator(m_folder->path().toStdString())) {
        if (!entry.is_directory())
            found.append(QString::fromStdString(entry.path().filename().string()));
    }
    found.sort();
    return found;
}

void TestDownload::downloads_data()
{
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<Length>("length");
    QTest::addColumn<qsizetype>("block");
    constexpr qsizetype large = 40 << 20;
    QTest::newRow("nothing") << qsizetype(0) << Length::Announced << qsizetype(1000);
    QTest::newRow("a few bytes") << qsizetype(4) << Length::Announced << qsizetype(1);
    QTest::newRow("large, small blocks") << large << Length::Announced << qsizetype(1000);
    QTest::newRow("large, large blocks") << large << Length::Announced << qsizetype(1 << 20);
    QTest::newRow("large, at once") << large << Length::Announced << large;
    QTest::newRow("chunked, small blocks") << large << Length::Chunked << qsizetype(1000);
    QTest::newRow("chunked, at once") << large << Length::Chunked << large;
    QTest::newRow("until the end") << large << Length::UntilTheEnd << qsizetype(1 << 20);
}

void TestDownload::downloads()
{
    QFETCH(qsizetype, size);
    QFETCH(Length, length);
    QFETCH(qsizetype, block);
    FaultAnswer answer;
    answer.content = randomBytes(size);
    answer.length = length;
    answer.block = block;
    m_server->serve(u"/file"_s, answer);
    begin(answer.content);
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(code(), "");
    QCOMPARE(m_finished, 1);
    QCOMPARE(m_download->bytesReceived(), size);
    m_download.reset();
    QVERIFY(contentOf(file()) == answer.content);
    QCOMPARE(QFile::permissions(file()) & QFile::Permissions(0x77), QFile::Permissions());
}

void TestDownload::replacesWhatIsThere()
{
    QDir().mkpath(QFileInfo(file()).path());
    QFile old(file());
    QVERIFY(old.open(QIODevice::WriteOnly) && old.write(QByteArray(9999, 'o')) == 9999);
    old.close();
    const QByteArray content = randomBytes(1000);
    m_server->serve(u"/file"_s, content);
    begin(content);
    QVERIFY(waitUntil([&] { return m_finished == 1; }));
    QCOMPARE(contentOf(file()), content);
}

void TestDownload::slowDisk_data()
{
    QTest::addColumn<qsizetype>("block");
    QTest::addColumn<Length>("length");
    QTest::newRow("small blocks") << qsizetype(1000) << Length::Announced;
    QTest::newRow("large blocks") << qsizetype(3 << 20) << Length::Announced;
    QTest::newRow("at once") << qsizetype(48 << 20) << Length::Announced;
    QTest::newRow("chunked") << qsizetype(300'000) << Length::Chunked;
}

// The network runs ahead until it has to wait for the disk, again and again; what arrives is in
// order all the same.
void TestDownload::slowDisk()
{
    QFETCH(qsizetype, block);
    QFETCH(Length, length);
    constexpr qint64 mayWait = 2 << 20;
    constexpr qint64 step = 512 << 10; // as much as is written at once
    FaultAnswer answer;
    answer.content = randomBytes(48 << 20);
    answer.block = block;
    answer.length = length;
    m_server->serve(u"/file"_s, answer);
    SlowDisk disk;
    begin(answer.content);
    const auto ahead = [&] { return m_download->bytesReceived() - disk.written(); };
    const auto isAll = [&] {
        return m_download->bytesReceived() == answer.content.size() || hasEnded();
    };
    qint64 mostAhead = 0;
    while (!isAll()) {
        // Either it goes on to the limit, or it waits already.
        QVERIFY(waitUntil([&] { return ahead() > mayWait / 2 || isAll(); }));
        QElapsedTimer since;
        since.start();
        waitUntil([&] { return ahead() > mayWait || isAll() || since.elapsed() > 500; });
        mostAhead = std::max(mostAhead, ahead());
        waitUntil([&] {
            disk.allow(step);
            return ahead() <= mayWait / 2 || isAll();
        });
    }
    waitUntil([&] {
        disk.allow(step);
        return hasEnded();
    });
    QCOMPARE(code(), "");
    QVERIFY(mostAhead > mayWait);
    // By one block at most.
    QVERIFY(mostAhead <= mayWait + step);
    QVERIFY(contentOf(file()) == answer.content);
}

void TestDownload::acc045_wrongLength_data()
{
    QTest::addColumn<FaultAnswer>("answer");
    QTest::addColumn<int>("difference"); // of the content to what the feed announces
    for (const auto &[name, length] : {std::pair("announced", Length::Announced),
                                       std::pair("chunked", Length::Chunked),
                                       std::pair("until the end", Length::UntilTheEnd)}) {
        FaultAnswer answer;
        answer.length = length;
        QTest::addRow("a byte more, %s", name) << answer << 1;
        QTest::addRow("much more, %s", name) << answer << 5'000'000;
        QTest::addRow("a byte less, %s", name) << answer << -1;
        QTest::addRow("nothing, %s", name) << answer << -1'000'000;
    }
}

void TestDownload::acc045_wrongLength()
{
    QFETCH(FaultAnswer, answer);
    QFETCH(int, difference);
    const QByteArray content = randomBytes(8'000'000);
    answer.content = content.left(1'000'000 + difference);
    m_server->serve(u"/file"_s, answer);
    begin(content.left(1'000'000));
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(code(), "SIZE");
    m_download.reset();
    QCOMPARE(m_finished, 0);
    QCOMPARE(files(), QStringList());
}

void TestDownload::acc046_endlessStream()
{
    FaultAnswer answer;
    answer.content = randomBytes(64 * 1024);
    answer.length = Length::Chunked;
    answer.isEndless = true;
    m_server->serve(u"/file"_s, answer);
    begin({{}, file(), 3'000'000, sha256(answer.content)});
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(code(), "SIZE");
    QVERIFY(m_download->bytesReceived() < 3'000'000 + (2 << 20));
    QVERIFY2(m_server->bytesSent() < 3'000'000 + buffers,
             qPrintable(QString::number(m_server->bytesSent())));
    m_download.reset();
    QVERIFY(waitUntil([&] { return m_server->connections() == 0; }));
    QCOMPARE(files(), QStringList());
}

void TestDownload::wrongContent()
{
    QByteArray content = randomBytes(2'000'000);
    m_server->serve(u"/file"_s, content);
    content[1'000'000] = char(content[1'000'000] ^ 1);
    begin(content);
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(code(), "HASH");
    QVERIFY(m_error.message.find("package") != std::string::npos);
    m_download.reset();
    QCOMPARE(files(), QStringList());
}

// Every answer is cut at the same place, so that nothing new comes in the end.
void TestDownload::acc048_cutForGood()
{
    FaultAnswer answer;
    answer.content = randomBytes(2'000'000);
    answer.cutAfter = 1'000'000;
    answer.ranges = FaultAnswer::Ranges::Ignored;
    m_server->serve(u"/file"_s, answer);
    begin(answer.content);
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(code(), "NETWORK");
    m_download.reset();
    // Another network may do better.
    QCOMPARE(files(), QStringList({u"package.part"_s, u"package.record"_s}));
}

void TestDownload::deletedMidway()
{
    FaultAnswer answer;
    answer.content = randomBytes(20'000'000);
    answer.stallAfter = 5'000'000;
    // Of each of three pieces, the last of which is shorter than that.
    constexpr qint64 arrives = 2 * 5'000'000 + 20'000'000 - 2 * (8 << 20);
    m_server->serve(u"/file"_s, answer);
    begin(answer.content);
    QVERIFY(waitUntil([&] { return m_download->bytesReceived() == arrives; }));
    m_download.reset();
    QCOMPARE(files(), QStringList({u"package.part"_s, u"package.record"_s}));
    QVERIFY(waitUntil([&] { return m_server->connections() == 0; }));
    QVERIFY(!hasEnded());
}

void TestDownload::deletedBeforeItStarted()
{
    Download download(&m_manager, {}, {{m_server->url(u"/file"_s)}, file(), 10, {}});
    QCOMPARE(download.bytesReceived(), 0);
}

void TestDownload::deletedAfterwards()
{
    const QByteArray content = randomBytes(1000);
    m_server->serve(u"/file"_s, content);
    begin(content);
    QVERIFY(waitUntil([&] { return m_finished == 1; }));
    m_download.reset();
    QCOMPARE(files(), QStringList{u"package"_s});
}

void TestDownload::folderThatCannotBeWritten_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("below a file") << u"a-file/downloads/package"_s;
    QTest::newRow("a folder stands there") << u"a-folder"_s;
    QTest::newRow("below a link to itself") << u"a-loop/downloads/package"_s;
    QTest::newRow("name too long") << QString(300, u'x') + u"/package"_s;
}

void TestDownload::folderThatCannotBeWritten()
{
    QFETCH(QString, name);
    QFile stone(m_folder->filePath(u"a-file"_s));
    QVERIFY(stone.open(QIODevice::WriteOnly));
    QVERIFY(QDir().mkpath(m_folder->filePath(u"a-folder"_s)));
    QVERIFY(QFile::link(u"a-loop"_s, m_folder->filePath(u"a-loop"_s)));
    const QByteArray content = randomBytes(3'000'000);
    m_server->serve(u"/file"_s, content);
    begin({{}, m_folder->filePath(name), content.size(), sha256(content)});
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(code(), "IO");
    m_download.reset();
    QCOMPARE(m_failed, 1);
    QCOMPARE(m_finished, 0);
    QVERIFY(QFileInfo(m_folder->filePath(u"a-folder"_s)).isDir());
}

void TestDownload::filesOnlyWhenAllowed()
{
    const QByteArray content = randomBytes(5'000'000);
    QFile source(m_folder->filePath(u"source"_s));
    QVERIFY(source.open(QIODevice::WriteOnly) && source.write(content) == content.size());
    source.close();
    const QUrl url = QUrl::fromLocalFile(source.fileName());
    begin({{url}, file(), content.size(), sha256(content)});
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(code(), "URL_SCHEME");
    m_failed = 0;
    begin({{url}, file(), content.size(), sha256(content)}, {false, true});
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(code(), "");
    QVERIFY(contentOf(file()) == content);
}

void TestDownload::asksWithTheApplicationsHeaders()
{
    m_server->serve(u"/file"_s, "content");
    const DownloadRequest request{{m_server->url(u"/file"_s)}, file(), 7, sha256("content")};
    UrlPolicy policy;
    policy.prepare = [](QNetworkRequest &asked) { asked.setRawHeader("X-Own", "1"); };
    Download download(&m_manager, policy, request);
    download.start();
    QVERIFY(waitUntil([&] { return m_server->requests(u"/file"_s) == 1; }));
    QCOMPARE(m_server->header(u"/file"_s, "X-Own"), "1");
}

QTEST_GUILESS_MAIN(TestDownload)
#include "tst_download.moc"
