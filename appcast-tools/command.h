// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/signing/secretkey.h"

#include <QCommandLineParser>
#include <QDateTime>
#include <QJsonObject>
#include <QList>

namespace Freshen {

// What a command has to say when it did its work.
struct Answer {
    QString text; // for people; lines without a newline at the end
    QJsonObject json; // for programs
    QStringList warnings;
    int status = 0;
};

class CommandLine;

// One command of the program.
struct Command {
    QString name;
    QString summary; // one sentence
    QString example; // what follows the program's name
    QString arguments; // "TREE OUT"; the last may repeat: "FILE..."
    int minimumArguments = 0;
    int maximumArguments = 0;
    QList<QCommandLineOption> options;
    QStringList required; // options that must be there
    Result<Answer> (*run)(const CommandLine &line) = nullptr;
};

// Runs the command with its arguments (the program and the command's name come first), prints
// what it says and returns the exit status.
int runCommand(const Command &command, const QStringList &arguments);

// A command line that was found to fit its command.
class CommandLine
{
public:
    explicit CommandLine(const QCommandLineParser &parser)
        : m_parser(parser)
    {
    }

    bool isSet(const QString &option) const { return m_parser.isSet(option); }
    QString value(const QString &option) const { return m_parser.value(option); }
    QStringList values(const QString &option) const { return m_parser.values(option); }
    QStringList arguments() const { return m_parser.positionalArguments().mid(1); }

    // USAGE unless the option's value is a whole number in these bounds.
    Result<int> number(const QString &option, int smallest, int largest) const;
    // The key that --key names.
    Result<SecretKey> secretKey() const;
    // A public key, given as text or as the name of a file.
    static Result<Trust::PublicKey> publicKey(const QString &text);

private:
    const QCommandLineParser &m_parser;
};

// --key, as every signing command has it.
QCommandLineOption keyOption();
// The present time in whole seconds, or that of SOURCE_DATE_EPOCH.
Result<QDateTime> publishingTime();
// Text of feeds, archives and command lines, harmless in a terminal.
QString shown(const QString &text);

} // namespace Freshen
