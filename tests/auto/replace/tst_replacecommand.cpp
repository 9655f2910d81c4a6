// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// freshen replace, as people and scripts run it.

#include "lib/replace/bsdiffwriter.h"
#include "tests/auto/replace/replacementfixture.h"
#include "tests/support/peakmemory.h"
#include "tests/support/waituntil.h"

#include <Freshen/FaultServer>

#include <QDirIterator>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

#include <csignal>

#include <sys/resource.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestReplaceCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void fromAFile();
    void fromAnAddress();
    void unverifiedAddress();
    void wrongContent();
    void signatures_data();
    void signatures();
    void signatureBesideTheFile();
    void patches();
    void patchSignatureBesideTheFile();
    void brokenConnection();
    void interrupted_data();
    void interrupted();
    void plainHttp();
    void contentThatIsThere();
    void peakMemory();
    void checkAndRollback();
    void wrongUsage_data();
    void wrongUsage();

private:
    struct Said {
        int status = -1;
        QJsonObject json;
        QString code() const { return json[u"error"_s][u"code"_s].toString(); }
    };
    void start(QProcess &process, const QStringList &options) const;
    Said replace(const QStringList &options) const;
    QString address(const QString &path) const { return m_server->url(path).toString(); }
    QString checksum() const { return QString::fromLatin1(hashOf(m_files->newContent)); }
    // What downloads left in the cache.
    QStringList cached() const;
    QString write(const QString &name, const QByteArray &content) const;

    std::unique_ptr<ReplacementFixture> m_files;
    std::unique_ptr<FaultServer> m_server;
    SecretKey m_key = std::move(*SecretKey::generate());
    QString m_publicKey = QString::fromStdString(m_key.publicKey().toMinisign());
};

void TestReplaceCommand::init()
{
    m_files = std::make_unique<ReplacementFixture>();
    m_server = std::make_unique<FaultServer>();
    m_server->serve(u"/tool"_s, m_files->newContent);
}

void TestReplaceCommand::start(QProcess &process, const QStringList &options) const
{
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"XDG_CACHE_HOME"_s, m_files->path(u"cache"_s));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(FRESHEN_BUILD_BIN "/freshen"),
                  QStringList{u"replace"_s, m_files->target(), u"--json"_s} + options);
}

TestReplaceCommand::Said TestReplaceCommand::replace(const QStringList &options) const
{
    QProcess process;
    start(process, options);
    if (!waitUntil([&] { return process.state() == QProcess::NotRunning; }))
        return {};
    return {process.exitCode(), QJsonDocument::fromJson(process.readAllStandardOutput()).object()};
}

QStringList TestReplaceCommand::cached() const
{
    QStringList found;
    QDirIterator all(m_files->path(u"cache/freshen/downloads"_s), QDir::Files,
                     QDirIterator::Subdirectories);
    while (all.hasNext())
        found += all.next();
    return found;
}

QString TestReplaceCommand::write(const QString &name, const QByteArray &content) const
{
    ReplacementFixture::write(m_files->path(name), content);
    return m_files->path(name);
}

void TestReplaceCommand::fromAFile()
{
    const QString kept = m_files->path(u"old"_s);
    const QByteArray sha384 = hashOf(m_files->newContent, QCryptographicHash::Sha384);
    const QByteArray sha512 = hashOf(m_files->newContent, QCryptographicHash::Sha512);
    const Said said = replace({u"--from"_s, write(u"new"_s, m_files->newContent), u"--sha256"_s,
                               checksum(), u"--sha384"_s, QString::fromLatin1(sha384),
                               u"--sha512"_s, QString::fromLatin1(sha512), u"--keep-old"_s, kept});
    QCOMPARE(said.status, 0);
    QCOMPARE(said.json,
             (QJsonObject{{u"result"_s, u"replaced"_s},
                          {u"target"_s, m_files->target()},
                          {u"sha256"_s, checksum()},
                          {u"bytesFetched"_s, 0},
                          {u"kept"_s, kept}}));
    QVERIFY(m_files->isReplaced());
    QCOMPARE(contentOf(kept), m_files->oldContent);
}

void TestReplaceCommand::fromAnAddress()
{
    const Said said = replace({u"--from"_s, address(u"/tool"_s), u"--sha256"_s, checksum()});
    QCOMPARE(said.status, 0);
    QCOMPARE(said.json,
             (QJsonObject{{u"result"_s, u"replaced"_s},
                          {u"target"_s, m_files->target()},
                          {u"sha256"_s, checksum()},
                          {u"bytesFetched"_s, m_files->newContent.size()},
                          {u"kept"_s, QJsonValue::Null}}));
    QVERIFY(m_files->isReplaced());
    QCOMPARE(cached(), QStringList());
}

void TestReplaceCommand::unverifiedAddress()
{
    const Said said = replace({u"--from"_s, address(u"/tool"_s)});
    QCOMPARE(said.status, 4);
    QCOMPARE(said.code(), u"SIGNATURE"_s);
    QVERIFY(m_server->requests().isEmpty());
    QVERIFY(m_files->isUntouched());
}

void TestReplaceCommand::wrongContent()
{
    m_server->serve(u"/tool"_s, QByteArray("another file"));
    const Said said = replace({u"--from"_s, address(u"/tool"_s), u"--sha256"_s, checksum()});
    QCOMPARE(said.status, 4);
    QCOMPARE(said.code(), u"HASH"_s);
    QVERIFY(m_files->isUntouched());
    QCOMPARE(cached(), QStringList());
}

void TestReplaceCommand::signatures_data()
{
    QTest::addColumn<FaultAnswer>("answer");
    QTest::addColumn<QString>("code");

    const ReplacementFixture files;
    const auto sign = [&](const QByteArray &content) {
        FaultAnswer answer;
        answer.content = QByteArray::fromStdString(
            m_key.minisign(content.toStdString(), "file:tool"));
        return answer;
    };
    QTest::newRow("good") << sign(files.newContent) << QString();
    QTest::newRow("of another file") << sign("another file") << u"SIGNATURE"_s;
    QTest::newRow("login page") << FaultAnswer::loginPage() << u"SIGNATURE"_s;
    FaultAnswer missing;
    missing.status = 404;
    QTest::newRow("missing") << missing << u"HTTP_STATUS"_s;
    FaultAnswer large;
    large.zeros = (1 << 20) + 1;
    QTest::newRow("more than a mebibyte") << large << u"SIZE"_s;
}

void TestReplaceCommand::signatures()
{
    QFETCH(const FaultAnswer, answer);
    QFETCH(const QString, code);
    m_server->serve(u"/signature"_s, answer);
    const Said said = replace({u"--from"_s, address(u"/tool"_s), u"--minisign"_s,
                               address(u"/signature"_s), u"--public-key"_s, m_publicKey});
    QCOMPARE(said.code(), code);
    QVERIFY(code.isEmpty() ? m_files->isReplaced() : m_files->isUntouched());
}

void TestReplaceCommand::signatureBesideTheFile()
{
    const std::string text = m_key.minisign(m_files->newContent.toStdString(), "file:tool");
    const QString from = write(u"new"_s, m_files->newContent);
    const Said missing = replace({u"--from"_s, from, u"--public-key"_s, m_publicKey});
    QCOMPARE(missing.status, 1);
    QVERIFY(m_files->isUntouched());
    write(u"new.minisig"_s, QByteArray::fromStdString(text));
    QCOMPARE(replace({u"--from"_s, from, u"--public-key"_s, m_publicKey}).status, 0);
    QVERIFY(m_files->isReplaced());
}

void TestReplaceCommand::patches()
{
    const auto patch = makeBsdiff(m_files->oldContent, m_files->newContent);
    QVERIFY(patch);
    m_server->serve(u"/patch"_s, *patch);
    const QStringList options = {u"--from"_s,        address(u"/patch"_s), u"--patch"_s,
                                 u"bsdiff"_s,        u"--sha256"_s,        checksum(),
                                 u"--patch-sha256"_s};
    const Said refused = replace(options + QStringList(checksum()));
    QCOMPARE(refused.code(), u"HASH"_s);
    QVERIFY(m_files->isUntouched());
    const Said said = replace(options + QStringList(QString::fromLatin1(hashOf(*patch))));
    QCOMPARE(said.status, 0);
    QCOMPARE(said.json[u"bytesFetched"_s].toInteger(), patch->size());
    QVERIFY(m_files->isReplaced());
}

void TestReplaceCommand::patchSignatureBesideTheFile()
{
    const auto patch = makeBsdiff(m_files->oldContent, m_files->newContent);
    QVERIFY(patch);
    const QString from = write(u"patch"_s, *patch);
    const QStringList options = {u"--from"_s,       from,       u"--patch"_s, u"bsdiff"_s,
                                 u"--public-key"_s, m_publicKey};
    QCOMPARE(replace(options).code(), u"SIGNATURE"_s);
    write(u"patch.minisig"_s, QByteArray::fromStdString(m_key.minisign("another", "file:patch")));
    QCOMPARE(replace(options).code(), u"SIGNATURE"_s);
    QVERIFY(m_files->isUntouched());
    write(u"patch.minisig"_s,
          QByteArray::fromStdString(m_key.minisign(patch->toStdString(), "file:patch")));
    QCOMPARE(replace(options).status, 0);
    QVERIFY(m_files->isReplaced());
}

// It goes on about where the connection broke: Qt may lose the last bytes before a cut.
void TestReplaceCommand::brokenConnection()
{
    const QByteArray content = randomBytes(8 << 20);
    FaultAnswer whole;
    whole.content = content;
    whole.etag = "\"one\"";
    FaultAnswer cut = whole;
    cut.cutAfter = 6 << 20;
    m_server->serve(u"/tool"_s, {cut, whole});
    const Said said = replace({u"--from"_s, address(u"/tool"_s), u"--sha256"_s, sha256(content)});
    QCOMPARE(said.status, 0);
    QCOMPARE(contentOf(m_files->target()), content);
    QVERIFY(m_server->requests().size() > 1);
    QVERIFY(m_server->requests().constLast().header("Range").startsWith("bytes="));
    QVERIFY(said.json[u"bytesFetched"_s].toInteger() < 10 << 20);
}

void TestReplaceCommand::interrupted_data()
{
    QTest::addColumn<int>("signal");

    QTest::newRow("Ctrl+C") << SIGINT;
    QTest::newRow("end") << SIGTERM;
}

void TestReplaceCommand::interrupted()
{
    QFETCH(const int, signal);
    FaultAnswer stalling;
    stalling.content = m_files->newContent;
    stalling.stallAfter = 200'000;
    m_server->serve(u"/tool"_s, stalling);
    QProcess process;
    start(process, {u"--from"_s, address(u"/tool"_s), u"--sha256"_s, checksum()});
    QVERIFY(waitUntil([&] { return !cached().isEmpty(); }));
    ::kill(pid_t(process.processId()), signal);
    QVERIFY(waitUntil([&] { return process.state() == QProcess::NotRunning; }));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 1);
    const auto json = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
    QCOMPARE(json[u"error"_s][u"code"_s].toString(), u"CANCELLED"_s);
    QVERIFY(m_files->isUntouched());
    QCOMPARE(cached(), QStringList());
}

void TestReplaceCommand::plainHttp()
{
    for (const char *url : {"http://example.org/tool", "ftp://example.org/tool", "file:///tool"}) {
        const Said said = replace(
            {u"--from"_s, QString::fromLatin1(url), u"--sha256"_s, checksum()});
        QCOMPARE(said.code(), u"URL_SCHEME"_s);
        QCOMPARE(said.status, 4);
    }
    QVERIFY(m_files->isUntouched());
    // This computer, too, but no address that is known to be.
    const QStringList options = {u"--from"_s,
                                 u"http://0.0.0.0:%1/tool"_s.arg(m_server->url(u"/"_s).port()),
                                 u"--sha256"_s, checksum()};
    QCOMPARE(replace(options).code(), u"URL_SCHEME"_s);
    QCOMPARE(replace(options + QStringList(u"--allow-http"_s)).status, 0);
    QVERIFY(m_files->isReplaced());
}

// The kept file stays the version before.
void TestReplaceCommand::contentThatIsThere()
{
    const QString kept = write(u"old"_s, "older");
    const QString hash = QString::fromLatin1(hashOf(m_files->oldContent));
    const Said said = replace(
        {u"--from"_s, address(u"/tool"_s), u"--sha256"_s, hash, u"--keep-old"_s, kept});
    QCOMPARE(said.status, 0);
    QCOMPARE(said.json[u"result"_s].toString(), u"unchanged"_s);
    QCOMPARE(said.json[u"sha256"_s].toString(), hash);
    QVERIFY(m_server->requests().isEmpty());
    const Said again = replace(
        {u"--from"_s, write(u"same"_s, m_files->oldContent), u"--keep-old"_s, kept});
    QCOMPARE(again.json[u"result"_s].toString(), u"unchanged"_s);
    QCOMPARE(contentOf(kept), "older");
    QVERIFY(m_files->isUntouched());
}

// However large the file is: the long tests try one of a gibibyte.
void TestReplaceCommand::peakMemory()
{
    if (!PeakMemory().growth())
        QSKIP("sanitizers take most of it");
    const qint64 mebibytes = std::max(64, qEnvironmentVariableIntValue("FRESHEN_TEST_MEBIBYTES"));
    const QString from = write(u"large"_s, "begin");
    QVERIFY(QFile::resize(from, mebibytes << 20));
    const Said said = replace({u"--from"_s, from});
    QCOMPARE(said.status, 0);
    QCOMPARE(QFileInfo(m_files->target()).size(), mebibytes << 20);
    // The most that any of them had, in kibibytes.
    rusage after = {};
    QCOMPARE(::getrusage(RUSAGE_CHILDREN, &after), 0);
    QVERIFY2(after.ru_maxrss < 64 << 10, QByteArray::number(after.ru_maxrss).constData());
}

void TestReplaceCommand::checkAndRollback()
{
    const QString kept = m_files->path(u"old"_s);
    QCOMPARE(replace({u"--check"_s}).json[u"result"_s].toString(), u"replaceable"_s);
    QVERIFY(m_files->isUntouched());
    const QStringList rollback = {u"--rollback"_s, u"--keep-old"_s, kept};
    QCOMPARE(replace(rollback).status, 3);
    QCOMPARE(
        replace({u"--from"_s, write(u"new"_s, m_files->newContent), u"--keep-old"_s, kept}).status,
        0);
    QCOMPARE(replace(rollback).json[u"result"_s].toString(), u"rolled-back"_s);
    QVERIFY(m_files->isUntouched());
    QVERIFY(!QFile::exists(kept));
}

void TestReplaceCommand::wrongUsage_data()
{
    QTest::addColumn<QStringList>("options");

    QTest::newRow("nothing to do") << QStringList();
    QTest::newRow("two things to do") << QStringList{u"--check"_s, u"--from"_s, u"new"_s};
    QTest::newRow("rollback to nowhere") << QStringList{u"--rollback"_s};
    QTest::newRow("signature without a key")
        << QStringList{u"--from"_s, u"new"_s, u"--minisign"_s, u"new.minisig"_s};
    QTest::newRow("another kind of patch")
        << QStringList{u"--from"_s, u"new"_s, u"--patch"_s, u"xdelta"_s};
    QTest::newRow("hash of no patch")
        << QStringList{u"--from"_s, u"new"_s, u"--patch-sha256"_s, u"00"_s};
}

void TestReplaceCommand::wrongUsage()
{
    QFETCH(const QStringList, options);
    const Said said = replace(options);
    QCOMPARE(said.status, 2);
    QCOMPARE(said.code(), u"USAGE"_s);
    QVERIFY(m_files->isUntouched());
}

QTEST_GUILESS_MAIN(TestReplaceCommand)
#include "tst_replacecommand.moc"
