// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/freshness/rootstore.h"

#include "lib/common/convert.h"
#include "lib/common/filename.h"
#include "platform/paths.h"
#include "updater-helper/trust/digest.h"

#include <QFileInfo>
#include <QLoggingCategory>

namespace Freshen {

namespace {

Q_LOGGING_CATEGORY(lcRoots, "freshen.roots", QtWarningMsg)

constexpr qsizetype hashPart = 16;

QString fileFor(const Trust::SignedRoot &first, const QString &folder)
{
    const QString place = folder.isEmpty() ? toQString(Platform::stateDirectory() / "roots")
                                           : folder;
    return QStringLiteral("%1/%2-%3.root")
        .arg(place, fileNamePart(toQString(first.root.product)),
             toQString(Trust::sha256Hex(first.text)).left(hashPart));
}

} // namespace

RootStore::RootStore(Trust::SignedRoot first, const QString &folder)
    : m_first(std::move(first))
    , m_file(fileFor(m_first, folder))
{
}

Trust::SignedRoot RootStore::newest() const
{
    if (!QFileInfo::exists(m_file))
        return m_first;
    auto kept = read();
    if (kept)
        return std::move(*kept);
    qCWarning(lcRoots, "%s does not count, the root that came with the app does: %s",
              qUtf8Printable(m_file), kept.error().message.c_str());
    return m_first;
}

Result<Trust::SignedRoot> RootStore::read() const
{
    const auto text = Platform::readFile(toPath(m_file), Trust::Root::maximumSize);
    if (!text)
        return failure(text);
    auto kept = Trust::firstRoot(*text);
    if (kept && kept->root.product != m_first.root.product)
        return failure(ErrorCode::ROOT_CHAIN, "It is for another product.");
    if (kept && kept->root.version <= m_first.root.version)
        return failure(ErrorCode::ROOT_CHAIN, "It is no newer one.");
    return kept;
}

Result<void> RootStore::keep(const Trust::SignedRoot &root) const
{
    const auto file = toPath(m_file);
    if (const auto made = Platform::makeDirectories(file.parent_path(), 0700); !made)
        return failure(made);
    return Platform::writeFileDurably(file, root.text, 0600);
}

} // namespace Freshen
