// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <chrono>
#include <optional>

namespace Freshen {

// How a transfer failed, and what may help.
struct TransferError {
    enum class Remedy {
        None, // nothing, at this address
        Later, // the same again
        Whole, // the same again, without asking for a part of the file
    };

    Error error;
    Remedy remedy = Remedy::None;
    std::optional<std::chrono::seconds> retryAfter; // as the server wishes
};

} // namespace Freshen
