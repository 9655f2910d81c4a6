// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/unixaddress.h"

#include <cstddef>
#include <cstring>

namespace Freshen::Platform {

UnixAddress UnixAddress::fromName(std::string_view name)
{
    UnixAddress result;
    result.address.sun_family = AF_UNIX;
    if (name.empty() || name.size() >= sizeof(result.address.sun_path)
        || name.find('\0') != std::string_view::npos) {
        return result;
    }
    std::memcpy(result.address.sun_path, name.data(), name.size());
    const bool isAbstract = name.front() == '@';
    if (isAbstract)
        result.address.sun_path[0] = '\0';
    const std::size_t terminator = isAbstract ? 0 : 1;
    result.length = socklen_t(offsetof(sockaddr_un, sun_path) + name.size() + terminator);
    return result;
}

std::string UnixAddress::name() const
{
    constexpr std::size_t begin = offsetof(sockaddr_un, sun_path);
    if (length <= begin)
        return {};
    std::string text(address.sun_path, length - begin);
    if (text.front() == '\0')
        text.front() = '@';
    else
        text.resize(::strnlen(text.data(), text.size()));
    return text;
}

} // namespace Freshen::Platform
