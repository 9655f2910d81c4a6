// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/signing/secretsearch.h"

#include "lib/common/convert.h"
#include "lib/signing/keysource.h"
#include "lib/signing/minisignkey.h"
#include "platform/tree.h"
#include "updater-helper/trust/text.h"

#include <algorithm>

#include <openssl/crypto.h>

namespace Freshen {

namespace {

constexpr std::size_t seedSize = 32;
// What may straddle two blocks: longer than all that is looked for.
constexpr std::size_t overlap = 1024;

bool isBase64(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+'
        || c == '/';
}

bool isHex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::size_t runLength(std::string_view bytes, bool (*belongs)(char))
{
    return std::size_t(std::find_if_not(bytes.begin(), bytes.end(), belongs) - bytes.begin());
}

// Calls `visit` for each position of `text`, until it returns true.
template<typename Visit>
bool anyOccurrence(std::string_view bytes, std::string_view text, Visit visit)
{
    for (std::size_t at = bytes.find(text); at != std::string_view::npos;
         at = bytes.find(text, at + 1)) {
        if (visit(bytes.substr(at)))
            return true;
    }
    return false;
}

// The beginnings of minisign's secret keys in base64: Ed25519, with scrypt or without, BLAKE2.
bool hasMinisignKey(std::string_view bytes)
{
    constexpr std::size_t length = (minisignKeySize + 2) / 3 * 4 - 1; // without the padding
    const auto isKey = [](std::string_view at) {
        return runLength(at.substr(0, length), isBase64) == length;
    };
    return anyOccurrence(bytes, "RWRTY0Iy", isKey) || anyOccurrence(bytes, "RWQAAEIy", isKey);
}

// The words alone stand in many libraries; behind a key's there are the key's lines.
bool hasPemKey(std::string_view bytes)
{
    constexpr std::size_t shortestLine = 32;
    return anyOccurrence(bytes, "PRIVATE KEY-----", [](std::string_view at) {
        at.remove_prefix(std::string_view("PRIVATE KEY-----").size());
        at.remove_prefix(std::min(at.find_first_not_of("\r\n"), at.size()));
        return at.starts_with("Proc-Type:") || runLength(at, isBase64) >= shortestLine;
    });
}

std::string toHex(const std::string &raw, bool isUpper)
{
    std::string text = Trust::toHex(reinterpret_cast<const std::uint8_t *>(raw.data()), raw.size());
    if (isUpper)
        std::transform(text.begin(), text.end(), text.begin(),
                       [](char c) { return c >= 'a' ? char(c - 'a' + 'A') : c; });
    return text;
}

std::string fromHex(std::string_view text)
{
    const QByteArray bytes = QByteArray::fromHex(QByteArray(text.data(), qsizetype(text.size())));
    return bytes.toStdString();
}

tl::unexpected<Error> found(const std::string &name, const std::string &what)
{
    return failure(ErrorCode::SECRET,
                   '"' + Trust::escaped(name) + "\" holds " + what
                       + ". Take it out of what is published; if it ever was, make a new key.");
}

} // namespace

SecretSearch::SecretSearch(const std::vector<const SecretKey *> &keys)
{
    for (const SecretKey *key : keys) {
        m_keys.push_back(key->publicKey());
        std::string raw = key->secretBytes();
        const std::size_t wholeGroups = raw.size() / 3 * 3; // the rest depends on what follows
        m_forms.push_back(
            Trust::toBase64(reinterpret_cast<const std::uint8_t *>(raw.data()), wholeGroups));
        m_forms.push_back(toHex(raw, false));
        m_forms.push_back(toHex(raw, true));
        m_forms.push_back(std::move(raw));
    }
}

SecretSearch::SecretSearch(std::vector<Trust::PublicKey> keys)
    : m_keys(std::move(keys))
    , m_triesSeeds(!m_keys.empty())
{
}

SecretSearch::~SecretSearch()
{
    for (std::string &form : m_forms)
        OPENSSL_cleanse(form.data(), form.size());
}

bool SecretSearch::isTrusted(const Trust::PublicKey &key) const
{
    return std::find(m_keys.begin(), m_keys.end(), key) != m_keys.end();
}

bool SecretSearch::isSeed(std::string_view seed) const
{
    const auto text = Trust::toBase64(reinterpret_cast<const std::uint8_t *>(seed.data()),
                                      seed.size());
    const auto key = SecretKey::parse(text);
    return key && isTrusted(key->publicKey());
}

// Each run of characters is looked at once. Base64 of 32 bytes is 43 characters and one '='.
bool SecretSearch::hasSeed(std::string_view bytes) const
{
    constexpr std::size_t base64Length = 43;
    constexpr std::size_t hexLength = 2 * seedSize;
    while (!bytes.empty()) {
        const std::size_t length = runLength(bytes, isBase64);
        const std::string_view run = bytes.substr(0, length);
        if (length >= base64Length && bytes.substr(length, 1) == "=") {
            const auto seed = Trust::fromBase64(std::string(run.substr(length - base64Length))
                                                + '=');
            if (seed && isSeed({reinterpret_cast<const char *>(seed->data()), seed->size()}))
                return true;
        }
        if (length == hexLength && runLength(run, isHex) == hexLength && isSeed(fromHex(run)))
            return true;
        bytes.remove_prefix(std::min(length + 1, bytes.size()));
    }
    return false;
}

std::optional<std::string> SecretSearch::findIn(std::string_view bytes) const
{
    const auto holds = [&](const std::string &form) {
        return bytes.find(form) != std::string_view::npos;
    };
    if (std::any_of(m_forms.begin(), m_forms.end(), holds) || (m_triesSeeds && hasSeed(bytes)))
        return "the secret key that signs";
    if (hasMinisignKey(bytes))
        return "a minisign secret key";
    if (hasPemKey(bytes))
        return "a private key";
    return std::nullopt;
}

// A whole file that is a key, in any of its forms.
std::optional<std::string> SecretSearch::findOwnKeyFile(std::string_view content,
                                                        const std::string &name) const
{
    const auto key = SecretKey::parse(content);
    if (key && isTrusted(key->publicKey()))
        return "the secret key that signs";
    if (key && name.ends_with(".key"))
        return "a secret key";
    return std::nullopt;
}

Result<void> SecretSearch::requireNoneIn(const std::filesystem::path &file,
                                         const std::string &name) const
{
    const auto opened = Platform::openForReading(file);
    if (!opened)
        return failure(opened);
    std::string window;
    std::size_t total = 0;
    std::optional<std::string> what;
    const auto read = Platform::readBlocks(*opened, [&](Platform::Bytes bytes) {
        total += bytes.size();
        window.append(reinterpret_cast<const char *>(bytes.data()), bytes.size());
        what = findIn(window);
        if (total > std::size_t(maximumKeyText))
            window.erase(0, window.size() - std::min(window.size(), overlap));
        return !what;
    });
    if (!read)
        return read;
    if (!what && total <= std::size_t(maximumKeyText))
        what = findOwnKeyFile(window, name);
    OPENSSL_cleanse(window.data(), window.size());
    return what ? found(name, *what) : Result<void>();
}

Result<void> SecretSearch::requireNoneBelow(const std::filesystem::path &folder,
                                            const std::string &prefix) const
{
    const auto entries = Platform::listTree(folder);
    if (!entries)
        return failure(entries);
    for (const Platform::TreeEntry &entry : *entries) {
        if (entry.type != Platform::EntryType::File)
            continue;
        if (auto none = requireNoneIn(folder / entry.path, prefix + entry.path); !none)
            return none;
    }
    return {};
}

} // namespace Freshen
