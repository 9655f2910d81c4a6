// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/selftest.h"

#include "lib/common/convert.h"
#include "platform/process.h"
#include "updater-helper/trust/text.h"

#include <QRandomGenerator>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds patience{5};
constexpr std::size_t longestAnswer = 4096;

QString makeToken()
{
    quint64 words[2];
    QRandomGenerator::system()->fillRange(words);
    return QString::number(words[0], 16) + QString::number(words[1], 16);
}

// The same command, with the staged build in the place of the installed one.
Platform::StartRequest stagedCommand(const StagedBuild &build, const ProgramCommand &command,
                                     const Target &target)
{
    const std::string installed = target.executable().string();
    bool isMeant = command.program == target.executable();
    Platform::StartRequest request;
    request.program = isMeant ? build.program : command.program;
    for (const std::string &argument : command.arguments) {
        const bool isExecutable = argument == installed;
        request.arguments.push_back(isExecutable ? build.program.string() : argument);
        isMeant = isMeant || isExecutable;
    }
    if (!isMeant) {
        request.program = build.program;
        request.arguments.clear();
    }
    return request;
}

tl::unexpected<Error> failed(const StagedBuild &build, const QString &reason)
{
    return failure(ErrorCode::SELF_TEST,
                   u"The new build %1did not pass its own test and is not installed: %2"_s.arg(
                       build.version.isEmpty() ? QString() : build.version + u' ', reason));
}

} // namespace

Result<void> runSelfTest(const StagedBuild &build, const ProgramCommand &command,
                         const Target &target)
{
    const QString token = makeToken();
    Platform::StartRequest request = stagedCommand(build, command, target);
    request.arguments.push_back(selfTestOption);
    request.arguments.push_back(toStdString(token));
    request.environment = Platform::currentEnvironment();
    request.workingDirectory = target.root();
    const auto output = Platform::readOutput(request, Platform::Clock::now() + patience,
                                             longestAnswer);
    if (!output)
        return failed(build, toQString(output.error().message));
    const QString answer = toQString(*output).trimmed();
    const QString version = answer.section(u' ', 1);
    if (answer.section(u' ', 0, 0) != token)
        return failed(build, u"it did not answer %1 TOKEN with the token."_s.arg(
                                 QLatin1String(selfTestOption)));
    if (!version.isEmpty() && !build.version.isEmpty() && version != build.version)
        return failed(build, u"it says that it is version %1."_s.arg(
                                 toQString(Trust::escaped(toStdString(version)))));
    return {};
}

} // namespace Freshen
