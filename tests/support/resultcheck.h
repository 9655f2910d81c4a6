// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// QVERIFY for Result: tells what went wrong, or which error came instead.

#pragma once

#include "platform/result.h"

#include <QTest>

#define VERIFY_RESULT(result)                                                                      \
    do {                                                                                           \
        const auto &checked = (result);                                                            \
        QVERIFY2(checked.has_value(), checked ? "" : checked.error().message.c_str());             \
    } while (false)

#define VERIFY_ERROR(result, expectedCode)                                                         \
    do {                                                                                           \
        const auto &checked = (result);                                                            \
        QVERIFY2(!checked.has_value(), "accepted, but should have been refused");                  \
        QVERIFY2(checked.error().code == (expectedCode),                                           \
                 (std::string(Freshen::errorCodeName(checked.error().code)) + ": "                 \
                  + checked.error().message)                                                       \
                     .c_str());                                                                    \
    } while (false)
