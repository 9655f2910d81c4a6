// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/package/appdescription.h"
#include "lib/signing/secretkey.h"

namespace Freshen {

struct PackRequest {
    AppDescription description; // becomes freshen.json
    QString os; // "linux", "windows", "macos"
    QString arch; // "x86_64", "arm64", "x86"
    QString tree; // the folder to pack, or the single file
    QString package; // ends in .tar.zst, .tar.xz, .tar.gz or .zip
};

// Turns a folder, or the single file that an app is, into a package: freshen.json and the signed
// manifest inside, manifest and signature also beside it (NAME.manifest, NAME.manifest.minisig).
// The tree itself is not changed. Same input, same bytes. Refuses what a client would refuse.
Result<void> packTree(const PackRequest &request, const SecretKey &key);

// "acme-2.0.0-linux-x86_64" of "acme-2.0.0-linux-x86_64.tar.zst"; empty for other endings.
QString packageBaseName(const QString &fileName);

} // namespace Freshen
