// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/installer.h"

#include "platform/signals.h"
#include "updater-helper/install/engine.h"

namespace Freshen {

namespace {

constexpr std::string_view failed = "failed ";
constexpr std::string_view commit = "commit ";

Result<void> swapOrGoBack(const Install::Layout &layout)
{
    auto swapped = Install::swap(layout);
    // Whatever is half done is undone now; where even that fails, the next start does it.
    if (!swapped)
        (void)Install::back(layout, false);
    return swapped;
}

// Stops when the watcher hangs up; it says nothing before it has an answer.
Result<void> prepare(const Install::Layout &layout, const Install::Order &order,
                     const Platform::Channel &watcher)
{
    return Install::prepare(layout, order, [&watcher](std::uint64_t) {
        return !Platform::waitForAny({watcher.value()}, Platform::Clock::now());
    });
}

Result<void> carryOut(const Install::Order &order, std::string_view request,
                      const Platform::Channel &watcher)
{
    const Install::Layout layout(order.app);
    if (request == "prepare")
        return prepare(layout, order, watcher);
    if (request == "swap")
        return swapOrGoBack(layout);
    if (request.starts_with(commit))
        return Install::commit(layout, {}, std::string(request.substr(commit.size())));
    if (request == "back")
        return Install::back(layout, true);
    if (request == "discard")
        return Install::discard(layout);
    if (const auto problem = fromFailure(request))
        return Install::commit(layout, problem);
    return failure(ErrorCode::HELPER, "The watcher asked for something unknown.");
}

} // namespace

std::string toFailure(const Error &error)
{
    std::string message(failed);
    message.append(errorCodeName(error.code)).append(" ").append(error.message);
    return message;
}

std::optional<Error> fromFailure(std::string_view message)
{
    if (!message.starts_with(failed))
        return {};
    message.remove_prefix(failed.size());
    const std::size_t space = message.find(' ');
    if (space == std::string_view::npos)
        return {};
    return Error{errorCodeFromName(message.substr(0, space)),
                 std::string(message.substr(space + 1))};
}

int runInstaller(const Install::Order &order, Platform::Channel watcher)
{
    // When the session ends, the watcher is told, too, and knows where to stop.
    const auto signals = Platform::SignalListener::create();
    while (true) {
        const auto request = watcher.receive();
        if (!request || !*request)
            return 0;
        const auto done = carryOut(order, **request, watcher);
        if (!watcher.send(done ? "done" : toFailure(done.error())))
            return 0;
    }
}

} // namespace Freshen
