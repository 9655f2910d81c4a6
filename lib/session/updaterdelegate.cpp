// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/updaterdelegate.h>

namespace Freshen {

UpdaterDelegate::~UpdaterDelegate() = default;

bool UpdaterDelegate::mayCheck(Updater::CheckKind kind)
{
    Q_UNUSED(kind)
    return true;
}

bool UpdaterDelegate::mayAskPermission()
{
    return true;
}

QUrl UpdaterDelegate::feedUrl(const QUrl &url)
{
    return url;
}

QStringList UpdaterDelegate::channels(const QStringList &chosenByPerson)
{
    return chosenByPerson;
}

void UpdaterDelegate::prepareRequest(QNetworkRequest &request)
{
    Q_UNUSED(request)
}

Release UpdaterDelegate::bestRelease(const QList<Release> &newer, const Release &best)
{
    Q_UNUSED(newer)
    return best;
}

bool UpdaterDelegate::shouldProceed(const Release &release, Updater::CheckKind kind)
{
    Q_UNUSED(release)
    Q_UNUSED(kind)
    return true;
}

bool UpdaterDelegate::mayDownload(const Release &release)
{
    Q_UNUSED(release)
    return true;
}

bool UpdaterDelegate::postponesInstall(const Release &release,
                                       const std::function<void()> &resume)
{
    Q_UNUSED(release)
    Q_UNUSED(resume)
    return false;
}

bool UpdaterDelegate::shouldRelaunch(const Release &release)
{
    Q_UNUSED(release)
    return true;
}

} // namespace Freshen
