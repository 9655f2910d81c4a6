// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What a file is besides its content, and who may replace it.

#include "platform/fileattributes.h"
#include "tests/auto/replace/replacementfixture.h"
#include "tests/support/resultcheck.h"

#include <QProcess>

#include <functional>

#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestReplacementAttributes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void modeIsKept_data();
    void modeIsKept();
    void modeIsChosen();
    void ownerIsKept();
    void attributesAreKept_data();
    void attributesAreKept();
    void capabilitiesByTheCommand();
    void probeLeavesTheFileAlone();
    void folderOfSomebodyElse();
    void fileOfSomebodyElse();
    void setIdOfSomebodyElse_data();
    void setIdOfSomebodyElse();
    void capabilitiesWithoutTheRight();
    void stickyFolder();
    void immutableFile();
    void stagingOfSomebodyElse();

private:
    QByteArray target() const { return m_files->target().toLocal8Bit(); }
    QByteArray folder() const { return m_files->path(u"bin"_s).toLocal8Bit(); }
    struct stat status() const;
    void giveAway(const QByteArray &path) const;

    std::unique_ptr<ReplacementFixture> m_files;
};

namespace {

constexpr uid_t nobody = 65534;
// cap_net_bind_service, effective and permitted, as the kernel stores it.
const QByteArray capability = QByteArray::fromHex("0100000200040000000000000000000000000000");
// u::rwx, u:1234:r-x, g::r-x, m::r-x, o::--x
const QByteArray accessList = QByteArray::fromHex("02000000"
                                                  "01000700ffffffff"
                                                  "02000500d2040000"
                                                  "04000500ffffffff"
                                                  "10000500ffffffff"
                                                  "20000100ffffffff");

bool isAdministrator()
{
    return ::geteuid() == 0;
}

#define ONLY_AS_ADMINISTRATOR()                                                                    \
    if (!isAdministrator())                                                                        \
    QSKIP("needs an administrator")

// What the work says when another user does it, who has no rights.
QByteArray asNobody(const std::function<QString()> &work)
{
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0)
        return "no pipe";
    const pid_t child = ::fork();
    if (child == 0) {
        QString said = u"still has rights"_s;
        if (::setgroups(0, nullptr) == 0 && ::setgid(nobody) == 0 && ::setuid(nobody) == 0)
            said = work();
        const QByteArray text = said.toUtf8();
        ::_exit(::write(ends[1], text.constData(), std::size_t(text.size())) == text.size() ? 0
                                                                                            : 1);
    }
    ::close(ends[1]);
    QFile pipe;
    const QByteArray text = pipe.open(ends[0], QIODevice::ReadOnly, QFileDevice::AutoCloseHandle)
        ? pipe.readAll()
        : "no pipe";
    int code = 0;
    ::waitpid(child, &code, 0);
    return code == 0 ? text : "it crashed";
}

QByteArray attribute(const QByteArray &path, const char *name)
{
    char value[256];
    const ssize_t size = ::getxattr(path.constData(), name, value, sizeof(value));
    return size < 0 ? QByteArray("none") : QByteArray(value, size);
}

} // namespace

void TestReplacementAttributes::init()
{
    m_files = std::make_unique<ReplacementFixture>();
    // Others have to come through here.
    std::filesystem::permissions(m_files->path(u"."_s).toStdString(), std::filesystem::perms(0755));
}

struct stat TestReplacementAttributes::status() const
{
    struct stat status = {};
    (void)::stat(target().constData(), &status);
    return status;
}

void TestReplacementAttributes::giveAway(const QByteArray &path) const
{
    QCOMPARE(::chown(path.constData(), nobody, nobody), 0);
}

void TestReplacementAttributes::modeIsKept_data()
{
    QTest::addColumn<int>("mode");

    for (const int mode : {0755, 0700, 0644, 0400, 0511, 0777, 04755, 02755, 06711, 01644})
        QTest::addRow("%04o", mode) << mode;
}

void TestReplacementAttributes::modeIsKept()
{
    QFETCH(const int, mode);
    QCOMPARE(::chmod(target().constData(), mode_t(mode)), 0);
    Replacement replacement(m_files->target());
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QCOMPARE(int(status().st_mode & 07777), mode);
    QVERIFY(m_files->isReplaced());
}

void TestReplacementAttributes::modeIsChosen()
{
    Replacement replacement(m_files->target());
    replacement.setMode(0710);
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QCOMPARE(status().st_mode & 07777, 0710u);
}

void TestReplacementAttributes::ownerIsKept()
{
    ONLY_AS_ADMINISTRATOR();
    QCOMPARE(::chown(target().constData(), 1234, 2345), 0);
    QCOMPARE(::chmod(target().constData(), 06755), 0);
    Replacement replacement(m_files->target());
    replacement.setKeepOldAt(m_files->path(u"old"_s));
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QCOMPARE(status().st_uid, 1234u);
    QCOMPARE(status().st_gid, 2345u);
    QCOMPARE(status().st_mode & 07777, 06755u);
}

void TestReplacementAttributes::attributesAreKept_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");

    QTest::newRow("user's own") << QByteArray("user.comment") << QByteArray("mine");
    QTest::newRow("capabilities") << QByteArray("security.capability") << capability;
    QTest::newRow("access list") << QByteArray("system.posix_acl_access") << accessList;
}

void TestReplacementAttributes::attributesAreKept()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    const QByteArray path = target();
    if (::setxattr(path.constData(), name.constData(), value.constData(), std::size_t(value.size()),
                   0)
        != 0)
        QSKIP("this file system or user cannot set it");
    const mode_t mode = status().st_mode;
    Replacement replacement(m_files->target());
    replacement.setKeepOldAt(m_files->path(u"old"_s));
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QVERIFY(m_files->isReplaced());
    QCOMPARE(attribute(path, name.constData()), value);
    QCOMPARE(status().st_mode, mode);
    // And those of the old one, there and back.
    QCOMPARE(attribute(m_files->path(u"old"_s).toLocal8Bit(), name.constData()), value);
    QVERIFY(replacement.rollback());
    QCOMPARE(attribute(path, name.constData()), value);
}

// minio/minio #8048: what setcap gave was lost.
void TestReplacementAttributes::capabilitiesByTheCommand()
{
    ONLY_AS_ADMINISTRATOR();
    const QString given = u"cap_net_bind_service=ep"_s;
    if (QProcess::execute(u"setcap"_s, {given, m_files->target()}) != 0)
        QSKIP("setcap is missing or does not work here");
    Replacement replacement(m_files->target());
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QCOMPARE(QProcess::execute(u"setcap"_s, {u"-q"_s, u"-v"_s, given, m_files->target()}), 0);
}

// overseer moves the live file away and back.
void TestReplacementAttributes::probeLeavesTheFileAlone()
{
    const struct stat before = status();
    Replacement replacement(m_files->target());
    QVERIFY(replacement.checkCanReplace());
    const struct stat after = status();
    QCOMPARE(after.st_ino, before.st_ino);
    QCOMPARE(after.st_ctim.tv_sec, before.st_ctim.tv_sec);
    QCOMPARE(after.st_ctim.tv_nsec, before.st_ctim.tv_nsec);
    QVERIFY(m_files->isUntouched());
}

// minio/minio #8226: the right to write the file is not enough.
void TestReplacementAttributes::folderOfSomebodyElse()
{
    ONLY_AS_ADMINISTRATOR();
    giveAway(target());
    QCOMPARE(asNobody([&] {
                 Replacement replacement(m_files->target());
                 return replacement.checkCanReplace() ? u"can"_s : replacement.error().code();
             }),
             "NEEDS_RIGHTS");
    QCOMPARE(asNobody([&] {
                 Replacement replacement(m_files->target());
                 return apply(replacement, m_files->newContent);
             }),
             "NEEDS_RIGHTS");
    QVERIFY(m_files->isUntouched());
}

void TestReplacementAttributes::fileOfSomebodyElse()
{
    ONLY_AS_ADMINISTRATOR();
    giveAway(folder());
    QCOMPARE(asNobody([&] {
                 Replacement replacement(m_files->target());
                 return replacement.checkCanReplace() ? apply(replacement, m_files->newContent)
                                                      : replacement.error().message();
             }),
             "");
    QVERIFY(m_files->isReplaced());
    QCOMPARE(status().st_uid, nobody);
    QCOMPARE(status().st_mode & 07777, 0755u);
}

void TestReplacementAttributes::setIdOfSomebodyElse_data()
{
    QTest::addColumn<int>("mode");

    QTest::newRow("user") << 04755;
    QTest::newRow("group") << 02755;
}

// The new file would run with the rights of whoever replaced it, or the old owner's be lost.
void TestReplacementAttributes::setIdOfSomebodyElse()
{
    ONLY_AS_ADMINISTRATOR();
    QFETCH(const int, mode);
    giveAway(folder());
    QCOMPARE(::chmod(target().constData(), mode_t(mode)), 0);
    for (const bool isProbe : {true, false}) {
        QCOMPARE(asNobody([&] {
                     Replacement replacement(m_files->target());
                     if (!isProbe)
                         return apply(replacement, m_files->newContent);
                     return replacement.checkCanReplace() ? u"can"_s : replacement.error().code();
                 }),
                 "NEEDS_RIGHTS");
        QVERIFY(m_files->isUntouched());
        QCOMPARE(int(status().st_mode & 07777), mode);
    }
}

void TestReplacementAttributes::capabilitiesWithoutTheRight()
{
    ONLY_AS_ADMINISTRATOR();
    giveAway(folder());
    giveAway(target());
    QCOMPARE(::setxattr(target().constData(), "security.capability", capability.constData(),
                        std::size_t(capability.size()), 0),
             0);
    QCOMPARE(asNobody([&] {
                 Replacement replacement(m_files->target());
                 return apply(replacement, m_files->newContent);
             }),
             "NEEDS_RIGHTS");
    QVERIFY(m_files->isUntouched());
    QCOMPARE(attribute(target(), "security.capability"), capability);
}

void TestReplacementAttributes::stickyFolder()
{
    ONLY_AS_ADMINISTRATOR();
    QCOMPARE(::chmod(folder().constData(), 01777), 0);
    QCOMPARE(asNobody([&] {
                 Replacement replacement(m_files->target());
                 // Told before anything is staged, not only when it comes to the swap.
                 if (replacement.checkCanReplace() || prepare(replacement, m_files->newContent))
                     return u"can"_s;
                 return replacement.error().code();
             }),
             "NEEDS_RIGHTS");
    QVERIFY(m_files->isUntouched());
}

void TestReplacementAttributes::immutableFile()
{
    ONLY_AS_ADMINISTRATOR();
    if (QProcess::execute(u"chattr"_s, {u"+i"_s, m_files->target()}) != 0)
        QSKIP("this file system has no immutable files");
    Replacement replacement(m_files->target());
    const bool canReplace = replacement.checkCanReplace();
    const QString code = replacement.error().code();
    const QString second = apply(replacement, m_files->newContent);
    QCOMPARE(QProcess::execute(u"chattr"_s, {u"-i"_s, m_files->target()}), 0);
    QVERIFY(!canReplace);
    QCOMPARE(code, u"NEEDS_RIGHTS"_s);
    QCOMPARE(second, u"NEEDS_RIGHTS"_s);
    QVERIFY(m_files->isUntouched());
}

// In a folder where everybody may write, somebody could wait there for a verified file and change
// it.
void TestReplacementAttributes::stagingOfSomebodyElse()
{
    ONLY_AS_ADMINISTRATOR();
    const QString staging = m_files->path(u"bin/.tool.freshen"_s);
    QVERIFY(QDir().mkdir(staging));
    giveAway(staging.toLocal8Bit());
    Replacement replacement(m_files->target());
    QCOMPARE(apply(replacement, m_files->newContent), u"NEEDS_RIGHTS"_s);
    QCOMPARE(contentOf(m_files->target()), m_files->oldContent);
    // As it was: empty.
    QVERIFY(QDir().rmdir(staging));
}

QTEST_GUILESS_MAIN(TestReplacementAttributes)
#include "tst_replacementattributes.moc"
