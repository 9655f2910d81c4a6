// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/minisign.h"

#include <QIODevice>

#include <functional>
#include <map>
#include <optional>

namespace Freshen {

// What is known of a file before it is there.
struct ContentRules {
    std::map<Trust::Digest::Kind, std::string> checksums; // lower-case hexadecimal
    std::optional<Trust::MinisignSignature> signature;
    std::vector<Trust::PublicKey> keys;
    qint64 maximumSize = 0;

    bool isAuthenticated() const { return !checksums.empty() || signature; }
};

// A new file, hashed while it is written. Worth nothing until it was verified.
class ContentFile
{
public:
    static Result<ContentFile> create(const std::filesystem::path &path, const ContentRules &rules);

    // SIZE beyond the rules.
    Result<void> write(Platform::Bytes bytes);
    // Everything is there. HASH or SIGNATURE unless it is as the rules say.
    Result<void> verify();
    qint64 size() const { return m_size; }
    // Once verified, in lower-case hexadecimal.
    const std::string &sha256() const { return m_sha256; }

private:
    ContentFile(Platform::NewFile file, std::filesystem::path path, const ContentRules &rules);
    Result<void> verifyChecksum(Trust::Digest::Kind kind, const std::string &found) const;

    Platform::NewFile m_file;
    std::filesystem::path m_path;
    ContentRules m_rules;
    std::map<Trust::Digest::Kind, Trust::Digest> m_digests;
    qint64 m_size = 0;
    std::string m_sha256;
};

// Calls `consume` with everything that the device has or will have, block by block.
Result<void> readDevice(QIODevice *device,
                        const std::function<Result<void>(Platform::Bytes)> &consume);

} // namespace Freshen
