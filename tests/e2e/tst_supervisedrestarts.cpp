// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Two hundred restarts of a supervised program while clients ask all the time.

#include "tests/support/supervision.h"

#include <QDir>
#include <QTest>
#include <QThread>

#include <atomic>
#include <vector>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr int restarts = 200;
constexpr int clients = 3;

// Ask until they are told to stop.
class Clients
{
public:
    explicit Clients(Supervision &supervision)
    {
        for (int i = 0; i < clients; ++i) {
            m_threads.emplace_back(QThread::create([this, &supervision] { run(supervision); }));
            m_threads.back()->start();
        }
    }
    ~Clients() { end(); }

    void end()
    {
        m_ends = true;
        for (const auto &thread : m_threads)
            thread->wait();
        m_threads.clear();
    }

    std::atomic<int> answers = 0;
    std::atomic<int> failures = 0;
    std::atomic<int> latecomers = 0; // of a generation that had given way before they asked

private:
    void run(Supervision &supervision)
    {
        while (!m_ends) {
            const int known = m_newest;
            const AgentAnswer answer = supervision.ask();
            ++(answer.version.isEmpty() ? failures : answers);
            if (!answer.version.isEmpty() && answer.generation < known)
                ++latecomers;
            int newest = m_newest;
            while (newest < answer.generation
                   && !m_newest.compare_exchange_weak(newest, answer.generation)) { }
        }
    }

    std::vector<std::unique_ptr<QThread>> m_threads;
    std::atomic<int> m_newest = 0;
    std::atomic<bool> m_ends = false;
};

qsizetype openDescriptors(qint64 process)
{
    return QDir(u"/proc/%1/fd"_s.arg(process)).entryList(QDir::System | QDir::Files).size();
}

} // namespace

class TestSupervisedRestarts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void overseer_twoHundredRestartsUnderLoad();
};

void TestSupervisedRestarts::overseer_twoHundredRestartsUnderLoad()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start({u"--keep-alive"_s}, {supervision.agent()}));
    QCOMPARE(supervision.ctl(u"restart"_s).status, 0);
    const qint64 supervisor = supervision.process().processId();
    const qsizetype before = openDescriptors(supervisor);
    QVERIFY(before > 0);
    Clients load(supervision);
    for (int i = 0; i < restarts; ++i)
        QCOMPARE(supervision.ctl(u"restart"_s).status, 0);
    load.end();
    QCOMPARE(supervision.process().state(), QProcess::Running);
    QCOMPARE(supervision.status()[u"generation"_s].toInt(), restarts + 2);
    QCOMPARE(load.failures, 0);
    QCOMPARE(load.latecomers, 0);
    QVERIFY(load.answers >= restarts);
    QTRY_COMPARE(openDescriptors(supervisor), before);
    qInfo("%d answers, %lld descriptors", int(load.answers), qlonglong(before));
}

QTEST_GUILESS_MAIN(TestSupervisedRestarts)
#include "tst_supervisedrestarts.moc"
