// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The half that changes files. It does what the watcher asks, one step at a time, and nothing else.

#pragma once

#include "platform/channel.h"
#include "updater-helper/install/order.h"

namespace Freshen {

// Serves the watcher until it hangs up. Asked for a step ("prepare", "swap", "commit MILLISECONDS"
// without a running app, "back", "discard"; a failure's text: commit all the same and tell it), it
// answers "done" or "failed CODE SENTENCE".
int runInstaller(const Install::Order &order, Platform::Channel watcher);

// "failed CODE SENTENCE", and back.
std::string toFailure(const Error &error);
std::optional<Error> fromFailure(std::string_view message);

} // namespace Freshen
