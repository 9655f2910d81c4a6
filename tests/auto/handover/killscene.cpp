// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/handover/killscene.h"

#include <QFile>
#include <QTest>

#include <csignal>

#include <fcntl.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Platform::Clock;

namespace {

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

} // namespace

Scene::Scene(bool isRendezvous)
    : m_isRendezvous(isRendezvous)
    , m_path(m_folder.filePath(u"private/rendezvous"_s))
    , m_file(::open("/dev/null", O_RDONLY | O_CLOEXEC))
{
}

Scene::~Scene()
{
    // Stopped ones would stay for ever.
    for (const int id : {m_old, m_next}) {
        if (id > 0 && isStopped(id))
            ::kill(id, SIGKILL);
    }
}

QStringList Scene::arguments() const
{
    return {u"--take"_s, m_path, u"--offer"_s, m_path};
}

QString Scene::stepsFile() const
{
    return m_folder.filePath(u"steps"_s);
}

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
