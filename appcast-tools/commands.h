// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "appcast-tools/publisher.h"

namespace Freshen {

Command keygenCommand();
Command publicKeyCommand();
Command signCommand();
Command verifyCommand();
Command packCommand();
Command generateCommand();
Command refreshCommand();
Command lintCommand();
Command bsdiffCommand();
Command rootInitCommand();
Command rootAddKeyCommand();
Command rootRemoveKeyCommand();
Command rootSignCommand();
Command rootRotateCommand();
Command rootShowCommand();

} // namespace Freshen
