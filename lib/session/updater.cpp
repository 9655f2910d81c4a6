// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/updater.h>

#include "lib/common/convert.h"
#include "lib/session/updater_p.h"
#include "platform/ready.h"

#include <QNetworkAccessManager>

namespace Freshen {

Updater::Updater(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<UpdaterPrivate>(this))
{
}

Updater::~Updater() = default;

void Updater::setApplicationDirectory(const QString &directory)
{
    d->appDirectory = directory;
}

void Updater::setUserDriver(UserDriver *driver)
{
    d->setDriver(driver);
}

void Updater::setNetworkAccessManager(QNetworkAccessManager *manager)
{
    d->manager = manager;
}

void Updater::setSettings(QSettings *settings)
{
    d->settings.use(settings);
}

void Updater::setReadyAutomatically(bool automatically)
{
    d->saysReady = automatically;
}

bool Updater::start()
{
    return isEnabled() || d->start();
}

bool Updater::isEnabled() const
{
    return d->installation.has_value();
}

Updater::State Updater::state() const
{
    return d->state;
}

bool Updater::canCheckForUpdates() const
{
    return isEnabled() && d->state == State::Idle;
}

QString Updater::currentVersion() const
{
    return isEnabled() ? d->installation->description.version : QString();
}

Release Updater::availableRelease() const
{
    return d->release;
}

qint64 Updater::bytesDone() const
{
    return d->bytesDone;
}

qint64 Updater::bytesTotal() const
{
    return d->bytesTotal;
}

UpdateError Updater::lastError() const
{
    return d->lastError;
}

bool Updater::automaticallyChecks() const
{
    return d->settings.automaticallyChecks();
}

void Updater::setAutomaticallyChecks(bool automatically)
{
    d->settings.setAutomaticallyChecks(automatically);
    if (isEnabled())
        d->schedule.update();
    Q_EMIT settingsChanged();
}

bool Updater::automaticallyDownloads() const
{
    return d->settings.automaticallyDownloads();
}

void Updater::setAutomaticallyDownloads(bool automatically)
{
    d->settings.setAutomaticallyDownloads(automatically);
    Q_EMIT settingsChanged();
}

QDateTime Updater::lastCheckTime() const
{
    return d->settings.lastCheckTime();
}

void Updater::sayReady()
{
    Platform::sayReady();
}

void Updater::checkForUpdates()
{
    d->begin(true);
}

void Updater::checkForUpdatesInBackground()
{
    d->begin(false);
}

void Updater::cancel()
{
    d->cancel();
}

} // namespace Freshen
