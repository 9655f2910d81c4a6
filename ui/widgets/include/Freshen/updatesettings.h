// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/widgets_export.h>

#include <QWidget>

#include <memory>

namespace Freshen {

class Updater;
class UpdateSettingsPrivate;

/*!
 * The person's settings of an Updater, for an app's preferences: whether and how often it checks,
 * whether it installs what it finds, when it had better wait, and a button that checks now.
 *
 * A change counts at once and is shown wherever it comes from. What the administrator of the
 * computer decided is shown and cannot be changed. The whole widget is disabled in an app that is
 * not kept fresh.
 *
 * Use it in the updater's thread, which has to be the GUI thread.
 * \since 0.1
 */
class FRESHEN_WIDGETS_EXPORT UpdateSettings : public QWidget
{
    Q_OBJECT

public:
    //! \a updater is not owned and may be destroyed first; the widget is disabled from then on.
    explicit UpdateSettings(Updater *updater, QWidget *parent = nullptr);
    ~UpdateSettings() override;

private:
    std::unique_ptr<UpdateSettingsPrivate> d;
};

} // namespace Freshen
