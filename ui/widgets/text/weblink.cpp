// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/text/weblink.h"

#include <QDesktopServices>
#include <QString>

namespace Freshen {

bool isWebLink(const QUrl &url)
{
    const QString scheme = url.scheme();
    return url.isValid() && !url.host().isEmpty()
        && (scheme == QLatin1String("https") || scheme == QLatin1String("http"));
}

void openWebLink(const QUrl &url)
{
    if (isWebLink(url))
        QDesktopServices::openUrl(url);
}

} // namespace Freshen
