// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The dialogs of an update that really waits for the app to quit, with the real helper.

#include "tests/auto/session/updaterfixture.h"
#include "tests/support/virtualclock.h"

#include <Freshen/UpdateAction>
#include <Freshen/UpdateDialogs>

#include <QAbstractButton>
#include <QApplication>
#include <QDialog>
#include <QTest>
#include <QTimer>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = Updater::State;

namespace {

// A session manager asks the app to save its work: everything ends.
void endSession()
{
    const QMetaObject &type = QGuiApplication::staticMetaObject;
    const int index = type.indexOfSignal("commitDataRequest(QSessionManager&)");
    void *arguments[] = {nullptr, nullptr}; // none of ours looks at the manager
    QMetaObject::activate(qApp, index, arguments);
}

QDialog *updateWindow()
{
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        if (widget->objectName() == "freshenUpdateWindow"_L1 && widget->isVisible())
            return qobject_cast<QDialog *>(widget);
    }
    return nullptr;
}

} // namespace

class TestWaitingUpdate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void actionInstalls();
    void reminderWaitsForItsTime();
    void sessionEndPutsItOff();
    void quittingDuringTheQuestionInstalls();

private:
    std::unique_ptr<UpdaterFixture> m_app;
    std::unique_ptr<UpdateDialogs> m_dialogs;
};

void TestWaitingUpdate::initTestCase()
{
    QGuiApplication::setApplicationDisplayName(u"Notes"_s);
    QApplication::setQuitOnLastWindowClosed(false);
}

// Version 2.0 waits, because the person said "on quit".
void TestWaitingUpdate::init()
{
    m_app = std::make_unique<UpdaterFixture>();
    QVERIFY(m_app->start());
    m_app->updater().checkForUpdates();
    QVERIFY(m_app->reaches(State::WaitingForQuit));
    m_dialogs = std::make_unique<UpdateDialogs>(&m_app->updater());
}

void TestWaitingUpdate::cleanup()
{
    m_dialogs.reset();
    m_app.reset();
}

void TestWaitingUpdate::actionInstalls()
{
    UpdateAction action(&m_app->updater());
    QCOMPARE(action.text(), u"&Install Update 2.0…"_s);
    QVERIFY(action.isEnabled());
    QVERIFY(action.isVisible());
    action.trigger();
    QVERIFY(updateWindow());
    QVERIFY(!updateWindow()->testAttribute(Qt::WA_ShowWithoutActivating));
    QVERIFY(updateWindow()->findChild<QAbstractButton *>(u"restartButton"_s));
    QCOMPARE(m_app->state(), State::ReadyToInstall);
    QVERIFY(action.isEnabled()); // brings it to the front
    QTest::keyClick(updateWindow(), Qt::Key_Escape);
    QCOMPARE(m_app->state(), State::WaitingForQuit);
    QVERIFY(!updateWindow());
    m_app->updater().cancel();
    QCOMPARE(action.text(), u"Check for &Updates…"_s);
}

void TestWaitingUpdate::reminderWaitsForItsTime()
{
    VirtualClock clock;
    m_dialogs.reset();
    m_dialogs = std::make_unique<UpdateDialogs>(&m_app->updater());
    clock.pass(std::chrono::days(8));
    const UpdateAction action(&m_app->updater());
    m_app->updater().checkForUpdatesInBackground();
    QCOMPARE(m_app->state(), State::ReadyToInstall);
    QVERIFY(action.isEnabled());
    QVERIFY(!updateWindow());
    Q_EMIT qApp->applicationStateChanged(Qt::ApplicationInactive);
    Q_EMIT qApp->applicationStateChanged(Qt::ApplicationActive);
    QVERIFY(updateWindow());
    QVERIFY(updateWindow()->testAttribute(Qt::WA_ShowWithoutActivating));
    m_dialogs.reset();
}

void TestWaitingUpdate::sessionEndPutsItOff()
{
    endSession();
    QCOMPARE(m_app->state(), State::Idle);
    QCOMPARE(m_app->settings.value(u"Freshen/VersionForNextStart"_s).toString(), u"2.0"_s);
    m_app->destroyUpdater();
    (void)m_app->beside(); // once nobody is at work
    QCOMPARE(UpdaterFixture::shop().runningVersion(), u"1.0"_s);
}

void TestWaitingUpdate::quittingDuringTheQuestionInstalls()
{
    m_app->updater().checkForUpdates();
    QCOMPARE(m_app->state(), State::ReadyToInstall);
    QTimer::singleShot(0, this, [] { QCoreApplication::exit(7); });
    QCOMPARE(QApplication::exec(), 7);
    QCOMPARE(m_app->state(), State::WaitingForQuit);
}

QTEST_MAIN(TestWaitingUpdate)
#include "tst_waitingupdate.moc"
