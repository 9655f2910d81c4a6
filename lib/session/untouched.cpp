// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/untouched.h"

#include "lib/common/convert.h"
#include "platform/tree.h"

#include <QDateTime>
#include <QDir>
#include <QLoggingCategory>

#include <algorithm>

namespace Freshen {

namespace {

Q_LOGGING_CATEGORY(logCache, "freshen.cache", QtWarningMsg)

QFileInfoList entriesOf(const QString &folder)
{
    return QDir(folder).entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::System
                                      | QDir::NoDotAndDotDot);
}

bool isUntouchedSince(const QFileInfo &entry, const QDateTime &time)
{
    const QFileInfoList inside = entry.isDir() ? entriesOf(entry.filePath()) : QFileInfoList();
    return entry.lastModified() < time
        && std::all_of(inside.begin(), inside.end(),
                       [&](const QFileInfo &file) { return file.lastModified() < time; });
}

} // namespace

// By the clock that also gave the files their times.
void removeUntouched(const QString &folder, std::chrono::seconds time)
{
    const QDateTime then = QDateTime::currentDateTimeUtc().addSecs(-time.count());
    for (const QFileInfo &entry : entriesOf(folder)) {
        if (!isUntouchedSince(entry, then))
            continue;
        if (const auto removed = Platform::removeTree(toPath(entry.filePath())); !removed)
            qCWarning(logCache, "%s", removed.error().message.c_str());
    }
}

} // namespace Freshen
