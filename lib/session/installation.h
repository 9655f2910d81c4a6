// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/selection.h"
#include "lib/package/appdescription.h"
#include "lib/session/policy.h"
#include "lib/transfer/urlpolicy.h"
#include "updater-helper/install/order.h"
#include "updater-helper/trust/manifest.h"

#include <QDateTime>

namespace Freshen {

// An installed app: where it lies and what it says about itself.
struct Installation {
    Install::Layout layout;
    // Where this user prepares a change: beside the app or, without the right to write there, in a
    // folder of their own.
    Install::Layout workplace;
    Install::Rights rights = Install::Rights::OwnOnly;
    std::string registration; // the install's id, where others' rights are needed
    AppDescription description;
    std::filesystem::path descriptionFolder; // where it was found
    std::vector<Trust::PublicKey> keys; // that sign new releases: the newest root's
    std::vector<Trust::PublicKey> knownKeys; // and those that the installed version came with
    QDateTime built; // invalid where nobody says
    Policy policy;
    bool isRepaired = false; // the installed version is to come once more, no other
    VersionOrder order; // freshen.json's, unless the application has its own

    // A folder or a single file. CONFIG where there is no usable freshen.json of it.
    static Result<Installation> open(const QString &app);
    // For who changes it without a watcher that could ask for more.
    void keepToOwnRights();
    // The app that this executable belongs to: its AppImage, itself as a single file, or the folder
    // above it that holds a freshen.json; empty when there is none.
    static QString findAround(const QString &executable);

    // How long the feed that was accepted last tells whether there is a newer version; invalid when
    // none was. From then on nobody can say, until a fresh one is accepted.
    QDateTime confirmedUntil() const;

    // The conditions that this computer and the history of this install make.
    ClientConditions conditions() const;
    // The versions that the person went back from: none of them is offered by itself.
    QSet<QString> leftVersions() const;
    UrlPolicy urlPolicy(const QUrl &feed) const;
};

} // namespace Freshen
