// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/trust/root.h"

#include <QString>

namespace Freshen {

// The newest root that this user's computer trusts, of those that follow the one which came with an
// app. Kept durably per product and first root: an app that ships another one begins anew.
class RootStore
{
public:
    // `first` came with the app, verified. `folder` defaults to the user's state folder.
    explicit RootStore(Trust::SignedRoot first, const QString &folder = {});

    const Trust::SignedRoot &first() const { return m_first; }
    // The first one where nothing is kept. What is damaged, older or of another product counts as
    // nothing (a warning is logged): the way to the newest begins anew then.
    Trust::SignedRoot newest() const;
    // The bytes as they were received. Only of a root that was verified as the next one.
    Result<void> keep(const Trust::SignedRoot &root) const;

private:
    Result<Trust::SignedRoot> read() const;

    Trust::SignedRoot m_first;
    QString m_file;
};

} // namespace Freshen
