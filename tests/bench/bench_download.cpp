// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A large file from a real web server on this computer, downloaded by Freshen and by curl in turn:
// processor time of the whole processes (user and system, all threads), and how much memory
// Freshen's takes above that of a program that does nothing. Everything lies in TMPDIR.
//
//   bench_download [--megabytes N] [--rounds N] [--connections N]
//
// Goals, over http: at most 1.5 times curl's processor time, and 1.2 times without the hashing
// that curl does not do. Below 32 MB of memory, over https as well. Exit status 1 when one of them
// is missed.

#include "tests/support/certificates.h"
#include "tests/support/peakmemory.h"
#include "tests/support/realserver.h"
#include "tests/support/samplebytes.h"
#include "updater-helper/trust/digest.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QStorageInfo>

#include <algorithm>
#include <cstdio>
#include <ctime>

#include <sys/resource.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr double goal = 1.5;
constexpr double goalWithoutHash = 1.2;
constexpr qint64 memoryGoal = 32'000'000;
constexpr qsizetype megabyte = 1'000'000;

struct Options {
    int megabytes = 2000;
    int rounds = 5;
    QString connections = u"3"_s;
};

Options readOptions()
{
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({{u"megabytes"_s, u"Size of the file."_s, u"N"_s, u"2000"_s},
                       {u"rounds"_s, u"Downloads by each."_s, u"N"_s, u"5"_s},
                       {u"connections"_s, u"Of Freshen, at once."_s, u"N"_s, u"3"_s}});
    parser.process(*QCoreApplication::instance());
    return {std::max(1, parser.value(u"megabytes"_s).toInt()),
            std::max(1, parser.value(u"rounds"_s).toInt()), parser.value(u"connections"_s)};
}

double seconds(const timeval &time)
{
    return double(time.tv_sec) + double(time.tv_usec) / 1e6;
}

// Of all processes that this one started and that ended.
double childrenTime()
{
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Run {
    double cpu = 0; // seconds
    double wall = 0;
    QByteArray said;
};

Run run(const QString &program, const QStringList &arguments)
{
    QElapsedTimer wall;
    wall.start();
    const double before = childrenTime();
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(program, arguments);
    if (!process.waitForFinished(600'000) || process.exitCode() != 0)
        qFatal("%s failed: %s", qPrintable(program), qPrintable(process.errorString()));
    return {childrenTime() - before, double(wall.nsecsElapsed()) / 1e9,
            process.readAllStandardOutput()};
}

double median(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// The file in the server's folder: other bytes in every block.
struct Sample {
    qint64 length = 0;
    QString sha256;
    double hashTime = 0; // of the processor
};

Sample makeSample(const QString &name, int megabytes)
{
    QByteArray block = randomBytes(megabyte);
    QFile file(name);
    Sample sample;
    Trust::Digest digest(Trust::Digest::Kind::Sha256);
    bool isWritten = file.open(QIODevice::WriteOnly | QIODevice::Unbuffered);
    for (int number = 0; number < megabytes; ++number) {
        block.replace(0, 4, QByteArray::number(number).rightJustified(4));
        const std::clock_t begin = std::clock();
        digest.add({reinterpret_cast<const std::uint8_t *>(block.constData()),
                    std::size_t(block.size())});
        sample.hashTime += double(std::clock() - begin) / CLOCKS_PER_SEC;
        isWritten = isWritten && file.write(block) == block.size();
    }
    // What is still on its way to the disk would slow down whoever comes first.
    if (!isWritten || fsync(file.handle()) != 0)
        qFatal("%s cannot be written: %s", qPrintable(name), qPrintable(file.errorString()));
    sample.length = file.size();
    sample.sha256 = QString::fromStdString(digest.hexResult());
    return sample;
}

class Comparison
{
public:
    Comparison(const Options &options, const Sample &sample, const QString &folder)
        : m_options(options)
        , m_sample(sample)
        , m_file(folder + u"/downloaded"_s)
    {
    }

    // Prints what it finds; false when a goal is missed.
    bool isGood(const QUrl &url, const QString &authority = {})
    {
        QList<double> ours, curls, ratios, bare, memory, ourWall, curlWall;
        for (int round = 0; round < m_options.rounds; ++round) {
            const Run freshen = runFreshen(url, authority);
            const Run curl = runCurl(url, authority);
            ours.append(freshen.cpu);
            curls.append(curl.cpu);
            ourWall.append(freshen.wall);
            curlWall.append(curl.wall);
            ratios.append(freshen.cpu / curl.cpu);
            bare.append((freshen.cpu - m_sample.hashTime) / curl.cpu);
            memory.append(freshen.said.trimmed().toDouble());
        }
        const double peak = *std::max_element(memory.begin(), memory.end());
        const QByteArray scheme = url.scheme().toUtf8();
        std::printf("%s: freshen %.2f s (%.2f s elapsed), curl %.2f s (%.2f s elapsed); median "
                    "ratio %.2f, without hashing %.2f; memory %.1f MB\n",
                    scheme.constData(), median(ours), median(ourWall), median(curls),
                    median(curlWall), median(ratios), median(bare), peak / 1e6);
        const bool isFast = median(ratios) <= goal && median(bare) <= goalWithoutHash;
        return (isFast || scheme != "http") && peak >= 0 && peak < double(memoryGoal);
    }

private:
    Run runFreshen(const QUrl &url, const QString &authority)
    {
        QStringList arguments{url.toString(), m_file, QString::number(m_sample.length),
                              m_sample.sha256, m_options.connections};
        if (!authority.isEmpty())
            arguments.append(authority);
        const Run result = run(QStringLiteral(FRESHEN_FETCHFILE), arguments);
        requireWhole();
        return result;
    }

    Run runCurl(const QUrl &url, const QString &authority)
    {
        QStringList arguments{u"-sf"_s, u"-o"_s, m_file, url.toString()};
        if (!authority.isEmpty())
            arguments << u"--cacert"_s << authority;
        const Run result = run(u"curl"_s, arguments);
        requireWhole();
        return result;
    }

    void requireWhole()
    {
        if (QFileInfo(m_file).size() != m_sample.length)
            qFatal("The file did not arrive.");
        QFile::remove(m_file);
    }

    Options m_options;
    Sample m_sample;
    QString m_file;
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const Options options = readOptions();
    Certificates certificates;
    if (!NginxServer::isAvailable() || !certificates.isAvailable()
        || !certificates.make({.name = u"server"_s}))
        qFatal("This needs nginx (platform/linux/setup.sh --tests) and the openssl command.");
    NginxServer plain({.directives = "access_log off; sendfile on;"});
    NginxServer secure({.certificate = certificates.certificate(u"server"_s),
                        .key = certificates.key(u"server"_s),
                        .directives = "access_log off;"});
    if (!plain.start() || !secure.start())
        return 2;
    const Sample sample = makeSample(plain.folder() + u"/file"_s, options.megabytes);
    QFile::link(plain.folder() + u"/file"_s, secure.folder() + u"/file"_s);
    const QTemporaryDir folder;
    std::printf("%d MB on %s, %d rounds, %s connections; hashing alone: %.2f s\n",
                options.megabytes, QStorageInfo(folder.path()).fileSystemType().constData(),
                options.rounds, qPrintable(options.connections), sample.hashTime);
    Comparison comparison(options, sample, folder.path());
    bool isGood = comparison.isGood(plain.url(u"file"_s));
    isGood &= comparison.isGood(secure.url(u"file"_s), certificates.certificate(u"authority"_s));
    return isGood ? 0 : 1;
}
