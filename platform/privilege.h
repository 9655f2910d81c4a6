// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

namespace Freshen::Platform {

// Whether this process runs with an administrator's rights.
bool isAdministrator();

// For a process with more rights than whoever started it, before it does anything else: makes
// everything that it inherited worthless. No environment, no descriptor but standard input, which
// is its connection; the root folder, usual limits, no signal blocked or fatal that a limit or a
// lost peer sends, no core dump, no debugger.
Result<void> forgetStarter();

} // namespace Freshen::Platform
