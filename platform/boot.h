// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>

namespace Freshen::Platform {

// Another value after every start of the computer; empty where the system does not tell.
std::string bootId();

} // namespace Freshen::Platform
