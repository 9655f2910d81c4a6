// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/socket.h"
#include "platform/unixaddress.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

using Kind = SocketAddress::Kind;

constexpr std::string_view everywhere = "*";

struct KindName {
    Kind kind;
    std::string_view name;
    int type;
};

constexpr std::array<KindName, 5> kinds = {{
    {Kind::Tcp, "tcp", SOCK_STREAM},
    {Kind::Udp, "udp", SOCK_DGRAM},
    {Kind::UnixStream, "unix", SOCK_STREAM},
    {Kind::UnixDatagram, "unixgram", SOCK_DGRAM},
    {Kind::UnixSeqpacket, "unixpacket", SOCK_SEQPACKET},
}};

bool isUnixKind(Kind kind)
{
    return kind != Kind::Tcp && kind != Kind::Udp;
}

tl::unexpected<Error> wrongAddress(std::string_view text, std::string_view reason)
{
    return failure(ErrorCode::CONFIG,
                   "\"" + std::string(text)
                       + "\" is no address to listen on: " + std::string(reason));
}

bool hasIpv6()
{
    static const bool has = Descriptor(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)).isOpen();
    return has;
}

// An address of the internet as the system wants it.
struct InternetAddress {
    sockaddr_storage storage = {};
    socklen_t length = 0;

    sockaddr *data() { return reinterpret_cast<sockaddr *>(&storage); }
    int family() const { return storage.ss_family; }
    sockaddr_in6 &ipv6() { return reinterpret_cast<sockaddr_in6 &>(storage); }
    sockaddr_in &ipv4() { return reinterpret_cast<sockaddr_in &>(storage); }
};

std::optional<InternetAddress> toInternet(const std::string &host, std::uint16_t port)
{
    addrinfo hints = {};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    const std::string numeric = host == everywhere ? "::" : host;
    if (::getaddrinfo(numeric.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
        return {};
    InternetAddress address;
    std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
    address.length = found->ai_addrlen;
    ::freeaddrinfo(found);
    return address;
}

std::string hostOf(InternetAddress &address)
{
    char text[NI_MAXHOST] = {};
    ::getnameinfo(address.data(), address.length, text, sizeof(text), nullptr, 0, NI_NUMERICHOST);
    return text;
}

// The same address always has the same text. Nothing for what is no number.
std::optional<std::string> normalisedHost(const std::string &host)
{
    if (host.empty() || host == everywhere)
        return std::string(hasIpv6() ? everywhere : "0.0.0.0");
    if (host == "localhost")
        return "127.0.0.1";
    auto address = toInternet(host, 0);
    if (!address)
        return {};
    return hostOf(*address);
}

Result<SocketAddress> parseInternet(SocketAddress address, std::string_view text,
                                    std::string_view rest)
{
    const std::size_t colon = rest.rfind(':');
    if (colon == std::string_view::npos)
        return wrongAddress(text, "it lacks a port, as in tcp:127.0.0.1:8080.");
    std::string_view host = rest.substr(0, colon);
    const std::string_view port = rest.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (error != std::errc() || end != port.data() + port.size())
        return wrongAddress(text, "its port is no number up to 65535.");
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return wrongAddress(text, "an IPv6 address stands in brackets, as in tcp:[::1]:8080.");
    const auto normalised = normalisedHost(std::string(host));
    if (!normalised)
        return wrongAddress(text, "its host is no number, \"localhost\" or \"*\".");
    address.host = *normalised;
    return address;
}

Error addressError(const SocketAddress &address, int number)
{
    return systemError("listen on", address.toText(), number);
}

bool setOption(const Descriptor &fd, int level, int name, int value)
{
    return ::setsockopt(fd.value(), level, name, &value, sizeof(value)) == 0;
}

std::optional<int> optionOf(int fd, int level, int name)
{
    int value = 0;
    socklen_t size = sizeof(value);
    if (::getsockopt(fd, level, name, &value, &size) != 0)
        return {};
    return value;
}

// What runs between opening a socket and giving it its address.
Result<Descriptor> openSocket(int family, const SocketAddress &address, const SocketHook &hook)
{
    const int type = kinds[std::size_t(address.kind)].type | SOCK_CLOEXEC | SOCK_NONBLOCK;
    Descriptor fd(::socket(family, type, 0));
    if (!fd.isOpen())
        return tl::unexpected<Error>(addressError(address, errno));
    if (family == AF_INET6)
        setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, address.host == everywhere ? 0 : 1);
    if (address.kind == Kind::Tcp)
        setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (hook) {
        if (const auto done = hook(fd.value()); !done)
            return failure(done);
    }
    return fd;
}

Result<Descriptor> bindAndListen(Descriptor fd, const SocketAddress &address, const sockaddr *where,
                                 socklen_t length)
{
    const bool isDatagram = kinds[std::size_t(address.kind)].type == SOCK_DGRAM;
    if (::bind(fd.value(), where, length) != 0
        || (!isDatagram && ::listen(fd.value(), SOMAXCONN) != 0)) {
        return tl::unexpected<Error>(addressError(address, errno));
    }
    return fd;
}

// Whether somebody answers at the socket file; its kind may be another one.
bool isAlive(const SocketAddress &address, const UnixAddress &where)
{
    const int type = kinds[std::size_t(address.kind)].type | SOCK_CLOEXEC | SOCK_NONBLOCK;
    const Descriptor fd(::socket(AF_UNIX, type, 0));
    return ::connect(fd.value(), where.data(), where.length) == 0 || errno != ECONNREFUSED;
}

Result<void> removeStaleFile(const SocketAddress &address, const UnixAddress &where)
{
    struct stat status = {};
    if (address.path.front() == '@' || ::lstat(address.path.c_str(), &status) != 0)
        return {};
    if (!S_ISSOCK(status.st_mode))
        return failure(ErrorCode::IO,
                       "Cannot listen on " + address.toText()
                           + ": a file that is no socket has this name; move it away.");
    if (isAlive(address, where))
        return failure(ErrorCode::IO,
                       "Cannot listen on " + address.toText() + ": another program listens there.");
    return removeFile(address.path);
}

Result<Descriptor> openUnix(const SocketAddress &address, const SocketHook &hook)
{
    const UnixAddress where = UnixAddress::fromName(address.path);
    if (where.length == 0)
        return wrongAddress(address.toText(), "the path is empty or longer than 107 bytes.");
    if (const auto removed = removeStaleFile(address, where); !removed)
        return failure(removed);
    auto fd = openSocket(AF_UNIX, address, hook);
    if (!fd)
        return fd;
    return bindAndListen(std::move(*fd), address, where.data(), where.length);
}

std::optional<SocketAddress> internetAddressOf(int fd, SocketAddress address)
{
    InternetAddress where;
    where.length = sizeof(where.storage);
    if (::getsockname(fd, where.data(), &where.length) != 0)
        return {};
    const bool isIpv6 = where.family() == AF_INET6;
    address.port = ntohs(isIpv6 ? where.ipv6().sin6_port : where.ipv4().sin_port);
    address.host = hostOf(where);
    if (isIpv6 && address.host == "::" && optionOf(fd, IPPROTO_IPV6, IPV6_V6ONLY) == 0)
        address.host = everywhere;
    if (address.port == 0)
        return {};
    return address;
}

std::optional<SocketAddress> unixAddressOf(int fd, SocketAddress address)
{
    UnixAddress where;
    where.length = sizeof(where.address);
    auto *const data = reinterpret_cast<sockaddr *>(&where.address);
    if (::getsockname(fd, data, &where.length) != 0)
        return {};
    address.path = where.name();
    if (address.path.empty())
        return {};
    return address;
}

} // namespace

Result<SocketAddress> SocketAddress::parse(std::string_view text)
{
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    for (const KindName &kind : kinds) {
        if (kind.name != name || colon == std::string_view::npos)
            continue;
        SocketAddress address;
        address.kind = kind.kind;
        const std::string_view rest = text.substr(colon + 1);
        if (!isUnixKind(kind.kind))
            return parseInternet(std::move(address), text, rest);
        address.path = rest;
        if (UnixAddress::fromName(rest).length == 0)
            return wrongAddress(text, "the path is empty or longer than 107 bytes.");
        return address;
    }
    return wrongAddress(text, "it begins with none of tcp:, udp:, unix:, unixgram:, unixpacket:.");
}

std::string SocketAddress::toText() const
{
    const std::string prefix = std::string(kinds[std::size_t(kind)].name) + ":";
    if (isUnix())
        return prefix + path;
    const bool needsBrackets = host.find(':') != std::string::npos;
    return prefix + (needsBrackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool SocketAddress::isUnix() const
{
    return isUnixKind(kind);
}

Result<Descriptor> openListening(const SocketAddress &address, const SocketHook &hook)
{
    if (address.isUnix())
        return openUnix(address, hook);
    auto where = toInternet(address.host, address.port);
    if (!where)
        return wrongAddress(address.toText(), "its host is no number.");
    auto fd = openSocket(where->family(), address, hook);
    if (!fd)
        return fd;
    return bindAndListen(std::move(*fd), address, where->data(), where->length);
}

std::optional<SocketAddress> addressOf(int fd)
{
    const auto domain = optionOf(fd, SOL_SOCKET, SO_DOMAIN);
    if (!domain)
        return {};
    const auto type = optionOf(fd, SOL_SOCKET, SO_TYPE);
    if (!type)
        return {};
    if (type != SOCK_DGRAM && optionOf(fd, SOL_SOCKET, SO_ACCEPTCONN) != 1)
        return {};
    for (const KindName &kind : kinds) {
        SocketAddress address;
        address.kind = kind.kind;
        if (kind.type != *type || address.isUnix() != (*domain == AF_UNIX))
            continue;
        if (address.isUnix())
            return unixAddressOf(fd, std::move(address));
        if (*domain == AF_INET || *domain == AF_INET6)
            return internetAddressOf(fd, std::move(address));
    }
    return {};
}

std::optional<SocketFile> socketFileOf(const SocketAddress &address)
{
    struct stat status = {};
    if (!address.isUnix() || address.path.empty() || address.path.front() == '@'
        || ::lstat(address.path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) {
        return {};
    }
    return SocketFile{address.path, identityOf(address.path)};
}

void removeSocketFile(const SocketFile &file)
{
    struct stat status = {};
    if (::lstat(file.path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)
        && identityOf(file.path) == file.identity) {
        ::unlink(file.path.c_str());
    }
}

void setBlocking(int fd)
{
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags >= 0)
        ::fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
}

bool closeOnExec(int fd)
{
    return ::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

} // namespace Freshen::Platform
