// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/faultserver_export.h>

#include <QByteArray>
#include <QString>

namespace Freshen {

/*!
 * A request that a FaultServer got, and what became of it so far. A value.
 * \since 0.1
 */
struct FRESHEN_FAULTSERVER_EXPORT FaultRequest {
    QByteArray method;
    //! Decoded, without the query.
    QString path;
    //! Request line and headers, as they came.
    QByteArray head;
    //! Of the answer; 0 as long as there is none.
    int status = 0;
    //! Bytes of the answer's content that the system took.
    qint64 bytesSent = 0;

    //! The value of a header; null where the request has none of that name.
    QByteArray header(const QByteArray &name) const;
};

} // namespace Freshen
