// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Either version is stopped at each step of a handover and killed there, with both ways to hand
// over, while a client asks all the time.

#include "tests/auto/handover/agentrun.h"
#include "tests/auto/handover/asking.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include <fcntl.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Platform::Clock;
using Platform::Process;

namespace {

enum class Way { Started, Rendezvous };

// Whether the port lives through it, and how many of two live connections do.
struct Step {
    const char *name;
    bool isOpen;
    int kept;
};
using Steps = std::vector<Step>;

// The old version, when it is killed. Until the other process has the sockets, the port is gone
// with the only one that has it, and open again as soon as somebody starts the program; who asks
// for them in vain opens them anew. Later nobody is refused.
const Steps oldSteps[] = {{{"state HandingOver", false, 0},
                           {"send hello", false, 0},
                           {"sent hello", false, 0},
                           {"fork", false, 0},
                           {"forked", true, 0},
                           {"received ready", true, 0},
                           {"state Leaving", true, 0},
                           {"accept paused", true, 0},
                           {"leaving", true, 0},
                           {"send move", true, 0},
                           {"sent move", true, 1},
                           {"send move 2", true, 1},
                           {"sent move 2", true, 2},
                           {"received moved", true, 2},
                           {"received moved 2", true, 2},
                           {"state Finished", true, 2}},
                          {{"received takeover", false, 0},
                           {"state HandingOver", false, 0},
                           {"send hello", false, 0},
                           {"sent hello", false, 0},
                           {"send descriptors", false, 0},
                           {"sent descriptors", false, 0},
                           {"send descriptors 2", false, 0},
                           {"sent descriptors 2", true, 0},
                           {"received ready", true, 0},
                           {"state Leaving", true, 0},
                           {"accept paused", true, 0},
                           {"leaving", true, 0},
                           {"send move", true, 0},
                           {"sent move", true, 1},
                           {"send move 2", true, 1},
                           {"sent move 2", true, 2},
                           {"received moved", true, 2},
                           {"received moved 2", true, 2},
                           {"state Finished", true, 2}}};

// The next version, when it is killed. Until it said ready the old one serves on, as if nothing had
// happened. What said ready is the program: with it the port is gone like with any server that is
// killed, but what it did not take of the live connections is served by the old one to the end.
const Steps newSteps[] = {{{"begin", true, 2},
                           {"received hello", true, 2},
                           {"inherited", true, 2},
                           {"open", true, 2},
                           {"send ready", true, 2},
                           {"sent ready", false, 2},
                           {"state Serving", false, 2},
                           {"received move", false, 2},
                           {"send moved", false, 2},
                           {"sent moved", false, 1},
                           {"received move 2", false, 1},
                           {"send moved 2", false, 1},
                           {"sent moved 2", false, 0},
                           {"parent gone", false, 0}},
                          {{"begin", true, 2},
                           {"inherited", true, 2},
                           {"send takeover", true, 2},
                           {"sent takeover", true, 2},
                           {"received hello", true, 2},
                           {"received descriptors", true, 2},
                           {"received descriptors 2", true, 2},
                           {"taken over", true, 2},
                           {"open", true, 2},
                           {"send ready", true, 2},
                           {"sent ready", false, 2},
                           {"state Serving", false, 2},
                           {"received move", false, 2},
                           {"send moved", false, 2},
                           {"sent moved", false, 1},
                           {"received move 2", false, 1},
                           {"send moved 2", false, 1},
                           {"sent moved 2", false, 0},
                           {"parent gone", false, 0}}};

void addRows(const Steps (&ways)[2])
{
    QTest::addColumn<bool>("isRendezvous");
    QTest::addColumn<Step>("step");
    for (const bool isRendezvous : {false, true}) {
        for (const Step &step : ways[isRendezvous ? 1 : 0]) {
            QTest::addRow("%s: %s", isRendezvous ? "rendezvous" : "started", step.name)
                << isRendezvous << step;
        }
    }
}

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool isStopped(int process)
{
    const QByteArray text = read(u"/proc/%1/stat"_s.arg(process));
    return text.mid(text.lastIndexOf(')') + 2, 1) == "T";
}

// More than fit into one message.
Platform::StartRequest manyFiles(int file)
{
    Platform::StartRequest request;
    request.environment = Platform::currentEnvironment();
    for (int i = 0; i < 250; ++i) {
        request.descriptors.push_back(file);
        request.listenNames.push_back("file" + std::to_string(i));
    }
    return request;
}

// A first version with two live connections that may be moved, and a client.
class Scene
{
public:
    explicit Scene(bool isRendezvous)
        : m_isRendezvous(isRendezvous)
        , m_path(m_folder.filePath(u"private/rendezvous"_s))
        , m_file(::open("/dev/null", O_RDONLY | O_CLOEXEC))
    {
    }
    ~Scene()
    {
        // Stopped ones would stay for ever.
        for (const int id : {m_old, m_next}) {
            if (id > 0 && isStopped(id))
                ::kill(id, SIGKILL);
        }
    }

    bool start();
    void begin(const QByteArray &nextStop = {});
    int findNext();
    bool waitUntilStopped(int process) const;
    bool killOld();
    bool killNext();
    int keptCount();
    bool serveOn();
    Talk &talk(int index) { return m_talks[std::size_t(index)]; }
    int old() const { return m_old; }
    Asking &client() { return *m_client; }
    QByteArrayList steps(int process) const;
    bool comesBack(bool isStarted);

private:
    QStringList arguments() const { return {u"--take"_s, m_path, u"--offer"_s, m_path}; }
    QString stepsFile() const { return m_folder.filePath(u"steps"_s); }

    bool m_isRendezvous;
    QTemporaryDir m_folder;
    QString m_path;
    Platform::Descriptor m_file;
    AgentRun m_agent;
    Process *m_first = nullptr;
    int m_old = 0;
    int m_next = 0;
    std::vector<Talk> m_talks;
    std::unique_ptr<Asking> m_client;
};

bool Scene::start()
{
    auto request = manyFiles(m_file.value());
    request.environment.push_back("FRESHEN_TEST_STEPS=" + stepsFile().toStdString());
    if (!m_agent.start(arguments(), request))
        return false;
    m_first = &m_agent.process();
    m_old = m_first->id();
    for (int i = 0; i < 2; ++i) {
        m_talks.emplace_back(m_agent.port());
        m_talks.back().ask("movable");
    }
    m_client = std::make_unique<Asking>(m_agent.port());
    return m_client->waitForAnswers(1);
}

void Scene::begin(const QByteArray &nextStop)
{
    if (m_isRendezvous) {
        auto request = Platform::StartRequest();
        request.environment = Platform::currentEnvironment();
        request.environment.push_back("FRESHEN_TEST_STEPS=" + stepsFile().toStdString());
        request.environment.push_back("FRESHEN_TEST_STOP=" + nextStop.toStdString());
        m_next = m_agent.launch(arguments(), request)->id();
        return;
    }
    m_talks[0].ask("set env FRESHEN_TEST_STOP=" + nextStop);
    Talk(m_agent.port()).say("handover");
}

int Scene::findNext()
{
    const auto isFound = [this] {
        for (const QByteArray &line : read(stepsFile()).split('\n')) {
            const QByteArrayList words = line.split(' ');
            if (m_next == 0 && words.value(1) == "begin" && words[0].toInt() != m_old)
                m_next = words[0].toInt();
        }
        return m_next != 0;
    };
    return QTest::qWaitFor(isFound, 60'000) ? m_next : 0;
}

bool Scene::waitUntilStopped(int process) const
{
    return QTest::qWaitFor([process] { return isStopped(process); }, 60'000);
}

bool Scene::killOld()
{
    m_first->kill();
    return Platform::waitForAny({m_first->handle().value()}, Clock::now() + std::chrono::minutes(1))
        .has_value();
}

// Its parent is this process or the old version; both wait for it.
bool Scene::killNext()
{
    ::kill(m_next, SIGKILL);
    return QTest::qWaitFor(
        [this] {
            if (m_isRendezvous)
                m_agent.process().exitCode();
            return !QFile::exists(u"/proc/%1"_s.arg(m_next))
                || read(u"/proc/%1/cmdline"_s.arg(m_next)).isEmpty();
        },
        60'000);
}

int Scene::keptCount()
{
    int count = 0;
    for (Talk &talk : m_talks)
        count += talk.ask("who").isEmpty() ? 0 : 1;
    return count;
}

// Somebody starts it, and starts it again when it came too early: a killed process does not lose
// all its sockets at one instant.
bool Scene::comesBack(bool isStarted)
{
    if (isStarted)
        m_agent.launch(arguments());
    const auto answers = [this] {
        if (m_agent.process().exitCode())
            m_agent.launch(arguments());
        return Talk(m_agent.port()).generation() > 0;
    };
    return QTest::qWaitFor(answers, 20'000); // less than the drain time
}

// New clients are answered, and the next handover succeeds.
bool Scene::serveOn()
{
    if (!m_client->waitForAnswers(5))
        return false;
    Talk talk(m_agent.port());
    talk.ask("set env FRESHEN_TEST_STOP=");
    const int generation = talk.generation();
    if (!QTest::qWaitFor([&] { return talk.ask("parent") == "no"; }, 60'000))
        return false;
    const QByteArray answer = talk.ask("handover");
    return answer == "None" && talk.waitFor("handedOver").startsWith("handedOver")
        && Talk(m_agent.port()).generation() > generation;
}

QByteArrayList Scene::steps(int process) const
{
    QByteArrayList found;
    for (const QByteArray &line : read(stepsFile()).split('\n')) {
        if (line.startsWith(QByteArray::number(process) + ' '))
            found.append(line.mid(line.indexOf(' ') + 1));
    }
    return found;
}

} // namespace

Q_DECLARE_METATYPE(Step)

class TestHandoverKills : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyStepIsInTheTables_data();
    void everyStepIsInTheTables();
    void acc094_oldKilled_data() { addRows(oldSteps); }
    void acc094_oldKilled();
    void acc092_newKilled_data() { addRows(newSteps); }
    void acc092_newKilled();
    void acc094_oldKilledBeforeItWasAnswered_data();
    void acc094_oldKilledBeforeItWasAnswered();
};

void TestHandoverKills::everyStepIsInTheTables_data()
{
    QTest::addColumn<bool>("isRendezvous");
    QTest::newRow("started") << false;
    QTest::newRow("rendezvous") << true;
}

// What an undisturbed handover consists of; no step is left out below.
void TestHandoverKills::everyStepIsInTheTables()
{
    QFETCH(bool, isRendezvous);
    const auto names = [isRendezvous](const Steps(&ways)[2]) {
        QByteArrayList list;
        for (const Step &step : ways[isRendezvous ? 1 : 0])
            list.append(step.name);
        return list.join('|');
    };
    Scene scene(isRendezvous);
    QVERIFY(scene.start());
    const qsizetype before = scene.steps(scene.old()).size();
    scene.begin();
    QTRY_VERIFY_WITH_TIMEOUT(scene.steps(scene.findNext()).contains("parent gone"), 60'000);
    QCOMPARE(scene.steps(scene.old()).mid(before).join('|'), names(oldSteps));
    QCOMPARE(scene.steps(scene.findNext()).join('|'), names(newSteps));
    QCOMPARE(scene.client().refused(), 0);
    QCOMPARE(scene.client().lost(), 0);
    QCOMPARE(scene.keptCount(), 2);
    QVERIFY(scene.serveOn());
}

void TestHandoverKills::acc094_oldKilled()
{
    QFETCH(bool, isRendezvous);
    QFETCH(Step, step);
    Scene scene(isRendezvous);
    QVERIFY(scene.start());
    scene.talk(1).ask(QByteArray("set stop ") + step.name);
    scene.begin();
    QVERIFY(scene.waitUntilStopped(scene.old()));
    QVERIFY(scene.killOld());
    if (step.isOpen) {
        QVERIFY(scene.client().waitForAnswers(5));
        QCOMPARE(scene.client().refused(), 0);
        // The one that the old version was about to answer.
        QVERIFY(scene.client().lost() <= 1);
    } else {
        QVERIFY(scene.comesBack(!isRendezvous));
    }
    QCOMPARE(scene.keptCount(), step.kept);
    QVERIFY(scene.serveOn());
}

void TestHandoverKills::acc092_newKilled()
{
    QFETCH(bool, isRendezvous);
    QFETCH(Step, step);
    Scene scene(isRendezvous);
    QVERIFY(scene.start());
    scene.begin(step.name);
    QVERIFY(scene.findNext() > 0);
    QVERIFY(scene.waitUntilStopped(scene.findNext()));
    QVERIFY(scene.killNext());
    QCOMPARE(scene.keptCount(), step.kept);
    if (step.isOpen) {
        QCOMPARE(scene.talk(0).process(), scene.old());
        QVERIFY(scene.client().waitForAnswers(5));
        QTRY_VERIFY_WITH_TIMEOUT(scene.talk(0).ask("last").contains("state=Serving"), 30'000);
        QCOMPARE(scene.client().refused(), 0);
        QCOMPARE(scene.client().lost(), 0);
    } else {
        QVERIFY(scene.comesBack(true));
    }
    QVERIFY(scene.serveOn());
}

void TestHandoverKills::acc094_oldKilledBeforeItWasAnswered_data()
{
    QTest::addColumn<bool>("isRendezvous");
    QTest::addColumn<QByteArray>("nextStop");
    for (const bool isRendezvous : {false, true}) {
        for (const char *step : {"received move", "sent moved"}) {
            QTest::addRow("%s: %s", isRendezvous ? "rendezvous" : "started", step)
                << isRendezvous << QByteArray(step);
        }
    }
}

// Connections on their way when the old version dies belong to the next one, whether or not there
// is still somebody to be told.
void TestHandoverKills::acc094_oldKilledBeforeItWasAnswered()
{
    QFETCH(bool, isRendezvous);
    QFETCH(QByteArray, nextStop);
    Scene scene(isRendezvous);
    QVERIFY(scene.start());
    scene.talk(1).ask("set stop sent move 2");
    scene.begin(nextStop);
    QVERIFY(scene.waitUntilStopped(scene.old()));
    QVERIFY(scene.waitUntilStopped(scene.findNext()));
    QVERIFY(scene.killOld());
    ::kill(scene.findNext(), SIGCONT);
    QCOMPARE(scene.keptCount(), 2);
    QCOMPARE(scene.client().refused(), 0);
    QVERIFY(scene.serveOn());
}

QTEST_GUILESS_MAIN(TestHandoverKills)
#include "tst_handoverkills.moc"
