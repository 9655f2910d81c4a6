// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/replace/bzip2stream.h"

#include "lib/common/convert.h"

#include <bzlib.h>

#include <algorithm>
#include <limits>

namespace Freshen {

namespace {

constexpr qsizetype inputSize = 64 * 1024;
constexpr int blockSize = 9; // times 100 kB, as bsdiff has it

tl::unexpected<Error> damaged()
{
    return failure(ErrorCode::PATCH,
                   "The patch is damaged: a part of it cannot be unpacked. Fetch "
                   "it again, or the whole file.");
}

tl::unexpected<Error> tooShort()
{
    return failure(ErrorCode::PATCH,
                   "The patch is damaged: a part of it ends too early. Fetch it "
                   "again, or the whole file.");
}

} // namespace

struct Bzip2State : bz_stream {
};

Bzip2Stream::Bzip2Stream(QIODevice *device, qint64 begin, qint64 size)
    : m_device(device)
    , m_position(begin)
    , m_left(size)
    , m_stream(std::make_unique<Bzip2State>())
{
    m_isOpen = BZ2_bzDecompressInit(m_stream.get(), 0, 0) == BZ_OK;
}

Bzip2Stream::~Bzip2Stream()
{
    if (m_isOpen)
        BZ2_bzDecompressEnd(m_stream.get());
}

Result<void> Bzip2Stream::fill()
{
    if (m_left == 0)
        return tooShort();
    if (!m_device->seek(m_position))
        return damaged();
    m_input = m_device->read(std::min<qint64>(m_left, inputSize));
    if (m_input.isEmpty())
        return tooShort();
    m_position += m_input.size();
    m_left -= m_input.size();
    m_stream->next_in = m_input.data();
    m_stream->avail_in = unsigned(m_input.size());
    return {};
}

Result<std::size_t> Bzip2Stream::readSome(std::span<std::uint8_t> bytes)
{
    if (!m_isOpen)
        return failure(ErrorCode::IO, "There is not enough memory for the patch.");
    if (m_isOver)
        return 0;
    if (m_stream->avail_in == 0) {
        if (auto filled = fill(); !filled)
            return failure(filled);
    }
    const auto wanted = std::min<std::size_t>(bytes.size(), std::numeric_limits<int>::max());
    m_stream->next_out = reinterpret_cast<char *>(bytes.data());
    m_stream->avail_out = unsigned(wanted);
    const int status = BZ2_bzDecompress(m_stream.get());
    if (status != BZ_OK && status != BZ_STREAM_END)
        return damaged();
    m_isOver = status == BZ_STREAM_END;
    return wanted - m_stream->avail_out;
}

Result<void> Bzip2Stream::read(std::span<std::uint8_t> bytes)
{
    while (!bytes.empty()) {
        const auto count = readSome(bytes);
        if (!count)
            return failure(count);
        if (*count == 0 && m_isOver)
            return tooShort();
        bytes = bytes.subspan(*count);
    }
    return {};
}

Result<bool> Bzip2Stream::isAtEnd()
{
    std::uint8_t more = 0;
    while (!m_isOver) {
        const auto count = readSome({&more, 1});
        if (!count)
            return failure(count);
        if (*count > 0)
            return false;
    }
    return m_stream->avail_in == 0 && m_left == 0;
}

QByteArray toBzip2(const QByteArray &bytes)
{
    Bzip2State stream{};
    if (BZ2_bzCompressInit(&stream, blockSize, 0, 0) != BZ_OK)
        return {};
    QByteArray packed;
    QByteArray block(inputSize, '\0');
    const char *next = bytes.constData();
    qint64 left = bytes.size();
    int status = BZ_RUN_OK;
    while (status != BZ_STREAM_END && status >= 0) {
        if (stream.avail_in == 0) {
            const auto part = std::min<qint64>(left, std::numeric_limits<int>::max());
            stream.next_in = const_cast<char *>(next);
            stream.avail_in = unsigned(part);
            next += part;
            left -= part;
        }
        stream.next_out = block.data();
        stream.avail_out = unsigned(block.size());
        status = BZ2_bzCompress(&stream, left == 0 ? BZ_FINISH : BZ_RUN);
        packed.append(block.constData(), block.size() - qsizetype(stream.avail_out));
    }
    BZ2_bzCompressEnd(&stream);
    return status == BZ_STREAM_END ? packed : QByteArray();
}

} // namespace Freshen
