// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/digest.h"

#include "updater-helper/trust/text.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace Freshen::Trust {

namespace {

const EVP_MD *algorithm(Digest::Kind kind)
{
    switch (kind) {
    case Digest::Kind::Sha256:
        return EVP_sha256();
    case Digest::Kind::Sha384:
        return EVP_sha384();
    case Digest::Kind::Sha512:
        return EVP_sha512();
    case Digest::Kind::Blake2b512:
        return EVP_blake2b512();
    }
    return nullptr;
}

} // namespace

void Digest::Deleter::operator()(evp_md_ctx_st *context) const
{
    EVP_MD_CTX_free(context);
}

Digest::Digest(Kind kind)
    : m_context(EVP_MD_CTX_new())
{
    // Without memory or algorithm the digest stays empty, and an empty one matches nothing.
    if (m_context && EVP_DigestInit_ex(m_context.get(), algorithm(kind), nullptr) != 1)
        m_context.reset();
}

void Digest::add(Platform::Bytes bytes)
{
    if (m_context && EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size()) != 1)
        m_context.reset();
}

std::string Digest::result()
{
    std::string bytes(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    if (!m_context
        || EVP_DigestFinal_ex(m_context.get(), reinterpret_cast<unsigned char *>(bytes.data()),
                              &size) != 1) {
        size = 0;
    }
    m_context.reset();
    bytes.resize(size);
    return bytes;
}

std::string Digest::hexResult()
{
    const std::string bytes = result();
    return toHex(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
}

void ignoreConfiguration()
{
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
}

void leaveThread()
{
    OPENSSL_thread_stop();
}

std::string sha256Hex(std::string_view bytes)
{
    Digest digest(Digest::Kind::Sha256);
    digest.add({reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()});
    return digest.hexResult();
}

Result<std::string> sha256OfFile(const std::filesystem::path &path)
{
    const auto file = Platform::openForReading(path);
    if (!file)
        return failure(file);
    Digest digest(Digest::Kind::Sha256);
    const auto read = Platform::readBlocks(*file, [&](Platform::Bytes bytes) {
        digest.add(bytes);
        return true;
    });
    if (!read)
        return failure(read.error().code, read.error().message + " (" + path.string() + ")");
    return digest.hexResult();
}

} // namespace Freshen::Trust
