// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/pieces.h"
#include "lib/transfer/validators.h"
#include "platform/randomfile.h"

#include <QString>

namespace Freshen {

// Which file a download is to become.
struct PartIdentity {
    qint64 length = 0;
    QString sha256;
    bool isExact = true; // else the length is an upper bound

    bool operator==(const PartIdentity &) const = default;
};

// How far an unfinished download is, kept in a small file beside it. Every byte that was written is
// noted, which survives the program; what is on the disk is noted apart, which survives the
// computer.
class PartRecord
{
public:
    // Takes up the record at the path where it is one of this file, or begins one with `pieces`.
    Result<void> open(const std::filesystem::path &path, const PartIdentity &identity);

    const Pieces &pieces() const { return m_pieces; }
    const Validators &validators() const { return m_validators; }
    // Forgets everything.
    Result<void> restart(const Pieces &pieces);
    Result<void> setValidators(const Validators &validators);
    Result<void> add(int piece, qint64 bytes);
    // Everything until now is on the disk.
    Result<void> noteSynced();

private:
    bool read();
    Result<void> writeHeader();
    Result<void> writePositions(std::uint64_t offset);

    Platform::RandomFile m_file;
    PartIdentity m_identity;
    Pieces m_pieces;
    Validators m_validators;
};

} // namespace Freshen
