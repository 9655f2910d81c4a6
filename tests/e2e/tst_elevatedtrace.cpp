// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What the half with an administrator's rights asks of the system during a whole update: goal G11,
// from its system calls.

#include "tests/support/elevatedfixture.h"
#include "tests/support/privatesystem.h"

#include "lib/common/convert.h"

#include <QDir>
#include <QMap>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

namespace {

constexpr const char *markers = "/opt/home/marker";

// Whatever a loader, a C library, libcrypto or Qt would take from there.
std::vector<std::string> hostileEnvironment()
{
    std::vector<std::string> variables;
    for (const char *name :
         {"LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "LD_DEBUG_OUTPUT", "LD_ORIGIN_PATH",
          "LD_PROFILE", "LD_PROFILE_OUTPUT", "GCONV_PATH", "LOCPATH", "LANGUAGE", "LANG", "LC_ALL",
          "LC_CTYPE", "LC_MESSAGES", "NLSPATH", "TZ", "TZDIR", "HOSTALIASES", "LOCALDOMAIN",
          "RES_OPTIONS", "RESOLV_HOST_CONF", "GETCONF_DIR", "MALLOC_TRACE", "MALLOC_CHECK_",
          "GLIBC_TUNABLES", "TMPDIR", "TMP", "TEMP", "HOME", "PATH", "PWD", "SHELL", "IFS",
          "BASH_ENV", "ENV", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME",
          "XDG_RUNTIME_DIR", "XDG_DATA_DIRS", "OPENSSL_CONF", "OPENSSL_CONF_INCLUDE",
          "OPENSSL_ENGINES", "OPENSSL_MODULES", "SSL_CERT_DIR", "SSL_CERT_FILE", "RANDFILE",
          "CTLOG_FILE", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_LOGGING_CONF",
          "QT_CONF", "QML_IMPORT_PATH", "NOTIFY_SOCKET", "LISTEN_FDS", "FRESHEN_CACHE",
          "FRESHEN_BUILD", "DYLD_INSERT_LIBRARIES", "DYLD_LIBRARY_PATH", "windir", "SYSTEMROOT"})
        variables.push_back(std::string(name) + "=" + markers + "/" + name);
    return variables;
}

// One system call: its name, and the paths that it was given, each with the folder that it is
// relative to in front: "</opt/home/offer>staged/bin".
struct Call {
    QString name;
    QStringList paths;
    QString line;
};

QList<Call> readTrace(const QString &file)
{
    static const QRegularExpression form(u"^(?:\\d+ +)?(\\w+)\\((.*)$"_s);
    static const QRegularExpression path(u"(?:(?:AT_FDCWD|\\d+)(<[^>]*>), )?\"([^\"]*)\""_s);
    QList<Call> calls;
    QFile log(file);
    if (!log.open(QIODevice::ReadOnly))
        qFatal("there is no trace");
    while (!log.atEnd()) {
        const QString line = QString::fromUtf8(log.readLine()).trimmed();
        const auto match = form.match(line);
        if (!match.hasMatch())
            continue;
        Call call{match.captured(1), {}, line};
        auto found = path.globalMatch(match.captured(2));
        while (found.hasNext()) {
            const auto one = found.next();
            if (one.captured(2).isEmpty())
                continue; // the descriptor itself
            const bool isRelative = !one.captured(2).startsWith(u'/');
            call.paths += (isRelative ? one.captured(1) : QString()) + one.captured(2);
        }
        // What a link holds is no path that this call uses.
        if (call.name.startsWith(u"symlink"_s))
            call.paths.removeFirst();
        if (call.name.startsWith(u"readlink"_s))
            call.paths.resize(1);
        calls += call;
    }
    return calls;
}

} // namespace

class TestElevatedTrace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void h07_isStaticAndAlone();
    void h01_opensEachStagedFileOnce();
    void h04_opensNothingElseOfTheCaller();
    void h06_usesNoEnvironment();
    void vuln012_startsNoProgram();
    void h20_writesOnlyWhereItShould();
    void vuln026_changesRightsByDescriptorOnly();
    void h31_forbidsDumps();

private:
    std::unique_ptr<ElevatedFixture> m_fixture;
    QList<Call> m_calls;
};

void TestElevatedTrace::initTestCase()
{
    if (!PrivateSystem::isInside())
        QSKIP("An administrator's rights and mount namespaces are needed.");
    m_fixture = std::make_unique<ElevatedFixture>();
    fs::create_directories(markers);
    // Beside the helper there is all that a search for libraries would find first.
    for (const char *name : {"libc.so.6", "libcrypto.so.3", "libutf8proc.so.2", "libQt6Core.so.6"})
        writeText(fs::path(markers) / name, "no library");
    const QString log = u"/opt/work/trace"_s;
    std::vector<std::string> strace{
        "/usr/bin/strace", "-f", "-y", "-s", "4096", "-o", log.toStdString(),
        "-e", "trace=%file,%process,openat2,fchmod,fchown,prctl"};
    for (const std::string &variable : hostileEnvironment()) {
        strace.push_back("-E");
        strace.push_back(variable);
    }
    m_fixture->start({"serve"}, strace);
    QCOMPARE(m_fixture->prepare(), u"done"_s);
    QCOMPARE(m_fixture->ask("swap"), u"done"_s);
    QCOMPARE(m_fixture->ask("commit 0"), u"done"_s);
    m_fixture->hangUp();
    QCOMPARE(m_fixture->engine().appVersion(), u"2.0"_s);
    m_calls = readTrace(log);
    QVERIFY(m_calls.size() > 50);
}

void TestElevatedTrace::h07_isStaticAndAlone()
{
    QProcess readelf;
    readelf.start(u"readelf"_s, {u"-d"_s, QStringLiteral(FRESHEN_HELPER)});
    QVERIFY(readelf.waitForFinished());
    QVERIFY2(!readelf.readAll().contains("NEEDED"), "the helper loads libraries");
}

void TestElevatedTrace::h01_opensEachStagedFileOnce()
{
    QMap<QString, int> opened;
    for (const Call &call : m_calls) {
        for (const QString &path : call.paths) {
            if (path.startsWith(u"</opt/home/offer>"_s))
                ++opened[path.section(u'>', 1)];
        }
    }
    QMap<QString, int> expected{{u"staged/freshen.manifest"_s, 1},
                                {u"staged/freshen.manifest.minisig"_s, 1}};
    const auto manifest = Trust::readTreeManifest(m_fixture->layout().app(),
                                                  m_fixture->engine().keys());
    QVERIFY(manifest.has_value());
    for (const Trust::ManifestEntry &entry : manifest->manifest.entries) {
        if (entry.type == Platform::EntryType::File)
            expected[u"staged/"_s + toQString(entry.path)] = 1;
    }
    QCOMPARE(opened, expected);
}

// Besides what lies below the held folder: its own places, and what the system says of processes.
void TestElevatedTrace::h04_opensNothingElseOfTheCaller()
{
    const QString place = toQString(m_fixture->layout().app().parent_path());
    QStringList above;
    for (QString folder = place; !folder.isEmpty(); folder = folder.section(u'/', 0, -2))
        above += folder;
    QStringList strange;
    for (const Call &call : m_calls) {
        for (const QString &path : call.paths) {
            const bool isKnown = path.startsWith(u"</opt/home/offer>staged/"_s)
                || path.startsWith(place + u'/') || path.startsWith(u'<' + place + u'/')
                || path.startsWith(u"/etc/freshen"_s) || path.startsWith(u"/var/lib/freshen"_s)
                || path.startsWith(u"/proc"_s)
                || above.contains(path);
            if (!isKnown)
                strange += call.line;
        }
    }
    // The start, the system's time zone, and the folders above its own places.
    const QStringList allowed{u"execve("_s, u"\"/dev/null\""_s, u"\"/etc/localtime\""_s,
                              u"\"/\""_s, u"\"/etc\""_s, u"\"/var\""_s, u"\"/var/lib\""_s};
    strange.removeIf([&](const QString &line) {
        return std::any_of(allowed.begin(), allowed.end(),
                           [&](const QString &text) { return line.contains(text); });
    });
    QVERIFY2(strange.isEmpty(), qPrintable(strange.join(u'\n')));
}

void TestElevatedTrace::h06_usesNoEnvironment()
{
    for (const Call &call : m_calls) {
        QVERIFY2(!call.line.contains(QString::fromLatin1(markers)), qPrintable(call.line));
    }
}

void TestElevatedTrace::vuln012_startsNoProgram()
{
    int started = 0;
    for (const Call &call : m_calls) {
        started += call.name == u"execve"_s;
        QVERIFY2(call.name != u"clone"_s && call.name != u"fork"_s && call.name != u"vfork"_s
                     && call.name != u"clone3"_s,
                 qPrintable(call.line));
    }
    QCOMPARE(started, 1); // itself
}

void TestElevatedTrace::h20_writesOnlyWhereItShould()
{
    const QStringList changing{u"rename"_s,   u"renameat"_s, u"renameat2"_s, u"unlink"_s,
                               u"unlinkat"_s, u"mkdir"_s,    u"mkdirat"_s,   u"rmdir"_s,
                               u"symlink"_s,  u"symlinkat"_s, u"link"_s,     u"linkat"_s,
                               u"truncate"_s, u"mknod"_s};
    const QString place = toQString(m_fixture->layout().app().parent_path()) + u'/';
    int changes = 0;
    for (const Call &call : m_calls) {
        const bool creates = call.line.contains(u"O_CREAT"_s) || call.line.contains(u"O_WRONLY"_s)
            || call.line.contains(u"O_RDWR"_s);
        if (!changing.contains(call.name) && !creates)
            continue;
        for (const QString &path : call.paths) {
            const QString plain = path.startsWith(u'<') ? path.mid(1) : path;
            QVERIFY2(plain.startsWith(place) || plain.startsWith(u"/var/lib/freshen/"_s)
                         || plain == u"/dev/null"_s,
                     qPrintable(call.line));
            ++changes;
        }
        // A new file is never one that was there, and no link is followed to it.
        if (call.line.contains(u"O_CREAT"_s) && !call.line.contains(u"/lock\""_s))
            QVERIFY2(call.line.contains(u"O_EXCL"_s), qPrintable(call.line));
    }
    QVERIFY(changes > 20);
}

void TestElevatedTrace::vuln026_changesRightsByDescriptorOnly()
{
    for (const Call &call : m_calls) {
        const bool isByPath = call.name == u"chmod"_s || call.name == u"chown"_s
            || call.name == u"lchown"_s || call.name == u"setxattr"_s;
        QVERIFY2(!isByPath, qPrintable(call.line));
    }
}

void TestElevatedTrace::h31_forbidsDumps()
{
    QVERIFY(std::any_of(m_calls.begin(), m_calls.end(), [](const Call &call) {
        return call.line.contains(u"prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE) = 0"_s);
    }));
}

FRESHEN_PRIVATE_SYSTEM_MAIN(TestElevatedTrace)

#include "tst_elevatedtrace.moc"
