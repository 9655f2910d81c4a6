// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/core_export.h>

#include <QString>
#include <QVariant>

namespace Freshen {

/*!
 * Where an Updater remembers what the person decided, for an application that does not keep its
 * settings in QSettings.
 *
 * Called in the updater's thread. Values are texts, numbers, booleans, dates and lists of texts.
 * \since 0.1
 */
class FRESHEN_CORE_EXPORT SettingsStore
{
public:
    virtual ~SettingsStore();

    //! What was set for \a key ("LastCheckTime"); invalid when nothing was.
    virtual QVariant value(const QString &key) const = 0;
    //! Remembers \a value; an invalid one means: forget the key.
    virtual void setValue(const QString &key, const QVariant &value) = 0;
};

} // namespace Freshen
