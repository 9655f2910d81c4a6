// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The installer with more rights than the one who asks. It believes nothing but what an
// administrator registered and what a publisher signed.
//
//   prepare ID started|final|alone   with the descriptor of the folder that holds the offer: takes
//                                the release in, verifies and journals it. It is to be started and
//                                may turn out bad; or stays then, too; or nobody starts it now
//   rollback ID                  prepares the way back to the previous version; only where an
//                                administrator was asked
//   swap, commit MS, failed NOT_READY …, back, discard     as the installer's, after prepare
//   make-whole ID                finishes or undoes a change piece by piece that was broken off;
//                                for the guard that stands at the executable's path
//
// Before anything else, what an earlier change left is finished or undone. Each is answered with
// "done" or "failed CODE sentence". What comes at another time than its own ends the connection.
// When that ends after the swap, the old version returns, unless it may not.

#pragma once

#include "platform/channel.h"
#include "updater-helper/install/engine.h"
#include "updater-helper/install/registration.h"

namespace Freshen {

class ElevatedInstaller
{
public:
    // For what an administrator gave the rights.
    struct Authorisation {
        std::string id;
        std::string version; // that is to be installed
    };

    // Without an authorisation: the service that serves anybody, with newer releases alone.
    ElevatedInstaller(Platform::Channel caller, std::optional<Authorisation> authorisation);

    // Until the connection ends; the exit status.
    int run();

private:
    enum class State { Idle, Prepared, Swapped };

    Result<void> carryOut(Platform::Channel::Parcel &request);
    Result<void> open(const std::string &id);
    // With nothing left of an earlier change, too.
    Result<void> openWhole(const std::string &id);
    Result<void> makeWhole(const std::string &id);
    Result<void> prepare(const std::string &id, std::string_view start,
                         std::vector<Platform::Descriptor> &descriptors);
    Result<void> prepareRollback(const std::string &id);
    Result<void> swap();
    Result<void> commit(const std::optional<Error> &problem, std::string_view downtimeMs);
    Result<void> back();
    Result<void> discard();
    Result<void> arm(const Install::Order &order);
    Result<void> keepUnready();
    void hangUp();
    Platform::Deadline deadline() const;

    Platform::Channel m_caller;
    std::optional<Authorisation> m_authorisation;
    State m_state = State::Idle;
    bool m_isBroken = false;
    bool m_mayGoBack = true;
    std::optional<Install::Registration> m_registration;
    Install::Floor m_floor; // once the change is committed
    Platform::Descriptor m_lock;
};

} // namespace Freshen
