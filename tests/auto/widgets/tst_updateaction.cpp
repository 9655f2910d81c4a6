// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/widgets/dialogfixture.h"

#include <Freshen/UpdateAction>

#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

#include <unistd.h>

using namespace Freshen;

class TestUpdateAction : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void looks();
    void invisibleWithoutDescription();
    void invisibleWhereUpdatesAreOff();
    void followsTheUpdater();
    void opensWhatWaits();
    void keepsATextOfYours();
    void outlivesTheUpdater();
};

void TestUpdateAction::looks()
{
    DialogFixture fixture;
    const UpdateAction action(&fixture.updater());
    QCOMPARE(action.text().remove(u'&'), QStringLiteral("Check for Updates…"));
    QCOMPARE(action.menuRole(), QAction::ApplicationSpecificRole);
}

void TestUpdateAction::invisibleWithoutDescription()
{
    const QTemporaryDir folder;
    Updater updater;
    updater.setApplicationDirectory(folder.path());
    const UpdateAction action(&updater);
    QVERIFY(!action.isVisible());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("Updates are off")));
    QVERIFY(!updater.start());
    QVERIFY(!action.isVisible());
    QVERIFY(!action.isEnabled());
}

void TestUpdateAction::invisibleWhereUpdatesAreOff()
{
    if (::geteuid() != 0)
        QSKIP("Only an administrator may decide");
    DialogFixture fixture;
    const AdministratorsPolicy policy(R"({"*": {"updates": false}})");
    Updater updater;
    updater.setApplicationDirectory(fixture.appDirectory());
    const UpdateAction action(&updater);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("Updates are off")));
    QVERIFY(!updater.start());
    QVERIFY(!action.isVisible());
}

void TestUpdateAction::followsTheUpdater()
{
    QTcpServer silent; // accepts and never answers
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    DialogFixture fixture(
        nullptr, QStringLiteral("http://127.0.0.1:%1/appcast.xml").arg(silent.serverPort()));
    UpdateAction action(&fixture.updater());
    QVERIFY(action.isVisible());
    QVERIFY(action.isEnabled());
    action.trigger();
    QTRY_COMPARE(fixture.updater().state(), Updater::State::Checking);
    QVERIFY(action.isVisible());
    QVERIFY(!action.isEnabled());
    fixture.updater().cancel();
    QTRY_VERIFY(action.isEnabled());
}

// A question that waits for its time can be had at once.
void TestUpdateAction::opensWhatWaits()
{
    DialogFixture fixture(nullptr, DialogFixture::defaultFeed(), DialogFixture::Starts::Second);
    UpdateAction action(&fixture.updater());
    QCOMPARE(fixture.updater().state(), Updater::State::AskingPermission);
    QVERIFY(!fixture.isVisible());
    QVERIFY(action.isEnabled());
    action.trigger();
    QVERIFY(fixture.button("allowButton"));
}

void TestUpdateAction::keepsATextOfYours()
{
    DialogFixture fixture;
    UpdateAction action(&fixture.updater());
    action.setText(QStringLiteral("Upgrade"));
    Q_EMIT fixture.updater().stateChanged();
    QCOMPARE(action.text(), QStringLiteral("Upgrade"));
}

void TestUpdateAction::outlivesTheUpdater()
{
    auto fixture = std::make_unique<DialogFixture>();
    UpdateAction action(&fixture->updater());
    QVERIFY(action.isEnabled());
    fixture.reset();
    QVERIFY(!action.isVisible());
    QVERIFY(!action.isEnabled());
    action.trigger();
}

QTEST_MAIN(TestUpdateAction)
#include "tst_updateaction.moc"
