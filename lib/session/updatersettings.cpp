// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/updatersettings.h"

#include <QCoreApplication>
#include <QRandomGenerator>

namespace Freshen {

namespace {

constexpr const char *checksKey = "AutomaticallyChecks";
constexpr const char *downloadsKey = "AutomaticallyDownloads";
constexpr const char *lastCheckKey = "LastCheckTime";
constexpr const char *skippedKey = "SkippedVersion";
constexpr const char *skippedMajorKey = "SkippedMajorVersion";
constexpr const char *skippedSubreleaseKey = "SkippedMajorSubrelease";
constexpr const char *groupKey = "RolloutGroup";
constexpr const char *startsKey = "Starts";

constexpr int rolloutGroups = 7;

QString inGroup(const char *key)
{
    return QStringLiteral("Freshen/") + QLatin1String(key);
}

} // namespace

void UpdaterSettings::open(const QString &product)
{
    if (m_settings)
        return;
    m_own = QCoreApplication::organizationName().isEmpty()
        ? std::make_unique<QSettings>(QStringLiteral("freshen"), product)
        : std::make_unique<QSettings>();
    m_settings = m_own.get();
}

bool UpdaterSettings::knowsPermission() const
{
    return value(checksKey).isValid();
}

bool UpdaterSettings::automaticallyChecks() const
{
    return value(checksKey).toBool();
}

void UpdaterSettings::setAutomaticallyChecks(bool automatically)
{
    setValue(checksKey, automatically);
}

bool UpdaterSettings::automaticallyDownloads() const
{
    return value(downloadsKey).toBool();
}

void UpdaterSettings::setAutomaticallyDownloads(bool automatically)
{
    setValue(downloadsKey, automatically);
}

QDateTime UpdaterSettings::lastCheckTime() const
{
    return value(lastCheckKey).toDateTime();
}

void UpdaterSettings::setLastCheckTime(const QDateTime &time)
{
    setValue(lastCheckKey, time);
}

QString UpdaterSettings::skippedVersion() const
{
    return value(skippedKey).toString();
}

void UpdaterSettings::setSkippedVersion(const QString &version)
{
    setValue(skippedKey, version);
}

QString UpdaterSettings::skippedMajorVersion() const
{
    return value(skippedMajorKey).toString();
}

QString UpdaterSettings::skippedMajorSubrelease() const
{
    return value(skippedSubreleaseKey).toString();
}

void UpdaterSettings::setSkippedMajor(const QString &version, const QString &subrelease)
{
    setValue(skippedMajorKey, version);
    setValue(skippedSubreleaseKey, subrelease);
}

int UpdaterSettings::rolloutGroup()
{
    bool isKnown = false;
    const int group = value(groupKey).toInt(&isKnown);
    if (!isKnown || group < 0 || group >= rolloutGroups)
        redrawRolloutGroup();
    return value(groupKey).toInt();
}

void UpdaterSettings::redrawRolloutGroup()
{
    setValue(groupKey, QRandomGenerator::global()->bounded(rolloutGroups));
}

int UpdaterSettings::countStart()
{
    const int starts = value(startsKey).toInt() + 1;
    setValue(startsKey, starts);
    return starts;
}

QVariant UpdaterSettings::value(const char *key) const
{
    return m_settings ? m_settings->value(inGroup(key)) : QVariant();
}

void UpdaterSettings::setValue(const char *key, const QVariant &value)
{
    if (m_settings)
        m_settings->setValue(inGroup(key), value);
}

} // namespace Freshen
