// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/channel.h"
#include "updater-helper/install/order.h"
#include "updater-helper/install/registration.h"

namespace Freshen {

// The installer, seen from the watcher: a process of the same user, or one with more rights.
struct InstallerLink {
    Platform::Channel channel{Platform::Descriptor()};
    Platform::Process process; // none where a service answers
    // What it is asked first.
    std::string preparation;
    Platform::Descriptor offer; // goes with it; the folder that the new tree lies in
};

// `lock` is the install's, for an installer of the same user.
Result<InstallerLink> startInstaller(const Install::Order &order,
                                     const std::filesystem::path &orderFile,
                                     const Platform::Descriptor &lock);

// Has a change of a registered app that was broken off in the middle finished or undone.
Result<void> askToMakeWhole(const Install::Registration &registration, const std::string &version);

// Why an installer that had to be given rights ended without an answer.
Error endOf(InstallerLink &link, const Install::Order &order);

} // namespace Freshen
