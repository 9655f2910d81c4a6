// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/rootchain.h"

#include "appcast-tools/publisher.h"
#include "lib/common/convert.h"

#include <QDir>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

const QString ending = u".root"_s;

tl::unexpected<Error> inFile(const QString &path, const Error &error)
{
    return failure(error.code, u"%1: %2"_s.arg(path, toQString(error.message)));
}

Result<std::string> readText(const QString &path)
{
    auto text = Platform::readFile(toPath(path), Trust::Root::maximumSize);
    if (!text && text.error().code == ErrorCode::SIZE)
        return failure(ErrorCode::ROOT_CHAIN, u"%1 is too large for a root."_s.arg(path));
    return text;
}

} // namespace

QString rootPath(const QString &folder, quint64 version)
{
    return folder + u'/' + QString::number(version) + ending;
}

Result<Trust::SignedRoot> readRoot(const QString &path)
{
    const auto text = readText(path);
    if (!text)
        return failure(text);
    auto root = Trust::SignedRoot::parse(*text);
    return root ? std::move(root) : inFile(path, root.error());
}

quint64 newestRootIn(const QString &folder)
{
    quint64 newest = 0;
    const QStringList names = QDir(folder).entryList({u'*' + ending}, QDir::Files | QDir::Hidden);
    for (const QString &name : names) {
        const quint64 version = name.chopped(ending.size()).toULongLong();
        if (QString::number(version) + ending == name)
            newest = std::max(newest, version);
    }
    return newest;
}

Result<std::vector<Trust::SignedRoot>> readRootChain(const QString &folder)
{
    return readRootChain(folder, newestRootIn(folder));
}

Result<std::vector<Trust::SignedRoot>> readRootChain(const QString &folder, quint64 upTo)
{
    std::vector<Trust::SignedRoot> chain;
    for (quint64 version = 1; version <= upTo; ++version) {
        const QString path = rootPath(folder, version);
        if (!QFileInfo::exists(path))
            return failure(ErrorCode::ROOT_CHAIN,
                           u"%1 is missing: clients cannot go on to the roots after it. Put all "
                           "roots into the folder."_s.arg(path));
        const auto text = readText(path);
        if (!text)
            return failure(text);
        auto root = version == 1 ? Trust::firstRoot(*text)
                                 : Trust::nextRoot(chain.back().root, *text);
        if (root && root->root.version != version)
            return failure(
                ErrorCode::ROOT_CHAIN,
                u"%1 is root %2: the file's name has to say which one it is."_s.arg(path).arg(
                    root->root.version));
        if (!root)
            return inFile(
                path,
                {root.error().code,
                 root.error().message + " \"freshen-appcast root show\" says what is missing."});
        chain.push_back(std::move(*root));
    }
    return chain;
}

Result<void> requireUnexpired(const Trust::Root &root)
{
    const auto now = publishingTime();
    if (!now)
        return failure(now);
    if (root.expires >= toStdString(timeText(*now)))
        return {};
    return failure(
        ErrorCode::ROOT_EXPIRED,
        u"Root %1 expired at %2: clients would refuse every feed. Make the next one with "
        "\"root rotate\"."_s.arg(root.version)
            .arg(toQString(root.expires)));
}

bool hasSigned(const Trust::PublicKey &key, const Trust::SignedRoot &root)
{
    return Trust::RootRole{1, {key}}.isMetBy(root.signatures, root.message());
}

MissingSignatures missingSignatures(const Trust::SignedRoot &root, const Trust::Root *previous)
{
    const auto missing = [&](const Trust::RootRole &role) {
        const auto count = std::size_t(
            std::count_if(role.keys.begin(), role.keys.end(),
                          [&](const Trust::PublicKey &key) { return hasSigned(key, root); }));
        return role.threshold - std::min(role.threshold, count);
    };
    return {previous ? missing(previous->root) : 0, missing(root.root.root)};
}

} // namespace Freshen
