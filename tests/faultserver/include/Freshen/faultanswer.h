// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/faultserver_export.h>

#include <QByteArrayList>

#include <optional>

namespace Freshen {

struct FRESHEN_FAULTSERVER_EXPORT FaultAnswer {
    int status = 200;
    QByteArray content;
    QByteArrayList headers; // more of them, "Location: /other"

    enum class Length { Announced, Chunked, UntilTheEnd };
    Length length = Length::Announced;
    std::optional<qint64> announced; // instead of the content's size
    std::optional<qint64> cutAfter; // ends the connection after so much of the content
    std::optional<qint64> stallAfter; // says nothing more after so much of the content
    bool isEndless = false; // the content again and again
    qsizetype block = 64 * 1024; // bytes of the content per write
    int pauseMs = 0; // between two blocks
    QByteArray raw; // instead of everything else
    // Sent with the content, and what a request that brings it back is answered 304 for.
    QByteArray etag;
    QByteArray lastModified;
};

} // namespace Freshen
