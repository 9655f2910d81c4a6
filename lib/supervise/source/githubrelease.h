// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A release as GitHub's API describes it, and others that took over its form.

#pragma once

#include "platform/result.h"

#include <QList>
#include <QUrl>

#include <functional>
#include <optional>

namespace Freshen {

// A file of a release.
struct ReleaseAsset {
    QString name;
    QUrl api; // for whoever has a token
    QUrl download; // for everybody
    qint64 size = -1;
    QString sha256; // empty where the page does not tell
    QString mark; // changes with the file
};

struct GithubRelease {
    QString version; // its tag
    bool isFinal = false; // neither a draft nor a pre-release
    QList<ReleaseAsset> assets;

    // FEED_PARSE for anything else; `place` is for the message.
    static Result<GithubRelease> parse(const QByteArray &json, const QString &place);

    const ReleaseAsset *find(const QString &name) const;
    // NO_USABLE_ITEM with all the names unless `choose` takes exactly one; without it, the one for
    // this machine is taken.
    Result<ReleaseAsset> choose(const std::function<bool(const QString &)> &choose,
                                const QString &place) const;
};

} // namespace Freshen
