// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/userdriver.h>

namespace Freshen {

UserDriver::~UserDriver() = default;

} // namespace Freshen
