// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/downloadfolder.h"

#include "lib/common/convert.h"
#include "lib/package/packagearchive.h"
#include "lib/session/untouched.h"
#include "platform/paths.h"
#include "platform/tree.h"
#include "updater-helper/trust/digest.h"

#include <QDir>
#include <QFileInfo>

namespace Freshen {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds patience = 14 * 24h;

QString downloads()
{
    return toQString(Platform::cacheDirectory() / "downloads");
}

// Whether an entry is the file, or what its download keeps beside it: NAME.part, NAME.record.
bool belongsTo(const QString &entry, const QString &file)
{
    const QString name = QFileInfo(file).fileName();
    return entry == name || entry.startsWith(name + QLatin1Char('.'));
}

} // namespace

DownloadFolder::DownloadFolder(const QString &product)
    : m_path(downloads() + QLatin1Char('/') + product)
{
}

// Named by its content; the ending, which says how to unpack it, is the feed's.
QString DownloadFolder::file(const AppcastItem &item) const
{
    const AppcastEnclosure file = item.enclosure.value_or(AppcastEnclosure());
    const std::string signature = file.edSignature.toStdString();
    const QString name = file.sha256.isEmpty() ? toQString(Trust::sha256Hex(signature))
                                               : file.sha256;
    return m_path + QLatin1Char('/') + name + PackageFormat::endingOf(file.url.fileName());
}

QStringList DownloadFolder::entries() const
{
    return QDir(m_path).entryList(QDir::AllEntries | QDir::Hidden | QDir::System
                                  | QDir::NoDotAndDotDot);
}

Result<void> DownloadFolder::keepOnly(const QString &file) const
{
    auto done = Platform::makeDirectories(toPath(m_path), 0700);
    for (const QString &entry : entries()) {
        if (done && !belongsTo(entry, file))
            done = Platform::removeTree(toPath(m_path) / toPath(entry));
    }
    return done;
}

quint64 DownloadFolder::occupied(const QString &file) const
{
    quint64 bytes = 0;
    for (const QString &entry : entries()) {
        if (belongsTo(entry, file))
            bytes += Platform::allocatedSize(toPath(m_path) / toPath(entry));
    }
    return bytes;
}

Result<void> DownloadFolder::remove() const
{
    return Platform::removeTree(toPath(m_path));
}

void DownloadFolder::removeForgotten()
{
    removeUntouched(downloads(), patience);
}

} // namespace Freshen
