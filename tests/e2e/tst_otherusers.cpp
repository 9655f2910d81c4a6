// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// An app that belongs to one user and is run by another, whose processes the first cannot see.

#include "tests/support/privatesystem.h"
#include "tests/support/workshop.h"

#include "lib/common/convert.h"
#include "platform/process.h"

#include <QFile>
#include <QTest>

#include <sys/stat.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 60'000;

}

class TestOtherUsers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void acc080_anotherUserRunsTheApp_data();
    void acc080_anotherUserRunsTheApp();
    void acc080_waitsUntilTheOtherUserQuits();

private:
    std::unique_ptr<QProcess> startAs(unsigned user, const QStringList &command);
    std::unique_ptr<QProcess> startOther();
    std::unique_ptr<QProcess> update(const QStringList &options);

    std::unique_ptr<Workshop> m_shop;
};

void TestOtherUsers::initTestCase()
{
    if (!PrivateSystem::isInside())
        QSKIP("An administrator's rights and mount namespaces are needed.");
    PrivateSystem::installPrograms();
}

void TestOtherUsers::init()
{
    m_shop = std::make_unique<Workshop>();
    QVERIFY(::chmod(qPrintable(m_shop->path()), 0755) == 0);
    m_shop->release(u"1.0"_s);
    m_shop->install(u"1.0"_s);
    m_shop->release(u"2.0"_s);
    const Outcome given = m_shop->run(u"chown"_s, {u"-R"_s, u"4242"_s, m_shop->path(u"apps"_s),
                                                   m_shop->path(u"home"_s)});
    QCOMPARE(given.status, 0);
    QVERIFY(::chmod(qPrintable(m_shop->path(u"apps"_s)), 0755) == 0);
}

void TestOtherUsers::cleanup()
{
    if (m_shop)
        m_shop->endApp();
    m_shop.reset();
}

std::unique_ptr<QProcess> TestOtherUsers::startAs(unsigned user, const QStringList &command)
{
    const QStringList words = PrivateSystem::asUser(user) + command;
    return m_shop->start(words.first(), words.mid(1));
}

std::unique_ptr<QProcess> TestOtherUsers::startOther()
{
    auto app = startAs(PrivateSystem::other, {m_shop->app() + u"/bin/sample"_s});
    const auto isRunning = [this] {
        return !Platform::processesRunningFrom(toPath(m_shop->app())).empty();
    };
    return QTest::qWaitFor(isRunning, patience) ? std::move(app) : nullptr;
}

std::unique_ptr<QProcess> TestOtherUsers::update(const QStringList &options)
{
    return startAs(PrivateSystem::tester,
                   QStringList{u"/usr/bin/env"_s,
                               u"LD_LIBRARY_PATH="_s + PrivateSystem::programs() + u"/lib"_s,
                               PrivateSystem::programs() + u"/bin/freshen"_s, u"update"_s,
                               u"--app"_s, m_shop->app(), u"--json"_s}
                       + options);
}

void TestOtherUsers::acc080_anotherUserRunsTheApp_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<int>("running");
    QTest::newRow("not started again") << QStringList() << 1;
    QTest::newRow("started again") << QStringList{u"--launch"_s} << 2;
}

// Whoever asked to have the app started gets the old version.
void TestOtherUsers::acc080_anotherUserRunsTheApp()
{
    QFETCH(QStringList, options);
    QFETCH(int, running);
    const auto app = startOther();
    QVERIFY(app);
    const auto updating = update(options);
    QVERIFY(updating->waitForFinished(patience));
    QCOMPARE(updating->exitCode(), 5);
    const QByteArray answer = updating->readAllStandardOutput();
    QVERIFY2(answer.contains("APP_RUNNING") && answer.contains("Somebody else"), answer);
    QCOMPARE(m_shop->runningVersion(), u"1.0"_s);
    QTRY_COMPARE_WITH_TIMEOUT(
        int(Platform::processesRunningFrom(toPath(m_shop->app())).size()), running, patience);
    QCOMPARE(m_shop->freshen(u"status"_s).json[u"staged"_s].toString(), u"2.0"_s);
    QCOMPARE(app->state(), QProcess::Running);
    app->kill();
    app->waitForFinished();
}

void TestOtherUsers::acc080_waitsUntilTheOtherUserQuits()
{
    const auto app = startOther();
    QVERIFY(app);
    const auto updating = update({u"--wait"_s, u"600"_s});
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_shop->control() + u"/journal"_s), patience);
    // A start while it waits is one of the version that is there.
    const auto second = startOther();
    QVERIFY(second);
    app->kill();
    QVERIFY(app->waitForFinished(patience));
    QVERIFY(!updating->waitForFinished(1500));
    QCOMPARE(m_shop->runningVersion(), u"1.0"_s);
    second->kill();
    QVERIFY(second->waitForFinished(patience));
    QVERIFY(updating->waitForFinished(patience));
    QVERIFY2(updating->exitCode() == 0, updating->readAllStandardOutput());
    QCOMPARE(m_shop->runningVersion(), u"2.0"_s);
}

FRESHEN_PRIVATE_SYSTEM_MAIN(TestOtherUsers)

#include "tst_otherusers.moc"
