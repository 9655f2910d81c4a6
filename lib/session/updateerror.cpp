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

int UpdateError::exitStatus() const
{
    return isError() ? Freshen::exitStatus(errorCodeFromName(m_code.toStdString())) : 0;
}

} // namespace Freshen
