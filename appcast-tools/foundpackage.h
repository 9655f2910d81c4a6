// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/signing/secretsearch.h"
#include "updater-helper/trust/manifest.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace Freshen {

// A package in a publisher's folder, with the manifest that stands beside it.
struct FoundPackage {
    QString fileName;
    QString path;
    QString basePath; // without the ending of a package
    qint64 length = 0;
    QString sha256;
    QByteArray manifestText;
    QByteArray manifestSignature;
    Trust::Manifest manifest;
    Trust::PublicKey signer; // of the manifest
};

// All packages of the folder, by name. Refuses a folder with a secret key in it, and a package
// without a manifest that one of the keys signed.
Result<QList<FoundPackage>> findPackages(const QString &folder,
                                         const std::vector<Trust::PublicKey> &keys,
                                         const SecretSearch &secrets);

// Unpacks the package as a client would, into a place that is removed again: refuses one that was
// changed since it was packed, and one with a secret key in it.
Result<void> checkAsClient(const FoundPackage &package, const SecretSearch &secrets);
// The same for any package, by the manifest inside, whoever signed it.
Result<void> checkContent(const QString &package, const SecretSearch &secrets);

} // namespace Freshen
