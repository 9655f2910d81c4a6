// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// An ordinary user updates an app that belongs to the administrator: through polkit, which asks,
// and through the system service, which does not.

#include "tests/support/privatesystem.h"
#include "tests/support/workshop.h"

#include "lib/common/convert.h"
#include "platform/process.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

#include <filesystem>

#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

const QString home = u"/opt/home"_s;
const QString programs = PrivateSystem::programs();
const QString report = home + u"/report"_s;
const QString serviceSocket = u"/run/freshen-helper.sock"_s;
const QString rules = u"/etc/polkit-1/rules.d/10-test.rules"_s;

bool waitForFile(const QString &path)
{
    return QTest::qWaitFor([&] { return QFileInfo::exists(path); }, 30'000);
}

QStringList withoutReadyVariables(const QByteArray &text)
{
    QStringList lines = QString::fromUtf8(text).split(u'\n', Qt::SkipEmptyParts);
    static const QRegularExpression ours(u"^Environment: (NOTIFY_SOCKET|FRESHEN_READY|_)="_s);
    lines.removeIf([](const QString &line) { return ours.match(line).hasMatch(); });
    lines.sort();
    return lines;
}

} // namespace

class TestElevatedUpdate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void acc091_h08_h29_throughTheService();
    void acc091_h08_h29_throughPolkit();
    void acc081_declined();
    void h23_action();
    void serviceUnits();
    void notReadyReturnsTheOldVersion();
    void watcherIsKilled();
    void acc080_anotherUserRunsTheApp();
    void rollbackAsksAnAdministrator();
    void tellsWhatAnAdministratorCanDo();
    void registeringNeedsAnAdministrator();
    void acc082_registeringRefusesUnsafePlaces();
    void unregisters();
    void acc083_registeredHelper_data();
    void acc083_registeredHelper();
    void acc027_usesWhatIsStagedAlready();
    void acc033_newReleaseKeyThroughTheRoots();
    void acc075_placeThatCannotBeChanged_data();
    void acc075_placeThatCannotBeChanged();
    void acc075_linkToTheApp();

private:
    void publisher(const QStringList &arguments);
    void publishWith(const QString &key, const QString &version, const QString &root);
    void registerApp();
    void startService();
    void startPolkit(const QString &answer);
    std::unique_ptr<QProcess> startAs(unsigned user, const QString &program,
                                      const QStringList &arguments);
    Outcome runAs(unsigned user, const QString &command, const QStringList &options = {});
    Outcome update(const QStringList &options = {u"--launch"_s});
    void requireNormalStart();

    std::unique_ptr<Workshop> m_shop;
    std::vector<std::unique_ptr<QProcess>> m_services;
};

void TestElevatedUpdate::initTestCase()
{
    if (!PrivateSystem::isInside())
        QSKIP("An administrator's rights and mount namespaces are needed.");
    PrivateSystem::installPrograms();
}

void TestElevatedUpdate::init()
{
    m_shop = std::make_unique<Workshop>();
    QVERIFY(::chmod(qPrintable(m_shop->path()), 0755) == 0);
    m_shop->release(u"1.0"_s);
    m_shop->install(u"1.0"_s);
    m_shop->release(u"2.0"_s);
    QFile::remove(report);
}

void TestElevatedUpdate::cleanup()
{
    if (m_shop)
        m_shop->endApp();
    for (const auto &service : m_services) {
        service->terminate();
        service->waitForFinished();
    }
    m_services.clear();
    QFile::remove(serviceSocket);
    QFile::remove(u"/run/dbus/system_bus_socket"_s);
    QFile::remove(u"/run/dbus/pid"_s);
    QDir(u"/etc/freshen"_s).removeRecursively();
    QDir(u"/var/lib/freshen"_s).removeRecursively();
    QDir(home + u"/.cache"_s).removeRecursively();
    QDir(home + u"/.local"_s).removeRecursively();
}

void TestElevatedUpdate::registerApp()
{
    const Outcome registered = m_shop->run(programs + u"/bin/freshen"_s,
                                           {u"register"_s, u"--app"_s, m_shop->app(), u"--json"_s});
    QVERIFY2(registered.status == 0, registered.output + registered.errors);
    QCOMPARE(registered.json[u"result"_s].toString(), u"registered"_s);
}

void TestElevatedUpdate::startService()
{
    m_services.push_back(m_shop->start(
        u"systemd-socket-activate"_s,
        {u"--accept"_s, u"--inetd"_s, u"--seqpacket"_s, u"--listen"_s, serviceSocket,
         u"/var/lib/freshen/freshen-helper"_s, u"serve"_s}));
    QVERIFY(waitForFile(serviceSocket));
    QVERIFY(::chmod(qPrintable(serviceSocket), 0666) == 0);
}

// A bus and an authority of the test's own; the rule answers in the administrator's place.
void TestElevatedUpdate::startPolkit(const QString &answer)
{
    QDir().mkpath(u"/etc/polkit-1/rules.d"_s);
    writeAll(rules, u"polkit.addRule(function(action, subject) {\n"
                    "    if (action.id == \"org.freshen.update\" && subject.user == \"tester\")\n"
                    "        return polkit.Result.%1;\n"
                    "});\n"_s.arg(answer).toUtf8());
    QVERIFY(::chmod("/etc/polkit-1/rules.d", 0755) == 0);
    PrivateSystem::copyProgram(QStringLiteral(FRESHEN_SYSTEM_FILES "/org.freshen.update.policy"),
                u"/usr/share/polkit-1/actions/org.freshen.update.policy"_s);
    QDir().mkpath(u"/run/dbus"_s);
    QDir().mkpath(u"/var/lib/polkit-1"_s);
    m_services.push_back(m_shop->start(u"dbus-daemon"_s, {u"--system"_s, u"--nofork"_s}));
    QVERIFY(waitForFile(u"/run/dbus/system_bus_socket"_s));
    m_services.push_back(m_shop->start(u"/usr/lib/polkit-1/polkitd"_s, {u"--no-debug"_s}));
    QTRY_VERIFY_WITH_TIMEOUT(
        m_shop->run(u"dbus-send"_s, {u"--system"_s, u"--print-reply"_s,
                                     u"--dest=org.freedesktop.DBus"_s, u"/org/freedesktop/DBus"_s,
                                     u"org.freedesktop.DBus.GetNameOwner"_s,
                                     u"string:org.freedesktop.PolicyKit1"_s})
                .status
            == 0,
        30'000);
}

std::unique_ptr<QProcess> TestElevatedUpdate::startAs(unsigned user, const QString &program,
                                                      const QStringList &arguments)
{
    const QStringList words = PrivateSystem::asUser(user)
        + QStringList{u"/usr/bin/env"_s, u"-i"_s, u"HOME="_s + home,
                      u"LD_LIBRARY_PATH="_s + programs + u"/lib"_s, u"LC_ALL=C.UTF-8"_s,
                      u"SAMPLE_REPORT="_s + report, u"OWN=a value = with 'signs' $x\ttoo"_s,
                      program}
        + arguments;
    auto process = std::make_unique<QProcess>();
    process->setWorkingDirectory(home);
    process->start(words.first(), words.mid(1));
    return process;
}

Outcome TestElevatedUpdate::runAs(unsigned user, const QString &command, const QStringList &options)
{
    const auto process = startAs(user, programs + u"/bin/freshen"_s,
                                 QStringList{command, u"--app"_s, m_shop->app(), u"--json"_s}
                                     + options);
    Outcome outcome;
    if (!process->waitForFinished(120'000))
        return outcome;
    outcome.status = process->exitCode();
    outcome.output = process->readAllStandardOutput();
    outcome.errors = process->readAllStandardError();
    outcome.json = QJsonDocument::fromJson(outcome.output).object();
    return outcome;
}

Outcome TestElevatedUpdate::update(const QStringList &options)
{
    return runAs(PrivateSystem::tester, u"update"_s,
                 QStringList{u"--ready-timeout"_s, u"20"_s} + options);
}

// h08 and h29: what runs after the update was given what the user's own start gives it.
void TestElevatedUpdate::requireNormalStart()
{
    QVERIFY(waitForFile(report));
    const QStringList after = withoutReadyVariables(readAll(report));
    QVERIFY(after.contains(u"Uid:\t4242\t4242\t4242\t4242"_s));
    QVERIFY(after.contains(u"Groups:\t4242 4243 "_s));
    m_shop->endApp();
    QFile::remove(report);
    const auto app = startAs(PrivateSystem::tester, m_shop->app() + u"/bin/sample"_s, {});
    QVERIFY(waitForFile(report));
    // This test may itself have been given more descriptors.
    QCOMPARE(after.filter(u"Descriptor: "_s),
             (QStringList{u"Descriptor: 0"_s, u"Descriptor: 1"_s, u"Descriptor: 2"_s}));
    const auto withoutDescriptors = [](QStringList lines) {
        lines.removeIf([](const QString &line) { return line.startsWith(u"Descriptor: "_s); });
        return lines;
    };
    QTRY_COMPARE(withoutDescriptors(after),
                 withoutDescriptors(withoutReadyVariables(readAll(report))));
    app->kill();
    app->waitForFinished();
}

void TestElevatedUpdate::acc091_h08_h29_throughTheService()
{
    registerApp();
    startService();
    const Outcome updated = update();
    QVERIFY2(updated.status == 0, updated.output + updated.errors);
    QCOMPARE(updated.json[u"to"_s].toString(), u"2.0"_s);
    QCOMPARE(m_shop->runningVersion(), u"2.0"_s);
    requireNormalStart();
    // It is the administrator's as before, and nothing is left with the user.
    QCOMPARE(QFileInfo(m_shop->app() + u"/bin/sample"_s).ownerId(), 0u);
    QCOMPARE(m_shop->leftovers(), QStringList());
    const QJsonObject status = runAs(PrivateSystem::tester, u"status"_s).json;
    QCOMPARE(status[u"installed"_s].toString(), u"2.0"_s);
    QCOMPARE(status[u"previous"_s].toString(), u"1.0"_s);
    QCOMPARE(runAs(PrivateSystem::tester, u"verify"_s).status, 0);
}

void TestElevatedUpdate::acc091_h08_h29_throughPolkit()
{
    registerApp();
    startPolkit(u"YES"_s);
    const Outcome updated = update();
    QVERIFY2(updated.status == 0, updated.output + updated.errors);
    QCOMPARE(m_shop->runningVersion(), u"2.0"_s);
    requireNormalStart();
    QCOMPARE(QFileInfo(m_shop->app() + u"/bin/sample"_s).ownerId(), 0u);
    QCOMPARE(m_shop->leftovers(), QStringList());
}

void TestElevatedUpdate::acc081_declined()
{
    registerApp();
    startPolkit(u"NO"_s);
    const Outcome updated = update();
    QCOMPARE(updated.status, 5);
    QCOMPARE(updated.errorCode(), u"DECLINED"_s);
    QVERIFY2(updated.errorMessage().contains(u"version 1.0 stays"_s), updated.output);
    QCOMPARE(m_shop->runningVersion(), u"1.0"_s);
}

void TestElevatedUpdate::h23_action()
{
    QFile file(QStringLiteral(FRESHEN_SYSTEM_FILES "/org.freshen.update.policy"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QXmlStreamReader xml(&file);
    QMap<QString, QString> values;
    while (!xml.atEnd()) {
        if (xml.readNext() == QXmlStreamReader::StartElement
            && (xml.name().startsWith(u"allow_"_s) || xml.name() == u"annotate"_s)) {
            const QString name = xml.name().toString();
            values[name] = xml.readElementText();
        }
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QCOMPARE(values, (QMap<QString, QString>{
                         {u"allow_any"_s, u"no"_s},
                         {u"allow_inactive"_s, u"no"_s},
                         {u"allow_active"_s, u"auth_admin"_s},
                         {u"annotate"_s, u"/var/lib/freshen/freshen-helper"_s}}));
}

void TestElevatedUpdate::serviceUnits()
{
    registerApp(); // puts the helper where the unit starts it
    const QString folder = QStringLiteral(FRESHEN_SYSTEM_FILES);
    const Outcome verified = m_shop->run(u"systemd-analyze"_s,
                                         {u"verify"_s, folder + u"/freshen-helper.socket"_s,
                                          folder + u"/freshen-helper@.service"_s});
    QVERIFY2(verified.status == 0, verified.errors);
    QCOMPARE(verified.errors, QByteArray());
}

void TestElevatedUpdate::notReadyReturnsTheOldVersion()
{
    m_shop->release(u"3.0"_s, u"leaves"_s);
    registerApp();
    startService();
    const Outcome updated = update();
    QCOMPARE(updated.status, 6);
    QCOMPARE(updated.errorCode(), u"ROLLED_BACK"_s);
    QCOMPARE(m_shop->runningVersion(), u"1.0"_s);
    // This user is not offered it again by itself; others may see for themselves.
    const Outcome again = runAs(PrivateSystem::tester, u"check"_s);
    QVERIFY2(again.json[u"release"_s][u"version"_s].toString() != u"3.0"_s, again.output);
    const Outcome administrator = m_shop->freshen(u"check"_s);
    QCOMPARE(administrator.json[u"release"_s][u"version"_s].toString(), u"3.0"_s);
}

void TestElevatedUpdate::watcherIsKilled()
{
    m_shop->release(u"3.0"_s, u"hangs"_s);
    registerApp();
    startService();
    const auto updating = startAs(PrivateSystem::tester, programs + u"/bin/freshen"_s,
                                  {u"update"_s, u"--app"_s, m_shop->app(), u"--launch"_s});
    QTRY_COMPARE_WITH_TIMEOUT(m_shop->runningVersion(), u"3.0"_s, 60'000);
    // The watcher runs from the user's own folder.
    QTRY_VERIFY_WITH_TIMEOUT(
        !Platform::processesRunningFrom(toPath(home + u"/.cache"_s)).empty(), 30'000);
    for (const auto &process : Platform::processesRunningFrom(toPath(home + u"/.cache"_s)))
        ::kill(process.id, SIGKILL);
    // The old version waits until nothing runs from the tree.
    m_shop->endApp();
    QTRY_COMPARE_WITH_TIMEOUT(m_shop->runningVersion(), u"1.0"_s, 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(updating->state(), QProcess::NotRunning, 60'000);
    QTRY_COMPARE(m_shop->leftovers(), QStringList());
}

// The watcher cannot see that process, the helper can. Whoever asked to have the app started again
// gets the old version.
void TestElevatedUpdate::acc080_anotherUserRunsTheApp()
{
    registerApp();
    startService();
    const auto app = startAs(PrivateSystem::other, m_shop->app() + u"/bin/sample"_s, {});
    QTRY_VERIFY(!Platform::processesRunningFrom(toPath(m_shop->app())).empty());
    const Outcome updated = update();
    QCOMPARE(updated.status, 5);
    QCOMPARE(updated.errorCode(), u"APP_RUNNING"_s);
    QVERIFY(waitForFile(report));
    QTRY_VERIFY(readAll(report).contains("Uid:\t4242"));
    QCOMPARE(m_shop->runningVersion(), u"1.0"_s);
    QTRY_COMPARE(app->state(), QProcess::Running);
    app->kill();
    app->waitForFinished();
}

void TestElevatedUpdate::rollbackAsksAnAdministrator()
{
    registerApp();
    startService();
    QCOMPARE(update({}).status, 0);
    const Outcome refused = runAs(PrivateSystem::tester, u"rollback"_s);
    QCOMPARE(refused.errorCode(), u"DECLINED"_s); // nobody could be asked
    QCOMPARE(m_shop->runningVersion(), u"2.0"_s);
    startPolkit(u"YES"_s);
    const Outcome returned = runAs(PrivateSystem::tester, u"rollback"_s);
    QVERIFY2(returned.status == 0, returned.output + returned.errors);
    QCOMPARE(m_shop->runningVersion(), u"1.0"_s);
}

void TestElevatedUpdate::tellsWhatAnAdministratorCanDo()
{
    const Outcome updated = update();
    QCOMPARE(updated.status, 5);
    QCOMPARE(updated.errorCode(), u"NEEDS_RIGHTS"_s);
    QVERIFY2(updated.errorMessage().contains(u"freshen register --app "_s + m_shop->app()),
             updated.output);
}

void TestElevatedUpdate::registeringNeedsAnAdministrator()
{
    const Outcome registered = runAs(PrivateSystem::tester, u"register"_s);
    QCOMPARE(registered.status, 5);
    QCOMPARE(registered.errorCode(), u"NEEDS_RIGHTS"_s);
    QCOMPARE(runAs(PrivateSystem::tester, u"unregister"_s).status, 5);
}

void TestElevatedUpdate::acc082_registeringRefusesUnsafePlaces()
{
    QVERIFY(::chmod(qPrintable(m_shop->app()), 0777) == 0);
    const Outcome registered = m_shop->run(programs + u"/bin/freshen"_s,
                                           {u"register"_s, u"--app"_s, m_shop->app(), u"--json"_s});
    QCOMPARE(registered.status, 4);
    QCOMPARE(registered.errorCode(), u"UNSAFE_DIR"_s);
    QVERIFY(!QFileInfo::exists(u"/var/lib/freshen/freshen-helper"_s));
}

void TestElevatedUpdate::unregisters()
{
    registerApp();
    startService();
    const QStringList arguments{u"unregister"_s, u"--app"_s, m_shop->app(), u"--json"_s};
    QCOMPARE(m_shop->run(programs + u"/bin/freshen"_s, arguments).status, 0);
    QCOMPARE(m_shop->run(programs + u"/bin/freshen"_s, arguments).status, 3);
    QCOMPARE(QDir(u"/etc/freshen/installs"_s).entryList(QDir::Files), QStringList());
    QVERIFY(!QFileInfo::exists(u"/var/lib/freshen/freshen-helper"_s));
    QCOMPARE(update().errorCode(), u"NEEDS_RIGHTS"_s);
}

void TestElevatedUpdate::acc083_registeredHelper_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("missing") << u"missing"_s;
    QTest::newRow("not executable") << u"mode"_s;
    QTest::newRow("of another user") << u"owner"_s;
    QTest::newRow("of another Freshen") << u"version"_s;
}

void TestElevatedUpdate::acc083_registeredHelper()
{
    QFETCH(QString, what);
    registerApp();
    startPolkit(u"YES"_s);
    const QString helper = u"/var/lib/freshen/freshen-helper"_s;
    if (what == u"missing"_s)
        QVERIFY(QFile::remove(helper));
    if (what == u"mode"_s)
        QVERIFY(::chmod(qPrintable(helper), 0644) == 0);
    if (what == u"owner"_s)
        QVERIFY(::chown(qPrintable(helper), PrivateSystem::other, 0) == 0);
    if (what == u"version"_s) {
        QFile::remove(helper);
        writeAll(helper, "#!/bin/sh\nexit 2\n");
        QVERIFY(::chmod(qPrintable(helper), 0755) == 0);
    }
    const Outcome updated = update();
    QVERIFY2(updated.errorCode() == (what == u"owner"_s ? u"UNSAFE_DIR"_s : u"HELPER"_s),
             updated.output);
    QCOMPARE(m_shop->runningVersion(), u"1.0"_s);
}

// Nobody was there to agree; when somebody is, nothing is fetched a second time.
void TestElevatedUpdate::acc027_usesWhatIsStagedAlready()
{
    registerApp();
    QCOMPARE(update().errorCode(), u"DECLINED"_s);
    startService();
    const Outcome updated = update();
    QVERIFY2(updated.status == 0, updated.output + updated.errors);
    QCOMPARE(updated.json[u"route"_s].toString(), u"staged"_s);
}

void TestElevatedUpdate::publisher(const QStringList &arguments)
{
    const Outcome done = m_shop->run(u"freshen-appcast"_s, arguments);
    QVERIFY2(done.status == 0, done.output + done.errors);
}

void TestElevatedUpdate::publishWith(const QString &key, const QString &version,
                                     const QString &root)
{
    const QString host = m_shop->host();
    publisher(QStringList{u"pack"_s, u"--product"_s, u"org.example.sample"_s, u"--version"_s,
                          version, u"--executable"_s, m_shop->executable, u"--feed"_s,
                          m_shop->url(u"appcast.xml"_s), u"--root"_s, host + u'/' + root,
                          u"--key"_s, key, m_shop->makeTree(version),
                          host + u'/' + m_shop->packageName(version)});
    publisher({u"generate"_s, u"--key"_s, key, u"--feed-key"_s, m_shop->key(), u"--base-url"_s,
               m_shop->url({}), host});
}

// The helper with rights follows the chain from what the administrator registered.
void TestElevatedUpdate::acc033_newReleaseKeyThroughTheRoots()
{
    m_shop = std::make_unique<Workshop>();
    QVERIFY(::chmod(qPrintable(m_shop->path()), 0755) == 0);
    const QString host = m_shop->host();
    const QString first = m_shop->publicKey();
    const QString later = m_shop->path(u"later"_s);
    publisher({u"keygen"_s, u"--out"_s, later});
    publisher({u"root"_s, u"init"_s, u"--product"_s, u"org.example.sample"_s, u"--root-key"_s,
               first, u"--feed-key"_s, first, u"--release-key"_s, first, host});
    publisher({u"root"_s, u"sign"_s, u"--key"_s, m_shop->key(), host + u"/1.root"_s});
    publishWith(m_shop->key(), u"1.0"_s, u"1.root"_s);
    m_shop->install(u"1.0"_s);
    registerApp();
    startService();
    publisher({u"root"_s, u"rotate"_s, u"--add"_s, u"release="_s + later + u".pub"_s,
               u"--remove"_s, u"release="_s + first, host});
    publisher({u"root"_s, u"sign"_s, u"--key"_s, m_shop->key(), host + u"/2.root"_s});
    publishWith(later + u".key"_s, u"2.0"_s, u"2.root"_s);
    const Outcome updated = update();
    QVERIFY2(updated.status == 0, updated.output + updated.errors);
    QCOMPARE(m_shop->runningVersion(), u"2.0"_s);
    QVERIFY(readAll(u"/var/lib/freshen/"_s + QDir(u"/var/lib/freshen"_s)
                                                 .entryList({u"org.*"_s})
                                                 .value(0)
                    + u"/floor"_s)
                .contains("version 2.0"));
}

void TestElevatedUpdate::acc075_placeThatCannotBeChanged_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    QTest::newRow("mount point") << u"mount -t tmpfs tmpfs APP && cp -a COPY/. APP"_s
                                 << u"NO_EXCHANGE"_s << u"is a mount point"_s;
    QTest::newRow("mounted twice") << u"mount --bind COPY APP"_s << u"NO_EXCHANGE"_s
                                   << u"is a mount point"_s;
    QTest::newRow("read-only") << u"mount --bind PARENT PARENT && mount -o remount,bind,ro PARENT"_s
                               << u"managed"_s << QString();
    QTest::newRow("of others") << u"chown -R 4244 PARENT && chmod 755 PARENT APP"_s
                               << u"NEEDS_RIGHTS"_s << u"Permission denied"_s;
}

// Told before the first byte of the package is fetched.
void TestElevatedUpdate::acc075_placeThatCannotBeChanged()
{
    QFETCH(QString, change);
    QFETCH(QString, code);
    QFETCH(QString, words);
    const QString parent = QFileInfo(m_shop->app()).path();
    const QString copy = m_shop->path(u"copy"_s);
    QCOMPARE(m_shop->run(u"cp"_s, {u"-a"_s, m_shop->app(), copy}).status, 0);
    QCOMPARE(m_shop->run(u"chown"_s, {u"-R"_s, u"4242"_s, parent, copy}).status, 0);
    change.replace(u"PARENT"_s, parent).replace(u"APP"_s, m_shop->app()).replace(u"COPY"_s, copy);
    QCOMPARE(m_shop->run(u"sh"_s, {u"-c"_s, change}).status, 0);
    const Outcome updated = update();
    m_shop->run(u"sh"_s, {u"-c"_s, u"umount "_s + m_shop->app() + u" || umount "_s + parent});
    const QString answer = updated.errorCode() + updated.json[u"reason"_s].toString();
    QVERIFY2(answer == code, updated.output);
    QVERIFY2(updated.errorMessage().contains(words), updated.output);
    QVERIFY(QDir(home + u"/.cache/freshen/downloads"_s).isEmpty());
    QCOMPARE(m_shop->runningVersion(), u"1.0"_s);
}

void TestElevatedUpdate::acc075_linkToTheApp()
{
    const QString link = m_shop->path(u"link"_s);
    QVERIFY(QFile::link(m_shop->app(), link));
    const Outcome updated = m_shop->run(u"freshen"_s, {u"update"_s, u"--app"_s, link, u"--json"_s});
    QVERIFY2(updated.status == 0, updated.output);
    QVERIFY(QFileInfo(link).isSymLink());
    QCOMPARE(m_shop->runningVersion(), u"2.0"_s);
}

FRESHEN_PRIVATE_SYSTEM_MAIN(TestElevatedUpdate)

#include "tst_elevatedupdate.moc"
