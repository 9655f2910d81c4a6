// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/package/packagewriter.h"

namespace Freshen {

// Refuses a request whose package no client could use, before anything is read or written.
Result<void> checkPackRequest(const PackRequest &request, const SecretKey &key);

} // namespace Freshen
