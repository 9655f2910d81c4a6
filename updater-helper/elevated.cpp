// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/elevated.h"

#include "platform/paths.h"
#include "updater-helper/install/installed.h"
#include "updater-helper/install/intake.h"
#include "updater-helper/install/userfiles.h"
#include "updater-helper/installer.h"

#include <algorithm>

namespace Freshen {

namespace {

using namespace std::chrono_literals;
using Install::ChangeKind;
using Install::Order;
using Platform::Clock;

// Somebody who connects has something to say.
constexpr auto idleTime = 30s;
// An app may go on for long before it quits, and its new version may take long to be ready.
constexpr auto changeTime = 24h;
constexpr std::size_t maximumDigits = 9;

tl::unexpected<Error> outOfTurn()
{
    return failure(ErrorCode::PROTOCOL, "This was not to be asked now; the connection ends.");
}

std::string_view takeWord(std::string_view &text)
{
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

bool isNumber(std::string_view text)
{
    return text.size() <= maximumDigits
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void waitUntilNoneRunsFrom(const std::filesystem::path &tree)
{
    for (auto running = Platform::processesRunningFrom(tree); !running.empty();
         running = Platform::processesRunningFrom(tree))
        Platform::waitForAny({running.front().handle.value()}, {});
}

// The release that stands at the app's path; none where it was never made by Freshen.
std::string installedVersion(const Install::Registration &registration,
                             const std::vector<Trust::PublicKey> &keys)
{
    const auto release = Install::installedRelease(registration.layout(), keys);
    return release ? release->manifest.version : registration.version;
}

} // namespace

ElevatedInstaller::ElevatedInstaller(Platform::Channel caller,
                                     std::optional<Authorisation> authorisation)
    : m_caller(std::move(caller))
    , m_authorisation(std::move(authorisation))
{
}

int ElevatedInstaller::run()
{
    while (!m_isBroken) {
        auto request = m_caller.receiveParcel(deadline());
        if (!request || !*request)
            break;
        const auto done = carryOut(**request);
        if (m_state == State::Idle)
            m_lock.reset();
        m_isBroken = !m_caller.send(done ? "done" : toFailure(done.error()))
            || (!done && done.error().code == ErrorCode::PROTOCOL);
    }
    hangUp();
    return 0;
}

Platform::Deadline ElevatedInstaller::deadline() const
{
    const std::chrono::seconds idle = idleTime;
    return Clock::now() + (m_state == State::Idle ? idle : changeTime);
}

// Nothing is left half done: nobody else has the right to finish it.
void ElevatedInstaller::hangUp()
{
    m_caller.close();
    if (m_state == State::Prepared)
        (void)discard();
    if (m_state == State::Swapped)
        (void)(m_mayGoBack ? back() : keepUnready());
}

Result<void> ElevatedInstaller::carryOut(Platform::Channel::Parcel &request)
{
    std::string_view rest = request.message;
    const std::string_view word = takeWord(rest);
    if (m_state == State::Idle) {
        const std::string id(takeWord(rest));
        if (word == "prepare")
            return prepare(id, rest, request.descriptors);
        if (word == "rollback" && rest.empty())
            return prepareRollback(id);
        if (word == "make-whole" && rest.empty())
            return makeWhole(id);
    } else if (m_state == State::Prepared && rest.empty()) {
        if (word == "swap")
            return swap();
        if (word == "discard")
            return discard();
    } else if (m_state == State::Swapped) {
        const auto problem = fromFailure(request.message);
        if (word == "commit" && isNumber(rest))
            return commit({}, rest);
        if (problem && problem->code == ErrorCode::NOT_READY)
            return keepUnready();
        if (word == "back" && rest.empty())
            return back();
    }
    return outOfTurn();
}

// The install, locked.
Result<void> ElevatedInstaller::open(const std::string &id)
{
    if (m_authorisation && id != m_authorisation->id)
        return failure(ErrorCode::PROTOCOL, "The rights were given for another app.");
    auto registration = Install::Registration::read(id);
    if (!registration)
        return failure(registration);
    auto lock = registration->layout().takeLock();
    if (!lock)
        return failure(lock);
    // A folder that others may write to would lead the steps below astray.
    const Install::Layout layout = registration->layout();
    for (const auto &folder : {layout.descriptionFolder(), layout.folder()}) {
        if (auto isProtected = Platform::requireProtectedTree(folder); !isProtected)
            return isProtected;
    }
    m_registration = std::move(*registration);
    m_lock = std::move(*lock);
    return {};
}

Result<void> ElevatedInstaller::openWhole(const std::string &id)
{
    if (auto opened = open(id); !opened)
        return opened;
    const auto recovered = Install::recover(m_registration->layout(), m_registration->keys);
    return recovered ? Result<void>() : failure(recovered);
}

// For the guard of an app that nobody else may change.
Result<void> ElevatedInstaller::makeWhole(const std::string &id)
{
    const auto opened = open(id);
    return opened ? Install::makeWhole(m_registration->layout()) : opened;
}

Result<void> ElevatedInstaller::prepare(const std::string &id, std::string_view start,
                                        std::vector<Platform::Descriptor> &descriptors)
{
    const bool isKnown = start == "started" || start == "final" || start == "alone";
    if (descriptors.size() != 1 || !isKnown)
        return outOfTurn();
    if (auto opened = openWhole(id); !opened)
        return opened;
    const Platform::HeldFolder folder(std::move(descriptors.front()));
    const auto offer = Install::Offer::read(folder, *m_registration);
    if (!offer)
        return failure(offer);
    const Install::Layout layout = m_registration->layout();
    auto done = Install::discardTree(layout, layout.staged());
    if (done)
        done = Platform::removeTree(layout.staging());
    if (done)
        done = Install::takeIn(folder, *offer, layout.staging(), [this](std::uint64_t) {
            return !Platform::waitForAny({m_caller.value()}, Clock::now());
        });
    if (done)
        done = Platform::rename(layout.staging(), layout.staged());
    if (!done) {
        (void)Platform::removeTree(layout.staging());
        return done;
    }
    Order order;
    order.toVersion = offer->manifest.version;
    order.keys = offer->keys;
    order.launches = start != "alone";
    order.mayGoBack = m_mayGoBack = start != "final";
    m_floor = offer->floor;
    return arm(order);
}

// The floor stays: what was left is accepted again as a repair, and nothing in between.
Result<void> ElevatedInstaller::prepareRollback(const std::string &id)
{
    if (!m_authorisation)
        return failure(ErrorCode::NEEDS_RIGHTS,
                       "Going back to an older version needs an administrator.");
    if (auto opened = openWhole(id); !opened)
        return opened;
    const Install::Layout layout = m_registration->layout();
    const auto previous = Install::readRelease(layout, layout.previous(), m_registration->keys);
    if (!previous)
        return failure(ErrorCode::NO_PREVIOUS, "There is no previous version to go back to.");
    auto floor = Install::Floor::read(*m_registration);
    if (!floor)
        return failure(floor);
    m_floor = std::move(*floor);
    Order order;
    order.kind = ChangeKind::Rollback;
    order.toVersion = previous->manifest.version;
    order.keys = m_registration->keys;
    return arm(order);
}

Result<void> ElevatedInstaller::arm(const Order &wanted)
{
    if (m_authorisation && wanted.toVersion != m_authorisation->version)
        return failure(ErrorCode::PROTOCOL, "The rights were given for another version.");
    Order order = wanted;
    order.app = m_registration->app;
    order.guard = Platform::executablePath();
    order.product = m_registration->product;
    order.fromVersion = installedVersion(*m_registration, order.keys);
    if (order.kind == ChangeKind::Update && order.fromVersion == order.toVersion)
        order.kind = ChangeKind::Repair;
    const auto armed = Install::prepare(m_registration->layout(), order, [this](std::uint64_t) {
        return !Platform::waitForAny({m_caller.value()}, Clock::now());
    });
    if (armed)
        m_state = State::Prepared;
    return armed;
}

// Whoever asks cannot see the processes of other users.
Result<void> ElevatedInstaller::swap()
{
    const auto running = Platform::processesRunningFrom(m_registration->app);
    if (!running.empty())
        return failure(ErrorCode::APP_RUNNING,
                       "Somebody else on this computer still runs the app (process "
                           + std::to_string(running.front().id)
                           + "). Try again when it is closed.");
    auto swapped = Install::swap(m_registration->layout());
    if (!swapped)
        (void)Install::back(m_registration->layout(), false);
    m_state = swapped ? State::Swapped : State::Idle;
    return swapped;
}

Result<void> ElevatedInstaller::commit(const std::optional<Error> &problem,
                                       std::string_view downtimeMs)
{
    auto done = m_floor.write(*m_registration);
    if (done)
        done = Install::commit(m_registration->layout(), problem, std::string(downtimeMs));
    if (done)
        m_state = State::Idle;
    return done;
}

// In words of its own: others read them, and the caller's could be anything.
Result<void> ElevatedInstaller::keepUnready()
{
    return commit(Error{ErrorCode::NOT_READY,
                        "The new version did not become ready. It is kept, because its data may "
                        "not suit the one before."},
                  {});
}

// Not held against the release: the one who asks may say what is not true.
Result<void> ElevatedInstaller::back()
{
    waitUntilNoneRunsFrom(m_registration->app);
    auto returned = Install::back(m_registration->layout(), false);
    if (returned)
        m_state = State::Idle;
    return returned;
}

Result<void> ElevatedInstaller::discard()
{
    m_state = State::Idle;
    const Install::Layout layout = m_registration->layout();
    auto discarded = Install::discard(layout);
    return discarded ? Install::discardTree(layout, layout.staged()) : discarded;
}

} // namespace Freshen
