// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/replace/contentfile.h"

#include <QCryptographicHash>
#include <QStringList>

#include <map>
#include <optional>

namespace Freshen {

// What an application says of a file, not yet understood.
struct AnnouncedContent {
    std::map<QCryptographicHash::Algorithm, QByteArray> checksums;
    std::optional<QByteArray> signature;
    QStringList keys;

    Result<ContentRules> rules(qint64 maximumSize) const;
};

} // namespace Freshen
