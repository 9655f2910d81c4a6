// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/replace/announcedcontent.h"

#include "lib/common/convert.h"

namespace Freshen {

using Trust::Digest;

namespace {

std::optional<Digest::Kind> kindOf(QCryptographicHash::Algorithm algorithm)
{
    switch (algorithm) {
    case QCryptographicHash::Sha256:
        return Digest::Kind::Sha256;
    case QCryptographicHash::Sha384:
        return Digest::Kind::Sha384;
    case QCryptographicHash::Sha512:
        return Digest::Kind::Sha512;
    default:
        return {};
    }
}

Result<std::string> checksumFrom(const QByteArray &hex, QCryptographicHash::Algorithm algorithm)
{
    const QByteArray lower = hex.toLower();
    const bool isHex = QByteArray::fromHex(lower).toHex() == lower;
    if (!isHex || lower.size() != 2 * QCryptographicHash::hashLength(algorithm))
        return failure(ErrorCode::CONFIG,
                       "A checksum is not hexadecimal, or not as long as its kind "
                       "is. Copy it again.");
    return lower.toStdString();
}

} // namespace

Result<ContentRules> AnnouncedContent::rules(qint64 maximumSize) const
{
    ContentRules rules;
    rules.maximumSize = maximumSize;
    for (const auto &[algorithm, hex] : checksums) {
        const auto kind = kindOf(algorithm);
        if (!kind)
            return failure(ErrorCode::CONFIG, "Checksums are SHA-256, SHA-384 or SHA-512.");
        const auto checksum = checksumFrom(hex, algorithm);
        if (!checksum)
            return failure(checksum);
        rules.checksums[*kind] = *checksum;
    }
    if (!signature)
        return rules;
    const auto parsed = Trust::MinisignSignature::parse(toView(*signature));
    if (!parsed)
        return failure(parsed);
    rules.signature = *parsed;
    for (const QString &text : keys) {
        const auto key = Trust::PublicKey::parse(toStdString(text));
        if (!key)
            return failure(key);
        rules.keys.push_back(*key);
    }
    if (rules.keys.empty())
        return failure(ErrorCode::KEY, "There is a signature, but no public key to check it with.");
    return rules;
}

} // namespace Freshen
