// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// An app that really quits: this program started a second time.

#include "tests/auto/session/updaterfixture.h"

#include <Freshen/updaterdelegate.h>

#include <QCoreApplication>
#include <QDir>
#include <QTest>
#include <QTimer>

using namespace Freshen;
using namespace Qt::StringLiterals;
using State = Updater::State;

namespace {

// A person who wants the update: now, later (when the app quits), later but changes their mind or
// quits when they are asked again, or at the next start.
class Eager : public FakeDriver
{
public:
    explicit Eager(const QString &when)
        : m_when(when)
    {
    }

    void showUpdateFound(const Release &, bool, std::function<void(Choice)> reply) override
    {
        reply(Choice::Install);
    }
    void showReadyToInstall(const Release &, std::function<void(InstallTime)> reply) override
    {
        if (m_when == u"now")
            reply(InstallTime::Now);
        else if (m_when == u"next")
            reply(InstallTime::OnNextStart);
        else if (!std::exchange(m_wasAsked, true))
            reply(InstallTime::OnQuit);
        else if (m_when == u"changed")
            reply(InstallTime::Now);
        else
            QCoreApplication::quit();
    }
    void quitApplication() override { QCoreApplication::quit(); }

private:
    QString m_when;
    bool m_wasAsked = false;
};

// Keeps the app from being started again.
class Quiet : public UpdaterDelegate
{
public:
    bool shouldRelaunch(const Release &) override { return false; }
};

constexpr auto asApp = "--as-app";

// --as-app APP now|now-quietly|later|changed|again|next|start
int runAsApp(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QString when = app.arguments().value(3);
    Quiet quiet;
    Eager driver(when.startsWith(u"now") ? u"now"_s : when);
    QSettings settings(app.arguments().value(2) + u"/../../home/app.ini"_s, QSettings::IniFormat);
    Updater updater;
    updater.setApplicationDirectory(app.arguments().value(2));
    updater.setSettings(&settings);
    updater.setUserDriver(&driver);
    if (when == u"now-quietly")
        updater.setDelegate(&quiet);
    QObject::connect(&updater, &Updater::failed, &app, [&] { app.exit(1); });
    QObject::connect(&updater, &Updater::stateChanged, &app, [&] {
        // Later than the answer, as a person is.
        if (updater.state() == State::WaitingForQuit && when == u"later")
            QTimer::singleShot(0, &app, &QCoreApplication::quit);
        else if (updater.state() == State::WaitingForQuit)
            QTimer::singleShot(0, &updater, &Updater::checkForUpdates);
    });
    QObject::connect(&updater, &Updater::finished, &app, &QCoreApplication::quit);
    if (!updater.start())
        return 2;
    if (when != u"start")
        updater.checkForUpdates();
    return app.exec();
}

} // namespace

class TestUpdaterInstall : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void installs_data();
    void installs();

private:
    void run(const QString &when);
};

// As that app, until it quits.
void TestUpdaterInstall::run(const QString &when)
{
    Workshop &shop = UpdaterFixture::shop();
    const auto program = shop.start(QCoreApplication::applicationFilePath(),
                                    {QString::fromLatin1(asApp), shop.app(), when});
    QVERIFY(program->waitForFinished(120'000));
    QCOMPARE(program->exitCode(), 0);
}

void TestUpdaterInstall::installs_data()
{
    QTest::addColumn<QString>("when");
    QTest::addColumn<bool>("isStarted");
    QTest::newRow("now") << u"now"_s << true;
    QTest::newRow("now, but not started again") << u"now-quietly"_s << false;
    QTest::newRow("when the app quits") << u"later"_s << false;
    QTest::newRow("when the app quits, no, now") << u"changed"_s << true;
    QTest::newRow("when it quits while it asks once more") << u"again"_s << false;
    QTest::newRow("when it is started the next time") << u"next"_s << true;
}

void TestUpdaterInstall::installs()
{
    QFETCH(QString, when);
    QFETCH(bool, isStarted);
    UpdaterFixture app;
    Workshop &shop = UpdaterFixture::shop();
    writeAll(shop.app() + u"/mine.txt"_s, "mine");
    run(when);
    if (when == u"next") {
        QCOMPARE(app.beside(), QStringList{u"staged"_s});
        QCOMPARE(shop.runningVersion(), u"1.0"_s);
        run(u"start"_s);
    }
    QTRY_COMPARE_WITH_TIMEOUT(shop.runningVersion(), u"2.0"_s, 60'000);
    QCOMPARE(app.beside(), QStringList());
    QCOMPARE(readAll(shop.app() + u"/mine.txt"_s), "mine");
    QCOMPARE(shop.freshen(u"verify"_s).status, 0);
    // The new version runs in the place of the old one, with its arguments, or waits to be started.
    const QString arguments = u"2.0|%1|%2|%3"_s.arg(QString::fromLatin1(asApp), shop.app(),
                                                   when == u"next" ? u"start"_s : when);
    const QStringList expected = isStarted ? QStringList{arguments} : QStringList();
    QCOMPARE(shop.starts(), expected);
    shop.endApp();
    QFile::remove(shop.path(u"starts"_s));

    QVERIFY(app.start());
    QTRY_COMPARE(app.driver.heard, QStringList{u"updated 1.0 2.0"_s});
}

int main(int argc, char **argv)
{
    if (argc > 1 && qstrcmp(argv[1], asApp) == 0)
        return runAsApp(argc, argv);
    QCoreApplication app(argc, argv);
    TestUpdaterInstall test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_updaterinstall.moc"
