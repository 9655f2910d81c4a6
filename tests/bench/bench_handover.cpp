// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// How long it takes to hand 4, 400 and 4000 descriptors, each under its own name, to a next version
// that is another process: from handOver() until it said ready. Where each name arrived is checked.
//
// Goal: 10 ms for 4000, more than a program needs to start and end. Exit status 1 when it is
// missed.

#include <Freshen/handover.h>

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>
#include <cstdio>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr int rounds = 9;
constexpr double goal = 10;

void raiseLimit()
{
    rlimit limit = {};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

// The next version: takes them all, and is ready when there are as many as told.
int takeAll(int count)
{
    Handover handover;
    const QStringList names = handover.descriptorNames();
    for (int i = 0; i < count; ++i) {
        if (names.value(i) != u"file%1"_s.arg(i))
            return 1;
    }
    return names.size() == count && handover.ready() ? 0 : 1;
}

double milliseconds(int count)
{
    Handover handover;
    const int file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    for (int i = 0; i < count; ++i)
        handover.addDescriptor(u"file%1"_s.arg(i), file);
    ::close(file);
    HandoverOptions options;
    options.arguments = {u"--take"_s, QString::number(count)};
    handover.setOptions(options);
    double time = -1;
    QElapsedTimer timer;
    QObject::connect(&handover, &Handover::handedOver,
                     [&] { time = double(timer.nsecsElapsed()) / 1e6; });
    QObject::connect(&handover, &Handover::finished, &QCoreApplication::quit);
    QObject::connect(&handover, &Handover::failed, [](const UpdateError &error) {
        std::printf("%s\n", qPrintable(error.message()));
        QCoreApplication::quit();
    });
    if (!handover.ready())
        return -1;
    timer.start();
    handover.handOver();
    QCoreApplication::exec();
    return time;
}

double median(int count)
{
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round)
        times.push_back(milliseconds(count));
    std::sort(times.begin(), times.end());
    if (times.front() < 0)
        return -1;
    std::printf("%5d descriptors: %6.2f ms (best %.2f, worst %.2f)\n", count, times[rounds / 2],
                times.front(), times.back());
    return times[rounds / 2];
}

} // namespace

int main(int argc, char **argv)
{
    raiseLimit();
    QCoreApplication application(argc, argv);
    if (argc == 3 && std::string_view(argv[1]) == "--take")
        return takeAll(std::atoi(argv[2]));
    double time = 0;
    for (const int count : {0, 4, 400, 4000}) {
        time = median(count);
        if (time < 0)
            return 1;
    }
    if (time > goal)
        std::printf("goal missed\n");
    return time <= goal ? 0 : 1;
}
