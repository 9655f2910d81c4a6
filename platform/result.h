// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/errorcode.h"

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace Freshen {

// What went wrong: a code for programs and one sentence for people, which names the file or
// address and, where there is one, the next step.
struct Error {
    ErrorCode code = ErrorCode::IO;
    std::string message;
};

template<typename T = void>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(ErrorCode code, std::string message)
{
    return tl::unexpected<Error>(Error{code, std::move(message)});
}

// Passes on the error of another result.
template<typename T>
tl::unexpected<Error> failure(const Result<T> &other)
{
    return tl::unexpected<Error>(other.error());
}

} // namespace Freshen
