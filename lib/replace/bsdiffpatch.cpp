// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/replace/bsdiffpatch.h"

#include "lib/common/convert.h"
#include "lib/replace/bsdiffformat.h"
#include "lib/replace/bzip2stream.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace Freshen {

using namespace BsdiffFormat;

namespace {

constexpr std::size_t blockSize = 64 * 1024;
// Controls that only move. A handful of bytes unpacks to billions of them.
constexpr int maximumIdle = 4096;

tl::unexpected<Error> damaged(const char *why)
{
    return failure(ErrorCode::PATCH,
                   std::string("The patch is damaged or made for another file: ") + why
                       + ". Fetch it again, or the whole file.");
}

struct Header {
    qint64 controls = 0;
    qint64 differences = 0;
    qint64 newBytes = 0; // all three packed
    qint64 newSize = 0;
};

Result<Header> readHeader(QIODevice *patch)
{
    std::array<std::uint8_t, headerSize> bytes{};
    char *const data = reinterpret_cast<char *>(bytes.data());
    if (!patch->seek(0) || patch->read(data, headerSize) != headerSize
        || std::string_view(data, magic.size()) != magic)
        return failure(ErrorCode::PATCH,
                       "This is no patch as bsdiff writes it. See what is at its "
                       "address.");
    const std::span<const std::uint8_t, headerSize> all(bytes);
    Header header{.controls = readNumber(all.subspan<1 * numberSize, numberSize>()),
                  .differences = readNumber(all.subspan<2 * numberSize, numberSize>()),
                  .newSize = readNumber(all.subspan<3 * numberSize, numberSize>())};
    const qint64 rest = patch->size() - headerSize;
    if (header.controls < 0 || header.differences < 0 || header.newSize < 0
        || header.controls > rest || header.differences > rest - header.controls)
        return damaged("the lengths of its parts are impossible");
    header.newBytes = rest - header.controls - header.differences;
    return header;
}

// One run over a patch.
class Patching
{
public:
    Patching(QIODevice *old, QIODevice *patch, const Header &header, const ByteSink &sink)
        : m_old(old)
        , m_oldSize(old->size())
        , m_newSize(header.newSize)
        , m_controls(patch, headerSize, header.controls)
        , m_differences(patch, headerSize + header.controls, header.differences)
        , m_newBytes(patch, headerSize + header.controls + header.differences, header.newBytes)
        , m_sink(sink)
        , m_block(blockSize)
        , m_oldBlock(blockSize)
    {
    }

    Result<void> run()
    {
        while (m_newPosition < m_newSize) {
            if (auto followed = followControl(); !followed)
                return followed;
        }
        for (Bzip2Stream *stream : {&m_controls, &m_differences, &m_newBytes}) {
            const auto isAtEnd = stream->isAtEnd();
            if (!isAtEnd)
                return failure(isAtEnd);
            if (!*isAtEnd)
                return damaged("it goes on after its end");
        }
        return {};
    }

private:
    Result<void> followControl()
    {
        std::array<std::uint8_t, controlSize> bytes{};
        if (auto read = m_controls.read(bytes); !read)
            return read;
        const std::span<const std::uint8_t, controlSize> all(bytes);
        const qint64 add = readNumber(all.subspan<0, numberSize>());
        const qint64 take = readNumber(all.subspan<numberSize, numberSize>());
        const qint64 move = readNumber(all.subspan<2 * numberSize, numberSize>());
        if (add < 0 || take < 0 || add > m_newSize - m_newPosition
            || take > m_newSize - m_newPosition - add)
            return damaged("it writes more than it says");
        m_idle = add == 0 && take == 0 ? m_idle + 1 : 0;
        if (m_idle > maximumIdle)
            return damaged("it never comes to an end");
        if (add > m_oldSize - m_oldPosition)
            return damaged("it reads past the end of the old file");
        if (auto added = write(add, true); !added)
            return added;
        if (auto taken = write(take, false); !taken)
            return taken;
        return moveBy(move);
    }

    Result<void> moveBy(qint64 distance)
    {
        if (distance < -m_oldPosition || distance > m_oldSize - m_oldPosition)
            return damaged("it moves out of the old file");
        m_oldPosition += distance;
        return {};
    }

    Result<void> write(qint64 size, bool isAdded)
    {
        while (size > 0) {
            const auto count = std::size_t(std::min<qint64>(size, qint64(blockSize)));
            const std::span bytes = std::span(m_block).first(count);
            Bzip2Stream &stream = isAdded ? m_differences : m_newBytes;
            if (auto read = stream.read(bytes); !read)
                return read;
            if (isAdded) {
                if (auto added = addOld(bytes); !added)
                    return added;
            }
            if (auto taken = m_sink(bytes); !taken)
                return taken;
            m_newPosition += qint64(count);
            size -= qint64(count);
        }
        return {};
    }

    Result<void> addOld(std::span<std::uint8_t> bytes)
    {
        const auto size = qint64(bytes.size());
        char *const old = reinterpret_cast<char *>(m_oldBlock.data());
        if (!m_old->seek(m_oldPosition) || m_old->read(old, size) != size)
            return failure(ErrorCode::IO,
                           "Cannot read the old file: " + toStdString(m_old->errorString()) + ".");
        m_oldPosition += size;
        std::transform(bytes.begin(), bytes.end(), m_oldBlock.begin(), bytes.begin(),
                       [](std::uint8_t a, std::uint8_t b) { return std::uint8_t(a + b); });
        return {};
    }

    QIODevice *m_old;
    qint64 m_oldSize;
    qint64 m_newSize;
    Bzip2Stream m_controls;
    Bzip2Stream m_differences;
    Bzip2Stream m_newBytes;
    const ByteSink &m_sink;
    std::vector<std::uint8_t> m_block;
    std::vector<std::uint8_t> m_oldBlock;
    qint64 m_newPosition = 0;
    qint64 m_oldPosition = 0;
    int m_idle = 0;
};

} // namespace

Result<qint64> bsdiffNewSize(QIODevice *patch)
{
    const auto header = readHeader(patch);
    return header ? Result<qint64>(header->newSize) : failure(header);
}

Result<void> applyBsdiff(QIODevice *old, QIODevice *patch, qint64 maximumSize, const ByteSink &sink)
{
    const auto header = readHeader(patch);
    if (!header)
        return failure(header);
    if (header->newSize > maximumSize)
        return damaged("the new file would be longer than it may be");
    return Patching(old, patch, *header, sink).run();
}

} // namespace Freshen
