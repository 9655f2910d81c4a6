// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <QUrl>

#include <functional>

class QNetworkRequest;

namespace Freshen {

// What may be fetched besides https, and how it is asked for.
struct UrlPolicy {
    bool allowsHttp = false; // as the app's freshen.json says; loopback is always allowed
    bool allowsFiles = false; // only where the feed itself is a local file
    // Adds the application's own headers. Called for the server that an address names and for no
    // other that this one redirects to, because headers may hold secrets.
    std::function<void(QNetworkRequest &)> prepare = {};
};

// URL_SCHEME unless the address may be fetched.
Result<void> checkUrl(const QUrl &url, const UrlPolicy &policy);

// For messages: without password and query, which may hold secrets.
QString displayUrl(const QUrl &url);

} // namespace Freshen
