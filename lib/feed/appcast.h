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

struct AppcastEnclosure : AppcastFile {
    QString edSignature; // base64
    QString os; // as written, "linux-x64"; empty: not said
    QString arch; // freshen:arch
    QString type;
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
    QUrl fullNotesUrl;
    QUrl link;
    QString minimumSystemVersion;
    QString maximumSystemVersion;
    QString minimumAutoupdateVersion; // below it, this is a major upgrade
    int phasedRolloutInterval = 0; // seconds between groups; 0: everyone at once
    bool isCritical = false; // always, or below `criticalBelow`
    QString criticalBelow;
    std::optional<AppcastEnclosure> enclosure;
    std::optional<AppcastFile> manifest;
    QList<AppcastDelta> deltas;
};

// <freshen:feed …/>
struct FeedStamp {
    QString product;
    quint64 version = 0; // the counter that only grows
    QDateTime issued;
    QDateTime expires;
};

struct Appcast {
    QString title;
    std::optional<FeedStamp> stamp;
    QList<AppcastItem> items; // in the feed's order
    QStringList warnings; // what was skipped, and why
    int skippedItems = 0;
};

} // namespace Freshen
