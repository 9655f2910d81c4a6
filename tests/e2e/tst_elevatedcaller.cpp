// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The half with an administrator's rights, and a user who asks it for what it must not do, in
// places that are not as they should be.

#include "tests/support/elevatedfixture.h"
#include "tests/support/privatesystem.h"

#include "lib/common/convert.h"
#include "platform/lock.h"
#include "platform/safefolder.h"
#include "updater-helper/install/history.h"

#include <QFile>
#include <QProcess>
#include <QTest>

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

namespace {

const QString done = u"done"_s;

void giveTo(const fs::path &path, unsigned user)
{
    QVERIFY(::lchown(path.c_str(), user, user) == 0);
}

} // namespace

class TestElevatedCaller : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void h04_requestsThatNameNoInstall_data();
    void h04_requestsThatNameNoInstall();
    void vuln032_installOfSomebodyElse();
    void h05_arguments_data();
    void h05_arguments();
    void h05_noArgumentsAtAll();
    void h18_placeThatOthersMayWriteTo_data();
    void h18_placeThatOthersMayWriteTo();
    void h18_registrationThatOthersMayWriteTo_data();
    void h18_registrationThatOthersMayWriteTo();
    void h19_removesNothingOutside();
    void h21_onlyAnAdministratorIsTheService_data();
    void h21_onlyAnAdministratorIsTheService();
    void h22_outOfTurn_data();
    void h22_outOfTurn();
    void h22_hangsUpAtEachState_data();
    void h22_hangsUpAtEachState();
    void h20_wordsOfTheCaller();
    void h22_flood();
    void h26_unknownRequest();
    void h27_twentyAtOnce();
    void h28_waitsForAnotherUsersProcess();
    void h30_tinyLimits();
    void h31_cannotBeWatched();

private:
    std::unique_ptr<ElevatedFixture> m_fixture;
};

void TestElevatedCaller::initTestCase()
{
    if (!PrivateSystem::isInside())
        QSKIP("An administrator's rights and mount namespaces are needed.");
}

void TestElevatedCaller::init()
{
    m_fixture.reset();
    m_fixture = std::make_unique<ElevatedFixture>();
}

void TestElevatedCaller::h04_requestsThatNameNoInstall_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("path") << QByteArray("/etc/passwd");
    QTest::newRow("way up") << QByteArray("../installs/x");
    QTest::newRow("dots") << QByteArray("..");
    QTest::newRow("hidden") << QByteArray(".hidden");
    QTest::newRow("option") << QByteArray("--help");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("unknown") << QByteArray("org.example.sample-ffffffff");
    QTest::newRow("with a zero") << QByteArray("org.example.sample\0x", 20);
    QTest::newRow("line break") << QByteArray("org.example\nx");
    QTest::newRow("long") << QByteArray(60'000, 'a');
}

void TestElevatedCaller::h04_requestsThatNameNoInstall()
{
    QFETCH(QByteArray, id);
    const auto folder = Platform::HeldFolder::open(m_fixture->offer());
    m_fixture->start();
    const QString answer = m_fixture->ask("prepare " + id.toStdString() + " started",
                                          {folder->value()});
    QVERIFY2(ElevatedFixture::codeOf(answer) == u"NEEDS_RIGHTS"_s, qPrintable(answer));
    QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
}

// Whose install it is stands in the registration; a copy in a user's folder means nothing.
void TestElevatedCaller::vuln032_installOfSomebodyElse()
{
    const fs::path app = "/opt/home/mine";
    m_fixture->engine().makeTree(app, "1.0");
    giveTo(app, PrivateSystem::tester);
    m_fixture->registration().app = app;
    m_fixture->registerApp();
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"UNSAFE_DIR"_s);
    fs::remove_all(app);
}

void TestElevatedCaller::h05_arguments_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("unknown role") << QStringList{u"serve-all"_s};
    QTest::newRow("option") << QStringList{u"--serve"_s};
    QTest::newRow("service with more") << QStringList{u"serve"_s, u"/etc"_s};
    QTest::newRow("elevated without version") << QStringList{u"elevated"_s, u"x"_s};
    QTest::newRow("elevated with more") << QStringList{u"elevated"_s, u"x"_s, u"1"_s, u"--"_s};
    QTest::newRow("response file") << QStringList{u"@/etc/passwd"_s};
    QTest::newRow("quotes") << QStringList{u"'serve'"_s, u"\"serve\""_s, u"$(id)"_s, u"%PATH%"_s};
    QTest::newRow("line break") << QStringList{u"serve\n"_s};
    QTest::newRow("long") << QStringList{QString(100'000, u'a')};
    QTest::newRow("many") << QStringList(20'000, u"serve"_s);
}

void TestElevatedCaller::h05_arguments()
{
    QFETCH(QStringList, arguments);
    QProcess helper;
    helper.start(QStringLiteral(FRESHEN_HELPER), arguments);
    QVERIFY(helper.waitForFinished());
    QCOMPARE(helper.exitCode(), 2);
    QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
}

// The kernel, or the helper, makes something of it: never a crash.
void TestElevatedCaller::h05_noArgumentsAtAll()
{
    QProcess helper;
    helper.start(u"python3"_s, {u"-c"_s, u"import ctypes, sys\n"
                                         "libc = ctypes.CDLL(None)\n"
                                         "none = (ctypes.c_char_p * 1)(None)\n"
                                         "libc.execve(sys.argv[1].encode(), none, none)"_s,
                                QStringLiteral(FRESHEN_HELPER)});
    QVERIFY(helper.waitForFinished());
    QCOMPARE(helper.exitStatus(), QProcess::NormalExit);
    QCOMPARE(helper.exitCode(), 2);
}

void TestElevatedCaller::h18_placeThatOthersMayWriteTo_data()
{
    QTest::addColumn<QString>("part");
    QTest::addColumn<int>("mode");
    QTest::addColumn<uint>("owner");
    QTest::newRow("acc082 folder above, 777") << u""_s << 0777 << 0u;
    QTest::newRow("acc082 folder above, sticky") << u""_s << 01777 << 0u;
    QTest::newRow("acc082 app, 777") << u"sample"_s << 0777 << 0u;
    QTest::newRow("acc082 app, group") << u"sample"_s << 0775 << 0u;
    QTest::newRow("acc082 folder in it") << u"sample/plugins"_s << 0777 << 0u;
    QTest::newRow("acc082 file in it") << u"sample/mine.txt"_s << 0666 << 0u;
    QTest::newRow("vuln024 app of a user") << u"sample"_s << 0755 << PrivateSystem::tester;
    QTest::newRow("vuln033 engine's folder, 777") << u".sample.freshen"_s << 0777 << 0u;
    QTest::newRow("vuln020 engine's folder of a user")
        << u".sample.freshen"_s << 0755 << PrivateSystem::tester;
}

void TestElevatedCaller::h18_placeThatOthersMayWriteTo()
{
    QFETCH(QString, part);
    QFETCH(int, mode);
    QFETCH(uint, owner);
    const fs::path path = m_fixture->engine().path(part.toStdString());
    giveTo(path, owner);
    QVERIFY(::chmod(path.c_str(), mode_t(mode)) == 0);
    m_fixture->start();
    const QString answer = m_fixture->prepare();
    QCOMPARE(ElevatedFixture::codeOf(answer), u"UNSAFE_DIR"_s);
    QVERIFY2(answer.contains(u"administrator"_s), qPrintable(answer));
    QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
}

void TestElevatedCaller::h18_registrationThatOthersMayWriteTo_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("mode");
    QTest::addColumn<uint>("owner");
    QTest::newRow("record, 666") << u"/etc/freshen/installs/ID"_s << 0666 << 0u;
    QTest::newRow("record of a user") << u"/etc/freshen/installs/ID"_s << 0644
                                      << PrivateSystem::tester;
    QTest::newRow("its folder") << u"/etc/freshen/installs"_s << 0777 << 0u;
    QTest::newRow("folder above") << u"/etc/freshen"_s << 0775 << 0u;
}

void TestElevatedCaller::h18_registrationThatOthersMayWriteTo()
{
    QFETCH(QString, path);
    QFETCH(int, mode);
    QFETCH(uint, owner);
    const fs::path place = path.replace(u"ID"_s, toQString(m_fixture->id())).toStdString();
    giveTo(place, owner);
    QVERIFY(::chmod(place.c_str(), mode_t(mode)) == 0);
    m_fixture->start();
    const QString code = ElevatedFixture::codeOf(m_fixture->prepare());
    giveTo(place, 0);
    QVERIFY(::chmod(place.c_str(), fs::is_directory(place) ? 0755 : 0644) == 0);
    QCOMPARE(code, u"UNSAFE_DIR"_s);
}

// Links and what is mounted in an old version lead nowhere when it is removed.
void TestElevatedCaller::h19_removesNothingOutside()
{
    const fs::path treasure = "/opt/treasure";
    fs::create_directories(treasure / "inner");
    writeText(treasure / "gold", "gold");
    fs::create_symlink(treasure, m_fixture->layout().app() / "plugins/link");
    fs::create_directories(m_fixture->layout().app() / "plugins/deep");
    fs::path deep = m_fixture->layout().app() / "plugins/deep";
    for (int i = 0; i < 100; ++i)
        fs::create_directory(deep /= "d");
    QCOMPARE(m_fixture->update(), u"2.0"_s);
    m_fixture->offerRelease("3.0");
    QCOMPARE(m_fixture->update(), u"3.0"_s); // removes 1.0
    QCOMPARE(readText(treasure / "gold"), "gold");
    const fs::path mounted = m_fixture->layout().previous() / "mounted";
    fs::create_directory(mounted);
    QVERIFY(::mount(treasure.c_str(), mounted.c_str(), nullptr, MS_BIND, nullptr) == 0);
    m_fixture->offerRelease("4.0");
    m_fixture->start();
    m_fixture->prepare();
    m_fixture->ask("swap");
    m_fixture->ask("commit 0");
    m_fixture->hangUp();
    QCOMPARE(readText(treasure / "gold"), "gold");
    QVERIFY(fs::exists(treasure / "inner"));
    for (const fs::path &place : {m_fixture->layout().previous(), m_fixture->layout().staging()})
        ::umount((place / "mounted").c_str());
}

void TestElevatedCaller::h21_onlyAnAdministratorIsTheService_data()
{
    QTest::addColumn<uint>("user");
    QTest::newRow("another user") << PrivateSystem::other;
    QTest::newRow("the same user") << PrivateSystem::tester;
}

// Whoever squats the name is told nothing: the watcher looks who listens.
void TestElevatedCaller::h21_onlyAnAdministratorIsTheService()
{
    QFETCH(uint, user);
    fs::remove("/run/freshen-helper.sock");
    QProcess squatter;
    const QString script = u"import os, socket, sys\n"
                           "s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)\n"
                           "s.bind('/run/freshen-helper.sock')\n"
                           "os.chmod('/run/freshen-helper.sock', 0o666)\n"
                           "os.setuid(int(sys.argv[1]))\n"
                           "s.listen(1)\n"
                           "print('listening', flush=True)\n"
                           "c, _ = s.accept()\n"
                           "print('heard:', c.recv(100), flush=True)\n"_s;
    squatter.start(u"python3"_s, {u"-c"_s, script, QString::number(user)});
    QVERIFY(squatter.waitForReadyRead());
    const QString helper = u"/opt/work/helper"_s;
    QFile::remove(helper);
    QVERIFY(QFile::copy(QStringLiteral(FRESHEN_HELPER), helper));
    Install::Order order = m_fixture->engine().order();
    order.folder = m_fixture->offer();
    order.rights = Install::Rights::Service;
    order.registration = m_fixture->id();
    const fs::path file = m_fixture->offer() / "order";
    QVERIFY(order.write(file).has_value());
    m_fixture->giveToUser();
    auto ends = Platform::Channel::create();
    QStringList words = PrivateSystem::asUser(PrivateSystem::tester)
        + QStringList{helper, u"watch"_s, toQString(file), u"3"_s, u"4"_s};
    Platform::StartRequest request;
    request.program = toPath(words.takeFirst());
    for (const QString &word : words)
        request.arguments.push_back(toStdString(word));
    auto lock = Platform::lockFile("/opt/work/lock");
    request.descriptors = {ends->second.value(), lock->value()};
    auto watcher = Platform::Process::start(request);
    QVERIFY(watcher.has_value());
    ends->second.reset();
    const auto answer = ends->first.receive(Platform::Clock::now() + std::chrono::seconds(30));
    QVERIFY(answer && *answer);
    QCOMPARE(ElevatedFixture::codeOf(toQString(**answer)), u"PROTOCOL"_s);
    QVERIFY(squatter.waitForFinished());
    QCOMPARE(squatter.readAll().trimmed(), "listening\nheard: b''");
    fs::remove("/run/freshen-helper.sock");
}

void TestElevatedCaller::h22_outOfTurn_data()
{
    QTest::addColumn<QStringList>("before");
    QTest::addColumn<QString>("request");
    const QStringList prepared{u"prepare"_s};
    const QStringList swapped{u"prepare"_s, u"swap"_s};
    for (const char *request : {"swap", "commit 0", "back", "discard", "failed NOT_READY x",
                                "prepare", "prepare x", "install /etc", "PREPARE x started"})
        QTest::addRow("idle: %s", request) << QStringList() << QString::fromLatin1(request);
    for (const char *request : {"commit 0", "back", "prepare x started", "rollback x", "swap now"})
        QTest::addRow("prepared: %s", request) << prepared << QString::fromLatin1(request);
    for (const char *request : {"swap", "discard", "commit -1", "commit 1e9", "commit 9999999999",
                                "failed IO x", "failed ROLLED_BACK x", "back now"})
        QTest::addRow("swapped: %s", request) << swapped << QString::fromLatin1(request);
}

void TestElevatedCaller::h22_outOfTurn()
{
    QFETCH(QStringList, before);
    QFETCH(QString, request);
    m_fixture->start();
    for (const QString &step : before)
        QCOMPARE(step == u"prepare"_s ? m_fixture->prepare() : m_fixture->ask(step.toStdString()),
                 done);
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->ask(request.toStdString())), u"PROTOCOL"_s);
    // It hangs up, and nothing is left half done.
    QCOMPARE(m_fixture->ask("commit 0"), QString());
    m_fixture->hangUp();
    QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
    QVERIFY(m_fixture->engine().beside().filter(u"journal"_s).isEmpty());
}

void TestElevatedCaller::h22_hangsUpAtEachState_data()
{
    QTest::addColumn<QStringList>("steps");
    QTest::addColumn<QString>("version");
    QTest::newRow("idle") << QStringList() << u"1.0"_s;
    QTest::newRow("prepared") << QStringList{u"prepare"_s} << u"1.0"_s;
    QTest::newRow("swapped") << QStringList{u"prepare"_s, u"swap"_s} << u"1.0"_s;
    QTest::newRow("acc089 swapped, and no way back")
        << QStringList{u"final"_s, u"swap"_s} << u"2.0"_s;
    QTest::newRow("committed") << QStringList{u"prepare"_s, u"swap"_s, u"commit 0"_s} << u"2.0"_s;
}

void TestElevatedCaller::h22_hangsUpAtEachState()
{
    QFETCH(QStringList, steps);
    QFETCH(QString, version);
    m_fixture->start();
    for (const QString &step : steps) {
        const bool isFinal = step == u"final"_s;
        const QString answer = isFinal || step == u"prepare"_s
            ? m_fixture->prepare(isFinal ? "final" : "started")
            : m_fixture->ask(step.toStdString());
        QCOMPARE(answer, done);
    }
    m_fixture->hangUp();
    QCOMPARE(m_fixture->engine().appVersion(), version);
    QCOMPARE(m_fixture->engine().lostUserFiles(m_fixture->layout().app()), QStringList());
    QVERIFY(Install::refusedVersions(m_fixture->layout(), Install::Refusal::Failed).empty());
    QCOMPARE(m_fixture->update(), u"2.0"_s);
}

// Others read the result, in a terminal perhaps.
void TestElevatedCaller::h20_wordsOfTheCaller()
{
    m_fixture->start();
    QCOMPARE(m_fixture->prepare("final"), done);
    QCOMPARE(m_fixture->ask("swap"), done);
    QCOMPARE(m_fixture->ask("failed NOT_READY \x1b[2Jevil\nerror-code IO"), done);
    m_fixture->hangUp();
    const auto last = Install::LastResult::read(m_fixture->layout());
    QVERIFY(last.has_value());
    QCOMPARE(last->errorCode, std::string("NOT_READY"));
    QVERIFY2(last->errorMessage.find("evil") == std::string::npos, last->errorMessage.c_str());
}

void TestElevatedCaller::h22_flood()
{
    m_fixture->start();
    const std::string large(Platform::Channel::maximumMessage, 'a');
    for (int i = 0; i < 1000; ++i) {
        if (!m_fixture->channel().trySend(large, {}))
            break;
    }
    m_fixture->hangUp();
    QVERIFY(Platform::hasEnded(m_fixture->process().handle()));
    QCOMPARE(m_fixture->update(), u"2.0"_s);
}

// A watcher of a later Freshen is told, and the app stays as it is.
void TestElevatedCaller::h26_unknownRequest()
{
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->ask("prepare2 " + m_fixture->id() + " started x")),
             u"PROTOCOL"_s);
    QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
}

void TestElevatedCaller::h27_twentyAtOnce()
{
    struct Caller {
        Platform::Channel channel{Platform::Descriptor()};
        Platform::Process process;
    };
    std::vector<Caller> callers(20);
    const auto folder = Platform::HeldFolder::open(m_fixture->offer());
    for (Caller &caller : callers) {
        m_fixture->start();
        caller.channel = std::move(m_fixture->channel());
        caller.process = std::move(m_fixture->process());
        QVERIFY(caller.channel.trySend("prepare " + m_fixture->id() + " started",
                                       {folder->value()}));
    }
    int prepared = 0;
    for (Caller &caller : callers) {
        const auto answer = caller.channel.receive();
        QVERIFY(answer && *answer);
        prepared += **answer == "done";
        if (**answer != "done")
            QCOMPARE(ElevatedFixture::codeOf(toQString(**answer)), u"BUSY"_s);
    }
    QCOMPARE(prepared, 1);
    for (Caller &caller : callers) {
        caller.channel.close();
        Platform::waitForAny({caller.process.handle().value()}, {});
    }
    QCOMPARE(m_fixture->update(), u"2.0"_s);
}

void TestElevatedCaller::h28_waitsForAnotherUsersProcess()
{
    const QString program = toQString(m_fixture->layout().app() / "bin/tail");
    QVERIFY(QFile::copy(u"/usr/bin/tail"_s, program));
    QVERIFY(::chmod(qPrintable(program), 0755) == 0);
    QProcess app;
    const QStringList words = PrivateSystem::asUser(PrivateSystem::other)
        + QStringList{program, u"-f"_s, u"/dev/null"_s};
    app.start(words.first(), words.mid(1));
    QVERIFY(app.waitForStarted());
    QTRY_VERIFY(!Platform::processesRunningFrom(m_fixture->layout().app()).empty());
    m_fixture->start();
    QCOMPARE(m_fixture->prepare(), done);
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->ask("swap")), u"APP_RUNNING"_s);
    // It is not ended: it is somebody else's.
    QCOMPARE(app.state(), QProcess::Running);
    QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
    app.kill();
    app.waitForFinished();
    QCOMPARE(m_fixture->ask("swap"), done);
    QCOMPARE(m_fixture->ask("commit 0"), done);
}

void TestElevatedCaller::h30_tinyLimits()
{
    m_fixture->start({"serve"}, {"/usr/bin/prlimit", "--fsize=1", "--nofile=5", "--cpu=1",
                                 "--core=unlimited"});
    const QString answer = m_fixture->prepare();
    // Without the right to lift them, it says so before it begins.
    if (answer != done) {
        QVERIFY2(answer.startsWith(u"failed NEEDS_RIGHTS"_s), qPrintable(answer));
        QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
        return;
    }
    QCOMPARE(m_fixture->ask("swap"), done);
    QCOMPARE(m_fixture->ask("commit 0"), done);
    QCOMPARE(m_fixture->engine().appVersion(), u"2.0"_s);
}

void TestElevatedCaller::h31_cannotBeWatched()
{
    m_fixture->start();
    QCOMPARE(m_fixture->prepare(), done);
    const int id = m_fixture->process().id();
    for (const QStringList &command :
         {QStringList{u"/usr/bin/strace"_s, u"-p"_s, QString::number(id)},
          QStringList{u"/bin/cat"_s, u"/proc/%1/environ"_s.arg(id)},
          QStringList{u"/bin/ls"_s, u"/proc/%1/fd"_s.arg(id)}}) {
        QProcess watcher;
        const QStringList words = PrivateSystem::asUser(PrivateSystem::tester) + command;
        watcher.start(words.first(), words.mid(1));
        QVERIFY(watcher.waitForFinished());
        QVERIFY2(watcher.exitCode() != 0, qPrintable(command.join(u' ')));
    }
    QFile limits(u"/proc/%1/limits"_s.arg(id));
    QVERIFY(limits.open(QIODevice::ReadOnly));
    QVERIFY(limits.readAll().contains("Max core file size        0 "));
    QFile environment(u"/proc/%1/environ"_s.arg(id));
    QVERIFY(environment.open(QIODevice::ReadOnly));
    QCOMPARE(environment.readAll(), QByteArray());
}

FRESHEN_PRIVATE_SYSTEM_MAIN(TestElevatedCaller)

#include "tst_elevatedcaller.moc"
