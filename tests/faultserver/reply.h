// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/faultserver/content.h"

#include <Freshen/faultanswer.h>

#include <limits>

namespace Freshen {

struct FaultRequest;

// What goes out for one request: its answer, once ranges and conditions were looked at.
struct Reply {
    static constexpr qint64 endless = std::numeric_limits<qint64>::max();

    int status = 0;
    QByteArray head; // up to the empty line; empty where there is none
    std::unique_ptr<Content> content; // null where nothing follows the head
    qint64 length = 0; // of what follows; `endless` where only reading tells
    bool isChunked = false;
};

// An answer's file has to be absolute.
Reply makeReply(FaultAnswer answer, const FaultRequest &request);

FaultAnswer notFound();

} // namespace Freshen
