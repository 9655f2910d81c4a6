// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A version that was ready, was kept, and then keeps crashing.

#include "tests/support/linkedshop.h"

#include "lib/common/convert.h"
#include "platform/process.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <csignal>
#include <functional>

using namespace Freshen;
using namespace Qt::StringLiterals;

using Change = std::function<void(LinkedShop &)>;
Q_DECLARE_METATYPE(Change)

namespace {

constexpr int patience = 60'000;

// From start to end, which the app finds by itself.
void crash(LinkedShop &shop, int times = 1, const QStringList &arguments = {})
{
    for (int i = 0; i < times; ++i) {
        shop.setTrouble("crash");
        const auto app = shop.startApp(arguments);
        QVERIFY(app->waitForFinished(patience));
        QCOMPARE(app->exitStatus(), QProcess::CrashExit);
        shop.setTrouble({});
    }
}

// Started well, and told to end once it has noted its start.
void end(LinkedShop &shop, int signal)
{
    const qsizetype before = shop.starts().size();
    const auto app = shop.startApp();
    QTRY_VERIFY_WITH_TIMEOUT(shop.starts().size() > before, patience);
    ::kill(pid_t(app->processId()), signal);
    QVERIFY(app->waitForFinished(patience));
}

void replaceIn(const QString &file, const QString &pattern, const QString &text)
{
    const QString content = QString::fromUtf8(readAll(file));
    QVERIFY(content.contains(QRegularExpression(pattern)));
    QString changed = content;
    writeAll(file, changed.replace(QRegularExpression(pattern), text).toUtf8());
}

// Where the starts of the app are noted.
QStringList noteFiles(const LinkedShop &shop)
{
    const QDir run(shop.path(u"home/run/freshen"_s));
    QStringList files;
    for (const QString &folder : run.entryList({u"starts-*"_s}, QDir::Dirs)) {
        for (const QString &file : QDir(run.filePath(folder)).entryList(QDir::Files))
            files += run.filePath(folder + u'/' + file);
    }
    return files;
}

} // namespace

class TestCrashLoop : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_shop = std::make_unique<LinkedShop>(); }
    void cleanupTestCase() { m_shop.reset(); }
    void init();
    void acc087_goesBackOnce();
    void acc087_crashBeforeTheFirstCommit();
    void acc087_noLoop_data();
    void acc087_noLoop();
    void acc090_relaunch();
    void acc088_noWayBack_data();
    void acc088_noWayBack();
    void acc089_onlyAPersonGoesBack();

private:
    std::unique_ptr<LinkedShop> m_shop;
};

// 2.0 was started by its update and works.
void TestCrashLoop::init()
{
    m_shop->reinstall();
    QCOMPARE(m_shop->freshen(u"update"_s, {u"--launch"_s}).status, 0);
    m_shop->endApp();
    QCOMPARE(noteFiles(*m_shop), QStringList());
    QFile::remove(m_shop->path(u"starts"_s));
}

void TestCrashLoop::acc087_goesBackOnce()
{
    const QStringList arguments{u"--file"_s, u"my \"own\" file.txt"_s};
    writeAll(m_shop->app() + u"/mine.txt"_s, "mine");
    crash(*m_shop, 2, arguments);
    QCOMPARE(m_shop->runningVersion(), u"2.0"_s);
    QVERIFY(m_shop->isFree());
    crash(*m_shop, 1, arguments);
    const QString started = u"|--file|my \"own\" file.txt"_s;
    const QString crashed = u"2.0"_s + started;
    QTRY_COMPARE_WITH_TIMEOUT(m_shop->starts(),
                              (QStringList{crashed, crashed, crashed, u"1.0"_s + started}),
                              patience);
    QTRY_VERIFY_WITH_TIMEOUT(readAll(m_shop->control() + u"/result"_s).contains("reported yes"),
                             patience);
    QCOMPARE(m_shop->runningVersion(), u"1.0"_s);
    QCOMPARE(m_shop->runningApps(), 1);
    QCOMPARE(readAll(m_shop->app() + u"/mine.txt"_s), "mine");
    QCOMPARE(m_shop->freshen(u"verify"_s).status, 0);
    QCOMPARE(m_shop->leftovers(), QStringList());
    const QJsonObject status = m_shop->status();
    QCOMPARE(status[u"last"_s][u"result"_s].toString(), u"rolled-back"_s);
    QCOMPARE(status[u"last"_s][u"error"_s][u"code"_s].toString(), u"ROLLED_BACK"_s);
    QVERIFY(status[u"last"_s][u"error"_s][u"message"_s].toString().startsWith(
        u"Version 2.0 kept crashing, so version 1.0 was brought back."_s));
    m_shop->endApp();
    const Outcome again = m_shop->freshen(u"update"_s);
    QCOMPARE(again.status, 3);
    QCOMPARE(again.json[u"reason"_s].toString(), u"failed-before"_s);
}

// Exactly the same arguments, and a folder that is there.
void TestCrashLoop::acc090_relaunch()
{
    crash(*m_shop, 2);
    m_shop->setTrouble("crash");
    const QStringList arguments{
        u"two words"_s, u"\"it's\""_s, u"two\nlines"_s, u"na\u00efve \u20ac"_s,
        QString(),      u"100%"_s,     u"$HOME"_s};
    const auto app = m_shop->start(
        u"sh"_s,
        QStringList{u"-c"_s,
                    u"mkdir %1 && cd %1 && rmdir %1 && exec \"$0\" \"$@\""_s.arg(
                        m_shop->path(u"gone"_s)),
                    m_shop->app() + u"/bin/sample"_s}
            + arguments);
    QVERIFY(app->waitForFinished(patience));
    const QString started = u"1.0|"_s + arguments.join(u'|').replace(u'\n', u"\\n"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_shop->starts().last(), started, patience);
    const auto processes = Platform::processesRunningFrom(toPath(m_shop->app()));
    QCOMPARE(processes.size(), 1u);
    const QString folder = u"/proc/%1/cwd"_s.arg(processes.front().id);
    QCOMPARE(QFileInfo(folder).symLinkTarget(), u"/"_s);
}

// The run that said "ready" counts as any other.
void TestCrashLoop::acc087_crashBeforeTheFirstCommit()
{
    m_shop->reinstall();
    QCOMPARE(m_shop->freshen(u"update"_s, {u"--launch"_s}).status, 0);
    for (const auto &process : Platform::processesRunningFrom(toPath(m_shop->app())))
        ::kill(process.id, SIGSEGV);
    QTRY_COMPARE_WITH_TIMEOUT(m_shop->runningApps(), 0, patience);
    crash(*m_shop, 2);
    QTRY_COMPARE_WITH_TIMEOUT(m_shop->starts(),
                              (QStringList{u"2.0"_s, u"2.0"_s, u"2.0"_s, u"1.0"_s}), patience);
}

void TestCrashLoop::acc087_noLoop_data()
{
    QTest::addColumn<Change>("change");
    QTest::newRow("two crashes") << Change([](LinkedShop &shop) { crash(shop); });
    QTest::newRow("the session ended") << Change([](LinkedShop &shop) {
        for (int i = 0; i < 3; ++i)
            end(shop, SIGTERM);
    });
    QTest::newRow("stopped in a terminal") << Change([](LinkedShop &shop) {
        for (int i = 0; i < 3; ++i)
            end(shop, SIGINT);
    });
    QTest::newRow("left in order in between") << Change([](LinkedShop &shop) {
        shop.setTrouble("quit");
        const auto app = shop.startApp();
        QVERIFY(app->waitForFinished(patience));
        QCOMPARE(app->exitStatus(), QProcess::NormalExit);
        crash(shop, 2);
    });
    QTest::newRow("one of them still runs") << Change([](LinkedShop &shop) {
        const auto app = shop.startApp();
        QTRY_COMPARE_WITH_TIMEOUT(noteFiles(shop).size(), 2, patience);
        crash(shop, 2);
        app->terminate();
        QVERIFY(app->waitForFinished(patience));
    });
    QTest::newRow("longer ago") << Change([](LinkedShop &shop) {
        crash(shop);
        for (const QString &file : noteFiles(shop))
            replaceIn(file, u"at \\d+"_s, u"at 2001"_s);
        crash(shop, 2);
    });
    QTest::newRow("of another version") << Change([](LinkedShop &shop) {
        crash(shop);
        for (const QString &file : noteFiles(shop))
            replaceIn(file, u"version 2"_s, u"version 1"_s);
        crash(shop, 2);
    });
    QTest::newRow("proven for longer") << Change([](LinkedShop &shop) {
        replaceIn(shop.control() + u"/result"_s, u"at \\d+"_s, u"at 2001"_s);
        crash(shop, 3);
    });
    QTest::newRow("not from an update") << Change([](LinkedShop &shop) {
        QVERIFY(QFile::remove(shop.control() + u"/result"_s));
        crash(shop, 3);
    });
}

// What looks like a loop and is none. Each row adds to one crash.
void TestCrashLoop::acc087_noLoop()
{
    QFETCH(Change, change);
    crash(*m_shop);
    change(*m_shop);
    QVERIFY(m_shop->isFree());
    QCOMPARE(m_shop->runningVersion(), u"2.0"_s);
    QVERIFY(!m_shop->starts().contains(u"1.0"_s));
    QVERIFY(!readAll(m_shop->control() + u"/refused"_s).contains("2.0"));
    QCOMPARE(m_shop->status()[u"previous"_s].toString(), u"1.0"_s);
}

void TestCrashLoop::acc088_noWayBack_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    QTest::newRow("deleted") << Change([](LinkedShop &shop) {
        QVERIFY(QDir(shop.control() + u"/previous"_s).removeRecursively());
    }) << u"NO_PREVIOUS"_s << u"no version before it"_s;
    QTest::newRow("damaged") << Change([](LinkedShop &shop) {
        flipBit(shop.control() + u"/previous/version"_s);
    }) << u"NOT_READY"_s << u"could not be brought back"_s;
    QTest::newRow("no helper") << Change([](LinkedShop &shop) {
        QVERIFY(QFile::remove(shop.app() + u"/libexec/freshen-helper"_s));
    }) << u"NOT_READY"_s << u"could not be brought back"_s;
}

// Told once; then it only crashes.
void TestCrashLoop::acc088_noWayBack()
{
    QFETCH(Change, change);
    QFETCH(QString, code);
    QFETCH(QString, words);
    change(*m_shop);
    crash(*m_shop, 3);
    QTRY_VERIFY_WITH_TIMEOUT(m_shop->isFree(), patience);
    const auto error = [this](QStringView member) {
        return m_shop->status()[u"last"_s][u"error"_s][member].toString();
    };
    QCOMPARE(error(u"code"), code);
    QVERIFY2(error(u"message").contains(words), qPrintable(error(u"message")));
    QCOMPARE(m_shop->runningVersion(), u"2.0"_s);
    end(*m_shop, SIGTERM);
    const QString result = m_shop->control() + u"/result"_s;
    const auto isTold = [&] { return readAll(result).contains("reported yes"); };
    const auto app = m_shop->startApp();
    QTRY_VERIFY_WITH_TIMEOUT(isTold(), patience);
    app->terminate();
    QVERIFY(app->waitForFinished(patience));
    const QByteArray before = readAll(result);
    crash(*m_shop, 4);
    QTRY_VERIFY_WITH_TIMEOUT(m_shop->isFree(), patience);
    QCOMPARE(readAll(result), before);
    QCOMPARE(m_shop->runningVersion(), u"2.0"_s);
    QCOMPARE(m_shop->starts().count(u"1.0"_s), 0);
}

void TestCrashLoop::acc089_onlyAPersonGoesBack()
{
    LinkedShop shop({u"--no-rollback"_s});
    QCOMPARE(shop.freshen(u"update"_s).status, 0);
    crash(shop, 3);
    QTRY_VERIFY_WITH_TIMEOUT(shop.isFree(), patience);
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
    const QJsonObject status = shop.status();
    QCOMPARE(status[u"last"_s][u"error"_s][u"code"_s].toString(), u"NOT_READY"_s);
    QVERIFY(status[u"last"_s][u"error"_s][u"message"_s].toString().contains(u"its data"_s));
    // A person may, and is told what it means.
    const Outcome back = shop.freshen(u"rollback"_s);
    QCOMPARE(back.status, 0);
    QVERIFY2(back.errors.contains("may not suit") || back.output.contains("may not suit"),
             back.output + back.errors);
    QCOMPARE(shop.runningVersion(), u"1.0"_s);
}

QTEST_GUILESS_MAIN(TestCrashLoop)
#include "tst_crashloop.moc"
