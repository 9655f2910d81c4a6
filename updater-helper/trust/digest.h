// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"

#include <memory>
#include <string>

struct evp_md_ctx_st;

namespace Freshen::Trust {

// A running hash.
class Digest
{
public:
    enum class Kind { Sha256, Sha384, Sha512, Blake2b512 };

    explicit Digest(Kind kind);
    void add(Platform::Bytes bytes);
    // The raw bytes; ends the digest.
    std::string result();
    // The same in lower-case hexadecimal.
    std::string hexResult();

private:
    struct Deleter {
        void operator()(evp_md_ctx_st *context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Deleter> m_context;
};

// Before anything else of this layer, in a program of its own: libcrypto reads no configuration file
// and loads nothing that one names.
void ignoreConfiguration();

// Gives back what libcrypto keeps for the calling thread. A thread that used this layer has to say
// so before it ends: what it leaves is otherwise freed while the program exits, twice at worst.
void leaveThread();

std::string sha256Hex(std::string_view bytes);
Result<std::string> sha256OfFile(const std::filesystem::path &path);

} // namespace Freshen::Trust
