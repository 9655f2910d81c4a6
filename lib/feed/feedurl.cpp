// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/feedurl.h"

#include <QDir>
#include <QFileInfo>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

bool isWebAddress(const QUrl &url)
{
    return (url.scheme() == "https"_L1 || url.scheme() == "http"_L1) && !url.host().isEmpty();
}

bool isFileBeside(const QUrl &url, const QUrl &base)
{
    // A host in a file address is another computer.
    if (!url.isLocalFile() || !base.isLocalFile() || !url.host().isEmpty())
        return false;
    // Compared as the file system will see it: "%2e%2e%2f" has become "../" here.
    const QString folder = QFileInfo(QDir::cleanPath(base.toLocalFile())).path();
    const QString file = QDir::cleanPath(url.toLocalFile());
    return file.startsWith(folder.endsWith(u'/') ? folder : folder + u'/');
}

} // namespace

QUrl resolvedFeedUrl(const QString &text, const QUrl &base)
{
    // Some programs take '\' for '/', others do not.
    if (text.trimmed().isEmpty() || text.contains(u'\\'))
        return {};
    const QUrl url = base.resolved(QUrl(text.trimmed(), QUrl::TolerantMode));
    return url.isValid() && (isWebAddress(url) || isFileBeside(url, base)) ? url : QUrl();
}

} // namespace Freshen
