// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/accepted.h"

#include "updater-helper/install/record.h"
#include "updater-helper/install/versions.h"
#include "updater-helper/trust/digest.h"

#include <algorithm>

namespace Freshen::Install {

namespace {

namespace fs = std::filesystem;
using Trust::Manifest;

constexpr std::string_view recordKind = "freshen-accepted 1";
constexpr std::string_view lineName = "manifest";

Result<std::string> readManifestText(const fs::path &tree)
{
    return Platform::readFile(tree / Manifest::fileName, Manifest::maximumSize);
}

// Without the record, or with a damaged one, nothing is accepted.
bool isAccepted(const Layout &layout, const std::string &sha256)
{
    const auto record = Record::read(layout.accepted(), recordKind);
    if (!record)
        return false;
    const auto hashes = record->values(lineName);
    return std::find(hashes.begin(), hashes.end(), sha256) != hashes.end();
}

bool isSigned(const fs::path &tree)
{
    return !Platform::identityOf(tree / Manifest::signatureFileName).empty();
}

Result<Trust::TreeManifest> readAccepted(const Layout &layout, const fs::path &tree)
{
    const auto text = readManifestText(tree);
    if (!text)
        return failure(text);
    const std::string sha256 = Trust::sha256Hex(*text);
    if (!isAccepted(layout, sha256))
        return failure(ErrorCode::SIGNATURE,
                       "The manifest in " + tree.string()
                           + " is neither signed nor the one that was made when this version was "
                             "installed. Install the app again.");
    auto manifest = Manifest::parse(*text);
    if (!manifest)
        return failure(manifest);
    return Trust::TreeManifest{std::move(*manifest), sha256};
}

} // namespace

Result<void> acceptManifest(const Layout &layout, const std::string &sha256)
{
    if (isAccepted(layout, sha256))
        return {};
    Record record{std::string(recordKind)};
    record.add(lineName, sha256);
    auto trees = previousVersions(layout);
    trees.insert(trees.end(), {layout.descriptionFolder(), layout.staged()});
    for (const fs::path &tree : trees) {
        const auto text = readManifestText(tree);
        const std::string other = text ? Trust::sha256Hex(*text) : std::string();
        if (other != sha256 && isAccepted(layout, other))
            record.add(lineName, other);
    }
    return record.write(layout.accepted());
}

Result<Trust::TreeManifest> readRelease(const Layout &layout, const fs::path &tree,
                                        const std::vector<Trust::PublicKey> &keys)
{
    auto accepted = readAccepted(layout, tree);
    return accepted || !isSigned(tree) ? accepted : Trust::readTreeManifest(tree, keys);
}

Result<Trust::TreeManifest> readNewRelease(const Layout &layout, const fs::path &tree,
                                           const std::vector<Trust::PublicKey> &keys)
{
    return isSigned(tree) ? Trust::readTreeManifest(tree, keys) : readAccepted(layout, tree);
}

} // namespace Freshen::Install
