// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/trust/publickey.h"

#include <QString>

namespace Freshen {

// A public key, given as text or as the name of a file.
Result<Trust::PublicKey> publicKeyFrom(const QString &text);

} // namespace Freshen
