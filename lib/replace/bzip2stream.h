// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"

#include <QByteArray>
#include <QIODevice>

#include <memory>

namespace Freshen {

struct Bzip2State;

// A bzip2 stream that is one part of a file, unpacked bit by bit in little memory. Several may read
// from one device.
class Bzip2Stream
{
public:
    Bzip2Stream(QIODevice *device, qint64 begin, qint64 size);
    ~Bzip2Stream();
    Q_DISABLE_COPY_MOVE(Bzip2Stream)

    // Fills all of it: PATCH where the stream ends before or is damaged.
    Result<void> read(std::span<std::uint8_t> bytes);
    // Whether all was read, and nothing follows in this part of the file.
    Result<bool> isAtEnd();

private:
    Result<std::size_t> readSome(std::span<std::uint8_t> bytes);
    Result<void> fill();

    QIODevice *m_device;
    qint64 m_position;
    qint64 m_left;
    QByteArray m_input;
    std::unique_ptr<Bzip2State> m_stream;
    bool m_isOpen = false;
    bool m_isOver = false;
};

// One stream, as bzip2 -9 writes it; empty when there is no memory.
QByteArray toBzip2(const QByteArray &bytes);

} // namespace Freshen
