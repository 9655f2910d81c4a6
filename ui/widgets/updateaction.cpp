// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/updateaction.h>

#include "ui/widgets/text/displaytext.h"

#include <Freshen/updater.h>

namespace Freshen {

namespace {

using State = Updater::State;

bool answers(const Updater &updater)
{
    switch (updater.state()) {
    case State::AskingPermission:
    case State::UpdateFound:
    case State::ReadyToInstall:
        return updater.isEnabled();
    default:
        return updater.canCheckForUpdates();
    }
}

} // namespace

UpdateAction::UpdateAction(Updater *updater, QObject *parent)
    : QAction(parent)
    , m_updater(updater)
{
    setObjectName(QStringLiteral("freshenCheckForUpdates"));
    setMenuRole(QAction::ApplicationSpecificRole);
    connect(this, &QAction::triggered, updater, &Updater::checkForUpdates);
    connect(updater, &Updater::stateChanged, this, &UpdateAction::followUpdater);
    connect(updater, &Updater::enabledChanged, this, &UpdateAction::followUpdater);
    connect(updater, &QObject::destroyed, this, &UpdateAction::followUpdater);
    followUpdater();
}

UpdateAction::~UpdateAction() = default;

void UpdateAction::followUpdater()
{
    setVisible(m_updater && m_updater->isEnabled());
    setEnabled(m_updater && answers(*m_updater));
    if (!m_updater || m_updater->state() != State::WaitingForQuit)
        return setOwnText(tr("Check for &Updates…"));
    QString version = displayVersion(m_updater->availableRelease().displayVersion());
    setOwnText(tr("&Install Update %1…").arg(version.replace(u'&', QLatin1String("&&"))));
}

void UpdateAction::setOwnText(const QString &newText)
{
    if (text() == m_ownText)
        setText(newText);
    m_ownText = newText;
}

} // namespace Freshen
