// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/filesource.h"

#include "lib/common/convert.h"
#include "lib/common/job.h"
#include "lib/feed/versionorder.h"
#include "lib/supervise/source/buildname.h"
#include "platform/file.h"
#include "updater-helper/trust/text.h"

#include <QDir>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds checkInterval = 250ms;
constexpr std::chrono::milliseconds patience = 5s;

QString shown(const QString &path)
{
    return toQString(Trust::escaped(toStdString(path)));
}

bool isOlder(const QFileInfo &one, const QFileInfo &other)
{
    const int order = compareVersions(versionInName(one.fileName()),
                                      versionInName(other.fileName()));
    return order == 0 ? one.lastModified() < other.lastModified() : order < 0;
}

QFileInfoList buildsIn(const QString &folder)
{
    QFileInfoList builds = QDir(folder).entryInfoList(QDir::Files);
    builds.removeIf([](const QFileInfo &file) { return !isBuildName(file.fileName()); });
    const auto isOurs = [](const QFileInfo &file) { return isForThisMachine(file.fileName()); };
    if (std::any_of(builds.begin(), builds.end(), isOurs))
        builds.removeIf(std::not_fn(isOurs));
    return builds;
}

// Empty where there is none.
QString buildAt(const QString &path)
{
    if (!QFileInfo(path).isDir())
        return QFileInfo::exists(path) ? path : QString();
    const QFileInfoList builds = buildsIn(path);
    const auto newest = std::max_element(builds.begin(), builds.end(), isOlder);
    return newest == builds.end() ? QString() : newest->filePath();
}

QString markOf(const QString &path)
{
    const std::filesystem::path file = toPath(QFileInfo(path).canonicalFilePath());
    std::error_code error;
    const auto time = std::filesystem::last_write_time(file, error).time_since_epoch().count();
    return error ? QString()
                 : u"%1 %2 %3"_s.arg(time)
                       .arg(std::filesystem::file_size(file, error))
                       .arg(toQString(Platform::identityOf(file)));
}

QString signatureOf(const QString &file)
{
    return file + u".minisig"_s;
}

// Of the build and its signature.
QString markOfBuild(const QString &file)
{
    return markOf(file) + u'\n' + markOf(signatureOf(file));
}

Result<void> copyFile(const QString &from, const QString &to, qint64 limit, JobControl &control)
{
    const auto source = Platform::openForReading(toPath(QFileInfo(from).canonicalFilePath()));
    if (!source)
        return failure(source);
    if (auto done = Platform::removeFile(toPath(to)); !done)
        return done;
    auto target = Platform::NewFile::create(toPath(to));
    if (!target)
        return failure(target);
    OwnedFile unfinished;
    unfinished.take(to);
    Result<void> written;
    qint64 bytes = 0;
    const auto read = Platform::readBlocks(*source, [&](Platform::Bytes block) {
        bytes += qint64(block.size());
        if (bytes <= limit)
            written = target->write(block);
        return bytes <= limit && written && control.advance(bytes);
    });
    if (!read || !written)
        return read ? written : read;
    if (bytes > limit)
        return failure(
            ErrorCode::SIZE,
            u"%1 is larger than the %2 bytes that it may have."_s.arg(shown(from)).arg(limit));
    const auto done = target->finish(0600);
    if (done)
        unfinished.release();
    return done;
}

Result<QByteArray> readSignature(const QString &file)
{
    const QFileInfo signature(signatureOf(file));
    if (!signature.exists())
        return QByteArray();
    const auto content = Platform::readFile(toPath(signature.canonicalFilePath()),
                                            maximumSignature);
    return content ? Result<QByteArray>(QByteArray::fromStdString(*content)) : failure(content);
}

} // namespace

FileSource::FileSource(const QString &path, const SourceOptions &options)
    : RecordedSource(u"file:"_s + QFileInfo(path).absoluteFilePath(), shown(path), options)
    , m_path(QFileInfo(path).absoluteFilePath())
{
    m_check.setInterval(checkInterval);
    m_notice.setSingleShot(true);
    m_notice.setInterval(checkInterval);
    const auto noticeSoon = [this] {
        if (!m_notice.isActive())
            m_notice.start();
    };
    connect(&m_check, &QTimer::timeout, this, &FileSource::checkAgain);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, noticeSoon);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, noticeSoon);
    connect(&m_notice, &QTimer::timeout, this, &FileSource::notice);
    m_noticed = markOfBuild(buildAt(m_path));
    watch();
}

FileSource::~FileSource()
{
    stop();
}

// A file that was replaced is another one, and folders come and go as well.
void FileSource::watch()
{
    const QStringList wanted{QFileInfo(m_path).path(), m_path};
    for (const QString &path : wanted) {
        const bool isWatched = m_watcher.files().contains(path)
            || m_watcher.directories().contains(path);
        if (!isWatched && QFileInfo::exists(path))
            m_watcher.addPath(path);
    }
}

// What else goes on in the folder is of no interest.
void FileSource::notice()
{
    watch();
    const QString before = std::exchange(m_noticed, markOfBuild(buildAt(m_path)));
    if (m_noticed != before)
        Q_EMIT changed();
}

void FileSource::start()
{
    watch();
    const bool isFirst = !std::exchange(m_hasLooked, true);
    m_file = buildAt(m_path);
    if (m_file.isEmpty())
        return endWithNothing();
    m_mark = markOfBuild(m_file);
    if (m_mark == known().mark)
        return endWithNothing();
    if (isFirst && options().isBaseline && known().isEmpty())
        return endKnown({{}, m_mark, {}});
    m_deadline.setRemainingTime(patience);
    m_check.start();
}

void FileSource::stop()
{
    m_check.stop();
    if (m_copy)
        m_copy->cancel();
}

void FileSource::checkAgain()
{
    m_file = buildAt(m_path);
    if (m_file.isEmpty()) {
        m_check.stop();
        return endWithNothing();
    }
    const QString before = std::exchange(m_mark, markOfBuild(m_file));
    if (before == m_mark)
        copy();
    else if (m_deadline.hasExpired())
        endUnstable();
}

void FileSource::endUnstable()
{
    m_check.stop();
    endFailed({ErrorCode::BUSY,
               u"%1 is still changing. It is looked at again later; write to another name and "
               "rename to be faster."_s.arg(shown(m_file))
                   .toStdString()});
}

void FileSource::copy()
{
    m_check.stop();
    auto signature = std::make_shared<QByteArray>();
    m_copy = Job::start([signature, from = m_file, to = folder().download(),
                         limit = options().maximumSize](JobControl &control) {
        auto done = copyFile(from, to, limit, control);
        const auto read = readSignature(from);
        if (done && !read)
            return Result<void>(failure(read));
        *signature = read.value_or(QByteArray());
        return done;
    });
    const qint64 size = QFileInfo(m_file).size();
    connect(m_copy, &Job::progressed, this,
            [this, size](qint64 done) { Q_EMIT progressed(done, size); });
    connect(m_copy, &Job::failed, this, [this](const Error &error) { endFailed(error); });
    connect(m_copy, &Job::succeeded, this, [this, signature] { settleCopy(*signature); });
}

// Half of one build and half of another would be none.
void FileSource::settleCopy(const QByteArray &signature)
{
    if (markOfBuild(m_file) != m_mark)
        return endUnstable();
    FetchedBuild build;
    build.name = QFileInfo(m_file).fileName();
    build.signature = signature;
    settle(build, {{}, m_mark, {}});
}

} // namespace Freshen
