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
    // Counts this start; returns how many there were.
    int countStart();

private:
    QVariant value(const char *key) const;
    void setValue(const char *key, const QVariant &value);

    QPointer<QSettings> m_settings;
    std::unique_ptr<QSettings> m_own;
};

} // namespace Freshen
