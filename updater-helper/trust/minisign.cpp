// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/minisign.h"

#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"

#include <algorithm>

namespace Freshen::Trust {

namespace {

constexpr std::string_view untrustedPrefix = "untrusted comment: ";
constexpr std::string_view trustedPrefix = "trusted comment: ";
constexpr std::size_t signatureLineSize = 2 + 8 + 64;
// minisign's own bound.
constexpr std::size_t maximumComment = 8192;

tl::unexpected<Error> malformed(std::string_view why)
{
    return failure(ErrorCode::SIGNATURE,
                   "The signature file is not one of minisign's: " + std::string(why) + ".");
}

Platform::Bytes toBytes(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

bool isPrintable(std::string_view text)
{
    // minisign itself puts tabs between the parts of its comments.
    return isValidUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
}

bool verifies(const PublicKey &key, const MinisignSignature &signature, Platform::Bytes message)
{
    std::string signedComment(signature.signature.begin(), signature.signature.end());
    signedComment += signature.trustedComment;
    return key.verify(message, signature.signature)
        && key.verify(toBytes(signedComment), signature.commentSignature);
}

Result<void> verifyMessage(const MinisignSignature &signature, Platform::Bytes message,
                           const std::vector<PublicKey> &keys)
{
    // The id is a hint only: it may be anything in a key that another tool made.
    for (const PublicKey &key : keys) {
        if (verifies(key, signature, message))
            return {};
    }
    return failure(ErrorCode::SIGNATURE,
                   "The signature (key " + toHex(signature.keyId)
                       + ") fits none of the trusted keys, or the file was changed.");
}

} // namespace

Result<MinisignSignature> MinisignSignature::parse(std::string_view text)
{
    const auto lines = splitLines(text);
    if (lines.size() != 4 || !text.ends_with('\n'))
        return malformed("it has not four lines");
    if (!lines[0].starts_with(untrustedPrefix) || !lines[2].starts_with(trustedPrefix))
        return malformed("a comment line is missing");
    const auto bytes = fromBase64(lines[1]);
    const auto commentBytes = fromBase64(lines[3]);
    MinisignSignature signature;
    if (!bytes || bytes->size() != signatureLineSize || !commentBytes
        || commentBytes->size() != signature.commentSignature.size())
        return malformed("a line is not base64 of the right length");
    if ((*bytes)[0] != 'E' || ((*bytes)[1] != 'D' && (*bytes)[1] != 'd'))
        return malformed("the algorithm is not Ed25519");
    signature.trustedComment = lines[2].substr(trustedPrefix.size());
    if (signature.trustedComment.size() > maximumComment || !isPrintable(signature.trustedComment))
        return malformed("the trusted comment cannot be printed");
    signature.isPrehashed = (*bytes)[1] == 'D';
    std::copy_n(bytes->begin() + 2, signature.keyId.size(), signature.keyId.begin());
    std::copy(bytes->begin() + 10, bytes->end(), signature.signature.begin());
    std::copy(commentBytes->begin(), commentBytes->end(), signature.commentSignature.begin());
    return signature;
}

std::string MinisignSignature::toText(std::string_view untrustedComment) const
{
    ByteVector line = {'E', std::uint8_t(isPrehashed ? 'D' : 'd')};
    line.insert(line.end(), keyId.begin(), keyId.end());
    line.insert(line.end(), signature.begin(), signature.end());
    std::string text;
    text.append(untrustedPrefix).append(untrustedComment).append("\n");
    text.append(toBase64(line.data(), line.size())).append("\n");
    text.append(trustedPrefix).append(trustedComment).append("\n");
    text.append(toBase64(commentSignature.data(), commentSignature.size())).append("\n");
    return text;
}

Result<void> verifyMinisign(const MinisignSignature &signature, std::string_view content,
                            const std::vector<PublicKey> &keys)
{
    if (!signature.isPrehashed)
        return verifyMessage(signature, toBytes(content), keys);
    Digest digest(Digest::Kind::Blake2b512);
    digest.add(toBytes(content));
    return verifyMessage(signature, toBytes(digest.result()), keys);
}

Result<void> verifyMinisignFile(const MinisignSignature &signature,
                                const std::filesystem::path &file,
                                const std::vector<PublicKey> &keys)
{
    if (!signature.isPrehashed) {
        const auto content = Platform::readFile(file);
        return content ? verifyMinisign(signature, *content, keys) : failure(content);
    }
    const auto opened = Platform::openForReading(file);
    if (!opened)
        return failure(opened);
    Digest digest(Digest::Kind::Blake2b512);
    const auto read = Platform::readBlocks(*opened, [&](Platform::Bytes bytes) {
        digest.add(bytes);
        return true;
    });
    return read ? verifyMessage(signature, toBytes(digest.result()), keys) : read;
}

} // namespace Freshen::Trust
