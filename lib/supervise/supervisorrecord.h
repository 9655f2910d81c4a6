// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <filesystem>

namespace Freshen {

// What a supervisor remembers from one life to the next.
class SupervisorRecord
{
public:
    // A file that is missing or damaged is an empty record.
    explicit SupervisorRecord(std::filesystem::path file);
    // A failure to write is no reason to end anything; the next one tells it again.
    Result<void> save() const;

    // What is left behind, if this supervisor is killed.
    struct Process {
        int id = 0;
        std::string birth;
    };
    QList<Process> processes;
    int generation = 0;

    QList<QDateTime> crashes; // the last ones of the present version
    bool hasGoneBack = false; // since the last update
    QString lastUpdate; // version
    int attempts = 0;
    int installed = 0;
    int failed = 0;

private:
    std::filesystem::path m_file;
};

} // namespace Freshen
