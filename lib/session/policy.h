// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

#include <optional>

namespace Freshen {

// What the administrator of this computer decided about the updates of a product. It outranks the
// person and the application.
struct Policy {
    bool allowsUpdates = true;
    QString pinnedPrefix; // "2.1" admits 2.1 and 2.1.3 alone; empty: all versions
    QString feed; // in place of the app's own
    std::optional<QString> channel; // the one that is followed
    std::optional<bool> automaticallyChecks;
    std::optional<bool> automaticallyDownloads;
    std::optional<qint64> maximumDownloadRate; // bytes a second; 0: no limit

    // Reads the policy file: a JSON object with an object for each product and one named "*" for
    // all; of a member in both, the product's counts. A file that anybody but an administrator
    // could have written does not count; one that cannot be understood allows no updates. Both are
    // logged.
    static Policy of(const QString &product);
    // For tests: another file than the system's, until the next call; empty brings that back.
    static void setFile(const QString &path);
};

} // namespace Freshen
