// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/updateaction.h>

#include <Freshen/updater.h>

namespace Freshen {

UpdateAction::UpdateAction(Updater *updater, QObject *parent)
    : QAction(tr("Check for &Updates…"), parent)
    , m_updater(updater)
{
    setObjectName(QStringLiteral("freshenCheckForUpdates"));
    setMenuRole(QAction::ApplicationSpecificRole);
    connect(this, &QAction::triggered, updater, &Updater::checkForUpdates);
    connect(updater, &Updater::stateChanged, this, &UpdateAction::followUpdater);
    connect(updater, &Updater::enabledChanged, this, &UpdateAction::followUpdater);
    connect(updater, &QObject::destroyed, this, [this] { setEnabled(false); });
    followUpdater();
}

UpdateAction::~UpdateAction() = default;

void UpdateAction::followUpdater()
{
    setEnabled(m_updater && m_updater->canCheckForUpdates());
}

} // namespace Freshen
