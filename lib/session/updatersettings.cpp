// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/updatersettings.h"

#include "lib/feed/rollout.h"

#include <QCoreApplication>
#include <QRandomGenerator>
#include <QUuid>

#include <algorithm>

namespace Freshen {

namespace {

using namespace std::chrono_literals;

constexpr const char *checksKey = "AutomaticallyChecks";
constexpr const char *downloadsKey = "AutomaticallyDownloads";
constexpr const char *intervalKey = "CheckInterval";
constexpr const char *channelsKey = "Channels";
constexpr const char *batteryKey = "AvoidsBattery";
constexpr const char *meteredKey = "AvoidsMeteredNetworks";
constexpr const char *rateKey = "MaximumDownloadRate";
constexpr const char *lastCheckKey = "LastCheckTime";
constexpr const char *earliestCheckKey = "EarliestCheckTime";
constexpr const char *skippedKey = "SkippedVersion";
constexpr const char *skippedMajorKey = "SkippedMajorVersion";
constexpr const char *skippedSubreleaseKey = "SkippedMajorSubrelease";
constexpr const char *waitingKey = "WaitingVersion";
constexpr const char *waitingSinceKey = "WaitingSince";
constexpr const char *nextStartKey = "VersionForNextStart";
constexpr const char *installIdKey = "InstallId";
constexpr const char *groupKey = "RolloutGroup";
constexpr const char *startsKey = "Starts";

constexpr int rolloutGroups = 7;
constexpr std::chrono::seconds defaultInterval = 24h;
constexpr std::chrono::seconds shortestInterval = 1h;

class QSettingsStore : public SettingsStore
{
public:
    explicit QSettingsStore(QSettings *settings)
        : m_settings(settings)
    {
    }

    QVariant value(const QString &key) const override
    {
        return m_settings ? m_settings->value(inGroup(key)) : QVariant();
    }
    void setValue(const QString &key, const QVariant &value) override
    {
        if (!m_settings)
            return;
        if (value.isValid())
            m_settings->setValue(inGroup(key), value);
        else
            m_settings->remove(inGroup(key));
    }

private:
    static QString inGroup(const QString &key) { return QStringLiteral("Freshen/") + key; }

    QPointer<QSettings> m_settings;
};

QVariant orNothing(const QString &text)
{
    return text.isEmpty() ? QVariant() : QVariant(text);
}

} // namespace

void UpdaterSettings::open(const QString &product)
{
    if (m_store)
        return;
    m_own = QCoreApplication::organizationName().isEmpty()
        ? std::make_unique<QSettings>(QStringLiteral("freshen"), product)
        : std::make_unique<QSettings>();
    use(m_own.get());
}

void UpdaterSettings::use(QSettings *settings)
{
    m_adapter = std::make_unique<QSettingsStore>(settings);
    m_store = m_adapter.get();
}

QStringList UpdaterSettings::locked() const
{
    QStringList names;
    if (m_policy.automaticallyChecks)
        names.append(QStringLiteral("automaticallyChecks"));
    if (m_policy.automaticallyDownloads)
        names.append(QStringLiteral("automaticallyDownloads"));
    if (m_policy.channel)
        names.append(QStringLiteral("channels"));
    if (m_policy.maximumDownloadRate)
        names.append(QStringLiteral("maximumDownloadRate"));
    return names;
}

bool UpdaterSettings::knowsPermission() const
{
    return m_policy.automaticallyChecks || value(checksKey).isValid();
}

bool UpdaterSettings::automaticallyChecks() const
{
    return m_policy.automaticallyChecks.value_or(value(checksKey).toBool());
}

void UpdaterSettings::setAutomaticallyChecks(bool automatically)
{
    setValue(checksKey, automatically);
}

bool UpdaterSettings::automaticallyDownloads() const
{
    return m_policy.automaticallyDownloads.value_or(value(downloadsKey).toBool());
}

void UpdaterSettings::setAutomaticallyDownloads(bool automatically)
{
    setValue(downloadsKey, automatically);
}

std::chrono::seconds UpdaterSettings::checkInterval() const
{
    const std::chrono::seconds stored(value(intervalKey).toLongLong());
    return stored.count() > 0 ? std::max(stored, shortestInterval) : defaultInterval;
}

void UpdaterSettings::setCheckInterval(std::chrono::seconds interval)
{
    setValue(intervalKey, qint64(interval.count()));
}

// The stable channel is followed by all.
QStringList UpdaterSettings::channels() const
{
    QStringList channels = m_policy.channel ? QStringList(*m_policy.channel)
                                            : value(channelsKey).toStringList();
    channels.removeAll(QStringLiteral("stable"));
    return channels;
}

void UpdaterSettings::setChannels(const QStringList &channels)
{
    setValue(channelsKey, channels);
}

bool UpdaterSettings::avoidsBattery() const
{
    return value(batteryKey).toBool();
}

void UpdaterSettings::setAvoidsBattery(bool avoids)
{
    setValue(batteryKey, avoids);
}

bool UpdaterSettings::avoidsMeteredNetworks() const
{
    return value(meteredKey).toBool();
}

void UpdaterSettings::setAvoidsMeteredNetworks(bool avoids)
{
    setValue(meteredKey, avoids);
}

qint64 UpdaterSettings::maximumDownloadRate() const
{
    const qint64 stored = value(rateKey).toLongLong();
    return m_policy.maximumDownloadRate.value_or(std::max<qint64>(stored, 0));
}

void UpdaterSettings::setMaximumDownloadRate(qint64 bytesPerSecond)
{
    setValue(rateKey, bytesPerSecond);
}

QDateTime UpdaterSettings::lastCheckTime() const
{
    return value(lastCheckKey).toDateTime();
}

void UpdaterSettings::setLastCheckTime(const QDateTime &time)
{
    setValue(lastCheckKey, time);
}

QDateTime UpdaterSettings::earliestCheckTime() const
{
    return value(earliestCheckKey).toDateTime();
}

void UpdaterSettings::setEarliestCheckTime(const QDateTime &time)
{
    setValue(earliestCheckKey, time);
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

QString UpdaterSettings::waitingVersion() const
{
    return value(waitingKey).toString();
}

QDateTime UpdaterSettings::waitingSince() const
{
    return value(waitingSinceKey).toDateTime();
}

void UpdaterSettings::setWaiting(const QString &version, const QDateTime &since)
{
    setValue(waitingKey, orNothing(version));
    setValue(waitingSinceKey, since.isValid() ? QVariant(since) : QVariant());
}

QString UpdaterSettings::versionForNextStart() const
{
    return value(nextStartKey).toString();
}

void UpdaterSettings::setVersionForNextStart(const QString &version)
{
    setValue(nextStartKey, orNothing(version));
}

QString UpdaterSettings::installId()
{
    if (value(installIdKey).toString().isEmpty())
        setValue(installIdKey, QUuid::createUuid().toString(QUuid::WithoutBraces));
    return value(installIdKey).toString();
}

double UpdaterSettings::placeInInterval()
{
    return rolloutPosition(installId(), QStringLiteral("check"));
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
    return m_store ? m_store->value(QLatin1String(key)) : QVariant();
}

void UpdaterSettings::setValue(const char *key, const QVariant &value)
{
    if (m_store)
        m_store->setValue(QLatin1String(key), value);
}

} // namespace Freshen
