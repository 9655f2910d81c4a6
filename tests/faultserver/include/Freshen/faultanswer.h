// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/faultserver_export.h>

#include <QByteArrayList>
#include <QObject>

#include <optional>

namespace Freshen {

/*!
 * How a FaultServer answers a request: by default honestly, with status 200 and the content.
 *
 * An answer with status 200 that names no content of its own (raw, file, zeros, content, redirect)
 * has that of the file at its path in the served folder, where there is one. The content also makes
 * the honest answers to If-None-Match, If-Modified-Since, Range and If-Range, as in RFC 9110; HEAD
 * gets the head alone. A value; in scripts its members have the same names.
 * \since 0.1
 */
struct FRESHEN_FAULTSERVER_EXPORT FaultAnswer {
    Q_GADGET

public:
    //! How the client learns where the content ends.
    enum class Length {
        Announced, //!< By Content-Length.
        Chunked,
        UntilTheEnd, //!< By the end of the connection.
    };
    Q_ENUM(Length)

    //! What becomes of a request for a range.
    enum class Ranges {
        Honoured, //!< 206 with the range; 416 where there is no such range.
        Ignored, //!< 200 with everything.
        Refused, //!< 416 for every range.
        WrongStart, //!< 206 from one byte before the one asked for, or after it when that is 0.
        WrongTotal, //!< 206 with the range, of a file said to be one byte longer.
        WrongUnit, //!< 206 with the range, in units that nobody asked for.
        NoContentRange, //!< 206 with the range, without saying which it is.
    };
    Q_ENUM(Ranges)

    int status = 200;
    QByteArray content;
    //! More headers, "X-Name: value".
    QByteArrayList headers;

    Length length = Length::Announced;
    //! Content-Length, instead of the true one.
    std::optional<qint64> announced;
    //! Ends the connection after so many bytes of what this answer sends of the content.
    std::optional<qint64> cutAfter;
    //! Says nothing more after so many bytes, and keeps the connection.
    std::optional<qint64> stallAfter;
    //! Sends the content again and again.
    bool isEndless = false;

    //! A file instead of the content, never held in memory; relative to the served folder.
    QString file;
    //! So many bytes of zero instead of the content; a bomb where isPacked is set.
    qint64 zeros = 0;
    //! Packs with gzip for a client that accepts it. There are no ranges then, and the other
    //! members count packed bytes.
    bool isPacked = false;
    //! The byte of the content at this place is wrong.
    std::optional<qint64> damagedAt;
    //! Sent instead of everything, the head included.
    QByteArray raw;

    //! What ETag says. Null: for files, what size and time of change make; else, as when empty,
    //! nothing.
    QByteArray etag;
    //! What Last-Modified says; null and empty as above. A file's own time comes with a Date.
    QByteArray lastModified;
    Ranges ranges = Ranges::Honoured;

    //! What Location says; the status is 302 where it would be 200.
    QByteArray redirect;
    //! What Retry-After says: seconds or a date.
    QByteArray retryAfter;
    //! About so many bytes of headers that mean nothing.
    qint64 headerBytes = 0;

    //! Milliseconds of silence before the head.
    int delayMs = 0;
    //! Bytes of the content in a second.
    std::optional<qint64> bytesPerSecond;
    //! Bytes given to the system at once; by default what is fastest, or even at a rate.
    std::optional<qint64> block;

    //! What a hotel's network answers to everything: 200, and a page to log in.
    static FaultAnswer loginPage();
};

} // namespace Freshen
