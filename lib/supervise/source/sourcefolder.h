// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/validators.h"
#include "platform/result.h"

#include <QString>

namespace Freshen {

// What a source has brought before, so that it is not fetched again.
struct SourceRecord {
    Validators validators; // of the address that is asked first
    QString mark; // which file it was, in the source's own terms
    QString content; // which bytes it and its signature had

    bool isEmpty() const { return validators.isEmpty() && mark.isEmpty() && content.isEmpty(); }
};

// What one source keeps on the disk. Several may share a folder.
class SourceFolder
{
public:
    SourceFolder(const QString &folder, const QString &source);

    Result<void> make() const;
    // An empty one where there is none that can be read.
    SourceRecord record() const;
    // Failing costs no more than another download, so it is only logged.
    void keep(const SourceRecord &record) const;

    // Where a download belongs, always the same, so that it can be continued.
    QString download() const { return m_prefix + QStringLiteral(".download"); }
    // For a build of this name; another one each time. It has the ending that tells of a package.
    QString newFile(const QString &name) const;
    // Builds that nobody came for, because the process ended.
    void removeForgotten() const;

private:
    QString stateFile() const { return m_prefix + QStringLiteral(".json"); }

    QString m_folder;
    QString m_prefix; // of all files; says nothing about the source
};

// Removes its file in the end, unless somebody took it over.
class OwnedFile
{
public:
    OwnedFile() = default;
    OwnedFile(const OwnedFile &) = delete;
    OwnedFile &operator=(const OwnedFile &) = delete;
    ~OwnedFile();

    const QString &path() const { return m_path; }
    void take(const QString &path) { m_path = path; }
    QString release() { return std::exchange(m_path, {}); }

private:
    QString m_path;
};

} // namespace Freshen
