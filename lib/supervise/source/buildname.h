// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What publishers' names of files tell.

#pragma once

#include <QString>

namespace Freshen {

// Neither a signature nor a checksum, a list, a system's own package or an unfinished copy.
bool isBuildName(const QString &name);
// Names this system and this processor, in any of their spellings: "agent_Linux_amd64.gz".
bool isForThisMachine(const QString &name);
// "2.0rc1" of "agent-2.0-rc1-linux-x86_64.tar.zst"; empty where there is none.
QString versionInName(const QString &name);

} // namespace Freshen
