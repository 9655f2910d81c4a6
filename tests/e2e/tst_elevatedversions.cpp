// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The half with an administrator's rights, and which releases it takes: newer ones, by the keys
// that were registered or follow from them.

#include "tests/support/elevatedfixture.h"
#include "tests/support/faultyfiles.h"
#include "tests/support/privatesystem.h"

#include "lib/common/convert.h"
#include "updater-helper/install/history.h"
#include "updater-helper/trust/digest.h"

#include <QProcess>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

namespace {

const QString done = u"done"_s;

} // namespace

class TestElevatedVersions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void updates();
    void acceptsTheSameVersionAsRepair();
    void acc037_olderThanTheFloor();
    void acc037_olderThanWhatWasInstalledHere();
    void h26_floorOutlivesADamagedInstall();
    void h26_newerVersionByTheAdministrator();
    void acc029_floorIsGarbage();
    void acc038_releaseOfSomethingElse_data();
    void acc038_releaseOfSomethingElse();
    void rollbackNeedsAnAdministrator();
    void goesBackForAnAdministrator();
    void rightsAreForOneAppAndVersion();
    void makesWholeForTheGuard();
    void acc030_followsTheRoots();
    void acc030_rootByOthers();
    void acc031_rootGap();
    void acc100_expiredRoot();

private:
    // Of a chain whose root key is m_rootKey.
    std::string root(std::uint64_t version, const Trust::PublicKey &release,
                     const SecretKey &signer, const char *expires = "2099-01-01T00:00:00Z") const;
    void registerRoot();

    std::unique_ptr<ElevatedFixture> m_fixture;
    const SecretKey m_rootKey = *SecretKey::generate();
    const SecretKey m_laterKey = *SecretKey::generate();
};

void TestElevatedVersions::initTestCase()
{
    if (!PrivateSystem::isInside())
        QSKIP("An administrator's rights and mount namespaces are needed.");
}

void TestElevatedVersions::init()
{
    m_fixture.reset();
    m_fixture = std::make_unique<ElevatedFixture>();
}

std::string TestElevatedVersions::root(std::uint64_t version, const Trust::PublicKey &release,
                                     const SecretKey &signer, const char *expires) const
{
    Trust::SignedRoot made;
    made.root.product = EngineFixture::product;
    made.root.version = version;
    made.root.issued = "2026-01-01T00:00:00Z";
    made.root.expires = expires;
    made.root.root.keys = made.root.feed.keys = {m_rootKey.publicKey()};
    made.root.release.keys = {release};
    const std::string message = made.message();
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(message.data());
    made.signatures = {{signer.publicKey().idHex(), signer.sign({bytes, message.size()})}};
    return made.signedText();
}

void TestElevatedVersions::registerRoot()
{
    m_fixture->registration().root = root(1, m_fixture->engine().keys().front(), m_rootKey);
    m_fixture->registerApp();
}

void TestElevatedVersions::updates()
{
    QCOMPARE(m_fixture->update(), u"2.0"_s);
    QCOMPARE(m_fixture->engine().versionOf(m_fixture->layout().previous()), u"1.0"_s);
    QCOMPARE(m_fixture->engine().lostUserFiles(m_fixture->layout().app()), QStringList());
    const auto last = Install::LastResult::read(m_fixture->layout());
    QVERIFY(last.has_value());
    QCOMPARE(toQString(last->to), u"2.0"_s);
    QCOMPARE(toQString(last->downtimeMs), u"12"_s);
    m_fixture->offerRelease("2.1");
    QCOMPARE(m_fixture->update(), u"2.1"_s);
}

void TestElevatedVersions::acceptsTheSameVersionAsRepair()
{
    QCOMPARE(m_fixture->update(), u"2.0"_s);
    writeText(m_fixture->layout().app() / "data/shipped.txt", "broken");
    QCOMPARE(m_fixture->update(), u"2.0"_s);
}

void TestElevatedVersions::acc037_olderThanTheFloor()
{
    QCOMPARE(m_fixture->update(), u"2.0"_s);
    m_fixture->offerRelease("1.5");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"DOWNGRADE"_s);
    QCOMPARE(m_fixture->engine().appVersion(), u"2.0"_s);
}

void TestElevatedVersions::acc037_olderThanWhatWasInstalledHere()
{
    m_fixture->offerRelease("0.9");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"DOWNGRADE"_s);
    QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
}

void TestElevatedVersions::h26_floorOutlivesADamagedInstall()
{
    QCOMPARE(m_fixture->update(), u"2.0"_s);
    m_fixture->engine().makeTree(m_fixture->layout().app(), "1.0");
    m_fixture->offerRelease("1.9");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"DOWNGRADE"_s);
}

// Without asking the helper.
void TestElevatedVersions::h26_newerVersionByTheAdministrator()
{
    m_fixture->engine().makeTree(m_fixture->layout().app(), "3.0");
    m_fixture->offerRelease("2.5");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"DOWNGRADE"_s);
    m_fixture->offerRelease("3.1");
    QCOMPARE(m_fixture->update(), u"3.1"_s);
}

void TestElevatedVersions::acc029_floorIsGarbage()
{
    writeText("/var/lib/freshen/" + m_fixture->id() + "/floor", "garbage");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"IO"_s);
    QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
}

void TestElevatedVersions::acc038_releaseOfSomethingElse_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("code");
    QTest::newRow("another product") << u"product"_s << u"WRONG_PRODUCT"_s;
    QTest::newRow("another system") << u"os"_s << u"WRONG_PLATFORM"_s;
    QTest::newRow("another processor") << u"arch"_s << u"WRONG_PLATFORM"_s;
    QTest::newRow("another key") << u"key"_s << u"SIGNATURE"_s;
}

void TestElevatedVersions::acc038_releaseOfSomethingElse()
{
    QFETCH(QString, change);
    QFETCH(QString, code);
    const fs::path tree = m_fixture->offered();
    if (change == u"product"_s)
        m_fixture->offerRelease("2.0", {}, "org.example.other");
    if (change == u"key"_s) {
        m_fixture->registration().keys = {SecretKey::generate()->publicKey()};
        m_fixture->registerApp();
    }
    if (change == u"os"_s || change == u"arch"_s) {
        auto manifest = Trust::readTreeManifest(tree, m_fixture->engine().keys());
        QVERIFY(manifest.has_value());
        (change == u"os"_s ? manifest->manifest.os : manifest->manifest.arch) = "macos";
        m_fixture->engine().signTree(tree, manifest->manifest);
        m_fixture->giveToUser();
    }
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), code);
    QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->engine().beside(), QStringList());
}

void TestElevatedVersions::rollbackNeedsAnAdministrator()
{
    QCOMPARE(m_fixture->update(), u"2.0"_s);
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->ask("rollback " + m_fixture->id())),
             u"NEEDS_RIGHTS"_s);
}

void TestElevatedVersions::goesBackForAnAdministrator()
{
    QCOMPARE(m_fixture->update(), u"2.0"_s);
    m_fixture->start({"elevated", m_fixture->id(), "1.0"});
    QCOMPARE(m_fixture->ask("rollback " + m_fixture->id()), done);
    QCOMPARE(m_fixture->ask("swap"), done);
    QCOMPARE(m_fixture->ask("commit 0"), done);
    m_fixture->hangUp();
    QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
    // What was left is wanted again: the floor lets it pass, and nothing below it.
    m_fixture->offerRelease("1.9");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"DOWNGRADE"_s);
    m_fixture->offerRelease("2.0");
    QCOMPARE(m_fixture->update(), u"2.0"_s);
}

void TestElevatedVersions::rightsAreForOneAppAndVersion()
{
    m_fixture->start({"elevated", "org.example.other-00000000", "2.0"});
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"PROTOCOL"_s);
    m_fixture->start({"elevated", m_fixture->id(), "2.5"});
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"PROTOCOL"_s);
    m_fixture->start({"elevated", m_fixture->id(), "2.0"});
    QCOMPARE(m_fixture->prepare(), done);
}

// The key that made 2.0 is retired by the root that comes with it, and stays so.
// What was broken off in the middle, piece by piece, and nobody but an administrator may finish.
void TestElevatedVersions::makesWholeForTheGuard()
{
    using Kind = Platform::FileCall::Kind;
    EngineFixture &engine = m_fixture->engine();
    const auto program = engine.layout().app() / "bin/sample";
    const auto breakOffAt = [&](int call) {
        engine.makeTree(engine.layout().staged(), "2.0");
        Install::Order order = engine.order();
        order.guard = FRESHEN_HELPER;
        FaultyFiles files([call, count = 0](const Platform::FileCall &made) mutable {
            return made.kind == Kind::Exchange ? EINVAL : ++count >= call ? EIO : 0;
        });
        if (Install::prepare(engine.layout(), order))
            (void)Install::swap(engine.layout());
        return *Trust::sha256OfFile(program) == *Trust::sha256OfFile(FRESHEN_HELPER);
    };
    for (int call = 1; !breakOffAt(call); ++call)
        QVERIFY(call < 1000);
    // There is nobody to ask here.
    const QStringList words = PrivateSystem::asUser(PrivateSystem::tester);
    QProcess guard;
    guard.start(words.first(), words.mid(1) << toQString(program));
    QVERIFY(guard.waitForFinished(60'000));
    QVERIFY(guard.exitCode() != 0);
    const QByteArray said = guard.readAllStandardError();
    QVERIFY2(said.contains("The update of this app was interrupted"), said);
    m_fixture->start({"elevated", m_fixture->id(), "2.0"});
    QCOMPARE(m_fixture->ask("make-whole " + m_fixture->id()), done);
    QCOMPARE(engine.appVersion(), u"2.0"_s);
}

void TestElevatedVersions::acc030_followsTheRoots()
{
    registerRoot();
    QCOMPARE(m_fixture->update(), u"2.0"_s);
    m_fixture->offerRelease("3.0");
    writeText(m_fixture->offer() / "2.root", root(2, m_laterKey.publicKey(), m_rootKey));
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"SIGNATURE"_s);
    auto manifest = Trust::readTreeManifest(m_fixture->offered(), m_fixture->engine().keys());
    QVERIFY(manifest.has_value());
    m_fixture->engine().signTree(m_fixture->offered(), manifest->manifest, m_laterKey);
    m_fixture->giveToUser();
    m_fixture->start();
    QCOMPARE(m_fixture->prepare(), done);
    QCOMPARE(m_fixture->ask("swap"), done);
    QCOMPARE(m_fixture->ask("commit 0"), done);
    const auto keys = {m_laterKey.publicKey()};
    QVERIFY(Trust::readTreeManifest(m_fixture->layout().app(), keys).has_value());
    // Withholding the root does not bring the old key back.
    m_fixture->offerRelease("4.0");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"SIGNATURE"_s);
    // What was accepted can be gone back to.
    m_fixture->start({"elevated", m_fixture->id(), "2.0"});
    QCOMPARE(m_fixture->ask("rollback " + m_fixture->id()), done);
}

void TestElevatedVersions::acc030_rootByOthers()
{
    registerRoot();
    writeText(m_fixture->offer() / "2.root", root(2, m_laterKey.publicKey(), m_laterKey));
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"ROOT_CHAIN"_s);
    fs::remove(m_fixture->offer() / "2.root");
    QCOMPARE(m_fixture->update(), u"2.0"_s);
}

void TestElevatedVersions::acc031_rootGap()
{
    registerRoot();
    writeText(m_fixture->offer() / "3.root", root(3, m_laterKey.publicKey(), m_rootKey));
    QCOMPARE(m_fixture->update(), u"2.0"_s);
    fs::rename(m_fixture->offer() / "3.root", m_fixture->offer() / "2.root");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"ROOT_CHAIN"_s);
}

void TestElevatedVersions::acc100_expiredRoot()
{
    registerRoot();
    writeText(m_fixture->offer() / "2.root", root(2, m_fixture->engine().keys().front(), m_rootKey,
                                                  "2026-02-01T00:00:00Z"));
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"ROOT_EXPIRED"_s);
    QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
}

FRESHEN_PRIVATE_SYSTEM_MAIN(TestElevatedVersions)

#include "tst_elevatedversions.moc"
