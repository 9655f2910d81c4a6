// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/updateerror.h>

#include "platform/errorcode.h"

namespace Freshen {

UpdateError::UpdateError(const QString &code, const QString &message)
    : m_code(code)
    , m_message(message)
{
}

bool UpdateError::leavesFreshnessOpen() const
{
    switch (errorCodeFromName(m_code.toStdString())) {
    case ErrorCode::STALE:
    case ErrorCode::ROLLBACK:
    case ErrorCode::FEED_CHANGED:
    case ErrorCode::FEED_SIGNATURE:
    case ErrorCode::FEED_UNSIGNED:
    case ErrorCode::ROOT_CHAIN:
    case ErrorCode::ROOT_EXPIRED:
    case ErrorCode::CLOCK:
        return true;
    default:
        return false;
    }
}

int UpdateError::exitStatus() const
{
    return isError() ? Freshen::exitStatus(errorCodeFromName(m_code.toStdString())) : 0;
}

} // namespace Freshen
