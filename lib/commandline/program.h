// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What Freshen's programs share: commands, their options, their answers for people and programs.

#pragma once

#include "lib/common/publickeyfrom.h"

#include <QCommandLineParser>
#include <QJsonObject>
#include <QList>

#include <optional>

namespace Freshen {

// What a command has to say when it did its work.
struct Answer {
    QString text; // for people; lines without a newline at the end
    QJsonObject json; // for programs
    QStringList warnings;
    int status = 0;
    std::optional<Error> error; // there is more to say than why it failed; then it is the status
};

class CommandLine;

// One command of a program.
struct Command {
    QString name; // "pack"; or, as one of a group, "root init"
    QString summary; // one sentence
    QString example; // what follows the program's name
    QString arguments; // "TREE OUT"; the last may repeat: "FILE..."
    int minimumArguments = 0;
    int maximumArguments = 0;
    QList<QCommandLineOption> options;
    QStringList required; // options that must be there
    Result<Answer> (*run)(const CommandLine &line) = nullptr;
};

struct Program {
    QString name;
    QString version;
    QString purpose; // one sentence
    QList<Command> commands;
};

// Runs the command that the arguments (the program's name first) ask for, prints what it says and
// returns the exit status.
int runProgram(const Program &program, const QStringList &arguments);

// A command line that was found to fit its command.
class CommandLine
{
public:
    explicit CommandLine(const QCommandLineParser &parser) : m_parser(parser) {}

    bool isSet(const QString &option) const { return m_parser.isSet(option); }
    QString value(const QString &option) const { return m_parser.value(option); }
    QStringList values(const QString &option) const { return m_parser.values(option); }
    QStringList arguments() const { return m_parser.positionalArguments().mid(1); }

    // USAGE unless the option's value is a whole number in these bounds.
    Result<int> number(const QString &option, int smallest, int largest) const;

private:
    const QCommandLineParser &m_parser;
};

// An error for programs.
QJsonObject toJson(const Error &error);
// Text of feeds, archives and command lines, harmless in a terminal.
QString shown(const QString &text);

} // namespace Freshen
