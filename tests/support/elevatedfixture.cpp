// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/elevatedfixture.h"

#include "lib/common/convert.h"
#include "platform/safefolder.h"
#include "platform/tree.h"
#include "tests/support/privatesystem.h"

#include <chrono>

#include <sys/stat.h>
#include <unistd.h>

namespace Freshen {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

void require(const Result<void> &result)
{
    if (!result)
        qFatal("%s", result.error().message.c_str());
}

} // namespace

ElevatedFixture::ElevatedFixture()
{
    const fs::path &app = layout().app();
    require(Platform::removeTree(layout().staged()));
    // Others have to see it.
    fs::permissions(app.parent_path(), fs::perms(0755));
    m_registration.app = app;
    m_registration.product = EngineFixture::product;
    m_registration.id = Install::Registration::idFor(m_registration.product, app);
    m_registration.version = "1.0";
    m_registration.keys = m_engine.keys();
    registerApp();
    offerRelease("2.0");
}

void ElevatedFixture::registerApp()
{
    require(m_registration.write());
}

void ElevatedFixture::offerRelease(const std::string &version, const ShippedFiles &files,
                                   const std::string &product)
{
    require(Platform::removeTree(offer()));
    fs::create_directories(offer());
    m_engine.makeTree(offered(), version, files, product);
    giveToUser();
}

void ElevatedFixture::giveToUser() const
{
    const auto give = [](const fs::path &path) {
        if (::lchown(path.c_str(), PrivateSystem::tester, PrivateSystem::tester) != 0)
            qFatal("cannot give away %s", path.c_str());
    };
    give(offer());
    for (const auto &entry : fs::recursive_directory_iterator(offer()))
        give(entry.path());
}

void ElevatedFixture::start(const std::vector<std::string> &arguments,
                            const std::vector<std::string> &command)
{
    hangUp();
    auto ends = Platform::Channel::create();
    require(ends ? Result<void>() : failure(ends));
    std::vector<std::string> words = command;
    words.push_back(FRESHEN_HELPER);
    words.insert(words.end(), arguments.begin(), arguments.end());
    Platform::StartRequest request;
    request.program = words.front();
    request.arguments.assign(words.begin() + 1, words.end());
    request.workingDirectory = "/";
    request.input = ends->second.value();
    auto process = Platform::Process::start(request);
    require(process ? Result<void>() : failure(process));
    m_channel = std::move(ends->first);
    m_process = std::move(*process);
}

QString ElevatedFixture::ask(const std::string &request)
{
    return ask(request, {});
}

QString ElevatedFixture::ask(const std::string &request, const std::vector<int> &descriptors)
{
    // One that ended before it was asked may have said why.
    (void)m_channel.trySend(request, descriptors);
    const auto answer = m_channel.receive(Platform::Clock::now() + 60s);
    return answer && *answer ? toQString(**answer) : QString();
}

QString ElevatedFixture::prepare(const std::string &how)
{
    const auto folder = Platform::HeldFolder::open(offer());
    if (!folder)
        qFatal("%s", folder.error().message.c_str());
    return ask("prepare " + id() + " " + how, {folder->value()});
}

QString ElevatedFixture::update()
{
    start();
    QString answer = prepare();
    for (const char *request : {"swap", "commit 12"})
        answer = answer == QLatin1String("done") ? ask(request) : answer;
    hangUp();
    return answer == QLatin1String("done") ? m_engine.appVersion() : answer;
}

QString ElevatedFixture::codeOf(const QString &answer)
{
    const bool isFailure = answer.startsWith(QLatin1String("failed "));
    return isFailure ? answer.section(QLatin1Char(' '), 1, 1) : answer;
}

void ElevatedFixture::hangUp()
{
    m_channel.close();
    if (!m_process.handle().isOpen())
        return;
    Platform::waitForAny({m_process.handle().value()}, Platform::Clock::now() + 60s);
}

} // namespace Freshen
