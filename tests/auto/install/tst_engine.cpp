// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/accepted.h"
#include "updater-helper/install/engine.h"

#include "tests/support/enginefixture.h"
#include "tests/support/faultyfiles.h"
#include "tests/support/resultcheck.h"
#include "updater-helper/trust/digest.h"

#include <QTest>

#include <functional>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Install::ChangeKind;
using Install::Journal;
using Install::LastResult;
using Install::Refusal;
namespace fs = std::filesystem;
using Change = std::function<void(EngineFixture &, Install::Order &)>;

Q_DECLARE_METATYPE(Change)

// The steps of a change, each carried out to its end.
class TestEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<EngineFixture>(); }
    void prepareRefuses_data();
    void prepareRefuses();
    void prepareStops();
    void prepareChangesNothing();
    void retiredKeyInstallsNothingNew();
    void retiredKeyIsGoneBackTo();
    void prepareNotesHowToGoOn();
    void acc074_otherErrorsAreErrors();
    void acc074_folderOfAnotherLayer();
    void stepsNeedAPreparedChange();
    void updates();
    void acc078_replacesThePreviousVersion();
    void keepsAPreviousTreeOfUnknownOrigin();
    void goesBack();
    void goesBackAndRefuses();
    void bringsBackWhatTheNewVersionWrote();
    void keepsTheNewVersionWithItsProblem();
    void discards();
    void rollsBack();
    void rollsBackAfterAMergedFolder();
    void rollbackFails();
    void wantsAVersionAgainThatWasInstalledAfterAll();
    void acc079_damagedManifestCostsNoFileOfTheUser_data();
    void acc079_damagedManifestCostsNoFileOfTheUser();
    void swapThatCannotBeDone();

private:
    const Install::Layout &layout() const { return m_fixture->layout(); }
    QString keptContent(const fs::path &name) const;

    std::unique_ptr<EngineFixture> m_fixture;
};

void TestEngine::prepareRefuses_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<Change>("change");
    const auto row = [](const char *name, ErrorCode code, Change change) {
        QTest::newRow(name) << code << change;
    };
    row("wrong product", ErrorCode::WRONG_PRODUCT, [](EngineFixture &fixture, Install::Order &) {
        fixture.makeTree(fixture.layout().staged(), "2.0", {}, "org.example.other");
    });
    row("wrong version", ErrorCode::MANIFEST, [](EngineFixture &fixture, Install::Order &) {
        fixture.makeTree(fixture.layout().staged(), "1.5");
    });
    row("foreign key", ErrorCode::SIGNATURE, [](EngineFixture &, Install::Order &order) {
        order.keys = {SecretKey::generate()->publicKey()};
    });
    row("no signature", ErrorCode::SIGNATURE, [](EngineFixture &fixture, Install::Order &) {
        fs::remove(fixture.layout().staged() / "freshen.manifest.minisig");
    });
    row("no manifest", ErrorCode::IO, [](EngineFixture &fixture, Install::Order &) {
        fs::remove(fixture.layout().staged() / "freshen.manifest");
    });
    row("changed manifest", ErrorCode::SIGNATURE, [](EngineFixture &fixture, Install::Order &) {
        const fs::path file = fixture.layout().staged() / "freshen.manifest";
        writeText(file, readText(file).replace("version 2.0", "version 2.1").toStdString());
    });
    row("changed file", ErrorCode::MANIFEST, [](EngineFixture &fixture, Install::Order &) {
        writeText(fixture.layout().staged() / "data/shipped.txt", "shipped with 2.1\n");
    });
    row("changed mode", ErrorCode::MANIFEST, [](EngineFixture &fixture, Install::Order &) {
        fs::permissions(fixture.layout().staged() / "data/shipped.txt", fs::perms(0666));
    });
    row("changed link", ErrorCode::MANIFEST, [](EngineFixture &fixture, Install::Order &) {
        const fs::path link = fixture.layout().staged() / "lib/libsample.so";
        fs::remove(link);
        fs::create_symlink("/etc/passwd", link);
    });
    row("missing file", ErrorCode::MANIFEST, [](EngineFixture &fixture, Install::Order &) {
        fs::remove(fixture.layout().staged() / "data/shipped.txt");
    });
    row("unlisted file", ErrorCode::MANIFEST, [](EngineFixture &fixture, Install::Order &) {
        writeText(fixture.layout().staged() / "data/extra.txt", "extra");
    });
    row("unlisted folder", ErrorCode::MANIFEST, [](EngineFixture &fixture, Install::Order &) {
        fs::create_directory(fixture.layout().staged() / "extra");
    });
    row("nothing staged", ErrorCode::IO, [](EngineFixture &fixture, Install::Order &) {
        fs::remove_all(fixture.layout().staged());
    });
}

void TestEngine::prepareRefuses()
{
    QFETCH(ErrorCode, code);
    QFETCH(Change, change);
    Install::Order order = m_fixture->order();
    change(*m_fixture, order);
    VERIFY_ERROR(Install::prepare(layout(), order), code);
    QVERIFY(!fs::exists(layout().journal()));
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
}

void TestEngine::prepareStops()
{
    VERIFY_ERROR(Install::prepare(layout(), m_fixture->order(), [](std::uint64_t) {
        return false;
    }), ErrorCode::CANCELLED);
    QVERIFY(!fs::exists(layout().journal()));
}

void TestEngine::prepareChangesNothing()
{
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    QCOMPARE(m_fixture->versionOf(layout().staged()), u"2.0"_s);
    QCOMPARE(m_fixture->beside(), (QStringList{u"journal"_s, u"staged"_s, u"user-files"_s}));
}

// Whatever was accepted before: a new tree needs a key that counts now.
void TestEngine::retiredKeyInstallsNothingNew()
{
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
    VERIFY_RESULT(Install::discard(layout()));
    auto order = m_fixture->order();
    order.keys = {SecretKey::generate()->publicKey()};
    VERIFY_RESULT(Install::readRelease(layout(), layout().staged(), order.keys));
    VERIFY_ERROR(Install::prepare(layout(), order), ErrorCode::SIGNATURE);
    QVERIFY(!fs::exists(layout().journal()));
}

void TestEngine::retiredKeyIsGoneBackTo()
{
    const auto first = Install::readRelease(layout(), layout().app(), m_fixture->keys());
    VERIFY_RESULT(first);
    VERIFY_RESULT(Install::acceptManifest(layout(), first->sha256));
    m_fixture->update();
    auto order = m_fixture->order(Install::ChangeKind::Rollback);
    order.keys = {SecretKey::generate()->publicKey()};
    // Both versions are known, and what nobody accepted is not.
    VERIFY_RESULT(Install::readRelease(layout(), layout().app(), order.keys));
    VERIFY_RESULT(Install::prepare(layout(), order));
    VERIFY_RESULT(Install::discard(layout()));
    fs::remove(layout().accepted());
    VERIFY_ERROR(Install::prepare(layout(), order), ErrorCode::SIGNATURE);
}

void TestEngine::prepareNotesHowToGoOn()
{
    Install::Order order = m_fixture->order();
    order.mayGoBack = false;
    VERIFY_RESULT(Install::prepare(layout(), order));
    Journal journal = **Journal::read(layout());
    QVERIFY(journal.state == Journal::State::Ready);
    QCOMPARE(journal.fromVersion, "1.0");
    QCOMPARE(journal.toVersion, "2.0");
    QCOMPARE(journal.oldIdentity, Journal::identityOf(layout().app()));
    QCOMPARE(journal.newIdentity, Journal::identityOf(layout().staged()));
    QCOMPARE(journal.newManifest,
             *Trust::sha256OfFile(layout().staged() / Trust::Manifest::fileName));
    QCOMPARE(journal.ready.toText(), order.ready.toText());
    QCOMPARE(journal.mayGoBack, false);
    QCOMPARE(journal.starts, 0);
    // Nobody starts it, so nobody waits for its "ready".
    order.launches = false;
    VERIFY_RESULT(Install::prepare(layout(), order));
    journal = **Journal::read(layout());
    QCOMPARE(journal.ready.toText(), "none:0");
}

// Only where the system knows no exchange is there another way.
void TestEngine::acc074_otherErrorsAreErrors()
{
    Install::Order order = m_fixture->order();
    order.guard = layout().app() / "bin/sample";
    {
        const FaultyFiles files(everyFails(Platform::FileCall::Kind::Exchange, EACCES));
        VERIFY_ERROR(Install::prepare(layout(), order), ErrorCode::NEEDS_RIGHTS);
    }
    const FaultyFiles files(everyFails(Platform::FileCall::Kind::Exchange, ENOSYS));
    VERIFY_RESULT(Install::prepare(layout(), order));
    QVERIFY((*Journal::read(layout()))->method == Journal::Method::Pieces);
    order.guard.clear();
    VERIFY_ERROR(Install::prepare(layout(), order), ErrorCode::NO_EXCHANGE);
}

// The try went well, but the app itself lies where no folder can be renamed.
void TestEngine::acc074_folderOfAnotherLayer()
{
    Install::Order order = m_fixture->order();
    order.guard = layout().app() / "bin/sample";
    VERIFY_RESULT(Install::prepare(layout(), order));
    QVERIFY((*Journal::read(layout()))->method == Journal::Method::AtOnce);
    {
        const FaultyFiles files(folderRenamesFail(EXDEV));
        VERIFY_RESULT(Install::swap(layout()));
    }
    QCOMPARE(m_fixture->appVersion(), u"2.0"_s);
    QVERIFY((*Journal::read(layout()))->method == Journal::Method::Pieces);
    VERIFY_RESULT(Install::commit(layout()));
    QCOMPARE(m_fixture->beside(), (QStringList{u"previous"_s, u"result"_s}));
}

void TestEngine::stepsNeedAPreparedChange()
{
    VERIFY_ERROR(Install::swap(layout()), ErrorCode::IO);
    VERIFY_ERROR(Install::commit(layout()), ErrorCode::IO);
    VERIFY_ERROR(Install::back(layout(), true), ErrorCode::IO);
    VERIFY_RESULT(Install::discard(layout()));
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
}

void TestEngine::updates()
{
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
    VERIFY_RESULT(Install::swap(layout()));
    QCOMPARE(m_fixture->appVersion(), u"2.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    QVERIFY((*Journal::read(layout()))->place(layout()) == Journal::Place::New);
    VERIFY_RESULT(Install::commit(layout(), {}, "31"));
    QCOMPARE(m_fixture->appVersion(), u"2.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    QCOMPARE(m_fixture->beside(), (QStringList{u"previous"_s, u"result"_s}));
    QCOMPARE(m_fixture->versionOf(layout().previous()), u"1.0"_s);
    const auto last = LastResult::read(layout());
    QVERIFY(last);
    QCOMPARE(last->result, "updated");
    QCOMPARE(last->from, "1.0");
    QCOMPARE(last->to, "2.0");
    QCOMPARE(last->errorCode, "");
    QCOMPARE(last->downtimeMs, "31");
    QVERIFY(!last->isReported);
}

void TestEngine::acc078_replacesThePreviousVersion()
{
    m_fixture->update();
    m_fixture->makeTree(layout().staged(), "3.0");
    Install::Order order = m_fixture->order();
    order.fromVersion = "2.0";
    order.toVersion = "3.0";
    VERIFY_RESULT(Install::prepare(layout(), order));
    VERIFY_RESULT(Install::swap(layout()));
    VERIFY_RESULT(Install::commit(layout()));
    QCOMPARE(m_fixture->appVersion(), u"3.0"_s);
    QCOMPARE(m_fixture->versionOf(layout().previous()), u"2.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    QCOMPARE(m_fixture->beside(), (QStringList{u"previous"_s, u"result"_s}));
}

// Nobody knows which files of an app without manifest are the user's: it is never pruned.
void TestEngine::keepsAPreviousTreeOfUnknownOrigin()
{
    fs::remove(layout().app() / "freshen.manifest");
    m_fixture->update();
    QCOMPARE(m_fixture->lostUserFiles(layout().previous()), QStringList());
    m_fixture->makeTree(layout().staged(), "3.0");
    Install::Order order = m_fixture->order();
    order.toVersion = "3.0";
    VERIFY_RESULT(Install::prepare(layout(), order));
    VERIFY_RESULT(Install::swap(layout()));
    VERIFY_RESULT(Install::commit(layout()));
    QCOMPARE(m_fixture->versionOf(layout().previous()), u"2.0"_s);
    QCOMPARE(keptContent("mine.txt"), u"mine"_s);
}

void TestEngine::goesBack()
{
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
    VERIFY_RESULT(Install::swap(layout()));
    VERIFY_RESULT(Install::back(layout(), false));
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    QCOMPARE(m_fixture->beside(), QStringList{u"result"_s});
    QCOMPARE(LastResult::read(layout())->result, "failed");
    QCOMPARE(LastResult::read(layout())->errorCode, "IO");
    QVERIFY(refusedVersions(layout(), Refusal::Failed).empty());
}

void TestEngine::goesBackAndRefuses()
{
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
    VERIFY_RESULT(Install::swap(layout()));
    VERIFY_RESULT(Install::back(layout(), true));
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    QCOMPARE(m_fixture->beside(), (QStringList{u"refused"_s, u"result"_s}));
    const auto last = LastResult::read(layout());
    QCOMPARE(last->result, "restored");
    QCOMPARE(last->errorCode, "ROLLED_BACK");
    QVERIFY(last->errorMessage.find("2.0") != std::string::npos);
    QVERIFY(refusedVersions(layout(), Refusal::Failed) == std::set<std::string>{"2.0"});
}

void TestEngine::bringsBackWhatTheNewVersionWrote()
{
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
    VERIFY_RESULT(Install::swap(layout()));
    writeText(layout().app() / "new.txt", "written by 2.0");
    writeText(layout().app() / "mine.txt", "changed under 2.0");
    VERIFY_RESULT(Install::back(layout(), true));
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    QCOMPARE(readText(layout().app() / "new.txt"), "written by 2.0");
    QCOMPARE(readText(layout().app() / "mine.txt"), "changed under 2.0");
}

void TestEngine::keepsTheNewVersionWithItsProblem()
{
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
    VERIFY_RESULT(Install::swap(layout()));
    VERIFY_RESULT(Install::commit(layout(), Error{ErrorCode::NOT_READY, "It was not ready."}));
    QCOMPARE(m_fixture->appVersion(), u"2.0"_s);
    QCOMPARE(LastResult::read(layout())->result, "updated");
    QCOMPARE(LastResult::read(layout())->errorCode, "NOT_READY");
    QCOMPARE(LastResult::read(layout())->errorMessage, "It was not ready.");
}

void TestEngine::discards()
{
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
    VERIFY_RESULT(Install::discard(layout()));
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->beside(), QStringList{u"staged"_s});
    QCOMPARE(m_fixture->versionOf(layout().staged()), u"2.0"_s);
}

void TestEngine::rollsBack()
{
    m_fixture->update();
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order(ChangeKind::Rollback)));
    VERIFY_RESULT(Install::swap(layout()));
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    VERIFY_RESULT(Install::commit(layout()));
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    QCOMPARE(m_fixture->beside(), (QStringList{u"refused"_s, u"result"_s}));
    QCOMPARE(LastResult::read(layout())->result, "rolled-back");
    QVERIFY(refusedVersions(layout(), Refusal::Left) == std::set<std::string>{"2.0"});
    QVERIFY(refusedVersions(layout(), Refusal::Failed).empty());
}

void TestEngine::rollsBackAfterAMergedFolder()
{
    m_fixture->makeTree(layout().staged(), "2.0", {{"plugins/core.so", "core"}});
    m_fixture->update();
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order(ChangeKind::Rollback)));
    VERIFY_RESULT(Install::swap(layout()));
    VERIFY_RESULT(Install::commit(layout()));
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
}

void TestEngine::rollbackFails()
{
    m_fixture->update();
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order(ChangeKind::Rollback)));
    VERIFY_RESULT(Install::swap(layout()));
    VERIFY_RESULT(Install::back(layout(), true));
    QCOMPARE(m_fixture->appVersion(), u"2.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    QCOMPARE(m_fixture->versionOf(layout().previous()), u"1.0"_s);
}

void TestEngine::wantsAVersionAgainThatWasInstalledAfterAll()
{
    VERIFY_RESULT(refuse(layout(), Refusal::Failed, "2.0"));
    VERIFY_RESULT(refuse(layout(), Refusal::Left, "2.0"));
    m_fixture->update();
    QVERIFY(refusedVersions(layout(), Refusal::Failed).empty());
    QVERIFY(refusedVersions(layout(), Refusal::Left).empty());
}

void TestEngine::acc079_damagedManifestCostsNoFileOfTheUser_data()
{
    QTest::addColumn<bool>("isRemoved");
    QTest::addColumn<QString>("ending");
    for (const QString &ending : {u"update again"_s, u"back"_s, u"rollback"_s}) {
        QTest::addRow("removed, %s", qPrintable(ending)) << true << ending;
        QTest::addRow("unreadable, %s", qPrintable(ending)) << false << ending;
    }
}

// Without manifest nobody knows which files are the user's, so the tree that leaves must not be
// removed with them.
void TestEngine::acc079_damagedManifestCostsNoFileOfTheUser()
{
    QFETCH(bool, isRemoved);
    QFETCH(QString, ending);
    const auto damage = [&] {
        if (isRemoved)
            fs::remove(layout().app() / "freshen.manifest");
        else
            writeText(layout().app() / "freshen.manifest", "rubbish");
    };
    if (ending == u"update again") {
        damage();
        m_fixture->update();
        m_fixture->makeTree(layout().staged(), "2.0");
        m_fixture->update();
    } else if (ending == u"back") {
        VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
        VERIFY_RESULT(Install::swap(layout()));
        damage();
        VERIFY_RESULT(Install::back(layout(), true));
        QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    } else {
        m_fixture->update();
        damage();
        VERIFY_RESULT(Install::prepare(layout(), m_fixture->order(ChangeKind::Rollback)));
        VERIFY_RESULT(Install::swap(layout()));
        VERIFY_RESULT(Install::commit(layout()));
        QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    }
    QCOMPARE(keptContent("mine.txt"), u"mine"_s);
    QCOMPARE(keptContent("plugins/own/plugin.so"), u"my plugin"_s);
}

void TestEngine::swapThatCannotBeDone()
{
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
    fs::rename(layout().staged(), m_fixture->path("stolen"));
    VERIFY_ERROR(Install::swap(layout()), ErrorCode::IO);
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    VERIFY_RESULT(Install::back(layout(), false));
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    QCOMPARE(m_fixture->beside(), QStringList{u"result"_s});
}

// Of a file that was kept with a whole tree, wherever that is.
QString TestEngine::keptContent(const fs::path &name) const
{
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(layout().kept(), error)) {
        if (const QByteArray content = readText(entry.path() / name); !content.isEmpty())
            return QString::fromUtf8(content);
    }
    return {};
}

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
