// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "appcast-tools/foundpackage.h"
#include "appcast-tools/signingauthority.h"
#include "lib/feed/appcast.h"

namespace Freshen {

// What a publisher wants every new item of a feed to say.
struct ItemWishes {
    QUrl baseUrl; // ends in a slash
    QList<QUrl> mirrorUrls; // where mirrors have the same files; each ends in a slash
    QDateTime published;
    QString channel; // empty: that of the package
    bool isCritical = false;
    QString criticalBelow;
    int phasedRolloutInterval = 0;
    QString majorVersion;
    QUrl notesPrefix; // empty: notes are put into the feed
};

// The item of a package that is new in the feed, after a look at it with a client's eyes.
Result<AppcastItem> newItem(const FoundPackage &package, const ItemWishes &wishes,
                            const SigningKeys &keys);

// The spelling of a system in feeds, "linux-x64".
QString feedSystem(const Trust::Manifest &manifest);
// The address of a file of the feed's folder.
QUrl addressIn(const QUrl &folder, const QString &fileName);

} // namespace Freshen
