// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/support/workshop.h"

namespace Freshen {

// A workshop whose publisher knows Sparkle alone: archives made by ordinary archivers, signed as a
// whole, in a feed that nobody signs. The installed app does without a signed feed.
class PlainShop : public Workshop
{
public:
    // Replaces the installed app by one that nobody made a manifest for.
    void installPlain(const QString &version);
    // freshen.json as such an app has it.
    QByteArray description(const QString &version, const QString &product = {}) const;

    // Archives a tree: `name` says how; `isInFolder`: in a folder of the tree's name.
    void archive(const QString &tree, const QString &name, bool isInFolder = true);
    // What `freshen-appcast sign` says of a file of the host: edSignature and length.
    QString signatureOf(const QString &name);
    // The feed's only item, for a file of the host. `attributes` are the enclosure's.
    void writeFeed(const QString &version, const QString &name, const QString &attributes,
                   const QString &elements = {});
    // All of it for a good release.
    void releasePlain(const QString &version, const QMap<QString, QByteArray> &files = {},
                      const QString &behaviour = {});
};

} // namespace Freshen
