// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/attributes.h"

#include "lib/common/convert.h"
#include "platform/fileattributes.h"
#include "tests/support/enginefixture.h"
#include "tests/support/resultcheck.h"

#include <QTest>

#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

namespace {

// cap_net_bind_service, effective and permitted, as setcap(8) writes it.
const QByteArray capability = QByteArray::fromHex("0100000200040000000000000000000000000000");
constexpr uid_t somebody = 65534;

bool setAttribute(const fs::path &file, const char *name, const QByteArray &value)
{
    return ::setxattr(file.c_str(), name, value.constData(), std::size_t(value.size()), 0) == 0;
}

QByteArray attribute(const fs::path &file, const char *name)
{
    QByteArray value(1000, '\0');
    const auto size = ::getxattr(file.c_str(), name, value.data(), std::size_t(value.size()));
    return size < 0 ? QByteArray() : value.left(size);
}

} // namespace

// What a version has beside its content comes from the one before it.
class TestAttributes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<EngineFixture>(); }
    void extendedAttributes();
    void capabilitiesOfTheSamePathOnly();
    void capabilityThatCannotBeGiven();
    void ownersOfTheTree();
    void modesAreTheManifests();
    void modeOfTheFolderItself();

private:
    const Install::Layout &layout() const { return m_fixture->layout(); }
    void update() const
    {
        VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
        VERIFY_RESULT(Install::swap(layout()));
        VERIFY_RESULT(Install::commit(layout()));
        QCOMPARE(m_fixture->appVersion(), u"2.0"_s);
    }

    std::unique_ptr<EngineFixture> m_fixture;
};

void TestAttributes::extendedAttributes()
{
    const fs::path file = layout().app() / "data/shipped.txt";
    if (!setAttribute(file, "user.note", "mine"))
        QSKIP("This file system has no attributes.");
    update();
    QCOMPARE(attribute(file, "user.note"), "mine");
    QCOMPARE(attribute(layout().app() / "bin/sample", "user.note"), QByteArray());
}

void TestAttributes::capabilitiesOfTheSamePathOnly()
{
    const fs::path program = layout().app() / "bin/sample";
    if (!setAttribute(program, "security.capability", capability))
        QSKIP("Only an administrator can give capabilities.");
    update();
    QCOMPARE(attribute(program, "security.capability"), capability);
    QCOMPARE(attribute(layout().app() / "lib/libsample.so.2.0", "security.capability"),
             QByteArray());
}

// Without it the program would be another one than before.
void TestAttributes::capabilityThatCannotBeGiven()
{
    if (!setAttribute(layout().app() / "bin/sample", "security.capability", capability))
        QSKIP("Only an administrator can give capabilities.");
    for (const auto &entry : fs::recursive_directory_iterator(m_fixture->path({})))
        QCOMPARE(::lchown(entry.path().c_str(), somebody, somebody), 0);
    // Giving the file away has taken it.
    QVERIFY(setAttribute(layout().app() / "bin/sample", "security.capability", capability));
    QCOMPARE(::chown(m_fixture->path({}).c_str(), somebody, somebody), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const bool isSomebody = ::setgid(somebody) == 0 && ::setuid(somebody) == 0;
        const auto prepared = Install::prepare(layout(), m_fixture->order());
        const bool isRefused = !prepared && prepared.error().code == ErrorCode::NEEDS_RIGHTS;
        ::_exit(isSomebody && isRefused ? 0 : 1);
    }
    int status = -1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(WEXITSTATUS(status), 0);
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
}

void TestAttributes::ownersOfTheTree()
{
    if (::geteuid() != 0)
        QSKIP("Only an administrator can give files away.");
    for (const auto &entry : fs::recursive_directory_iterator(layout().app()))
        QCOMPARE(::lchown(entry.path().c_str(), somebody, somebody), 0);
    QCOMPARE(::chown(layout().app().c_str(), somebody, somebody), 0);
    QCOMPARE(::chown((layout().app() / "data/shipped.txt").c_str(), 1, somebody), 0);
    update();
    for (const auto &entry : fs::recursive_directory_iterator(layout().app())) {
        const auto owner = Platform::ownerOf(entry.path());
        const uid_t expected = entry.path().filename() == "shipped.txt" ? 1 : somebody;
        VERIFY_RESULT(owner);
        QVERIFY2(owner->user == expected && owner->group == somebody, entry.path().c_str());
    }
    QCOMPARE(Platform::ownerOf(layout().app())->user, somebody);
}

void TestAttributes::modesAreTheManifests()
{
    const fs::path program = layout().app() / "bin/sample";
    if (!setAttribute(program, "user.note", "mine"))
        QSKIP("This file system has no attributes.");
    QCOMPARE(::chmod(program.c_str(), 04711), 0);
    update();
    struct stat status = {};
    QCOMPARE(::lstat(program.c_str(), &status), 0);
    QCOMPARE(status.st_mode & 07777u, 0755u);
}

void TestAttributes::modeOfTheFolderItself()
{
    QCOMPARE(::chmod(layout().app().c_str(), 0700), 0);
    update();
    struct stat status = {};
    QCOMPARE(::lstat(layout().app().c_str(), &status), 0);
    QCOMPARE(status.st_mode & 07777u, 0700u);
}

QTEST_GUILESS_MAIN(TestAttributes)
#include "tst_attributes.moc"
