// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Cuts the power of a file system before every call that an update makes on it, mounts it again and
// looks at what is there. powercut.sh makes the file system and tells what this is for.
//
//   freshen-test-powercut IMAGE MOUNTPOINT EVERY

#include "lib/common/convert.h"
#include "platform/file.h"
#include "tests/support/interruptedupdate.h"

#include <QCoreApplication>
#include <QProcess>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr unsigned long shutdownRequest = _IOR('X', 125, std::uint32_t);
// What is still written: everything; the journal of the file system; nothing.
constexpr std::uint32_t modes[] = {0, 1, 2};
constexpr const char *modeNames[] = {"all written", "journal written", "nothing written"};

// How the process ends that makes the update.
enum Ending { Done = 0, Cut = 10, CannotCut = 11 };

[[noreturn]] void cutPower(const QString &mountPoint, std::uint32_t mode, Ending ending)
{
    const int fd = ::open(mountPoint.toLocal8Bit().constData(), O_RDONLY | O_DIRECTORY);
    const bool isCut = fd >= 0 && ::ioctl(fd, shutdownRequest, &mode) == 0;
    if (!isCut)
        std::fprintf(stderr, "The power cannot be cut: %s.\n", std::strerror(errno));
    ::_exit(isCut ? ending : CannotCut);
}

// Cuts the power before the n-th call, the first is 1.
FaultRule cutAt(int n, const QString &mountPoint, std::uint32_t mode, const FaultRule &rule)
{
    return [=, count = 0](const Platform::FileCall &call) mutable {
        if (++count == n)
            cutPower(mountPoint, mode, Cut);
        return rule ? rule(call) : 0;
    };
}

class Sweep
{
public:
    Sweep(QString image, QString mountPoint, int every)
        : m_image(std::move(image))
        , m_mountPoint(std::move(mountPoint))
        , m_every(every)
    {
    }

    int run()
    {
        for (const bool isInPieces : {false, true}) {
            for (const Scenario &scenario : scenarios()) {
                for (const std::uint32_t mode : modes)
                    cutEverywhere(scenario, isInPieces, mode);
            }
        }
        std::printf("%d points, %d violations\n", m_points, m_violations);
        return m_violations == 0 && m_points > 0 ? 0 : 1;
    }

private:
    void cutEverywhere(const Scenario &scenario, bool isInPieces, std::uint32_t mode)
    {
        // Each series begins at another call.
        Ending ending = Cut;
        for (int n = 1 + m_series++ % m_every; ending == Cut; n += m_every) {
            clear();
            InterruptedUpdate update(scenario, isInPieces);
            ending = updateInChild(update, n, mode);
            remount();
            QString problem = u"the update failed"_s;
            if (ending == Done || ending == Cut) {
                const FaultyFiles files(update.rule());
                problem = update.recover(ending == Done, n % 2 == 0);
            }
            report(scenario, isInPieces, mode, n, problem);
        }
    }

    // What the one before had downloaded.
    void clear() const
    {
        for (const auto &entry : std::filesystem::directory_iterator(toPath(m_mountPoint))) {
            if (entry.path().filename() != "lost+found")
                std::filesystem::remove_all(entry.path());
        }
    }

    Ending updateInChild(const InterruptedUpdate &update, int n, std::uint32_t mode) const
    {
        if (const auto synced = Platform::syncFileSystem(toPath(m_mountPoint)); !synced)
            qFatal("%s", synced.error().message.c_str());
        const pid_t child = ::fork();
        if (child == 0) {
            const FaultyFiles files(cutAt(n, m_mountPoint, mode, update.rule()));
            update.run();
            cutPower(m_mountPoint, mode, Done);
        }
        int status = 0;
        while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
        return WIFEXITED(status) ? Ending(WEXITSTATUS(status)) : CannotCut;
    }

    void remount() const
    {
        const int unmounted = QProcess::execute(u"umount"_s, {m_mountPoint});
        const int mounted = QProcess::execute(u"mount"_s,
                                              {u"-o"_s, u"loop"_s, m_image, m_mountPoint});
        if (unmounted != 0 || mounted != 0)
            qFatal("The file system cannot be mounted again.");
    }

    void report(const Scenario &scenario, bool isInPieces, std::uint32_t mode, int n,
                const QString &problem)
    {
        ++m_points;
        if (problem.isEmpty())
            return;
        ++m_violations;
        std::printf("%s%s, before call %d, %s: %s\n", scenario.name,
                    isInPieces ? ", piece by piece" : "", n, modeNames[mode], qPrintable(problem));
        std::fflush(stdout);
    }

    QString m_image;
    QString m_mountPoint;
    int m_every;
    int m_series = 0;
    int m_points = 0;
    int m_violations = 0;
};

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const int every = arguments.value(3).toInt();
    if (arguments.size() != 4 || every < 1) {
        std::fputs("Usage: freshen-test-powercut IMAGE MOUNTPOINT EVERY\n", stderr);
        return 2;
    }
    // The app that is updated lies on that file system.
    qputenv("TMPDIR", arguments[2].toLocal8Bit());
    return Sweep(arguments[1], arguments[2], every).run();
}
