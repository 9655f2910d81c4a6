// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/supervise/source/recordedsource.h"

#include <QDeadlineTimer>
#include <QFileSystemWatcher>
#include <QTimer>

namespace Freshen {

// A local file, with PATH.minisig beside it, or the newest build in a folder: the one with the
// highest version in its name, and of those with the same or none the one that was changed last.
// Where some names are for this machine, the others do not count. It is copied once it stands
// still, so that nobody can change what was verified.
class FileSource : public RecordedSource
{
    Q_OBJECT

public:
    FileSource(const QString &path, const SourceOptions &options);
    ~FileSource() override;

private:
    void start() override;
    void stop() override;
    void watch();
    void notice();
    void checkAgain();
    void copy();
    void settleCopy(const QByteArray &signature);
    void endUnstable();

    QString m_path;
    QString m_file; // the one that is looked at
    QString m_mark;
    QTimer m_check;
    QDeadlineTimer m_deadline;
    QPointer<Job> m_copy;
    QFileSystemWatcher m_watcher;
    QTimer m_notice; // many changes are one
    QString m_noticed; // as m_mark
    bool m_hasLooked = false;
};

} // namespace Freshen
