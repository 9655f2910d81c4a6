// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"
#include "updater-helper/trust/root.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace Freshen {

// How a new version shows that it works: "signal", "alive:SECONDS" or "none".
struct ReadyRule {
    enum class Kind { Signal, Alive, None };
    Kind kind = Kind::Signal;
    int aliveSeconds = 0;

    static Result<ReadyRule> parse(const QString &text);
    QString toText() const;
    bool operator==(const ReadyRule &) const = default;
};

// freshen.json: what an installed app says about itself. It lies at the root of the tree, or, of a
// single file, in the engine's folder beside it.
struct AppDescription {
    QString product;
    QString version;
    QString channel = QStringLiteral("stable");
    QString feed;
    QStringList publicKeys; // as written; they count where there is no root
    std::optional<Trust::SignedRoot> root; // where the publisher's chain of keys begins
    QString executable;
    bool requireSignedFeed = true;
    ReadyRule ready;
    QString versioning = QStringLiteral("sparkle"); // or "semver"
    bool allowHttp = false;
    bool rollback = true;
    int keepPrevious = 1; // so many versions before the installed one

    static constexpr int maximumPrevious = 100;

    static constexpr const char *fileName = "freshen.json";

    // CONFIG, with the member named, when something needed is missing or of the wrong kind.
    static Result<AppDescription> parse(const QByteArray &json);
    static Result<AppDescription> read(const QString &folder);
    QByteArray toJson() const;

    // The keys that release this version: those of the root, or else publicKeys, parsed. KEY when
    // one is no key, CONFIG when there is none.
    Result<std::vector<Trust::PublicKey>> keys() const;
};

} // namespace Freshen
