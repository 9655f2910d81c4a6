// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGlobal>

#include <openssl/crypto.h>

namespace Freshen {

// Whatever held a secret is overwritten, however the function is left.
template<typename Buffer>
class Wiper
{
public:
    explicit Wiper(Buffer &buffer)
        : m_buffer(buffer)
    {
    }
    ~Wiper() { OPENSSL_cleanse(m_buffer.data(), std::size_t(m_buffer.size())); }
    Q_DISABLE_COPY_MOVE(Wiper)

private:
    Buffer &m_buffer;
};

} // namespace Freshen
