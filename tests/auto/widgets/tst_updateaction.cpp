// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/widgets/dialogfixture.h"

#include <Freshen/UpdateAction>

#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

using namespace Freshen;

class TestUpdateAction : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void looks();
    void staysDisabledWithoutDescription();
    void followsTheUpdater();
    void outlivesTheUpdater();
};

void TestUpdateAction::looks()
{
    DialogFixture fixture;
    const UpdateAction action(&fixture.updater());
    QCOMPARE(action.text().remove(u'&'), QStringLiteral("Check for Updates…"));
    QCOMPARE(action.menuRole(), QAction::ApplicationSpecificRole);
}

void TestUpdateAction::staysDisabledWithoutDescription()
{
    const QTemporaryDir folder;
    Updater updater;
    updater.setApplicationDirectory(folder.path());
    const UpdateAction action(&updater);
    QVERIFY(!action.isEnabled());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("Updates are off")));
    QVERIFY(!updater.start());
    QVERIFY(!action.isEnabled());
}

void TestUpdateAction::followsTheUpdater()
{
    QTcpServer silent; // accepts and never answers
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    DialogFixture fixture(
        nullptr, QStringLiteral("http://127.0.0.1:%1/appcast.xml").arg(silent.serverPort()));
    UpdateAction action(&fixture.updater());
    QVERIFY(action.isEnabled());
    action.trigger();
    QTRY_COMPARE(fixture.updater().state(), Updater::State::Checking);
    QVERIFY(!action.isEnabled());
    fixture.updater().cancel();
    QTRY_VERIFY(action.isEnabled());
}

void TestUpdateAction::outlivesTheUpdater()
{
    auto fixture = std::make_unique<DialogFixture>();
    UpdateAction action(&fixture->updater());
    QVERIFY(action.isEnabled());
    fixture.reset();
    QVERIFY(!action.isEnabled());
    action.trigger();
}

QTEST_MAIN(TestUpdateAction)
#include "tst_updateaction.moc"
