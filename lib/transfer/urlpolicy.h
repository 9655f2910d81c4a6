// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/transfererror.h"

#include <QUrl>

#include <functional>

class QNetworkReply;
class QNetworkRequest;

namespace Freshen {

// What a transfer may take before it counts as broken.
struct TransferLimits {
    // Judged over this time: less than the rate is too slow, nothing at all is silence.
    std::chrono::milliseconds window{30'000};
    qint64 minimumRate = 512; // bytes a second
    // How long to keep trying while nothing new arrives.
    std::chrono::milliseconds patience{3'000};
    std::chrono::milliseconds deadline{10 * 60'000}; // for all of it
};

// What may be fetched besides https, how it is asked for, and with how much patience.
struct UrlPolicy {
    bool allowsHttp = false; // as the app's freshen.json says; loopback is always allowed
    bool allowsFiles = false; // only where the feed itself is a local file
    bool isEncrypted = false; // https, whatever else is allowed
    // Adds the application's own headers. Called for the server that an address names and for no
    // other that this one redirects to, because headers may hold secrets.
    std::function<void(QNetworkRequest &)> prepare = {};
    // Asked about every answer with an error status; says what it means, where the number alone
    // does not.
    std::function<std::optional<TransferError>(const QNetworkReply &)> explain = {};
    TransferLimits limits = {};
};

// URL_SCHEME unless the address may be fetched.
Result<void> checkUrl(const QUrl &url, const UrlPolicy &policy);

// For messages: without password and query, which may hold secrets.
QString displayUrl(const QUrl &url);

} // namespace Freshen
