// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/startup.h"

#include "lib/common/convert.h"
#include "lib/session/crashloop.h"
#include "updater-helper/install/engine.h"

#include "tests/support/enginefixture.h"
#include "tests/support/resultcheck.h"

#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Install::Journal;
using Install::LastResult;

// The app starts; what its last update left is put right.
class TestStartup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<EngineFixture>(); }
    void neverUpdated();
    void newsIsToldOnce();
    void unfinishedPreparationIsDiscarded();
    void helperAtWork();
    void firstStartIsTheChance();
    void secondStartGoesBack();
    void acc089_neverGoesBackWhereTheDataChanged();
    void notAwaitedIsCommitted();
    void startsWithoutArguments();
    void commitNeedsTheLock();
    void acc087_crashesOfAnAdministratorsInstall();

private:
    const Install::Layout &layout() const { return m_fixture->layout(); }
    Result<StartupReport> settle(const std::vector<std::string> &arguments = {}) const;
    // 2.0 stands at the app's path and nobody waits for it.
    void leaveSwapped(const Install::Order &order) const;

    std::unique_ptr<EngineFixture> m_fixture;
};

Result<StartupReport> TestStartup::settle(const std::vector<std::string> &arguments) const
{
    const auto installation = Installation::open(toQString(layout().app()));
    return installation ? settleAtStart(*installation, arguments)
                        : Result<StartupReport>(failure(installation));
}

void TestStartup::leaveSwapped(const Install::Order &order) const
{
    VERIFY_RESULT(Install::prepare(layout(), order));
    VERIFY_RESULT(Install::swap(layout()));
}

void TestStartup::neverUpdated()
{
    std::filesystem::remove_all(layout().folder());
    const auto report = settle();
    VERIFY_RESULT(report);
    QVERIFY(report->verdict == StartupVerdict::Settled);
    QVERIFY(!report->news);
    QVERIFY(!std::filesystem::exists(layout().folder()));
}

void TestStartup::newsIsToldOnce()
{
    m_fixture->update();
    const auto report = settle();
    VERIFY_RESULT(report);
    QVERIFY(report->verdict == StartupVerdict::Settled);
    QVERIFY(report->news);
    QCOMPARE(report->news->result, "updated");
    QCOMPARE(report->news->to, "2.0");
    QVERIFY(!settle()->news);
    // The status still knows it.
    QCOMPARE(LastResult::read(layout())->to, "2.0");
}

void TestStartup::unfinishedPreparationIsDiscarded()
{
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
    const auto report = settle();
    VERIFY_RESULT(report);
    QVERIFY(report->verdict == StartupVerdict::Settled);
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->beside(), QStringList{u"staged"_s});
}

void TestStartup::helperAtWork()
{
    leaveSwapped(m_fixture->order());
    const auto lock = layout().takeLock();
    VERIFY_RESULT(lock);
    const auto report = settle();
    VERIFY_RESULT(report);
    QVERIFY(report->verdict == StartupVerdict::Busy);
    QCOMPARE((*Journal::read(layout()))->starts, 0);
    QCOMPARE(m_fixture->appVersion(), u"2.0"_s);
}

void TestStartup::firstStartIsTheChance()
{
    leaveSwapped(m_fixture->order());
    const auto report = settle();
    VERIFY_RESULT(report);
    QVERIFY(report->verdict == StartupVerdict::CommitWhenReady);
    QVERIFY(!report->news);
    QCOMPARE((*Journal::read(layout()))->starts, 1);
    QCOMPARE(m_fixture->appVersion(), u"2.0"_s);

    VERIFY_RESULT(commitAtStart(*Installation::open(toQString(layout().app()))));
    QCOMPARE(m_fixture->appVersion(), u"2.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    QVERIFY(!std::filesystem::exists(layout().journal()));
    QCOMPARE(m_fixture->versionOf(layout().previous()), u"1.0"_s);
    QCOMPARE(settle()->news->result, "updated");
}

void TestStartup::secondStartGoesBack()
{
    leaveSwapped(m_fixture->order());
    QVERIFY(settle()->verdict == StartupVerdict::CommitWhenReady);
    // It crashed before it was ready, and is started once more.
    const auto report = settle({"--file", "my file.txt"});
    VERIFY_RESULT(report);
    QVERIFY(report->verdict == StartupVerdict::WentBack);
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    QVERIFY(refusedVersions(layout(), Install::Refusal::Failed) == std::set<std::string>{"2.0"});
    QTRY_COMPARE_WITH_TIMEOUT(m_fixture->starts(), QStringList{u"1.0 --file my file.txt"_s},
                              30'000);
    // The old version tells why.
    QCOMPARE(settle()->news->errorCode, "ROLLED_BACK");
}

void TestStartup::acc089_neverGoesBackWhereTheDataChanged()
{
    Install::Order order = m_fixture->order();
    order.mayGoBack = false;
    leaveSwapped(order);
    for (int start = 1; start <= 3; ++start) {
        VERIFY_RESULT(settle());
        QCOMPARE(m_fixture->appVersion(), u"2.0"_s);
        QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    }
    QVERIFY(refusedVersions(layout(), Install::Refusal::Failed).empty());
    QCOMPARE(m_fixture->starts(), QStringList());
}

void TestStartup::notAwaitedIsCommitted()
{
    Install::Order order = m_fixture->order();
    order.launches = false;
    leaveSwapped(order);
    const auto report = settle();
    VERIFY_RESULT(report);
    QVERIFY(report->verdict == StartupVerdict::Settled);
    QCOMPARE(m_fixture->appVersion(), u"2.0"_s);
    QCOMPARE(report->news->result, "updated");
    QVERIFY(!std::filesystem::exists(layout().journal()));
}

void TestStartup::startsWithoutArguments()
{
    leaveSwapped(m_fixture->order());
    QVERIFY(settle()->verdict == StartupVerdict::CommitWhenReady);
    QVERIFY(settle()->verdict == StartupVerdict::WentBack);
    QTRY_COMPARE_WITH_TIMEOUT(m_fixture->starts(), QStringList{u"1.0"_s}, 30'000);
}

void TestStartup::commitNeedsTheLock()
{
    leaveSwapped(m_fixture->order());
    const auto installation = Installation::open(toQString(layout().app()));
    {
        const auto lock = layout().takeLock();
        VERIFY_ERROR(commitAtStart(*installation), ErrorCode::BUSY);
        QVERIFY(std::filesystem::exists(layout().journal()));
    }
    VERIFY_RESULT(commitAtStart(*installation));
    QVERIFY(!std::filesystem::exists(layout().journal()));
}

// Who keeps crashing there is told once, and nothing else happens.
void TestStartup::acc087_crashesOfAnAdministratorsInstall()
{
    m_fixture->update();
    Installation installation = *Installation::open(toQString(layout().app()));
    installation.rights = Install::Rights::Service;
    installation.workplace = Install::Layout(layout().app(), m_fixture->path("own"));
    QCOMPARE(settleAtStart(installation, {})->news->errorCode, "");
    QVERIFY(!settleAtStart(installation, {})->news);
    QVERIFY(!beginWayBack(installation));
    const auto news = settleAtStart(installation, {})->news;
    QVERIFY(news);
    QCOMPARE(news->errorCode, "NEEDS_RIGHTS");
    QVERIFY(news->errorMessage.find("freshen rollback --app") != std::string::npos);
    QVERIFY(!settleAtStart(installation, {})->news);
    QCOMPARE(m_fixture->appVersion(), u"2.0"_s);
    QCOMPARE(LastResult::read(layout())->errorCode, "");
}

QTEST_GUILESS_MAIN(TestStartup)
#include "tst_startup.moc"
