// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/offerwarnings.h"

#include "lib/common/convert.h"
#include "updater-helper/trust/text.h"

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

QList<QUrl> addressesOf(const AppcastItem &item)
{
    QList<QUrl> addresses;
    if (item.enclosure)
        addresses.append(item.enclosure->url);
    if (item.manifest)
        addresses.append(item.manifest->url);
    for (const AppcastDelta &delta : item.deltas)
        addresses.append(delta.url);
    return addresses;
}

} // namespace

QStringList offerWarnings(const AppcastItem &item, const UrlPolicy &policy)
{
    QStringList warnings;
    const QString name = u"Version "_s + toQString(Trust::escaped(toStdString(item.version)));
    const QList<QUrl> addresses = addressesOf(item);
    const auto http = std::find_if(addresses.begin(), addresses.end(), [&](const QUrl &address) {
        return address.scheme() == "http"_L1 && !checkUrl(address, policy);
    });
    if (http != addresses.end())
        warnings.append(u"HTTP_URL: %1 is not fetched: %2 goes over plain http. Ask the publisher "
                        "to offer it over https."_s.arg(name, displayUrl(*http)));
    if (item.enclosure && item.enclosure->hasOnlyDsaSignature())
        warnings.append(name + u" has only a DSA signature, which is not accepted."_s);
    return warnings;
}

} // namespace Freshen
