// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The signed list of every file of a release. It is the release: whatever brought the files to
// the disk, only what stands here is ever swapped in.

#pragma once

#include "platform/tree.h"

#include "updater-helper/trust/minisign.h"

namespace Freshen::Trust {

struct ManifestEntry {
    Platform::EntryType type = Platform::EntryType::File;
    std::uint32_t mode = 0644;
    std::uint64_t size = 0;
    std::string sha256; // of files, lower-case hexadecimal
    std::string path;
    std::string target; // of links
};

struct Manifest {
    std::string product;
    std::string version;
    std::string channel = "stable";
    std::string os;
    std::string arch;
    std::string executable;
    // Optional header lines, "built 2026-11-22T10:00:00Z", as they stand.
    std::vector<std::string> extraLines;
    std::vector<ManifestEntry> entries; // sorted by path in byte order

    static constexpr std::string_view fileName = "freshen.manifest";
    static constexpr std::string_view signatureFileName = "freshen.manifest.minisig";
    static constexpr std::size_t maximumSize = 64u << 20;
    static constexpr std::size_t maximumEntries = 200'000;

    // Strict: one form only, every name allowed, entries sorted and without twins, every parent
    // listed before its children, the executable among the files.
    static Result<Manifest> parse(std::string_view text);
    std::string toText() const;

    const ManifestEntry *find(std::string_view path) const;
    std::uint64_t totalSize() const;
    // The value of an optional header line such as "built"; empty when there is none.
    std::string_view extra(std::string_view name) const;
    // What the signature's trusted comment must be.
    std::string trustedComment() const;
};

// Parses the manifest only after one of the keys was found to have signed exactly these bytes,
// for the product and version that they name.
Result<Manifest> verifiedManifest(std::string_view text, std::string_view signatureText,
                                  const std::vector<PublicKey> &keys);

// The manifest that stands in a tree, verified.
struct TreeManifest {
    Manifest manifest;
    std::string sha256; // of the manifest's bytes
};
Result<TreeManifest> readTreeManifest(const std::filesystem::path &tree,
                                      const std::vector<PublicKey> &keys);

} // namespace Freshen::Trust
