// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/commandline/program.h"

#include "lib/common/convert.h"
#include "updater-helper/trust/text.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
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

// All commands, or those of a group, whose names begin with "GROUP ".
QString overview(const Program &program, const QString &group = {})
{
    QString text = u"Usage: %1 %2COMMAND [options] ...\n%3\n\nCommands:\n"_s.arg(
        program.name, group, program.purpose);
    QList<Command> commands = program.commands;
    commands.removeIf([&](const Command &command) { return !command.name.startsWith(group); });
    qsizetype width = 0;
    for (const Command &command : commands)
        width = std::max(width, command.name.size());
    for (const Command &command : commands)
        text += u"  %1  %2\n"_s.arg(command.name, -int(width)).arg(command.summary);
    return text + u"\nOptions:\n  --help     Shows this; with a command, its own help.\n"
                  "  --version  Shows the version."_s;
}

// One command, being run.
class CommandRun
{
public:
    CommandRun(const Program &program, const Command &command, const QStringList &arguments)
        : m_program(program)
        , m_command(command)
        , m_arguments(arguments)
        , m_asJson(arguments.contains(u"--json"_s))
    {
    }

    int run()
    {
        describe();
        const bool isParsed = m_parser.parse(m_arguments);
        if (m_parser.isSet(u"help"_s)) {
            printLine(stdout, m_parser.helpText().trimmed());
            return 0;
        }
        const QString wrong = isParsed ? misuse() : m_parser.errorText().chopped(1);
        if (!wrong.isEmpty()) {
            const QString message = u"%1: %2. See %3 %1 --help."_s;
            return report(Error{ErrorCode::USAGE,
                                toStdString(message.arg(m_command.name, shown(wrong),
                                                        m_program.name))});
        }
        const auto answer = m_command.run(CommandLine(m_parser));
        return answer ? report(*answer) : report(answer.error());
    }

private:
    void describe()
    {
        m_parser.setApplicationDescription(m_command.summary + u"\n\nExample:\n  "_s
                                           + m_program.name + u' ' + m_command.example);
        m_parser.addOption({{u"h"_s, u"help"_s}, u"Shows this."_s});
        m_parser.addOption({u"json"_s, u"Answers with one JSON object."_s});
        m_parser.addOptions(m_command.options);
        m_parser.addPositionalArgument(m_command.name, u"This command."_s);
        for (const QString &argument : m_command.arguments.split(u' ', Qt::SkipEmptyParts))
            m_parser.addPositionalArgument(argument, {});
    }

    // What is wrong with the command line; empty when it fits.
    QString misuse() const
    {
        const qsizetype count = m_parser.positionalArguments().size() - 1;
        for (const QString &option : m_command.required) {
            if (m_parser.value(option).isEmpty())
                return u"--%1 is missing"_s.arg(option);
        }
        if (count < m_command.minimumArguments)
            return m_command.arguments + u" is missing"_s;
        if (count > m_command.maximumArguments)
            return u"there are too many arguments"_s;
        return {};
    }

    int report(const Error &error) const
    {
        Answer answer;
        answer.error = error;
        return report(answer);
    }

    int report(const Answer &answer) const
    {
        m_asJson ? printAsJson(answer) : printAsText(answer);
        return answer.error ? exitStatus(answer.error->code) : answer.status;
    }

    void printAsJson(const Answer &answer) const
    {
        QJsonObject object = answer.json;
        if (!answer.warnings.isEmpty())
            object.insert(u"warnings"_s, QJsonArray::fromStringList(answer.warnings));
        if (answer.error)
            object.insert(u"error"_s, toJson(*answer.error));
        printJson(object);
    }

    void printAsText(const Answer &answer) const
    {
        for (const QString &warning : answer.warnings)
            printLine(stderr, m_program.name + u": warning: "_s + warning);
        if (answer.error)
            printLine(stderr, m_program.name + u": "_s + toQString(answer.error->message));
        if (!answer.text.isEmpty())
            printLine(stdout, answer.text);
    }

    const Program &m_program;
    const Command &m_command;
    const QStringList &m_arguments;
    bool m_asJson;
    QCommandLineParser m_parser;
};

int refuse(const Program &program, const QString &what)
{
    printLine(stderr, u"%1: %2. See %1 --help."_s.arg(program.name, what));
    return exitStatus(ErrorCode::USAGE);
}

// Runs the command that the first argument names.
int runCommand(const Program &program, const QStringList &arguments)
{
    const QString name = arguments.value(1);
    const auto command = std::find_if(
        program.commands.begin(), program.commands.end(),
        [&](const Command &candidate) { return candidate.name == name; });
    if (command == program.commands.end())
        return refuse(program, u"there is no command \"%1\""_s.arg(shown(name)));
    return CommandRun(program, *command, arguments).run();
}

bool isGroup(const Program &program, const QString &name)
{
    return std::any_of(
        program.commands.begin(), program.commands.end(),
        [&](const Command &command) { return command.name.startsWith(name + u' '); });
}

// "root init": two words are the name.
int runOfGroup(const Program &program, QStringList arguments)
{
    const QString group = arguments.at(1) + u' ';
    const QString name = arguments.value(2);
    if (name == u"--help"_s || name == u"-h"_s) {
        printLine(stdout, overview(program, group));
        return 0;
    }
    if (name.isEmpty())
        return refuse(program, u"a command is missing after \"%1\""_s.arg(group.trimmed()));
    arguments.removeAt(2);
    arguments[1] = group + name;
    return runCommand(program, arguments);
}

} // namespace

int runProgram(const Program &program, const QStringList &arguments)
{
    const QString name = arguments.value(1);
    if (name == u"--help"_s || name == u"-h"_s) {
        printLine(stdout, overview(program));
        return 0;
    }
    if (name == u"--version"_s || name == u"-v"_s) {
        printLine(stdout, program.name + u' ' + program.version);
        return 0;
    }
    if (name.isEmpty())
        return refuse(program, u"a command is missing"_s);
    return isGroup(program, name) ? runOfGroup(program, arguments)
                                  : runCommand(program, arguments);
}

Result<int> CommandLine::number(const QString &option, int smallest, int largest) const
{
    bool isNumber = false;
    const int number = value(option).toInt(&isNumber);
    if (!isNumber || number < smallest || number > largest)
        return failure(ErrorCode::USAGE, u"--%1 has to be a whole number from %2 to %3."_s
                                             .arg(option).arg(smallest).arg(largest));
    return number;
}

QJsonObject toJson(const Error &error)
{
    return {{u"code"_s, toQString(errorCodeName(error.code))},
            {u"message"_s, toQString(error.message)}};
}

QString shown(const QString &text)
{
    return toQString(Trust::escaped(toStdString(text)));
}

} // namespace Freshen
