// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The helper: waits for the app to quit, exchanges its files, starts it again and brings the old
// version back when the new one is not ready. Started by the library, never by a person.

#include "platform/paths.h"
#include "platform/privilege.h"
#include "updater-helper/elevated.h"
#include "updater-helper/guard.h"
#include "updater-helper/installer.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/watcher.h"

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <string_view>

namespace {

using namespace Freshen;

constexpr int wrongUsage = 2;

constexpr std::string_view usage =
    "freshen-helper watch ORDER CALLER LOCK [APP]\n"
    "freshen-helper install ORDER\n"
    "freshen-helper elevated ID VERSION\n"
    "freshen-helper serve\n"
    "\n"
    "Exchanges the files of an application for a new version. The freshen library starts it;\n"
    "there is nothing here to be called by hand. Use the program \"freshen\" instead.\n";

Platform::Descriptor toDescriptor(std::string_view text)
{
    int fd = -1;
    std::from_chars(text.data(), text.data() + text.size(), fd);
    return Platform::Descriptor(fd);
}

int fail(const Error &error)
{
    std::fprintf(stderr, "freshen-helper: %s\n", error.message.c_str());
    return exitStatus(error.code);
}

// The installer's end of the connection is its first inherited descriptor.
int install(std::string_view orderFile)
{
    auto order = Install::Order::read(orderFile);
    if (!order)
        return fail(order.error());
    return runInstaller(*order, Platform::Channel(Platform::Descriptor(3)));
}

int watch(std::string_view orderFile, WatcherConnections connections)
{
    auto order = Install::Order::read(orderFile);
    if (!order) {
        (void)connections.caller.send(toFailure(order.error()));
        return fail(order.error());
    }
    auto signals = Platform::SignalListener::create();
    if (!signals) {
        (void)connections.caller.send(toFailure(signals.error()));
        return fail(signals.error());
    }
    return Watcher(std::move(*order), orderFile, std::move(connections), std::move(*signals))
        .run();
}

// The connection is standard input, whoever started it: a person's agreement or the service
// manager.
int serveElevated(std::optional<ElevatedInstaller::Authorisation> authorisation)
{
    if (!Platform::isAdministrator())
        return fail({ErrorCode::NEEDS_RIGHTS, "This is for an administrator's rights only."});
    Platform::Channel caller(Platform::Descriptor(0));
    if (const auto done = Platform::forgetStarter(); !done) {
        (void)caller.send(toFailure(done.error()));
        return exitStatus(done.error().code);
    }
    return ElevatedInstaller(std::move(caller), std::move(authorisation)).run();
}

} // namespace

int main(int argc, char **argv)
{
    const std::string_view role = argc > 1 ? argv[1] : "";
    Trust::ignoreConfiguration();
    const bool isElevated = role == "elevated" && argc == 4;
    const bool isService = role == "serve" && argc == 2;
    // With an administrator's rights it looks at nothing that it need not look at.
    if (!Platform::isAdministrator() || !(isElevated || isService)) {
        const auto self = Platform::executablePath();
        if (const auto app = guardedApp(self))
            return guardApp(*app, self, argv);
    }
    if (isElevated)
        return serveElevated(ElevatedInstaller::Authorisation{argv[2], argv[3]});
    if (isService)
        return serveElevated({});
    // A working directory inside the app would keep it busy.
    std::error_code error;
    std::filesystem::current_path("/", error);
    if (role == "install" && argc == 3)
        return install(argv[2]);
    if (role == "watch" && (argc == 5 || argc == 6)) {
        return watch(argv[2],
                     {Platform::Channel(toDescriptor(argv[3])), toDescriptor(argv[4]),
                      argc == 6 ? toDescriptor(argv[5]) : Platform::Descriptor()});
    }
    if (role == "--version") {
        std::puts("freshen-helper " FRESHEN_VERSION);
        return 0;
    }
    std::fputs(usage.data(), role == "--help" ? stdout : stderr);
    return role == "--help" ? 0 : wrongUsage;
}
