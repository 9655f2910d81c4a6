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

void Updater::setDelegate(UpdaterDelegate *delegate)
{
    d->setDelegate(delegate);
}

void Updater::setSettingsStore(SettingsStore *store)
{
    d->settings.use(store);
}

void Updater::setVersionComparator(std::function<int(const QString &, const QString &)> comparator)
{
    d->versionOrder = std::move(comparator);
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
    return d->isEnabled();
}

Updater::State Updater::state() const
{
    return d->state;
}

bool Updater::canCheckForUpdates() const
{
    return isEnabled() && (d->state == State::Idle || d->state == State::WaitingForQuit);
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

qint64 Updater::bytesPerSecond() const
{
    return qint64(d->rate.bytesPerSecond());
}

qint64 Updater::secondsLeft() const
{
    return d->rate.secondsLeft();
}

bool Updater::isDownloadPaused() const
{
    return d->isDownloadPaused;
}

void Updater::setDownloadPaused(bool paused)
{
    d->haltDownload(paused);
}

QString Updater::noUpdateReason() const
{
    return d->noUpdateReason;
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
    d->settingsChanged();
}

bool Updater::automaticallyDownloads() const
{
    return d->settings.automaticallyDownloads();
}

void Updater::setAutomaticallyDownloads(bool automatically)
{
    d->settings.setAutomaticallyDownloads(automatically);
    d->settingsChanged();
}

int Updater::checkInterval() const
{
    return int(d->settings.checkInterval().count());
}

void Updater::setCheckInterval(int seconds)
{
    d->settings.setCheckInterval(std::chrono::seconds(seconds));
    d->settingsChanged();
}

QStringList Updater::channels() const
{
    return d->settings.channels();
}

void Updater::setChannels(const QStringList &channels)
{
    const QStringList before = d->settings.channels();
    d->settings.setChannels(channels);
    d->settingsChanged();
    if (isEnabled() && before != d->settings.channels())
        d->schedule.hasten();
}

bool Updater::avoidsBattery() const
{
    return d->settings.avoidsBattery();
}

void Updater::setAvoidsBattery(bool avoids)
{
    d->settings.setAvoidsBattery(avoids);
    d->settingsChanged();
}

bool Updater::avoidsMeteredNetworks() const
{
    return d->settings.avoidsMeteredNetworks();
}

void Updater::setAvoidsMeteredNetworks(bool avoids)
{
    d->settings.setAvoidsMeteredNetworks(avoids);
    d->settingsChanged();
}

qint64 Updater::maximumDownloadRate() const
{
    return d->settings.maximumDownloadRate();
}

void Updater::setMaximumDownloadRate(qint64 bytesPerSecond)
{
    d->settings.setMaximumDownloadRate(bytesPerSecond);
    d->settingsChanged();
}

QStringList Updater::lockedSettings() const
{
    return isEnabled() ? d->settings.locked() : QStringList();
}

QDateTime Updater::confirmedUntil() const
{
    return d->confirmedUntil;
}

bool Updater::isConfirmed() const
{
    return d->confirmedUntil.isValid() && Clock::current().now() <= d->confirmedUntil;
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
    d->begin(CheckKind::User);
}

void Updater::checkForUpdatesInBackground()
{
    d->begin(CheckKind::Scheduled);
}

void Updater::checkForUpdateInformation()
{
    d->begin(CheckKind::Information);
}

void Updater::postponeToNextStart()
{
    d->postponeToNextStart();
}

void Updater::cancel()
{
    d->cancel();
}

} // namespace Freshen
