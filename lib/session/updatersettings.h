// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDateTime>
#include <QPointer>
#include <QSettings>

#include <memory>

namespace Freshen {

// What is remembered for the person, in the group "Freshen". Nothing is written before something
// is set.
class UpdaterSettings
{
public:
    // The application's own settings, when it names itself; else a file of the product's.
    void open(const QString &product);
    void use(QSettings *settings) { m_settings = settings; }

    bool knowsPermission() const;
    bool automaticallyChecks() const;
    void setAutomaticallyChecks(bool automatically);
    bool automaticallyDownloads() const;
    void setAutomaticallyDownloads(bool automatically);
    QDateTime lastCheckTime() const;
    void setLastCheckTime(const QDateTime &time);
    QString skippedVersion() const;
    void setSkippedVersion(const QString &version);
    // A major upgrade is skipped as a whole: its minimumAutoupdateVersion, and what was offered.
    QString skippedMajorVersion() const;
    QString skippedMajorSubrelease() const;
    void setSkippedMajor(const QString &version, const QString &subrelease);
    // This install's place in phased rollouts, 0 to 6; drawn when asked for the first time, and
    // again for each release, so that nobody is always the last.
    int rolloutGroup();
    void redrawRolloutGroup();
    // Counts this start; returns how many there were.
    int countStart();

private:
    QVariant value(const char *key) const;
    void setValue(const char *key, const QVariant &value);

    QPointer<QSettings> m_settings;
    std::unique_ptr<QSettings> m_own;
};

} // namespace Freshen
