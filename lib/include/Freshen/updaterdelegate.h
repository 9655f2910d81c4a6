// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/core_export.h>
#include <Freshen/release.h>
#include <Freshen/updater.h>

#include <QList>
#include <QStringList>
#include <QUrl>

#include <functional>

class QNetworkRequest;

namespace Freshen {

/*!
 * Where an application has a say in what its Updater does. Override what you need: by default
 * everything happens as without a delegate.
 *
 * Called in the updater's thread. A delegate must outlive its updater, or be taken away with
 * Updater::setDelegate(nullptr) first. None of these functions can weaken what is verified.
 * \since 0.1
 */
class FRESHEN_CORE_EXPORT UpdaterDelegate
{
public:
    virtual ~UpdaterDelegate();

    //! Whether a check may be made now, as during a presentation it may not. A person who asks
    //! hears of it if the application says so itself.
    virtual bool mayCheck(Updater::CheckKind kind);
    //! Whether the person may be asked for permission at this start.
    virtual bool mayAskPermission();
    //! The feed's address, perhaps with parameters of the application's own. An address that an
    //! administrator has set is used as it is.
    virtual QUrl feedUrl(const QUrl &url);
    //! The channels of which releases may be offered, besides the stable one.
    virtual QStringList channels(const QStringList &chosenByPerson);
    //! Called for every request before it is sent, to add headers; a changed address is ignored.
    virtual void prepareRequest(QNetworkRequest &request);

    //! The release to offer. \a newer are all that fit this computer, newest first, and never
    //! empty; \a best is the one that Freshen would offer. Return one of them, or Release() for none.
    virtual Release bestRelease(const QList<Release> &newer, const Release &best);
    //! Whether the conversation about this release goes on.
    virtual bool shouldProceed(const Release &release, Updater::CheckKind kind);

    //! Whether a download that nobody asked for may begin, and, about every minute, whether it may
    //! go on; otherwise it stands still. A download that a person waits for is not asked about.
    virtual bool mayDownload(const Release &release);

    //! Asked when the person wants the app to quit and install. Return true to postpone that, for
    //! instance until an export has ended, and call \a resume once then.
    virtual bool postponesInstall(const Release &release, const std::function<void()> &resume);
    //! Whether the app is to be started again after it quit for an update.
    virtual bool shouldRelaunch(const Release &release);
};

} // namespace Freshen
