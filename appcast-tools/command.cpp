// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/command.h"

#include "lib/common/convert.h"
#include "lib/package/sourcedate.h"
#include "updater-helper/trust/text.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

#include <cstdio>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

void printLine(FILE *stream, const QString &text)
{
    std::fputs((text + u'\n').toUtf8().constData(), stream);
}

void printJson(const QJsonObject &object)
{
    std::fputs(QJsonDocument(object).toJson().constData(), stdout);
}

int reportError(const Error &error, bool asJson)
{
    if (asJson) {
        const QJsonObject object{{u"code"_s, toQString(errorCodeName(error.code))},
                                 {u"message"_s, toQString(error.message)}};
        printJson({{u"error"_s, object}});
    } else {
        printLine(stderr, u"freshen-appcast: "_s + toQString(error.message));
    }
    return exitStatus(error.code);
}

int reportAnswer(const Answer &answer, bool asJson)
{
    if (asJson) {
        QJsonObject object = answer.json;
        if (!answer.warnings.isEmpty())
            object.insert(u"warnings"_s, QJsonArray::fromStringList(answer.warnings));
        printJson(object);
        return answer.status;
    }
    for (const QString &warning : answer.warnings)
        printLine(stderr, u"freshen-appcast: warning: "_s + warning);
    if (!answer.text.isEmpty())
        printLine(stdout, answer.text);
    return answer.status;
}

void describe(const Command &command, QCommandLineParser &parser)
{
    parser.setApplicationDescription(command.summary + u"\n\nExample:\n  freshen-appcast "_s
                                     + command.example);
    parser.addOption({{u"h"_s, u"help"_s}, u"Shows this."_s});
    parser.addOption({u"json"_s, u"Answers with one JSON object."_s});
    parser.addOptions(command.options);
    parser.addPositionalArgument(command.name, u"This command."_s);
    for (const QString &argument : command.arguments.split(u' ', Qt::SkipEmptyParts))
        parser.addPositionalArgument(argument, {});
}

// What is wrong with the command line; empty when it fits.
QString misuse(const Command &command, const QCommandLineParser &parser)
{
    const qsizetype count = parser.positionalArguments().size() - 1;
    for (const QString &option : command.required) {
        if (parser.value(option).isEmpty())
            return u"--%1 is missing"_s.arg(option);
    }
    if (count < command.minimumArguments)
        return command.arguments + u" is missing"_s;
    if (count > command.maximumArguments)
        return u"there are too many arguments"_s;
    return {};
}

} // namespace

int runCommand(const Command &command, const QStringList &arguments)
{
    QCommandLineParser parser;
    describe(command, parser);
    const bool isParsed = parser.parse(arguments);
    if (parser.isSet(u"help"_s)) {
        printLine(stdout, parser.helpText().trimmed());
        return 0;
    }
    const bool asJson = arguments.contains(u"--json"_s);
    const QString wrong = isParsed ? misuse(command, parser) : parser.errorText().chopped(1);
    if (!wrong.isEmpty()) {
        const QString message = u"%1: %2. See freshen-appcast %1 --help."_s;
        return reportError({ErrorCode::USAGE, toStdString(message.arg(command.name, shown(wrong)))},
                           asJson);
    }
    const auto answer = command.run(CommandLine(parser));
    return answer ? reportAnswer(*answer, asJson) : reportError(answer.error(), asJson);
}

Result<int> CommandLine::number(const QString &option, int smallest, int largest) const
{
    bool isNumber = false;
    const int number = value(option).toInt(&isNumber);
    if (!isNumber || number < smallest || number > largest)
        return failure(
            ErrorCode::USAGE,
            u"--%1 has to be a whole number from %2 to %3."_s.arg(option).arg(smallest).arg(
                largest));
    return number;
}

Result<SecretKey> CommandLine::secretKey() const
{
    return SecretKey::read(value(u"key"_s));
}

Result<Trust::PublicKey> CommandLine::publicKey(const QString &text)
{
    if (!QFileInfo(text).isFile())
        return Trust::PublicKey::parse(toStdString(text));
    const auto content = Platform::readFile(toPath(text), 4096);
    return content ? Trust::PublicKey::parse(*content) : failure(content);
}

QCommandLineOption keyOption()
{
    return {u"key"_s, u"The secret key: a file, \"-\" for standard input, or env:NAME."_s, u"K"_s};
}

Result<QDateTime> publishingTime()
{
    const auto date = sourceDate();
    if (!date)
        return failure(date);
    return date->value_or(
        QDateTime::fromSecsSinceEpoch(QDateTime::currentSecsSinceEpoch(), Qt::UTC));
}

QString shown(const QString &text)
{
    return toQString(Trust::escaped(toStdString(text)));
}

} // namespace Freshen
