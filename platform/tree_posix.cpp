// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/tree.h"

#include "platform/file.h"
#include "platform/mountpoint.h"
#include "platform/seam.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

namespace fs = std::filesystem;
using Kind = FileCall::Kind;

// Deeper trees are no app's; the bound keeps descriptors and stack small.
constexpr int maximumDepth = 256;

struct DirectoryCloser {
    void operator()(DIR *directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, DirectoryCloser>;

Result<void> systemFailure(std::string_view what, const fs::path &path)
{
    return tl::unexpected<Error>(systemError(what, path, errno));
}

Directory toDirectory(Descriptor fd)
{
    if (!fd.isOpen())
        return nullptr;
    Directory directory(::fdopendir(fd.value()));
    if (directory)
        fd.release();
    return directory;
}

Directory openDirectory(const fs::path &path)
{
    return toDirectory(
        Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)));
}

EntryType typeOf(mode_t mode)
{
    if (S_ISREG(mode))
        return EntryType::File;
    if (S_ISDIR(mode))
        return EntryType::Directory;
    return S_ISLNK(mode) ? EntryType::Link : EntryType::Other;
}

EntryType typeOf(int directory, const dirent &entry)
{
    switch (entry.d_type) {
    case DT_REG:
        return EntryType::File;
    case DT_DIR:
        return EntryType::Directory;
    case DT_LNK:
        return EntryType::Link;
    case DT_UNKNOWN:
        break;
    default:
        return EntryType::Other;
    }
    struct stat status = {};
    if (::fstatat(directory, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return EntryType::Other;
    return typeOf(status.st_mode);
}

dev_t deviceOf(DIR *directory)
{
    struct stat status = {};
    ::fstat(::dirfd(directory), &status);
    return status.st_dev;
}

bool isDots(const char *name)
{
    return std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0;
}

std::string readLink(int directory, const char *name)
{
    std::string target(4096, '\0');
    const ssize_t size = ::readlinkat(directory, name, target.data(), target.size());
    target.resize(size < 0 ? 0 : std::size_t(size));
    return target;
}

TreeEntry toEntry(const std::string &path, EntryType type, const struct stat &status, int directory,
                  const char *name)
{
    return {path, type, std::uint32_t(status.st_mode & 07777),
            type == EntryType::File ? std::uint64_t(status.st_size) : 0,
            type == EntryType::Link ? readLink(directory, name) : std::string()};
}

// The entry `name` of an open folder; `path` is the whole name.
int removeAt(int directory, const char *name, const fs::path &path, Kind kind)
{
    return changing({.kind = kind, .path = path}, [&] {
        return ::unlinkat(directory, name, kind == Kind::RemoveFolder ? AT_REMOVEDIR : 0);
    });
}

// A folder of ours that may not be written still has to go. Where this fails, removing will.
void makeRemovable(int directory, const char *name, const fs::path &path)
{
    constexpr std::uint32_t mode = 0700;
    changing({.kind = Kind::SetMode, .path = path, .mode = mode},
             [&] { return ::fchmodat(directory, name, mode, 0); });
}

// One walk for all uses: `visit` gets the open folder, the entry's name there and its whole path,
// and says whether to go in; `leave` is called when a folder that was entered is done.
struct Walk {
    std::function<bool(int directory, const char *name, const std::string &path, EntryType)> visit;
    std::function<Result<void>(int directory, const char *name, const std::string &path)> leave;
    fs::path root;
    dev_t device = 0;

    Result<void> start(DIR *top)
    {
        device = deviceOf(top);
        return run(top, {}, 0);
    }

    Result<void> run(DIR *directory, const std::string &prefix, int depth) const
    {
        if (depth > maximumDepth)
            return failure(ErrorCode::IO, "The folder " + root.string() + " is nested too deeply.");
        errno = 0;
        while (const dirent *entry = ::readdir(directory)) {
            if (!isDots(entry->d_name)) {
                if (auto entered = enter(directory, *entry, prefix, depth); !entered)
                    return entered;
            }
            errno = 0;
        }
        return errno == 0 ? Result<void>() : systemFailure("read", root / prefix);
    }

    Result<void> enter(DIR *directory, const dirent &entry, const std::string &prefix,
                       int depth) const
    {
        const int fd = ::dirfd(directory);
        const std::string name = entry.d_name;
        const std::string path = prefix + name;
        const EntryType type = typeOf(fd, entry);
        if (!visit(fd, name.c_str(), path, type) || type != EntryType::Directory)
            return {};
        const Directory child = toDirectory(openWithoutMounts(fd, name.c_str()));
        // What is mounted here belongs to somebody else.
        const bool isForeign = !child ? errno == EXDEV : deviceOf(child.get()) != device;
        if (!child && !isForeign)
            return systemFailure("read", root / path);
        if (!isForeign) {
            if (auto done = run(child.get(), path + "/", depth + 1); !done)
                return done;
        }
        return leave ? leave(fd, name.c_str(), path) : Result<void>();
    }
};

} // namespace

Result<std::vector<TreeEntry>> listTree(const fs::path &root)
{
    std::vector<TreeEntry> entries;
    const Directory top = openDirectory(root);
    if (!top)
        return failure(systemFailure("read", root));
    Walk walk;
    walk.root = root;
    walk.visit = [&](int directory, const char *name, const std::string &path, EntryType type) {
        struct stat status = {};
        ::fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW);
        entries.push_back(toEntry(path, type, status, directory, name));
        return true;
    };
    if (auto done = walk.start(top.get()); !done)
        return failure(done);
    std::sort(entries.begin(), entries.end(),
              [](const TreeEntry &a, const TreeEntry &b) { return a.path < b.path; });
    return entries;
}

std::optional<TreeEntry> entryAt(const fs::path &place, const std::string &path)
{
    struct stat status = {};
    if (::lstat(place.c_str(), &status) != 0)
        return {};
    return toEntry(path, typeOf(status.st_mode), status, AT_FDCWD, place.c_str());
}

Result<void> visitTree(const fs::path &root, const TreeVisitor &visit)
{
    const Directory top = openDirectory(root);
    if (!top)
        return systemFailure("read", root);
    Walk walk;
    walk.root = root;
    walk.visit = [&](int, const char *, const std::string &path, EntryType type) {
        return visit(path, type);
    };
    return walk.start(top.get());
}

void removeEmptyFolder(const fs::path &folder)
{
    (void)changing({.kind = Kind::RemoveFolder, .path = folder},
                   [&] { return ::rmdir(folder.c_str()); });
}

Result<void> makeLink(const std::string &target, const fs::path &path)
{
    const auto make = [&] { return ::symlink(target.c_str(), path.c_str()); };
    if (changing({.kind = Kind::SymbolicLink, .path = path, .other = target}, make) != 0)
        return systemFailure("make the link", path);
    return {};
}

Result<void> removeTree(const fs::path &root)
{
    struct stat status = {};
    if (::lstat(root.c_str(), &status) != 0)
        return errno == ENOENT ? Result<void>() : systemFailure("remove", root);
    if (!S_ISDIR(status.st_mode))
        return removeFile(root);
    const Directory top = openDirectory(root);
    if (!top)
        return systemFailure("remove", root);
    Result<void> result;
    Walk walk;
    walk.root = root;
    walk.visit = [&](int directory, const char *name, const std::string &path, EntryType type) {
        if (type == EntryType::Directory) {
            makeRemovable(directory, name, root / path);
            return true;
        }
        if (removeAt(directory, name, root / path, Kind::RemoveFile) != 0 && result)
            result = systemFailure("remove", root / path);
        return false;
    };
    walk.leave = [&](int directory, const char *name, const std::string &path) {
        return removeAt(directory, name, root / path, Kind::RemoveFolder) == 0
            ? Result<void>()
            : systemFailure("remove", root / path);
    };
    makeRemovable(::dirfd(top.get()), ".", root);
    if (auto done = walk.start(top.get()); !done)
        return result ? done : result;
    if (result && removeAt(AT_FDCWD, root.c_str(), root, Kind::RemoveFolder) != 0)
        result = systemFailure("remove", root);
    return result;
}

} // namespace Freshen::Platform
