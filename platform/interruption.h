// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"

namespace Freshen::Platform {

// From now on a person's Ctrl+C, and the system's wish that this program end, no longer end it but
// make this descriptor readable. To be called before there are other threads.
Result<Descriptor> watchInterruptions();

} // namespace Freshen::Platform
