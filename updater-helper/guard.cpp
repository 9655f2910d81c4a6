// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/guard.h"

#include "platform/becomeprogram.h"
#include "platform/process.h"
#include "updater-helper/install/engine.h"
#include "updater-helper/installerlink.h"

#include <cstdio>

namespace Freshen {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// Whoever changes the app holds the lock until the new version is ready, long after the guard is
// gone; nothing tells of that but the path.
constexpr auto pause = 20ms;

int fail(const Error &error)
{
    std::fprintf(stderr, "The update of this app was interrupted and could not be finished. %s\n",
                 error.message.c_str());
    return exitStatus(error.code);
}

// Where only an administrator may change the app, whoever may act for one is asked.
Result<void> askForHelp(const Install::Layout &layout, const Error &problem)
{
    const auto registration = Install::Registration::find(layout.app());
    const auto journal = Install::Journal::read(layout);
    if (problem.code != ErrorCode::NEEDS_RIGHTS || !registration || !journal || !*journal)
        return tl::unexpected<Error>(problem);
    return askToMakeWhole(*registration, (*journal)->toVersion);
}

} // namespace

std::optional<Install::Layout> guardedApp(const fs::path &self)
{
    for (fs::path folder = self.parent_path(); folder.has_relative_path();
         folder = folder.parent_path()) {
        Install::Layout layout(folder);
        if (!Platform::identityOf(layout.pieces()).empty())
            return layout;
    }
    return {};
}

int guardApp(const Install::Layout &layout, const fs::path &self, char **arguments)
{
    bool isTried = false;
    while (Platform::isThisProgram(self)) {
        const auto lock = layout.takeLock();
        if (!lock && lock.error().code == ErrorCode::BUSY) {
            Platform::waitForAny({}, Platform::Clock::now() + pause);
            continue;
        }
        // A change of which nothing is left to be done leaves no guard.
        auto done = isTried ? Result<void>(failure(ErrorCode::MANIFEST, "Install it again."))
            : lock          ? Install::makeWhole(layout)
                            : failure(lock);
        if (!done && !isTried)
            done = askForHelp(layout, done.error());
        if (!done)
            return fail(done.error());
        isTried = true;
    }
    return fail(Platform::becomeProgram(self, arguments));
}

} // namespace Freshen
