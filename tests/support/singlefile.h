// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/support/enginefixture.h"

namespace Freshen {

// The manifest of a release that is one file under this name, and its freshen.json.
Trust::Manifest singleFileManifest(const std::string &name, const std::string &version,
                                   std::string_view program, std::string_view description);
QByteArray singleFileDescription(const EngineFixture &fixture, const std::string &name,
                                 const std::string &version);
// Installs version 1.0 of an app that is a single file, in the fixture's folder; the release calls
// the file "tool-1.0".
Install::Layout installSingleFile(const EngineFixture &fixture, const std::string &name);

} // namespace Freshen
