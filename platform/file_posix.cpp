// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/file.h"

#include "platform/filecontent.h"
#include "platform/seam.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

constexpr std::size_t blockSize = 256 * 1024;
using Kind = FileCall::Kind;

// Of the files that writeFileDurably makes, and nobody else.
constexpr std::string_view temporaryMark = ".freshen-";

tl::unexpected<Error> systemFailure(std::string_view what, const fs::path &path)
{
    return tl::unexpected<Error>(systemError(what, path, errno));
}

ErrorCode codeForErrno(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
        return ErrorCode::NO_SPACE;
    case EACCES:
    case EPERM:
    case EROFS:
        return ErrorCode::NEEDS_RIGHTS;
    default:
        return ErrorCode::IO;
    }
}

std::string_view nextStep(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
        return " Free some space and try again.";
    case EACCES:
    case EPERM:
        return " Ask someone who may write there.";
    case EROFS:
        return " Move the app to a place that can be written.";
    default:
        return "";
    }
}

Result<void> writeAll(int fd, Bytes bytes, const fs::path &path)
{
    while (!bytes.empty()) {
        const ssize_t count = changing({.kind = Kind::Write, .path = path, .bytes = bytes},
                                       [&] { return ::write(fd, bytes.data(), bytes.size()); });
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemFailure("write", path);
        bytes = bytes.subspan(std::size_t(count));
    }
    return {};
}

Result<void> closeChecked(Descriptor &fd, const fs::path &path)
{
    // Closed it is in any case, also where a test lets it fail.
    const int closed = ::close(fd.release());
    if (changing({.kind = Kind::Close, .path = path}, [&] { return closed; }) != 0
        && errno != EINTR)
        return systemFailure("write", path);
    return {};
}

// What `path` names is gone afterwards, or errno tells why not.
int unlinkFile(const fs::path &path)
{
    return changing({.kind = Kind::RemoveFile, .path = path},
                    [&] { return ::unlink(path.c_str()); });
}

int setMode(int fd, const fs::path &path, std::uint32_t mode)
{
    return changing({.kind = Kind::SetMode, .path = path, .mode = mode},
                    [&] { return ::fchmod(fd, mode); });
}

int syncFile(int fd, const fs::path &path)
{
    return changing({.kind = Kind::SyncFile, .path = path}, [&] { return ::fsync(fd); });
}

int makeFolder(const fs::path &path, std::uint32_t mode)
{
    return changing({.kind = Kind::MakeFolder, .path = path, .mode = mode},
                    [&] { return ::mkdir(path.c_str(), mode); });
}

int renameEntry(const fs::path &from, const fs::path &to)
{
    return changing({.kind = Kind::Rename, .path = from, .other = to},
                    [&] { return ::rename(from.c_str(), to.c_str()); });
}

fs::path parentOf(const fs::path &path)
{
    const fs::path parent = path.parent_path();
    return parent.empty() ? fs::path(".") : parent;
}

bool lockNow(int fd)
{
    struct flock request = {};
    request.l_type = F_WRLCK;
    request.l_whence = SEEK_SET;
    return ::fcntl(fd, F_OFD_SETLK, &request) == 0;
}

// What writers that were killed left: a living one holds the lock of its file.
void removeStaleTemporaries(const fs::path &path)
{
    const std::string prefix = path.filename().string() + std::string(temporaryMark);
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(parentOf(path), error)) {
        if (!entry.path().filename().string().starts_with(prefix))
            continue;
        const Descriptor fd(::open(entry.path().c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
        if (fd.isOpen() && lockNow(fd.value()))
            unlinkFile(entry.path());
    }
}

// `temporary` gets the name that the system chose.
Descriptor createTemporary(const fs::path &path, fs::path &temporary)
{
    temporary = path.string() + std::string(temporaryMark) + "XXXXXX";
    return Descriptor(changing({.kind = Kind::CreateFile, .path = temporary, .mode = 0600}, [&] {
        std::string name = temporary.string();
        const int fd = ::mkostemp(name.data(), O_CLOEXEC);
        temporary = name;
        return fd;
    }));
}

// The temporary file of writeFileDurably, complete and on the disk.
Result<void> fillTemporary(const Descriptor &fd, const fs::path &path, std::string_view content,
                           std::uint32_t mode)
{
    const Bytes bytes(reinterpret_cast<const std::uint8_t *>(content.data()), content.size());
    if (auto written = writeAll(fd.value(), bytes, path); !written)
        return written;
    if (setMode(fd.value(), path, mode) != 0 || syncFile(fd.value(), path) != 0)
        return systemFailure("write", path);
    return {};
}

} // namespace

Descriptor &Descriptor::operator=(Descriptor &&other) noexcept
{
    if (this != &other) {
        reset();
        m_fd = other.release();
    }
    return *this;
}

int Descriptor::release()
{
    return std::exchange(m_fd, -1);
}

void Descriptor::reset()
{
    if (m_fd >= 0)
        ::close(release());
}

Error systemError(std::string_view what, const fs::path &path, int number)
{
    std::string message = "Cannot ";
    message.append(what).append(" ").append(path.string()).append(": ");
    message.append(std::strerror(number)).append(".").append(nextStep(number));
    return {codeForErrno(number), message};
}

Result<Descriptor> openForReading(const fs::path &path)
{
    Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd.isOpen())
        return systemFailure("read", path);
    struct stat status = {};
    if (::fstat(fd.value(), &status) != 0)
        return systemFailure("read", path);
    if (!S_ISREG(status.st_mode))
        return failure(ErrorCode::IO, "Cannot read " + path.string() + ": it is not a file.");
    return fd;
}

Result<void> readBlocks(const Descriptor &file, const std::function<bool(Bytes)> &consume)
{
    std::vector<std::uint8_t> buffer(blockSize);
    while (true) {
        const ssize_t count = ::read(file.value(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return failure(ErrorCode::IO, std::string("Reading failed: ") + std::strerror(errno));
        if (count == 0 || !consume(Bytes(buffer.data(), std::size_t(count))))
            return {};
    }
}

Result<std::string> readFile(const fs::path &path, std::size_t limit)
{
    const auto file = openForReading(path);
    return file ? readRest(*file, path, limit) : failure(file);
}

Result<std::string> readRest(const Descriptor &file, const fs::path &path, std::size_t limit)
{
    std::string content;
    const auto read = readBlocks(file, [&](Bytes bytes) {
        content.append(reinterpret_cast<const char *>(bytes.data()), bytes.size());
        return content.size() <= limit;
    });
    if (!read)
        return failure(read);
    if (content.size() > limit)
        return failure(ErrorCode::SIZE, path.string() + " is larger than it may be.");
    return content;
}

Result<NewFile> NewFile::create(const fs::path &path)
{
    constexpr std::uint32_t mode = 0600;
    Descriptor fd(changing({.kind = Kind::CreateFile, .path = path, .mode = mode}, [&] {
        const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
        return ::open(path.c_str(), flags, mode);
    }));
    if (!fd.isOpen())
        return systemFailure("create", path);
    return NewFile(std::move(fd), path);
}

Result<void> NewFile::write(Bytes bytes)
{
    return writeAll(m_fd.value(), bytes, m_path);
}

Result<void> NewFile::finish(std::uint32_t mode, bool durable)
{
    if (setMode(m_fd.value(), m_path, mode) != 0
        || (durable && syncFile(m_fd.value(), m_path) != 0))
        return systemFailure("write", m_path);
    return closeChecked(m_fd, m_path);
}

Result<void> writeFileDurably(const fs::path &path, std::string_view content, std::uint32_t mode)
{
    removeStaleTemporaries(path);
    fs::path temporary;
    const Descriptor fd = createTemporary(path, temporary);
    if (!fd.isOpen() || !lockNow(fd.value()))
        return systemFailure("write", path);
    // The file stays open, and locked, until it has its name.
    auto result = fillTemporary(fd, temporary, content, mode);
    if (result && renameEntry(temporary, path) != 0)
        result = systemFailure("write", path);
    if (!result) {
        unlinkFile(temporary);
        return result;
    }
    return syncDirectory(parentOf(path));
}

Result<void> copyFile(const fs::path &from, const fs::path &to, std::uint32_t mode)
{
    const auto source = openForReading(from);
    if (!source)
        return failure(source);
    auto target = NewFile::create(to);
    if (!target)
        return failure(target);
    Result<void> written;
    const auto read = readBlocks(*source, [&](Bytes bytes) {
        written = target->write(bytes);
        return written.has_value();
    });
    if (!read)
        return read;
    return written ? target->finish(mode) : written;
}

Result<void> removeFile(const fs::path &path)
{
    if (unlinkFile(path) != 0 && errno != ENOENT)
        return systemFailure("remove", path);
    return {};
}

Result<void> makeDirectory(const fs::path &path, std::uint32_t mode)
{
    if (makeFolder(path, mode) != 0)
        return systemFailure("make the folder", path);
    return {};
}

Result<void> makeDirectories(const fs::path &path, std::uint32_t mode)
{
    std::error_code error;
    if (path.empty() || fs::is_directory(path, error))
        return {};
    if (auto parent = makeDirectories(path.parent_path(), mode); !parent)
        return parent;
    if (makeFolder(path, mode) != 0 && errno != EEXIST)
        return systemFailure("make the folder", path);
    return {};
}

Result<void> rename(const fs::path &from, const fs::path &to)
{
    if (renameEntry(from, to) != 0)
        return systemFailure("rename", from);
    return {};
}

Result<void> syncDirectory(const fs::path &path)
{
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const auto sync = [&] { return ::fsync(fd.value()); };
    if (!fd.isOpen() || changing({.kind = Kind::SyncFolder, .path = path}, sync) != 0)
        return systemFailure("write", path);
    return {};
}

Result<std::uint64_t> freeSpace(const fs::path &path)
{
    struct statvfs status = {};
    if (::statvfs(path.c_str(), &status) != 0)
        return systemFailure("read", path);
    return std::uint64_t(status.f_bavail) * status.f_frsize;
}

bool isWritableDirectory(const fs::path &path)
{
    return ::access(path.c_str(), W_OK | X_OK) == 0;
}

std::uint64_t allocatedSize(const fs::path &path)
{
    struct stat status = {};
    constexpr std::uint64_t unit = 512; // of st_blocks, whatever the file system's block is
    return ::lstat(path.c_str(), &status) == 0 ? std::uint64_t(status.st_blocks) * unit : 0;
}

std::string identityOf(const fs::path &path)
{
    struct stat status = {};
    if (::lstat(path.c_str(), &status) != 0)
        return {};
    return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

} // namespace Freshen::Platform
