// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/mirrorcheck.h"

#include "lib/common/convert.h"
#include "lib/feed/mirrors.h"

namespace Freshen {

using namespace Qt::StringLiterals;

QList<Error> mirrorObjections(const AppcastItem &item, const UrlPolicy &policy)
{
    if (item.mirrors.isEmpty())
        return {};
    QList<Error> objections;
    for (const QUrl &mirror : item.mirrors) {
        if (const auto checked = checkUrl(mirror, policy); !checked)
            objections += {checked.error().code,
                           "has a mirror that is never asked: " + checked.error().message};
    }
    if (addressesOf(item, item.enclosure->url).size() <= item.mirrors.size())
        objections += {ErrorCode::CONFIG,
                       "names an address twice: a mirror has to be another one than the "
                       "enclosure's and than those of other mirrors."};
    if (item.enclosure->sha256.isEmpty())
        objections += {
            ErrorCode::HASH,
            "has mirrors but no freshen:sha256: nothing tells at once whether a mirror's "
            "bytes are right."};
    return objections;
}

} // namespace Freshen
