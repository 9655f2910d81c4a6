// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/errorcode.h"

#include <iterator>

namespace Freshen {

namespace {

struct Row {
    std::string_view name;
    int status;
};

constexpr Row rows[] = {
#define FRESHEN_ERROR_ROW(name, status, meaning) {#name, status},
    FRESHEN_ERROR_CODES(FRESHEN_ERROR_ROW)
#undef FRESHEN_ERROR_ROW
};

} // namespace

std::string_view errorCodeName(ErrorCode code)
{
    return rows[static_cast<int>(code)].name;
}

int exitStatus(ErrorCode code)
{
    return rows[static_cast<int>(code)].status;
}

ErrorCode errorCodeFromName(std::string_view name)
{
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        if (rows[i].name == name)
            return static_cast<ErrorCode>(i);
    }
    return ErrorCode::IO;
}

} // namespace Freshen
