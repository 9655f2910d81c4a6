// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/faultserver/gzip.h"

namespace Freshen {

namespace {

constexpr qint64 inputBlock = 256 * 1024;
constexpr int gzipFormat = 16; // added to the size of the window

} // namespace

GzipContent::GzipContent(std::unique_ptr<Content> plain)
    : m_plain(std::move(plain))
{
    if (deflateInit2(&m_stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + gzipFormat,
                     MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY)
        != Z_OK)
        qFatal("zlib cannot start");
}

GzipContent::~GzipContent()
{
    deflateEnd(&m_stream);
}

QByteArray GzipContent::read(qint64 most)
{
    QByteArray packed(most, Qt::Uninitialized);
    m_stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    m_stream.avail_out = uInt(most);
    int state = Z_OK;
    while (state == Z_OK && m_stream.avail_out > 0) {
        if (m_stream.avail_in == 0 && !m_isAtEnd) {
            m_input = m_plain->read(inputBlock);
            m_isAtEnd = m_input.isEmpty();
            m_stream.next_in = reinterpret_cast<Bytef *>(m_input.data());
            m_stream.avail_in = uInt(m_input.size());
        }
        state = deflate(&m_stream, m_isAtEnd ? Z_FINISH : Z_NO_FLUSH);
    }
    packed.truncate(most - m_stream.avail_out);
    return packed;
}

} // namespace Freshen
