// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What two versions of a program say to each other: CBOR maps that carry the protocol's version
// and the generation that they are about.

#pragma once

#include "platform/channel.h"

#include <QCborMap>

namespace Freshen {

struct HandoverMessage {
    enum class Kind {
        Hello, // old to new: what comes, and the state
        Descriptors, // old to new: names, with their descriptors
        TakeOver, // new to old, when it was started by others
        Ready, // new to old
        Declined, // new to old: no use for the state
        Move, // old to new: a live connection
        Moved, // new to old: whether it was taken
    };

    Kind kind = Kind::Hello;
    int generation = 0;
    QCborMap fields;

    std::string encoded() const;
    // PROTOCOL for what is none, or of another version of the protocol.
    static Result<HandoverMessage> decode(const std::string &bytes);
};

} // namespace Freshen
