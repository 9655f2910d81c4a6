// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/replace/replacement_p.h"

#include "lib/common/convert.h"
#include "lib/replace/bsdiffpatch.h"

#include <QFile>

namespace Freshen {

namespace fs = std::filesystem;

namespace {

Result<void> openDevice(QFile &file)
{
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return failure(ErrorCode::IO,
                       "Cannot read " + toStdString(file.fileName()) + ": "
                           + toStdString(file.errorString()) + ".");
    return {};
}

} // namespace

ReplacementPrivate::ReplacementPrivate(const QString &target)
    : layout(toPath(target.isEmpty() ? Replacement::ownExecutable() : target))
{
}

void ReplacementPrivate::setKeepAt(const QString &path)
{
    // Links in its folder are resolved, the file itself is not looked at.
    const fs::path name = toPath(path);
    std::error_code error;
    const fs::path absolute = fs::absolute(name, error);
    keepAt = name.empty()
        ? fs::path()
        : fs::weakly_canonical(absolute.parent_path(), error) / absolute.filename();
}

bool ReplacementPrivate::note(const Result<void> &result)
{
    error = result ? UpdateError() : toUpdateError(result.error());
    rollbackError = {};
    return result.has_value();
}

void ReplacementPrivate::discard()
{
    swap.reset();
    sha256.clear();
    isUnchanged = false;
}

Result<void> ReplacementPrivate::checkPaths() const
{
    std::error_code error;
    const auto status = fs::symlink_status(layout.app(), error);
    if (fs::exists(status) && !fs::is_regular_file(status))
        return failure(ErrorCode::CONFIG,
                       "Cannot replace " + layout.app().string() + ": it is not a file.");
    if (auto checked = Platform::checkReplaceable(layout.app()); !checked || keepAt.empty())
        return checked;
    if (fs::is_directory(keepAt, error) || fs::equivalent(keepAt, layout.app(), error)
        || keepAt == layout.app())
        return failure(ErrorCode::CONFIG,
                       "The old file cannot be kept at " + keepAt.string()
                           + ": that is a folder or the file itself. Choose another name.");
    return Platform::checkReplaceable(keepAt);
}

Result<void> ReplacementPrivate::giveAttributes(const fs::path &file) const
{
    const bool isThere = !Platform::identityOf(layout.app()).empty();
    auto attributes = Platform::fileAttributes(isThere ? layout.app() : file);
    if (!attributes)
        return failure(attributes);
    if (!isThere)
        attributes->mode = Platform::FileAttributes().mode;
    attributes->mode = mode.value_or(attributes->mode);
    return Platform::applyAttributes(file, *attributes);
}

Result<void> ReplacementPrivate::check() const
{
    if (auto checked = checkPaths(); !checked)
        return checked;
    const auto staging = FileSwap::begin(layout, keepAt);
    if (!staging)
        return failure(staging);
    auto probe = Platform::NewFile::create((*staging)->incoming());
    if (!probe)
        return failure(probe);
    auto finished = probe->finish(0600);
    return finished ? giveAttributes((*staging)->incoming()) : finished;
}

Result<void> ReplacementPrivate::prepare(QIODevice *content)
{
    discard();
    if (!content || !content->isReadable())
        return failure(ErrorCode::CONFIG, "The new file cannot be read: its device is not open.");
    if (auto checked = checkPaths(); !checked)
        return checked;
    auto staging = FileSwap::begin(layout, keepAt);
    if (!staging)
        return failure(staging);
    auto done = stage(**staging, content);
    Trust::leaveThread();
    if (done)
        done = compareWithOld();
    if (done)
        swap = std::move(*staging);
    return done;
}

Result<void> ReplacementPrivate::stage(FileSwap &staging, QIODevice *content)
{
    const auto rules = announced.rules(maximumSize);
    if (!rules)
        return failure(rules);
    if (patch == Replacement::Patch::Bsdiff) {
        if (auto fetched = fetchPatch(staging, content); !fetched)
            return fetched;
    }
    auto file = ContentFile::create(staging.incoming(), *rules);
    if (!file)
        return failure(file);
    // What cannot be done shows before much is written.
    auto done = giveAttributes(staging.incoming());
    if (done) {
        done = patch == Replacement::Patch::Bsdiff ? fillFromPatch(*file, staging)
                                                   : fill(*file, content);
    }
    if (done)
        done = file->verify();
    if (done)
        done = giveAttributes(staging.incoming());
    if (done)
        sha256 = file->sha256();
    return done;
}

// A copy that nobody changes between its verification and its use, and that can be read at any
// position.
Result<void> ReplacementPrivate::fetchPatch(FileSwap &staging, QIODevice *content) const
{
    const auto rules = announcedPatch.rules(maximumSize);
    if (!rules)
        return failure(rules);
    auto file = ContentFile::create(staging.patch(), *rules);
    if (!file)
        return failure(file);
    auto read = readDevice(content, [&](Platform::Bytes bytes) { return file->write(bytes); });
    return read ? file->verify() : read;
}

Result<void> ReplacementPrivate::add(ContentFile &file, Platform::Bytes bytes) const
{
    if (auto written = file.write(bytes); !written)
        return written;
    if (progress && !progress(file.size()))
        return failure(ErrorCode::CANCELLED,
                       "Cancelled: " + layout.app().string() + " is as it was.");
    return {};
}

Result<void> ReplacementPrivate::checkRoom(qint64 size) const
{
    if (size > maximumSize)
        return failure(ErrorCode::SIZE,
                       "The new file is longer than it may be (" + std::to_string(maximumSize)
                           + " bytes).");
    const auto room = Platform::freeSpace(layout.folder());
    if (!room)
        return failure(room);
    if (*room < std::uint64_t(size))
        return failure(ErrorCode::NO_SPACE,
                       "There is no room for the new file beside " + layout.app().string()
                           + ": it takes " + std::to_string(size)
                           + " bytes. Free some space and try again.");
    return {};
}

Result<void> ReplacementPrivate::fill(ContentFile &file, QIODevice *content) const
{
    const bool isSizeKnown = !content->isSequential();
    const qint64 size = isSizeKnown ? content->size() - content->pos() : 0;
    if (auto checked = checkRoom(size); !checked)
        return checked;
    const auto read = readDevice(content, [&](Platform::Bytes bytes) { return add(file, bytes); });
    if (read && isSizeKnown && file.size() != size)
        return failure(ErrorCode::SIZE, "The new file changed while it was read. Try again.");
    return read;
}

Result<void> ReplacementPrivate::fillFromPatch(ContentFile &file, const FileSwap &staging) const
{
    QFile old(toQString(layout.app()));
    QFile patchFile(toQString(staging.patch()));
    auto done = openDevice(old);
    if (done)
        done = openDevice(patchFile);
    if (!done)
        return done;
    const auto size = bsdiffNewSize(&patchFile);
    if (!size)
        return failure(size);
    if (*size <= maximumSize)
        done = checkRoom(*size);
    if (!done)
        return done;
    return applyBsdiff(&old, &patchFile, maximumSize,
                       [&](Platform::Bytes bytes) { return add(file, bytes); });
}

Result<void> ReplacementPrivate::compareWithOld()
{
    std::error_code error;
    const auto newSize = fs::file_size(layout.folder() / "incoming", error);
    if (fs::file_size(layout.app(), error) != newSize || error)
        return {};
    const auto old = Trust::sha256OfFile(layout.app());
    if (!old)
        return failure(old);
    isUnchanged = *old == sha256;
    return {};
}

SwapResult ReplacementPrivate::commit()
{
    if (!swap)
        return tl::unexpected(
            SwapFailure{{ErrorCode::CONFIG,
                         "Nothing is prepared that could replace " + layout.app().string() + "."},
                        {}});
    auto committed = swap->commit();
    swap.reset();
    return committed;
}

Result<void> ReplacementPrivate::takeBack()
{
    discard();
    if (auto checked = checkPaths(); !checked)
        return checked;
    const auto staging = FileSwap::begin(layout, keepAt);
    return staging ? (*staging)->takeBack() : failure(staging);
}

} // namespace Freshen
