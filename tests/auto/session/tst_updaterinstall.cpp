// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// An app that really quits: this program started a second time.

#include "tests/auto/session/updaterfixture.h"

#include <QCoreApplication>
#include <QDir>
#include <QTest>
#include <QTimer>

using namespace Freshen;
using namespace Qt::StringLiterals;
using State = Updater::State;

namespace {

// A person who wants the update, at once or when the app quits.
class Eager : public FakeDriver
{
public:
    explicit Eager(bool atOnce)
        : m_time(atOnce ? InstallTime::Now : InstallTime::OnQuit)
    {
    }

    void showUpdateFound(const Release &, bool, std::function<void(Choice)> reply) override
    {
        reply(Choice::Install);
    }
    void showReadyToInstall(const Release &, std::function<void(InstallTime)> reply) override
    {
        reply(m_time);
    }
    void quitApplication() override { QCoreApplication::quit(); }

private:
    InstallTime m_time;
};

constexpr auto asApp = "--as-app";

// --as-app APP now|later
int runAsApp(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const bool atOnce = app.arguments().value(3) == u"now";
    Eager driver(atOnce);
    QSettings settings(app.arguments().value(2) + u"/../../home/app.ini"_s, QSettings::IniFormat);
    Updater updater;
    updater.setApplicationDirectory(app.arguments().value(2));
    updater.setSettings(&settings);
    updater.setUserDriver(&driver);
    QObject::connect(&updater, &Updater::failed, &app, [&] { app.exit(1); });
    QObject::connect(&updater, &Updater::stateChanged, &app, [&] {
        // Later than the answer, as a person is.
        if (updater.state() == State::WaitingForQuit && !atOnce)
            QTimer::singleShot(0, &app, &QCoreApplication::quit);
    });
    if (!updater.start())
        return 2;
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
};

void TestUpdaterInstall::installs_data()
{
    QTest::addColumn<bool>("atOnce");
    QTest::newRow("now") << true;
    QTest::newRow("when the app quits") << false;
}

void TestUpdaterInstall::installs()
{
    QFETCH(bool, atOnce);
    UpdaterFixture app;
    Workshop &shop = UpdaterFixture::shop();
    writeAll(shop.app() + u"/mine.txt"_s, "mine");
    const auto program = shop.start(QCoreApplication::applicationFilePath(),
                                    {QString::fromLatin1(asApp), shop.app(),
                                     atOnce ? u"now"_s : u"later"_s});
    QVERIFY(program->waitForFinished(120'000));
    QCOMPARE(program->exitCode(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(shop.runningVersion(), u"2.0"_s, 60'000);
    QCOMPARE(app.beside(), QStringList());
    QCOMPARE(readAll(shop.app() + u"/mine.txt"_s), "mine");
    QCOMPARE(shop.freshen(u"verify"_s).status, 0);
    // The new version runs in the place of the old one, with its arguments, or waits to be started.
    const QStringList expected = atOnce
        ? QStringList{u"2.0|%1|%2|now"_s.arg(QString::fromLatin1(asApp), shop.app())}
        : QStringList();
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
