// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/replace/contentfile.h"

#include "lib/common/convert.h"
#include "updater-helper/trust/text.h"

#include <QNetworkReply>

namespace Freshen {

using Trust::Digest;

namespace {

constexpr qsizetype blockSize = 256 * 1024;

const char *nameOf(Digest::Kind kind)
{
    switch (kind) {
    case Digest::Kind::Sha256:
        return "SHA-256";
    case Digest::Kind::Sha384:
        return "SHA-384";
    case Digest::Kind::Sha512:
        return "SHA-512";
    case Digest::Kind::Blake2b512:
        return "BLAKE2b";
    }
    return "";
}

tl::unexpected<Error> readFailure(const QIODevice &device)
{
    return failure(ErrorCode::IO,
                   "The new file could not be read: " + toStdString(device.errorString())
                       + ". Try again.");
}

// A reply has no way to wait for more: what it has now would look like all.
Result<void> checkReply(QIODevice *device)
{
    const auto *reply = qobject_cast<const QNetworkReply *>(device);
    if (reply && !reply->isFinished())
        return failure(ErrorCode::CONFIG,
                       "A network reply has to be finished before a file is "
                       "replaced from it.");
    if (reply && reply->error() != QNetworkReply::NoError)
        return failure(ErrorCode::NETWORK,
                       Trust::escaped(toStdString(reply->errorString())) + ". Try again.");
    return {};
}

} // namespace

Result<void> readDevice(QIODevice *device,
                        const std::function<Result<void>(Platform::Bytes)> &consume)
{
    if (auto checked = checkReply(device); !checked)
        return checked;
    QByteArray block(blockSize, Qt::Uninitialized);
    while (true) {
        const qint64 count = device->read(block.data(), block.size());
        if (count > 0) {
            if (auto consumed = consume(toBytes(block).first(std::size_t(count))); !consumed)
                return consumed;
        } else if (device->isSequential() && device->waitForReadyRead(-1)) {
            continue;
        } else {
            // Devices that wait say -1 at their end, too.
            const bool isBroken = count < 0 && !device->isSequential();
            return isBroken ? readFailure(*device) : Result<void>();
        }
    }
}

ContentFile::ContentFile(Platform::NewFile file, std::filesystem::path path,
                         const ContentRules &rules)
    : m_file(std::move(file))
    , m_path(std::move(path))
    , m_rules(rules)
{
    m_digests.emplace(Digest::Kind::Sha256, Digest::Kind::Sha256);
    for (const auto &[kind, hash] : rules.checksums)
        m_digests.try_emplace(kind, kind);
}

Result<ContentFile> ContentFile::create(const std::filesystem::path &path,
                                        const ContentRules &rules)
{
    auto file = Platform::NewFile::create(path);
    if (!file)
        return failure(file);
    return ContentFile(std::move(*file), path, rules);
}

Result<void> ContentFile::write(Platform::Bytes bytes)
{
    m_size += qint64(bytes.size());
    if (m_size > m_rules.maximumSize)
        return failure(ErrorCode::SIZE,
                       "The new file is longer than it may be ("
                           + std::to_string(m_rules.maximumSize) + " bytes).");
    for (auto &[kind, digest] : m_digests)
        digest.add(bytes);
    return m_file.write(bytes);
}

Result<void> ContentFile::verifyChecksum(Digest::Kind kind, const std::string &found) const
{
    const auto expected = m_rules.checksums.find(kind);
    if (expected == m_rules.checksums.end() || expected->second == found)
        return {};
    const std::string name = nameOf(kind);
    return failure(ErrorCode::HASH,
                   "The new file is not the one that was announced: its " + name + " is " + found
                       + ", not " + expected->second + ". Fetch it again.");
}

Result<void> ContentFile::verify()
{
    if (auto finished = m_file.finish(0600); !finished)
        return finished;
    if (m_size == 0 && !m_rules.isAuthenticated())
        return failure(ErrorCode::SIZE, "The new file is empty. See where it comes from.");
    for (auto &[kind, digest] : m_digests) {
        const std::string found = digest.hexResult();
        if (kind == Digest::Kind::Sha256)
            m_sha256 = found;
        if (auto verified = verifyChecksum(kind, found); !verified)
            return verified;
    }
    if (!m_rules.signature)
        return {};
    return Trust::verifyMinisignFile(*m_rules.signature, m_path, m_rules.keys);
}

} // namespace Freshen
