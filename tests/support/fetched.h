// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/fetch.h"

namespace Freshen {

// What came of fetching an address.
struct Fetched {
    QByteArray code; // of the error; empty without one
    QString message;
    QByteArray content;
    Validators validators;
    bool isNotModified = false;
};

struct FetchOptions {
    UrlPolicy policy = {};
    Validators known = {};
    qint64 limit = 1 << 20;
};

// Fetches it and waits for the end.
Fetched fetched(QNetworkAccessManager *manager, const QUrl &url, const FetchOptions &options = {});

// How `freshen check` ends for a feed at this address.
struct Checked {
    int status = -1;
    QString code; // of the error
};
Checked checkedByCommand(const QUrl &feed);

} // namespace Freshen
