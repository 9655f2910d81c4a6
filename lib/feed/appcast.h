// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What a feed says, as values. Reading, writing and choosing are in the files beside this one.

#pragma once

#include <Freshen/release.h>

#include <QDateTime>
#include <QList>
#include <QString>
#include <QUrl>

#include <optional>

namespace Freshen {

// A file that the feed announces.
struct AppcastFile {
    QUrl url;
    qint64 length = 0; // 0: not said
    QString sha256; // lower-case hexadecimal; empty: not said
};

struct AppcastDelta : AppcastFile {
    QString from; // the version that it turns into the item's
};

// <freshen:rollout …/>: how many of all installs see an item.
struct AppcastRollout {
    double percent = 0; // 0 to 100
    QString salt; // empty: the item's version
    QDateTime from; // nobody sees it before
    QDateTime until; // from `from` to then the share grows evenly
};

struct AppcastEnclosure : AppcastFile {
    QString edSignature; // base64
    bool hasDsaSignature = false; // which is never accepted
    QString os; // as written, "linux-x64"; empty: not said
    QString arch; // freshen:arch
    QString type;
    QString installationType; // "package": an installer
    QString version; // the item's, unless the enclosure has one of its own
    QString shortVersion;
    bool isCritical = false;

    // It was signed for clients of long ago, and cannot be installed.
    bool hasOnlyDsaSignature() const { return hasDsaSignature && edSignature.isEmpty(); }
};

// One release for one system.
struct AppcastItem {
    QString version;
    QString shortVersion;
    QString title;
    QString channel; // empty: the default channel
    QString published; // as written
    QDateTime publishedTime;
    QString notes;
    Release::NotesFormat notesFormat = Release::NotesFormat::Html;
    QUrl notesUrl;
    QString notesSignature; // of the file there, base64
    qint64 notesLength = 0; // 0: not said
    QUrl fullNotesUrl;
    QUrl link;
    QString minimumSystemVersion;
    QString maximumSystemVersion;
    QString minimumAutoupdateVersion; // below it, this is a major upgrade
    QString minimumUpdateVersion; // below it, the item is as if absent
    QString ignoreSkippedUpgradesBelow; // a skip of an older release of the upgrade is forgotten
    bool needsArm64 = false;
    int phasedRolloutInterval = 0; // seconds between groups; 0: everyone at once
    std::optional<AppcastRollout> rollout;
    QStringList mustUnderstand; // the conditions that only clients which know them all may judge
    QStringList notUnderstood; // those of them that this reader does not know
    QDateTime deadline; // of a critical item: from then on no skip counts
    bool isCritical = false; // always, or below `criticalBelow`
    QString criticalBelow;
    bool isInformational = false; // for all, or for those of the next two members
    QStringList informationalVersions;
    QString informationalBelow;
    std::optional<AppcastEnclosure> enclosure; // that of the best language, and Sparkle's choice
    QList<AppcastEnclosure> enclosures; // where there are several: all, in the feed's order
    QList<QUrl> mirrors; // more addresses of the only enclosure, or of folders that have it
    std::optional<AppcastFile> manifest;
    QList<AppcastDelta> deltas;
    QList<AppcastDelta> sparkleDeltas; // for macOS, told but never applied

    // Makes this enclosure the item's own, with all that it says of the release.
    void use(const AppcastEnclosure &chosen);
};

// <freshen:feed …/>
struct FeedStamp {
    QString product;
    quint64 version = 0; // the counter that only grows
    QDateTime issued;
    QDateTime expires;
    quint64 root = 0; // the lowest root that the publisher requires; 0: none
};

struct Appcast {
    QString title;
    std::optional<FeedStamp> stamp;
    QStringList withdrawnVersions; // which nobody is offered any more
    QList<AppcastItem> items; // in the feed's order
    QStringList warnings; // what was skipped, and why
    int skippedItems = 0;
};

} // namespace Freshen
