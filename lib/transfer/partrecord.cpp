// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/partrecord.h"

#include "lib/common/convert.h"
#include "platform/boot.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtEndian>

namespace Freshen {

namespace {

// The file has three blocks: a JSON object that says what this is, the bytes of each piece that
// are on the disk, and those that were written.
constexpr qsizetype blockSize = 4096;
constexpr std::uint64_t syncedOffset = blockSize;
constexpr std::uint64_t writtenOffset = 2 * blockSize;
constexpr int schema = 1;

std::vector<qint64> positionsIn(const QByteArray &block, int count)
{
    std::vector<qint64> positions(std::size_t(count), 0);
    qFromLittleEndian<qint64>(block.constData(), count, positions.data());
    return positions;
}

QString currentBoot()
{
    return toQString(Platform::bootId());
}

} // namespace

Result<void> PartRecord::open(const std::filesystem::path &path, const PartIdentity &identity)
{
    auto file = Platform::RandomFile::open(path);
    if (!file)
        return failure(file);
    m_file = std::move(*file);
    m_identity = identity;
    if (!read()) {
        // What nobody can compare with anything is better not put together.
        const bool isKnown = identity.isExact && !identity.sha256.isEmpty();
        return restart(isKnown ? Pieces::of(identity.length) : Pieces::inOne(identity.length));
    }
    // What was only written before the computer stopped counts no longer.
    if (auto done = writePositions(writtenOffset); !done)
        return done;
    return writeHeader();
}

bool PartRecord::read()
{
    QByteArray content(3 * blockSize, '\0');
    const auto bytes = std::span(reinterpret_cast<std::uint8_t *>(content.data()),
                                 std::size_t(content.size()));
    if (const auto size = m_file.size(); !size || *size < bytes.size() || !m_file.read(0, bytes))
        return false;
    const QByteArray text = content.left(content.indexOf('\n'));
    const QJsonObject header = QJsonDocument::fromJson(text).object();
    const PartIdentity identity{header[QLatin1String("length")].toInteger(),
                                header[QLatin1String("sha256")].toString(),
                                header[QLatin1String("exact")].toBool()};
    if (header[QLatin1String("schema")].toInt() != schema || identity != m_identity)
        return false;
    m_pieces = Pieces(identity.length, header[QLatin1String("pieceSize")].toInteger());
    m_validators = {QUrl(header[QLatin1String("url")].toString()),
                    header[QLatin1String("etag")].toString().toLatin1(),
                    header[QLatin1String("lastModified")].toString().toLatin1()};
    const bool isThisBoot = header[QLatin1String("boot")].toString() == currentBoot();
    const auto offset = qsizetype(isThisBoot ? writtenOffset : syncedOffset);
    return m_pieces.count() <= Pieces::maximumCount
        && m_pieces.setDone(positionsIn(content.mid(offset), m_pieces.count()));
}

Result<void> PartRecord::writeHeader()
{
    QJsonObject header{{QLatin1String("schema"), schema},
                       {QLatin1String("length"), m_identity.length},
                       {QLatin1String("sha256"), m_identity.sha256},
                       {QLatin1String("exact"), m_identity.isExact},
                       {QLatin1String("pieceSize"), m_pieces.pieceSize()},
                       {QLatin1String("boot"), currentBoot()},
                       {QLatin1String("etag"), QString::fromLatin1(m_validators.etag)},
                       {QLatin1String("lastModified"),
                        QString::fromLatin1(m_validators.lastModified)},
                       {QLatin1String("url"), m_validators.url.toString(QUrl::FullyEncoded)}};
    QByteArray block = QJsonDocument(header).toJson(QJsonDocument::Compact) + '\n';
    if (block.size() > blockSize) {
        // An address longer than any honest one; without validators it can be left out.
        header.remove(QLatin1String("url"));
        block = QJsonDocument(header).toJson(QJsonDocument::Compact) + '\n';
    }
    return m_file.write(0, toBytes(block.leftJustified(blockSize, ' ')));
}

Result<void> PartRecord::writePositions(std::uint64_t offset)
{
    QByteArray block(blockSize, '\0');
    qToLittleEndian<qint64>(m_pieces.all().data(), m_pieces.count(), block.data());
    return m_file.write(offset, toBytes(block));
}

Result<void> PartRecord::restart(const Pieces &pieces)
{
    m_pieces = Pieces(pieces.length(), pieces.pieceSize());
    m_validators = {};
    auto done = m_file.resize(0);
    if (done)
        done = writePositions(syncedOffset);
    if (done)
        done = writePositions(writtenOffset);
    return done ? writeHeader() : done;
}

Result<void> PartRecord::setValidators(const Validators &validators)
{
    m_validators = validators;
    return writeHeader();
}

Result<void> PartRecord::add(int piece, qint64 bytes)
{
    m_pieces.add(piece, bytes);
    const qint64 done = qToLittleEndian(m_pieces.done(piece));
    const auto offset = writtenOffset + std::uint64_t(piece) * sizeof done;
    return m_file.write(offset, {reinterpret_cast<const std::uint8_t *>(&done), sizeof done});
}

Result<void> PartRecord::noteSynced()
{
    auto done = writePositions(syncedOffset);
    return done ? m_file.sync() : done;
}

} // namespace Freshen
