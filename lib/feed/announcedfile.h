// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What an element of a feed says about a file.

#pragma once

#include "lib/feed/appcast.h"
#include "lib/feed/feedxml.h"

namespace Freshen {

// Fills the parts that all announced files have; relative addresses resolve against `base`.
// Answers with the objection to the file, as the end of a sentence, or with nothing.
QString readAnnouncedFile(const FeedXml::Attributes &attributes, const QString &hashName,
                          const QUrl &base, AppcastFile &file);

// The file of a release; `itemVersion` is what the item says besides, if it does. An error is an
// objection as above.
tl::expected<AppcastEnclosure, QString>
readAnnouncedEnclosure(const FeedXml::Attributes &attributes, const QUrl &base,
                       const std::optional<QString> &itemVersion);

// The Ed25519 signature in base64, by Sparkle's name or by NetSparkle's.
QString announcedSignature(const FeedXml::Attributes &attributes);
// In bytes; what is no number is 0.
qint64 announcedLength(const QString &text);

} // namespace Freshen
