// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/package/archivelisting.h"

namespace Freshen {

// Looks at the raw bytes of a tar archive while another reader reads them, lists its entries and
// refuses what that reader would repair or overlook. Files, folders, symbolic links and the long
// names of GNU tar are known; everything else is refused.
class TarAudit
{
public:
    explicit TarAudit(ArchiveListing &listing)
        : m_listing(listing)
    {
    }

    // The next bytes of the archive, in pieces of any size.
    Result<void> add(Platform::Bytes bytes);
    // ARCHIVE when the archive may not end here.
    Result<void> finish() const;

private:
    enum class Part { Header, LongName, LongTarget, Content, End };

    Result<void> finishPart();
    Result<void> readHeader();
    Result<void> readLongText(std::string &text);
    Result<void> startLongText(char type, quint64 size);
    Result<void> addEntry(char type, quint64 size);
    void expect(Part part, quint64 size);

    ArchiveListing &m_listing;
    Part m_part = Part::Header;
    quint64 m_left = 512; // bytes of this part that are still to come, padding included
    quint64 m_longSize = 0;
    std::string m_buffer; // what came of a header or long text
    std::string m_longName; // for the next entry
    std::string m_longTarget;
};

} // namespace Freshen
