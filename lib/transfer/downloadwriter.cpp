// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/downloadwriter.h"

#include "lib/common/convert.h"

#include <QDeadlineTimer>
#include <QFileInfo>

namespace Freshen {

namespace {

// So much may have to be fetched again after a power cut.
constexpr qint64 syncDistance = 16 << 20;
constexpr qint64 readSize = 256 << 10;

Error wrongBytes(const QString &file)
{
    return {ErrorCode::HASH,
            QStringLiteral("The downloaded file %1 is not the one that the feed announces. Try "
                           "again; if it stays so, tell the publisher.")
                .arg(QFileInfo(file).fileName())
                .toStdString()};
}

} // namespace

DownloadWriter::DownloadWriter(const QString &file, const PartIdentity &identity)
    : m_file(file)
    , m_identity(identity)
{
}

// In its own thread, which ends afterwards.
DownloadWriter::~DownloadWriter()
{
    const Pieces &pieces = m_record.pieces();
    const bool canGoOn = !m_identity.sha256.isEmpty() || !m_record.validators().strong().isEmpty();
    if (!m_isUseful || !canGoOn || pieces.done() == 0) {
        (void)Platform::removeFile(beside(".part"));
        (void)Platform::removeFile(beside(".record"));
    }
    m_digest.reset();
    Trust::leaveThread();
}

std::filesystem::path DownloadWriter::beside(const char *ending) const
{
    return toPath(m_file + QLatin1String(ending));
}

Result<void> DownloadWriter::openFiles()
{
    auto done = Platform::makeDirectories(toPath(m_file).parent_path(), 0700);
    if (done)
        done = m_record.open(beside(".record"), m_identity);
    const bool isWhole = done && isWholeThere();
    if (done)
        done = isWhole ? Platform::rename(toPath(m_file), beside(".part"))
                       : Platform::removeFile(toPath(m_file));
    if (!done)
        return done;
    auto data = Platform::RandomFile::open(beside(".part"));
    if (!data)
        return failure(data);
    m_data = std::move(*data);
    return isWhole ? noteWhole() : forgetUnlessThere();
}

// Whoever was to take it may have been stopped before it could.
bool DownloadWriter::isWholeThere() const
{
    std::error_code error;
    const auto status = std::filesystem::symlink_status(toPath(m_file), error);
    return !m_identity.sha256.isEmpty() && m_identity.isExact
        && std::filesystem::is_regular_file(status)
        && std::filesystem::file_size(toPath(m_file), error) == std::uintmax_t(m_identity.length);
}

Result<void> DownloadWriter::noteWhole()
{
    Result<void> done;
    for (int piece = 0; done && piece < m_record.pieces().count(); ++piece)
        done = m_record.add(piece, m_record.pieces().missing(piece));
    return done;
}

Result<void> DownloadWriter::forgetUnlessThere()
{
    const auto size = m_data.size();
    if (!size)
        return failure(size);
    return *size < std::uint64_t(m_record.pieces().done()) ? m_record.restart(m_record.pieces())
                                                           : Result<void>();
}

// Of the hash and the place on the disk.
Result<void> DownloadWriter::begin()
{
    m_hashed = 0;
    if (!m_identity.sha256.isEmpty())
        m_digest.emplace(Trust::Digest::Kind::Sha256);
    return m_identity.isExact ? m_data.reserve(std::uint64_t(m_identity.length)) : Result<void>();
}

// Nobody is to wait for a slow disk, nor to lose what only has to be written.
void DownloadWriter::stop()
{
    m_lastWrite = QDeadlineTimer(100).deadlineNSecs();
    m_stopped = true;
}

void DownloadWriter::open()
{
    auto done = openFiles();
    if (done)
        done = begin();
    if (!done)
        return fail(done.error());
    Q_EMIT opened(m_record.pieces(), m_record.validators());
}

void DownloadWriter::restart(const Pieces &pieces)
{
    auto done = m_record.restart(pieces);
    if (done)
        done = m_data.resize(0);
    if (done)
        done = begin();
    if (!done)
        fail(done.error());
}

void DownloadWriter::setValidators(const Validators &validators)
{
    if (const auto done = m_record.setValidators(validators); !done)
        fail(done.error());
}

void DownloadWriter::write(int piece, const QByteArray &bytes)
{
    const bool isLate = m_stopped && QDeadlineTimer::current().deadlineNSecs() > m_lastWrite;
    if (!m_data.isOpen() || isLate)
        return;
    if (const auto done = take(piece, bytes); !done)
        return fail(done.error());
    Q_EMIT written(bytes.size());
}

Result<void> DownloadWriter::take(int piece, const QByteArray &bytes)
{
    const qint64 offset = m_record.pieces().next(piece);
    auto done = m_data.write(std::uint64_t(offset), toBytes(bytes));
    if (done)
        done = m_record.add(piece, bytes.size());
    if (!done)
        return done;
    m_unsynced += bytes.size();
    if (m_unsynced >= syncDistance)
        done = sync();
    return done && m_digest ? hash(offset, bytes) : done;
}

// Twice as fast as the bytes come, it catches up with what came out of order.
Result<void> DownloadWriter::hash(qint64 offset, const QByteArray &bytes)
{
    if (offset == m_hashed) {
        m_digest->add(toBytes(bytes));
        m_hashed += bytes.size();
    }
    return hashMore(2 * bytes.size());
}

Result<void> DownloadWriter::sync()
{
    m_unsynced = 0;
    auto done = m_data.sync();
    return done ? m_record.noteSynced() : done;
}

Result<void> DownloadWriter::hashMore(qint64 limit)
{
    const qint64 end = std::min(m_record.pieces().frontier(), m_hashed + limit);
    m_buffer.resize(std::size_t(readSize));
    while (m_hashed < end && !m_stopped) {
        const auto block = std::span(m_buffer).first(
            std::size_t(std::min(end - m_hashed, readSize)));
        if (auto done = m_data.read(std::uint64_t(m_hashed), block); !done)
            return done;
        m_digest->add(block);
        m_hashed += qint64(block.size());
    }
    return {};
}

void DownloadWriter::finish(qint64 length)
{
    if (!m_data.isOpen())
        return;
    if (const auto done = complete(length); !done)
        return fail(done.error());
    if (m_stopped)
        return;
    if (m_digest && toQString(m_digest->hexResult()) != m_identity.sha256) {
        Q_EMIT mismatched(wrongBytes(m_file));
        return;
    }
    m_data.close();
    auto done = Platform::rename(beside(".part"), toPath(m_file));
    if (done)
        done = Platform::removeFile(beside(".record"));
    if (!done)
        return fail(done.error());
    Q_EMIT finished();
}

Result<void> DownloadWriter::complete(qint64 length)
{
    auto done = m_data.resize(std::uint64_t(length));
    return done && m_digest ? hashMore(length - m_hashed) : done;
}

void DownloadWriter::fail(const Error &error)
{
    m_data.close();
    m_isUseful = false;
    Q_EMIT failed(error);
}

} // namespace Freshen
