// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A million installs and one feed host: how many requests a second the host gets, and how many
// installs see a release that is rolled out slowly. Time is simulated; places, times and groups are
// the library's own.
//
// Goals: after the first interval the load of installs that run day and night stays within 10 % of
// its mean; shares of rollouts stay within four standard deviations. Exit status 1 when missed.

#include "lib/feed/rollout.h"
#include "lib/feed/selection.h"
#include "lib/session/checktimes.h"
#include "lib/session/updatersettings.h"

#include <Freshen/settingsstore.h>

#include <QRandomGenerator>
#include <QVariantMap>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int installs = 1'000'000;
constexpr std::chrono::seconds interval = 24h;
constexpr int windowSeconds = 600;
constexpr int days = 4;
constexpr int windows = days * 24 * 3600 / windowSeconds;
// All of them were installed or restarted on one morning, within half an hour.
const QDateTime morning(QDate(2026, 11, 23), QTime(9, 0), Qt::UTC);
constexpr int morningSeconds = 1800;

class Memory : public SettingsStore
{
public:
    QVariant value(const QString &key) const override { return m_values.value(key); }
    void setValue(const QString &key, const QVariant &value) override { m_values[key] = value; }

private:
    QVariantMap m_values;
};

struct Install {
    QString id;
    double place = 0;
    int group = 0;
};

std::vector<Install> makeInstalls()
{
    std::vector<Install> all(installs);
    for (Install &install : all) {
        Memory memory;
        UpdaterSettings settings;
        settings.use(&memory);
        install = {settings.installId(), settings.placeInInterval(), settings.rolloutGroup()};
    }
    return all;
}

int windowOf(const QDateTime &time)
{
    return int(morning.secsTo(time) / windowSeconds);
}

// Requests per window of installs that run day and night.
std::vector<int> loadDayAndNight(const std::vector<Install> &all)
{
    std::vector<int> load(windows, 0);
    QRandomGenerator chance(1);
    for (const Install &install : all) {
        QDateTime check = morning.addSecs(chance.bounded(morningSeconds));
        for (; windowOf(check) < windows; check = nextCheckTime(check, interval, install.place))
            ++load[size_t(windowOf(check))];
    }
    return load;
}

// The same for computers that run from nine to five: a check that is due in the night is made when
// the computer is switched on.
std::vector<int> loadOfOffices(const std::vector<Install> &all)
{
    std::vector<int> load(windows, 0);
    QRandomGenerator chance(2);
    for (const Install &install : all) {
        const int late = chance.bounded(morningSeconds);
        QDateTime check = morning.addSecs(late);
        while (windowOf(check) < windows) {
            ++load[size_t(windowOf(check))];
            check = nextCheckTime(check, interval, install.place);
            const int secondOfDay = int(morning.secsTo(check) % 86400);
            if (secondOfDay > 8 * 3600 + late)
                check = check.addSecs(86400 - secondOfDay + late);
        }
    }
    return load;
}

struct Spread {
    double mean = 0;
    double lowest = 0;
    double highest = 0;
};

// In requests per second, from one interval on.
Spread spreadOf(const std::vector<int> &load)
{
    const auto begin = load.begin() + int(interval.count()) / windowSeconds;
    const auto [lowest, highest] = std::minmax_element(begin, load.end());
    double sum = 0;
    std::for_each(begin, load.end(), [&sum](int count) { sum += count; });
    return {sum / double(load.end() - begin) / windowSeconds, double(*lowest) / windowSeconds,
            double(*highest) / windowSeconds};
}

void printHours(const char *title, const std::vector<int> &load)
{
    std::printf("%s, requests per second in each hour from 9:00 on:\n", title);
    constexpr int perHour = 3600 / windowSeconds;
    for (size_t hour = 0; hour < 48; ++hour) {
        int count = 0;
        for (size_t i = 0; i < perHour; ++i)
            count += load[hour * perHour + i];
        std::printf("%7.1f%s", count / 3600.0, hour % 12 == 11 ? "\n" : "");
    }
}

bool isWithin(const char *what, int count, double share)
{
    const double expected = installs * share;
    const double deviation = std::sqrt(installs * share * (1 - share));
    const bool isWithin = std::abs(count - expected) <= 4 * deviation;
    std::printf("%-34s %7d, expected %7.0f, %+.1f deviations%s\n", what, count, expected,
                deviation > 0 ? (count - expected) / deviation : 0.0,
                isWithin ? "" : "  MISSED");
    return isWithin;
}

// How many installs are offered the only item of this feed at that time.
int sees(const std::vector<Install> &all, const AppcastItem &item, const QDateTime &now)
{
    Appcast appcast;
    appcast.items.append(item);
    return int(std::count_if(all.begin(), all.end(), [&](const Install &install) {
        ClientConditions client;
        client.installedVersion = u"1.0"_s;
        client.os = u"linux"_s;
        client.arch = u"x86_64"_s;
        client.now = now;
        client.installId = install.id;
        client.rolloutGroup = install.group;
        return selectItem(appcast, client).item.has_value();
    }));
}

AppcastItem release(const QString &version)
{
    AppcastItem item;
    item.enclosure = AppcastEnclosure();
    item.enclosure->os = u"linux"_s;
    item.enclosure->url = QUrl(u"https://example.org/a"_s);
    item.enclosure->version = version;
    item.version = version;
    item.publishedTime = morning;
    return item;
}

bool checkRollouts(const std::vector<Install> &all)
{
    AppcastItem item = release(u"2.0"_s);
    item.rollout = AppcastRollout();
    item.rollout->percent = 10;
    bool isGood = isWithin("rollout of 10 %", sees(all, item, morning), 0.1);
    item.rollout->percent = 100;
    item.rollout->from = morning;
    item.rollout->until = morning.addDays(4);
    for (int day = 0; day <= 4; ++day) {
        const QByteArray title = "ramp of four days, day " + QByteArray::number(day);
        isGood &= isWithin(title.constData(), sees(all, item, morning.addDays(day)), day / 4.0);
    }
    item.rollout.reset();
    item.phasedRolloutInterval = 86400;
    for (int day = 0; day < 7; day += 3) {
        const QByteArray title = "phased rollout, day " + QByteArray::number(day);
        isGood &= isWithin(title.constData(), sees(all, item, morning.addDays(day)),
                           (day + 1) / 7.0);
    }
    return isGood;
}

} // namespace

int main()
{
    std::printf("%d installs, one check in %d h, windows of %d s\n", installs,
                int(interval.count() / 3600), windowSeconds);
    const auto all = makeInstalls();
    const auto always = loadDayAndNight(all);
    printHours("Day and night", always);
    const Spread spread = spreadOf(always);
    const double worst = std::max(spread.highest / spread.mean, 2 - spread.lowest / spread.mean);
    std::printf("after the first interval: mean %.2f, lowest %.2f, highest %.2f per second: "
                "within %.1f %%\n",
                spread.mean, spread.lowest, spread.highest, (worst - 1) * 100);
    const auto offices = loadOfOffices(all);
    printHours("From nine to five", offices);
    const Spread office = spreadOf(offices);
    std::printf("after the first interval: mean %.2f, highest %.2f per second\n", office.mean,
                office.highest);
    const bool isGood = checkRollouts(all);
    return isGood && worst <= 1.1 ? 0 : 1;
}
