// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/fileattributes.h"

#include "platform/seam.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <linux/limits.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

using Kind = FileCall::Kind;

constexpr std::uint32_t permissionBits = 07777;
constexpr std::uint32_t setIdBits = S_ISUID | S_ISGID;
constexpr std::string_view capabilityName = "security.capability";

tl::unexpected<Error> systemFailure(std::string_view what, const fs::path &path)
{
    return tl::unexpected<Error>(systemError(what, path, errno));
}

tl::unexpected<Error> needsRights(const fs::path &path, const std::string &why)
{
    return failure(ErrorCode::NEEDS_RIGHTS,
                   "Cannot replace " + path.string() + ": " + why
                       + ". Ask someone who may do that, or run as its owner.");
}

// Labels are the system's own: it may or may not let this user set them.
bool isLabel(const std::string &name)
{
    return name == "security.selinux" || name.starts_with("security.SMACK64");
}

// What hashes and signs the content (IMA, EVM, fs-verity) fits no other content.
bool isKept(const std::string &name)
{
    return name.starts_with("user.") || name == "system.posix_acl_access" || name == capabilityName
        || isLabel(name);
}

bool hasNoAttributes(int number)
{
    return number == ENOTSUP || number == ENOSYS;
}

Result<std::string> attributeNames(const Descriptor &file, const fs::path &path)
{
    std::string names(XATTR_LIST_MAX, '\0');
    const ssize_t size = ::flistxattr(file.value(), names.data(), names.size());
    if (size < 0 && !hasNoAttributes(errno))
        return systemFailure("read the attributes of", path);
    names.resize(std::size_t(std::max<ssize_t>(size, 0)));
    return names;
}

Result<void> readExtended(const Descriptor &file, const fs::path &path, FileAttributes &attributes)
{
    const auto names = attributeNames(file, path);
    if (!names)
        return failure(names);
    for (std::size_t at = 0; at < names->size(); at += std::strlen(names->c_str() + at) + 1) {
        const std::string name = names->c_str() + at;
        if (!isKept(name))
            continue;
        std::string value(XATTR_SIZE_MAX, '\0');
        const ssize_t size = ::fgetxattr(file.value(), name.c_str(), value.data(), value.size());
        if (size < 0)
            return systemFailure("read the attributes of", path);
        attributes.extended[name] = value.substr(0, std::size_t(size));
    }
    return {};
}

// Tries the group alone where the owner cannot be set.
bool setOwner(const Descriptor &file, const fs::path &path, const FileAttributes &attributes)
{
    const auto change = [&](uid_t owner) {
        return changing({.kind = Kind::SetOwner, .path = path},
                        [&] { return ::fchown(file.value(), owner, attributes.group); })
            == 0;
    };
    struct stat status = {};
    if (::fstat(file.value(), &status) != 0)
        return false;
    if (status.st_uid == attributes.owner && status.st_gid == attributes.group)
        return true;
    if (change(attributes.owner))
        return true;
    const bool hasGroup = change(uid_t(-1));
    return hasGroup && status.st_uid == attributes.owner;
}

Result<void> setExtended(const Descriptor &file, const fs::path &path,
                         const std::map<std::string, std::string> &extended)
{
    for (const auto &attribute : extended) {
        const auto &[name, value] = attribute;
        const int set = changing({.kind = Kind::SetAttribute, .path = path}, [&] {
            return ::fsetxattr(file.value(), attribute.first.c_str(), attribute.second.data(),
                               attribute.second.size(), 0);
        });
        if (set == 0 || isLabel(name))
            continue;
        if (name == capabilityName && errno == EPERM)
            return needsRights(path, "the new file could not have the capabilities of the old one");
        return systemFailure("set the attributes of", path);
    }
    return {};
}

Result<void> setMode(const Descriptor &file, const fs::path &path, std::uint32_t mode)
{
    struct stat status = {};
    const auto set = [&] { return ::fchmod(file.value(), mode); };
    if (changing({.kind = Kind::SetMode, .path = path, .mode = mode}, set) != 0
        || ::fstat(file.value(), &status) != 0)
        return systemFailure("set the mode of", path);
    // The system takes the bit away without a word where the group is a foreign one.
    if ((status.st_mode & permissionBits) != mode)
        return needsRights(path, "the new file could not have the mode of the old one");
    return {};
}

Result<void> syncOpened(const Descriptor &file, const fs::path &path)
{
    const auto sync = [&] { return ::fsync(file.value()); };
    return changing({.kind = Kind::SyncFile, .path = path}, sync) == 0
        ? Result<void>()
        : systemFailure("write", path);
}

bool isStuck(const struct stat &folder, const fs::path &path)
{
    struct stat file = {};
    const uid_t user = ::geteuid();
    return (folder.st_mode & S_ISVTX) && user != 0 && folder.st_uid != user
        && ::lstat(path.c_str(), &file) == 0 && file.st_uid != user;
}

// The attributes that `chattr` sets, and whether something is mounted there.
std::uint64_t specialBits(const fs::path &path)
{
    struct statx status = {};
    const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
    if (::statx(AT_FDCWD, path.c_str(), flags, STATX_TYPE, &status) != 0)
        return 0;
    return status.stx_attributes;
}

} // namespace

Result<FileAttributes> fileAttributes(const fs::path &path)
{
    const auto file = openForReading(path);
    if (!file)
        return failure(file);
    struct stat status = {};
    if (::fstat(file->value(), &status) != 0)
        return systemFailure("read", path);
    FileAttributes attributes{.mode = status.st_mode & permissionBits,
                              .owner = status.st_uid,
                              .group = status.st_gid,
                              .extended = {}};
    if (auto read = readExtended(*file, path, attributes); !read)
        return failure(read);
    return attributes;
}

Result<void> setAttributes(const fs::path &path, const FileAttributes &attributes)
{
    const auto file = openForReading(path);
    if (!file)
        return failure(file);
    const bool isPrivileged = (attributes.mode & setIdBits)
        || attributes.extended.contains(std::string(capabilityName));
    if (!setOwner(*file, path, attributes) && isPrivileged)
        return needsRights(path,
                           "it runs with its owner's rights, and the new file could not "
                           "have that owner");
    // A change of the owner takes capabilities away, an access control list changes the mode.
    if (auto set = setExtended(*file, path, attributes.extended); !set)
        return set;
    return setMode(*file, path, attributes.mode & permissionBits);
}

Result<void> applyAttributes(const fs::path &path, const FileAttributes &attributes)
{
    const auto set = setAttributes(path, attributes);
    return set ? syncFile(path) : set;
}

Result<Owner> ownerOf(const fs::path &path)
{
    struct stat status = {};
    if (::lstat(path.c_str(), &status) != 0)
        return systemFailure("read", path);
    return Owner{status.st_uid, status.st_gid};
}

Result<void> giveTo(const fs::path &path, const Owner &owner)
{
    struct stat status = {};
    if (::geteuid() != 0 || ::lstat(path.c_str(), &status) != 0
        || (status.st_uid == owner.user && status.st_gid == owner.group))
        return {};
    if (changing({.kind = Kind::SetOwner, .path = path},
                 [&] { return ::lchown(path.c_str(), owner.user, owner.group); })
        != 0)
        return systemFailure("set the owner of", path);
    return {};
}

Result<void> syncFile(const fs::path &path)
{
    const auto file = openForReading(path);
    if (!file)
        return failure(file);
    return syncOpened(*file, path);
}

Result<void> checkReplaceable(const fs::path &path)
{
    const fs::path folder = path.parent_path();
    struct stat status = {};
    if (::stat(folder.c_str(), &status) != 0)
        return systemFailure("find the folder", folder);
    if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
        return systemFailure("replace files in", folder);
    if (isStuck(status, path))
        return needsRights(path, "in this folder only a file's owner may replace it");
    constexpr std::uint64_t fixed = STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND;
    if ((specialBits(path) | specialBits(folder)) & fixed)
        return needsRights(path, "the file or its folder may not be changed (see lsattr)");
    if (specialBits(path) & STATX_ATTR_MOUNT_ROOT)
        return failure(ErrorCode::NEEDS_RIGHTS,
                       "Cannot replace " + path.string()
                           + ": it is mounted. Replace the file that it is mounted from.");
    return {};
}

Result<void> checkPrivateFolder(const fs::path &path)
{
    struct stat status = {};
    if (::lstat(path.c_str(), &status) != 0)
        return errno == ENOENT ? Result<void>() : systemFailure("read", path);
    const bool isOwn = status.st_uid == ::geteuid() || status.st_uid == 0;
    if (S_ISDIR(status.st_mode) && isOwn && !(status.st_mode & (S_IWGRP | S_IWOTH)))
        return {};
    return failure(ErrorCode::NEEDS_RIGHTS,
                   path.string()
                       + " belongs to somebody else, or others may write there. Remove it, "
                         "then try again.");
}

bool standsAt(const Descriptor &file, const fs::path &path)
{
    struct stat opened = {};
    struct stat named = {};
    return ::fstat(file.value(), &opened) == 0 && ::lstat(path.c_str(), &named) == 0
        && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

} // namespace Freshen::Platform
