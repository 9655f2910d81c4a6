// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/versionorder.h"

#include "lib/common/convert.h"

namespace Freshen {

int compareVersions(const QString &left, const QString &right, Versioning versioning)
{
    return Trust::compareVersions(toStdString(left), toStdString(right), versioning);
}

VersionOrder versionOrder(Versioning versioning)
{
    return [versioning](const QString &left, const QString &right) {
        return compareVersions(left, right, versioning);
    };
}

} // namespace Freshen
