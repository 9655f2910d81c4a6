// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/unpackbuild.h"

#include "lib/common/convert.h"
#include "lib/common/job.h"
#include "lib/package/packagearchive.h"
#include "platform/file.h"
#include "updater-helper/trust/text.h"

#include <QFileInfo>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 blockSize = 256 << 10;

bool isPacked(const PackedBuild &build)
{
    QFile file(build.file);
    return unpackedName(build.name) != build.name && file.open(QIODevice::ReadOnly)
        && file.read(2) == "\x1f\x8b";
}

QString shown(const QString &name)
{
    return toQString(Trust::escaped(toStdString(name)));
}

Error tooLarge(const PackedBuild &build)
{
    return {ErrorCode::SIZE,
            u"%1 unpacks to more than the %2 bytes that it may have."_s.arg(shown(build.name))
                .arg(build.maximumSize)
                .toStdString()};
}

// The device speaks of packages and of the file's name here.
Error unpackError(const PackedBuild &build, const Error &error)
{
    if (error.code == ErrorCode::SIZE)
        return tooLarge(build);
    if (error.code != ErrorCode::ARCHIVE)
        return error;
    return {
        ErrorCode::ARCHIVE,
        u"%1 is damaged or cut short. If it stays so, tell the publisher."_s.arg(shown(build.name))
            .toStdString()};
}

Result<void> unpack(const PackedBuild &build, const QString &to, JobControl &control)
{
    TarDevice device(build.file, KCompressionDevice::GZip, quint64(build.maximumSize),
                     [&] { return !control.isCancelled(); });
    auto target = Platform::NewFile::create(toPath(to));
    if (!target)
        return failure(target);
    if (!device.open(QIODevice::ReadOnly))
        return device.status();
    QByteArray block(blockSize, Qt::Uninitialized);
    Result<void> done;
    while (done) {
        const qint64 count = device.read(block.data(), block.size());
        if (!device.status())
            return tl::unexpected(unpackError(build, device.status().error()));
        if (count <= 0)
            break;
        done = target->write(toBytes(block).first(std::size_t(count)));
    }
    if (done)
        done = target->finish(0600);
    return done;
}

} // namespace

QString unpackedName(const QString &name)
{
    const bool isPacked = name.endsWith(".gz"_L1, Qt::CaseInsensitive) && name.size() > 3
        && PackageFormat::endingOf(name).isEmpty();
    return isPacked ? name.chopped(3) : name;
}

Result<void> unpackBuild(const PackedBuild &build, const QString &to, JobControl &control)
{
    const auto done = isPacked(build) ? unpack(build, to, control)
                                      : Platform::rename(toPath(build.file), toPath(to));
    if (done && QFileInfo(to).size() == 0)
        return failure(ErrorCode::SIZE,
                       u"%1 is empty. Tell the publisher."_s.arg(shown(build.name)));
    return done;
}

} // namespace Freshen
