// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/trust/root.h"

#include <QString>

#include <vector>

namespace Freshen {

// The roots that this user's computer has followed from the one which came with an app. Kept
// durably per product and first root: an app that ships another one begins anew.
class RootStore
{
public:
    // `first` came with the app, verified. `folder` defaults to the user's state folder.
    explicit RootStore(Trust::SignedRoot first, const QString &folder = {});

    const Trust::SignedRoot &first() const { return m_first; }
    // The end of the chain, each link of it verified once more. What is damaged, or follows from
    // nothing, counts as missing (a warning is logged): the way goes on from before it then.
    Trust::SignedRoot newest() const;
    // The bytes as they were received. Only of a root that was verified as the next one.
    Result<void> keep(const Trust::SignedRoot &root) const;
    // Puts the whole chain into another folder, as the publisher serves it.
    Result<void> copyTo(const QString &folder) const;

private:
    QString fileOf(quint64 version) const;
    std::vector<Trust::SignedRoot> chain() const;

    Trust::SignedRoot m_first;
    QString m_folder;
};

} // namespace Freshen
