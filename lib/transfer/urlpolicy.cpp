// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/urlpolicy.h"

#include "lib/common/convert.h"
#include "updater-helper/trust/text.h"

#include <QHostAddress>

namespace Freshen {

namespace {

bool isLoopback(const QString &host)
{
    return host.compare(QLatin1String("localhost"), Qt::CaseInsensitive) == 0
        || QHostAddress(host).isLoopback();
}

} // namespace

Result<void> checkUrl(const QUrl &url, const UrlPolicy &policy)
{
    const QString scheme = url.scheme();
    const bool namesServer = url.isValid() && !url.host().isEmpty();
    if (namesServer && scheme == QLatin1String("https"))
        return {};
    if (namesServer && scheme == QLatin1String("http") && !policy.isEncrypted
        && (policy.allowsHttp || isLoopback(url.host())))
        return {};
    if (policy.allowsFiles && url.isLocalFile() && url.host().isEmpty())
        return {};
    return failure(ErrorCode::URL_SCHEME,
                   QStringLiteral("%1 is not fetched: only https addresses are. Ask the publisher "
                                  "to offer it over https.")
                       .arg(displayUrl(url)));
}

QString displayUrl(const QUrl &url)
{
    const QString text = url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery
                                             | QUrl::RemoveFragment);
    return toQString(Trust::escaped(toStdString(text)));
}

} // namespace Freshen
