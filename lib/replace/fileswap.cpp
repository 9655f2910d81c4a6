// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/replace/fileswap.h"

#include "platform/fileattributes.h"

namespace Freshen {

namespace fs = std::filesystem;

namespace {

bool isThere(const fs::path &path)
{
    return !Platform::identityOf(path).empty();
}

enum class Renamed { Yes, OtherVolume };

// In one step, whatever stands there, and on the disk.
Result<Renamed> renameOver(const fs::path &from, const fs::path &to)
{
    std::error_code error;
    fs::rename(from, to, error);
    if (error == std::errc::cross_device_link)
        return Renamed::OtherVolume;
    if (error)
        return tl::unexpected<Error>(Platform::systemError("replace", to, error.value()));
    const auto synced = Platform::syncDirectory(to.parent_path());
    return synced ? Result<Renamed>(Renamed::Yes) : failure(synced);
}

// Where both are beside each other, and so on one volume.
Result<void> renameBeside(const fs::path &from, const fs::path &to)
{
    const auto renamed = renameOver(from, to);
    if (!renamed)
        return failure(renamed);
    if (*renamed == Renamed::OtherVolume)
        return failure(ErrorCode::IO,
                       "Cannot replace " + to.string() + ": something else is mounted there.");
    return {};
}

// The content, to the disk, with the attributes of a file that `to` is to stand for.
Result<void> copyDurably(const fs::path &from, const fs::path &to,
                         const Platform::FileAttributes &attributes)
{
    auto done = Platform::removeFile(to);
    if (done)
        done = Platform::copyFile(from, to, 0600);
    if (done)
        done = Platform::applyAttributes(to, attributes);
    if (!done)
        (void)Platform::removeFile(to);
    return done;
}

// Another volume may know neither owners nor attributes. What runs with special rights must not do
// so from there.
Result<void> copyForKeeping(const fs::path &from, const fs::path &to)
{
    auto attributes = Platform::fileAttributes(from);
    if (!attributes)
        return failure(attributes);
    attributes->extended.clear();
    attributes->mode &= 0777;
    return copyDurably(from, to, *attributes);
}

Result<void> keepElsewhere(const fs::path &from, const fs::path &to)
{
    const fs::path copy = to.parent_path() / ("." + to.filename().string() + ".freshen-new");
    auto done = copyForKeeping(from, copy);
    if (done)
        done = renameBeside(copy, to);
    if (!done)
        (void)Platform::removeFile(copy);
    return done;
}

} // namespace

FileSwap::FileSwap(const Install::Layout &layout, fs::path keepAt, Platform::Descriptor lock)
    : m_layout(layout)
    , m_keepAt(std::move(keepAt))
    , m_lock(std::move(lock))
{
}

Result<std::unique_ptr<FileSwap>> FileSwap::begin(const Install::Layout &layout,
                                                  const fs::path &keepAt)
{
    // Nothing is touched in a folder that others prepared.
    if (auto checked = Platform::checkPrivateFolder(layout.folder()); !checked)
        return failure(checked);
    auto lock = layout.takeLock();
    if (!lock)
        return failure(lock);
    if (auto checked = Platform::checkPrivateFolder(layout.folder()); !checked)
        return failure(checked);
    std::unique_ptr<FileSwap> swap(new FileSwap(layout, keepAt, std::move(*lock)));
    if (auto recovered = swap->recover(); !recovered)
        return failure(recovered);
    return swap;
}

FileSwap::~FileSwap()
{
    // What could not be put back must not get lost.
    if (m_isBroken)
        return;
    (void)removeAll();
    std::error_code error;
    // The lock goes first, and only with the folder: somebody may just be opening it.
    for (const auto &entry : fs::directory_iterator(m_layout.folder(), error)) {
        if (entry.path() != m_layout.lock())
            return;
    }
    (void)Platform::removeFile(m_layout.lock());
    fs::remove(m_layout.folder(), error);
}

// The incoming file becomes the new one in the very step of the swap, so without one the swap took
// place. Keep this order: a kill in between must not look like that.
Result<void> FileSwap::removeAll()
{
    for (const fs::path &path : {outgoing(), patch(), incoming()}) {
        if (auto removed = Platform::removeFile(path); !removed)
            return removed;
    }
    return {};
}

Result<void> FileSwap::recover()
{
    if (!m_keepAt.empty() && isThere(outgoing()) && !isThere(incoming())) {
        if (auto kept = keepOld(); !kept)
            return kept;
    }
    return removeAll();
}

Result<void> FileSwap::holdOld()
{
    if (!isThere(m_layout.app()))
        return {};
    std::error_code error;
    fs::create_hard_link(m_layout.app(), outgoing(), error);
    if (!error)
        return {};
    // Not every file system has links, and not every file may be linked to.
    const auto attributes = Platform::fileAttributes(m_layout.app());
    return attributes ? copyDurably(m_layout.app(), outgoing(), *attributes) : failure(attributes);
}

Result<void> FileSwap::putInPlace()
{
    return renameBeside(incoming(), m_layout.app());
}

Result<void> FileSwap::keepOld()
{
    const auto renamed = renameOver(outgoing(), m_keepAt);
    if (!renamed)
        return failure(renamed);
    return *renamed == Renamed::Yes ? Result<void>() : keepElsewhere(outgoing(), m_keepAt);
}

SwapResult FileSwap::goBack(const Error &error)
{
    SwapFailure failed{error, {}};
    // Where there was no file the new one stays: a file is better than none.
    if (isThere(outgoing())) {
        const auto back = renameBeside(outgoing(), m_layout.app());
        m_isBroken = !back;
        if (!back)
            failed.rollback = back.error();
    }
    return tl::unexpected(failed);
}

SwapResult FileSwap::commit()
{
    if (auto held = holdOld(); !held)
        return tl::unexpected(SwapFailure{held.error(), {}});
    auto done = putInPlace();
    if (!done && isThere(incoming()))
        return tl::unexpected(SwapFailure{done.error(), {}});
    if (done && !m_keepAt.empty() && isThere(outgoing()))
        done = keepOld();
    return done ? SwapResult() : goBack(done.error());
}

Result<void> FileSwap::takeBack()
{
    if (m_keepAt.empty() || !isThere(m_keepAt))
        return failure(ErrorCode::NO_PREVIOUS,
                       "There is no earlier file to go back to"
                           + (m_keepAt.empty() ? "" : " at " + m_keepAt.string()) + ".");
    const auto renamed = renameOver(m_keepAt, m_layout.app());
    if (!renamed)
        return failure(renamed);
    if (*renamed == Renamed::Yes)
        return {};
    // What is kept on another volume may have lost its attributes there.
    const bool hasTarget = isThere(m_layout.app());
    const auto attributes = Platform::fileAttributes(hasTarget ? m_layout.app() : m_keepAt);
    auto done = attributes ? copyDurably(m_keepAt, incoming(), *attributes) : failure(attributes);
    if (done)
        done = putInPlace();
    return done ? Platform::removeFile(m_keepAt) : done;
}

} // namespace Freshen
