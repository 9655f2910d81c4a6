// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/signing/secretkey.h"

#include "lib/common/convert.h"
#include "lib/signing/expandedkey.h"
#include "lib/signing/keysource.h"
#include "lib/signing/minisignkey.h"
#include "lib/signing/wiper.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"

#include <QFile>

#include <algorithm>
#include <memory>

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace Freshen {

namespace {

using Platform::Bytes;
using Trust::ByteVector;

constexpr std::size_t seedSize = 32;
constexpr std::size_t publicKeySize = 32;
constexpr std::size_t sparkleExpandedSize = expandedKeySize + publicKeySize;

struct KeyDeleter {
    void operator()(EVP_PKEY *key) const { EVP_PKEY_free(key); }
};
struct ContextDeleter {
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};
using EvpKey = std::unique_ptr<EVP_PKEY, KeyDeleter>;

EvpKey evpKey(Bytes seed)
{
    return EvpKey(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
}

Result<Trust::PublicKey> publicKeyOfSeed(Bytes seed)
{
    std::array<std::uint8_t, publicKeySize> bytes{};
    std::size_t size = bytes.size();
    const EvpKey key = evpKey(seed);
    if (!key || EVP_PKEY_get_raw_public_key(key.get(), bytes.data(), &size) != 1)
        return failure(ErrorCode::KEY, "OpenSSL cannot use this secret key.");
    return Trust::PublicKey::fromBytes(bytes);
}

Trust::Signature signWithSeed(Bytes seed, Bytes message)
{
    Trust::Signature signature{};
    std::size_t size = signature.size();
    const EvpKey key = evpKey(seed);
    const std::unique_ptr<EVP_MD_CTX, ContextDeleter> context(EVP_MD_CTX_new());
    if (!key || !context
        || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1
        || EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size())
            != 1) {
        signature.fill(0); // fits no message
    }
    return signature;
}

tl::unexpected<Error> noSecretKey()
{
    return failure(ErrorCode::KEY,
                   "This is no secret key. Give a 32-byte seed in base64, as keygen "
                   "writes it, Sparkle's older form or a minisign secret key.");
}

// The last line that is not empty: the key line of a minisign file, or the whole of the others.
std::string_view keyLine(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t last = text.find_last_not_of(blanks);
    text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
    const std::size_t lineEnd = text.rfind('\n');
    if (lineEnd != std::string_view::npos)
        text.remove_prefix(lineEnd + 1);
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text;
}

std::string asText(Bytes bytes)
{
    return std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size());
}

Bytes asBytes(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

} // namespace

SecretKey &SecretKey::operator=(SecretKey &&other) noexcept
{
    // The other one's destructor wipes what was here.
    std::swap(m_secret, other.m_secret);
    std::swap(m_publicKey, other.m_publicKey);
    return *this;
}

SecretKey::~SecretKey()
{
    OPENSSL_cleanse(m_secret.data(), m_secret.size());
}

Result<SecretKey> SecretKey::generate()
{
    EVP_PKEY *raw = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    const EvpKey key(raw);
    ByteVector seed(seedSize);
    const Wiper wiper(seed);
    std::size_t size = seed.size();
    if (!key || EVP_PKEY_get_raw_private_key(key.get(), seed.data(), &size) != 1)
        return failure(ErrorCode::KEY, "OpenSSL cannot make a key.");
    return fromSeed(seed);
}

Result<SecretKey> SecretKey::read(const QString &source)
{
    auto content = readKeySource(source);
    if (!content)
        return failure(content);
    const Wiper wiper(*content);
    const QString name = source == QLatin1String("-") ? QStringLiteral("Standard input") : source;
    auto key = parse(toView(*content), [&] { return readPassword(name); });
    if (!key)
        return failure(key.error().code,
                       QStringLiteral("%1: %2").arg(name, toQString(key.error().message)));
    return key;
}

Result<SecretKey> SecretKey::parse(std::string_view text, const PasswordSource &password)
{
    auto bytes = Trust::fromBase64(keyLine(text));
    if (!bytes)
        return noSecretKey();
    const Wiper wiper(*bytes);
    if (bytes->size() == seedSize)
        return fromSeed(*bytes);
    if (bytes->size() == sparkleExpandedSize)
        return fromExpanded(*bytes);
    if (bytes->size() == minisignKeySize)
        return fromMinisign(*bytes, password);
    return noSecretKey();
}

Result<SecretKey> SecretKey::fromSeed(Bytes seed)
{
    const auto publicKey = publicKeyOfSeed(seed);
    if (!publicKey)
        return failure(publicKey);
    SecretKey key;
    key.m_secret.assign(seed.begin(), seed.end());
    key.m_publicKey = *publicKey;
    return key;
}

Result<SecretKey> SecretKey::fromExpanded(Bytes bytes)
{
    const Bytes expanded = bytes.first(expandedKeySize);
    const auto publicKey = Trust::PublicKey::fromBytes(bytes.subspan(expandedKeySize));
    if (!publicKey || publicKeyOfExpanded(expanded) != publicKey->bytes())
        return failure(ErrorCode::KEY,
                       "The two halves of this secret key do not "
                       "belong together: it is damaged.");
    SecretKey key;
    key.m_secret.assign(expanded.begin(), expanded.end());
    key.m_publicKey = *publicKey;
    return key;
}

Result<SecretKey> SecretKey::fromMinisign(Bytes bytes, const PasswordSource &password)
{
    const auto file = readMinisignKey(bytes, password);
    if (!file)
        return failure(file);
    auto key = fromSeed(file->seed());
    if (!key)
        return key;
    // Seed and public key belong together: that says more than the file's check sum would.
    const Bytes publicKey = file->publicKey();
    if (!std::equal(publicKey.begin(), publicKey.end(), key->m_publicKey.bytes().begin()))
        return failure(ErrorCode::KEY,
                       isEncryptedMinisignKey(bytes)
                           ? "The password is wrong, or the minisign secret key is damaged."
                           : "This minisign secret key is damaged.");
    // The stock minisign insists on the id that it gave to the pair.
    ByteVector named = {'E', 'd'};
    const Bytes id = file->id();
    named.insert(named.end(), id.begin(), id.end());
    named.insert(named.end(), publicKey.begin(), publicKey.end());
    const auto withId = Trust::PublicKey::parse(Trust::toBase64(named.data(), named.size()));
    if (!withId)
        return failure(withId);
    key->m_publicKey = *withId;
    return key;
}

std::string SecretKey::toText() const
{
    if (m_secret.size() != seedSize)
        return {};
    return Trust::toBase64(m_secret.data(), m_secret.size());
}

Trust::Signature SecretKey::sign(Bytes message) const
{
    const Trust::Signature signature = m_secret.size() == seedSize
        ? signWithSeed(m_secret, message)
        : signWithExpanded(m_secret, m_publicKey, message);
    // A fault while signing could give the key away, so what does not verify never gets out.
    if (!m_publicKey.verify(message, signature))
        qFatal("Signing failed: the new signature does not verify.");
    return signature;
}

std::string SecretKey::minisign(std::string_view content, std::string_view trustedComment) const
{
    Trust::Digest digest(Trust::Digest::Kind::Blake2b512);
    digest.add(asBytes(content));
    return minisignDigest(digest.result(), trustedComment);
}

Result<std::string> SecretKey::minisignFile(const std::filesystem::path &file,
                                            std::string_view trustedComment) const
{
    const auto opened = Platform::openForReading(file);
    if (!opened)
        return failure(opened);
    Trust::Digest digest(Trust::Digest::Kind::Blake2b512);
    const auto read = Platform::readBlocks(*opened, [&](Bytes bytes) {
        digest.add(bytes);
        return true;
    });
    if (!read)
        return failure(read);
    return minisignDigest(digest.result(), trustedComment);
}

std::string SecretKey::minisignDigest(const std::string &digest,
                                      std::string_view trustedComment) const
{
    Trust::MinisignSignature result;
    result.keyId = m_publicKey.id();
    result.signature = sign(asBytes(digest));
    result.trustedComment = trustedComment;
    result.commentSignature = sign(asBytes(asText(result.signature).append(trustedComment)));
    return result.toText("signature of key " + m_publicKey.idHex());
}

Result<Trust::Signature> SecretKey::signFile(const std::filesystem::path &path) const
{
    QFile file(toQString(path));
    if (!file.open(QIODevice::ReadOnly))
        return failure(
            ErrorCode::IO,
            QStringLiteral("Cannot read %1: %2.").arg(file.fileName(), file.errorString()));
    if (file.size() == 0)
        return sign({});
    const uchar *content = file.map(0, file.size());
    if (!content)
        return failure(
            ErrorCode::IO,
            QStringLiteral("Cannot map %1: %2.").arg(file.fileName(), file.errorString()));
    return sign({content, std::size_t(file.size())});
}

std::string SecretKey::secretBytes() const
{
    return asText(m_secret);
}

} // namespace Freshen
