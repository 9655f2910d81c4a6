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

QString folderFor(const Trust::SignedRoot &first, const QString &folder)
{
    const QString place = folder.isEmpty() ? toQString(Platform::stateDirectory() / "roots")
                                           : folder;
    return QStringLiteral("%1/%2-%3")
        .arg(place, fileNamePart(toQString(first.root.product)),
             toQString(Trust::sha256Hex(first.text)).left(hashPart));
}

Result<Trust::SignedRoot> readNext(const Trust::Root &trusted, const QString &file)
{
    const auto text = Platform::readFile(toPath(file), Trust::Root::maximumSize);
    return text ? Trust::nextRoot(trusted, *text) : failure(text);
}

} // namespace

RootStore::RootStore(Trust::SignedRoot first, const QString &folder)
    : m_first(std::move(first))
    , m_folder(folderFor(m_first, folder))
{
}

QString RootStore::fileOf(quint64 version) const
{
    return QStringLiteral("%1/%2.root").arg(m_folder, QString::number(version));
}

std::vector<Trust::SignedRoot> RootStore::chain() const
{
    std::vector<Trust::SignedRoot> roots{m_first};
    while (true) {
        const QString file = fileOf(roots.back().root.version + 1);
        if (!QFileInfo::exists(file))
            return roots;
        auto next = readNext(roots.back().root, file);
        if (!next) {
            qCWarning(lcRoots, "%s does not count, root %llu does: %s", qUtf8Printable(file),
                      static_cast<unsigned long long>(roots.back().root.version),
                      next.error().message.c_str());
            return roots;
        }
        roots.push_back(std::move(*next));
    }
}

Trust::SignedRoot RootStore::newest() const
{
    return chain().back();
}

Result<void> RootStore::keep(const Trust::SignedRoot &root) const
{
    if (const auto made = Platform::makeDirectories(toPath(m_folder), 0700); !made)
        return failure(made);
    return Platform::writeFileDurably(toPath(fileOf(root.root.version)), root.text, 0600);
}

Result<void> RootStore::copyTo(const QString &folder) const
{
    for (const Trust::SignedRoot &root : chain()) {
        const auto file = toPath(folder) / (std::to_string(root.root.version) + ".root");
        if (auto written = Platform::writeFileDurably(file, root.text, 0600); !written)
            return written;
    }
    return {};
}

} // namespace Freshen
