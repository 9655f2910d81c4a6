// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A feed as large as feeds may be, 10 000 items as `freshen-appcast generate` writes them: how long
// reading and choosing take, compared with Qt's parser going through the same bytes, and how much
// memory.
//
// Goal: less than three times as long. Exit status 1 when it is missed.

#include "lib/feed/appcastreader.h"
#include "lib/feed/appcastwriter.h"
#include "lib/feed/selection.h"
#include "tests/support/peakmemory.h"

#include <QElapsedTimer>
#include <QXmlStreamReader>

#include <algorithm>
#include <cstdio>
#include <functional>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr int itemCount = 10'000;
constexpr int rounds = 15;
constexpr double goal = 3;
const QUrl base(u"https://a.io/appcast.xml"_s);

// With what every item has; notes and deltas would be more than fits.
AppcastItem itemNumber(int number)
{
    AppcastItem item;
    item.version = u"1.%1"_s.arg(number);
    item.title = item.version;
    item.publishedTime = QDateTime({2020, 1, 1}, {}, Qt::UTC).addSecs(number * 3600);
    AppcastEnclosure enclosure;
    enclosure.url = base.resolved(QUrl(u"a-%1.tar.zst"_s.arg(item.version)));
    enclosure.length = 20'000'000 + number;
    enclosure.os = u"linux"_s;
    enclosure.arch = u"x86_64"_s;
    enclosure.sha256 = QString(64, u'a');
    enclosure.edSignature = QString(86, u'S') + u"=="_s;
    item.enclosure = enclosure;
    return item;
}

QByteArray largeFeed()
{
    Appcast appcast;
    appcast.title = u"Notes"_s;
    appcast.stamp = FeedStamp{u"org.example.notes"_s, 42, QDateTime({2026, 11, 22}, {}, Qt::UTC),
                              QDateTime({2026, 12, 22}, {}, Qt::UTC)};
    for (int i = itemCount; i > 0; --i)
        appcast.items.append(itemNumber(i));
    return writeAppcast(appcast);
}

void passThrough(const QByteArray &bytes)
{
    QXmlStreamReader xml(bytes);
    while (!xml.atEnd())
        xml.readNext();
    if (xml.hasError())
        qFatal("The feed is damaged");
}

void readAndChoose(const QByteArray &bytes)
{
    const auto appcast = readAppcast(bytes, base);
    ClientConditions client;
    client.os = u"linux"_s;
    client.arch = u"x86_64"_s;
    client.installedVersion = u"1.5000"_s;
    client.now = QDateTime({2026, 11, 23}, {}, Qt::UTC);
    if (!appcast || appcast->items.size() != itemCount
        || selectItem(*appcast, client).candidates.size() != itemCount)
        qFatal("The feed is not read as it was written");
}

double milliseconds(const std::function<void()> &work)
{
    QElapsedTimer timer;
    timer.start();
    work();
    return double(timer.nsecsElapsed()) / 1e6;
}

double median(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main()
{
    const QByteArray bytes = largeFeed();
    const PeakMemory memory;
    readAndChoose(bytes);
    const auto growth = memory.growth();
    QList<double> bare, ours, ratios;
    for (int round = 0; round < rounds; ++round) {
        bare.append(milliseconds([&] { passThrough(bytes); }));
        ours.append(milliseconds([&] { readAndChoose(bytes); }));
        ratios.append(ours.last() / bare.last());
    }
    const double ratio = median(ratios);
    std::printf("%d items, %.2f MiB; bare pass %.1f ms, read and chosen %.1f ms\n", itemCount,
                double(bytes.size()) / (1 << 20), median(bare), median(ours));
    std::printf("median ratio of %d rounds: %.2f (goal: below %.0f)\n", rounds, ratio, goal);
    std::printf("memory at once: %.1f MiB\n", double(growth.value_or(0)) / (1 << 20));
    return ratio < goal ? 0 : 1;
}
