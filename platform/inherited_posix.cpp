// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/inherited.h"

#include <charconv>
#include <cstdlib>
#include <optional>

#include <fcntl.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

constexpr int firstInherited = 3;
constexpr std::string_view nameless = "unknown"; // as sd_listen_fds_with_names(3) has it

std::optional<std::string> takeVariable(const char *name)
{
    const char *value = std::getenv(name);
    if (!value)
        return {};
    std::string taken = value;
    ::unsetenv(name);
    return taken;
}

std::optional<int> toNumber(std::string_view text, int base = 10)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return {};
    return number;
}

std::vector<std::string> splitNames(std::string_view list)
{
    std::vector<std::string> names;
    while (true) {
        const std::size_t end = list.find(':');
        names.push_back(fromListName(list.substr(0, end)));
        if (end == std::string_view::npos)
            return names;
        list.remove_prefix(end + 1);
    }
}

tl::unexpected<Error> wrong(const std::string &reason)
{
    return failure(ErrorCode::PROTOCOL,
                   "What the starter of this program passed on cannot be used: " + reason);
}

bool isPlain(char letter)
{
    return letter > ' ' && letter < '\x7f' && letter != ':' && letter != '%';
}

} // namespace

Result<std::vector<NamedDescriptor>> takeInherited()
{
    const auto process = takeVariable("LISTEN_PID");
    const auto countText = takeVariable("LISTEN_FDS");
    const auto list = takeVariable("LISTEN_FDNAMES");
    if (!process || !countText || toNumber(*process) != ::getpid())
        return std::vector<NamedDescriptor>();
    const auto count = toNumber(*countText);
    if (!count || *count < 0 || *count > ::sysconf(_SC_OPEN_MAX) - firstInherited)
        return wrong("LISTEN_FDS is no possible number of descriptors.");
    std::vector<std::string> names;
    if (list && *count > 0)
        names = splitNames(*list);
    else
        names.assign(std::size_t(*count), std::string(nameless));
    if (names.size() != std::size_t(*count))
        return wrong("LISTEN_FDS says " + std::to_string(*count) + ", but LISTEN_FDNAMES has "
                     + std::to_string(names.size()) + " names.");
    for (int fd = firstInherited; fd < firstInherited + *count; ++fd) {
        if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
            return wrong("descriptor " + std::to_string(fd) + " of " + std::to_string(*count)
                         + " is not open.");
    }
    std::vector<NamedDescriptor> taken;
    for (int i = 0; i < *count; ++i)
        taken.push_back({std::move(names[std::size_t(i)]), Descriptor(firstInherited + i)});
    return taken;
}

std::string toListName(std::string_view name)
{
    constexpr char digits[] = "0123456789ABCDEF";
    std::string listed;
    for (const char letter : name) {
        const auto byte = static_cast<unsigned char>(letter);
        if (isPlain(letter))
            listed += letter;
        else
            listed.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    return listed;
}

std::string fromListName(std::string_view listed)
{
    std::string name;
    for (std::size_t i = 0; i < listed.size(); ++i) {
        const auto byte = listed[i] == '%' && i + 2 < listed.size()
            ? toNumber(listed.substr(i + 1, 2), 16)
            : std::nullopt;
        name += byte && *byte >= 0 ? char(*byte) : listed[i];
        if (byte && *byte >= 0)
            i += 2;
    }
    return name;
}

} // namespace Freshen::Platform
