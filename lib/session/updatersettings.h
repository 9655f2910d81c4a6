// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/session/policy.h"

#include <Freshen/settingsstore.h>

#include <QDateTime>
#include <QPointer>
#include <QSettings>
#include <QStringList>

#include <chrono>
#include <memory>

namespace Freshen {

// What is remembered for the person, under what the administrator decided. Nothing is written
// before something is set.
class UpdaterSettings
{
public:
    // The application's own settings, when it names itself; else a file of the product's.
    void open(const QString &product);
    // In the group "Freshen".
    void use(QSettings *settings);
    void use(SettingsStore *store) { m_store = store; }
    void setPolicy(const Policy &policy) { m_policy = policy; }
    // The names of what the administrator decided.
    QStringList locked() const;

    bool knowsPermission() const;
    bool automaticallyChecks() const;
    void setAutomaticallyChecks(bool automatically);
    bool automaticallyDownloads() const;
    void setAutomaticallyDownloads(bool automatically);
    std::chrono::seconds checkInterval() const;
    void setCheckInterval(std::chrono::seconds interval);
    QStringList channels() const;
    void setChannels(const QStringList &channels);
    bool avoidsBattery() const;
    void setAvoidsBattery(bool avoids);
    bool avoidsMeteredNetworks() const;
    void setAvoidsMeteredNetworks(bool avoids);
    // Bytes a second; 0: no limit.
    qint64 maximumDownloadRate() const;
    void setMaximumDownloadRate(qint64 bytesPerSecond);
    QDateTime lastCheckTime() const;
    void setLastCheckTime(const QDateTime &time);

    // The server wishes no check in the background sooner.
    QDateTime earliestCheckTime() const;
    void setEarliestCheckTime(const QDateTime &time);
    QString skippedVersion() const;
    void setSkippedVersion(const QString &version);
    // A major upgrade is skipped as a whole: its minimumAutoupdateVersion, and what was offered.
    QString skippedMajorVersion() const;
    QString skippedMajorSubrelease() const;
    void setSkippedMajor(const QString &version, const QString &subrelease);

    // The version that waits for the app to quit, and since when a person could have heard of it.
    QString waitingVersion() const;
    QDateTime waitingSince() const;
    void setWaiting(const QString &version, const QDateTime &since);
    // The staged version that the next start of the app installs; empty when there is none.
    QString versionForNextStart() const;
    void setVersionForNextStart(const QString &version);

    // This install's name in rollouts, which nobody else can know; drawn when first asked for.
    QString installId();
    // Its place among all installs that check within one interval, from 0 to 1.
    double placeInInterval();
    // This install's place in phased rollouts, 0 to 6; drawn when asked for the first time, and
    // again for each release, so that nobody is always the last.
    int rolloutGroup();
    void redrawRolloutGroup();
    // Counts this start; returns how many there were.
    int countStart();

private:
    QVariant value(const char *key) const;
    void setValue(const char *key, const QVariant &value);

    Policy m_policy;
    SettingsStore *m_store = nullptr;
    std::unique_ptr<SettingsStore> m_adapter;
    std::unique_ptr<QSettings> m_own;
};

} // namespace Freshen
