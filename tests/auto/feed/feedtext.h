// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"

// Feeds as text, for the tests of the reader.

namespace Freshen {

using namespace Qt::StringLiterals;

inline const QUrl webBase(u"https://example.org/updates/appcast.xml"_s);

// A feed around the given inside of <channel>.
inline QByteArray feed(const QByteArray &channel)
{
    return R"(<rss version="2.0" xmlns:freshen="urn:freshen:appcast:1" )"
           R"(xmlns:sparkle="http://www.andymatuschak.org/xml-namespaces/sparkle"><channel>)"
        + channel + "</channel></rss>";
}

inline QByteArray item(const QByteArray &content)
{
    return "<item>" + content + "</item>";
}

inline const QByteArray version = "<sparkle:version>2.0</sparkle:version>";
inline const QByteArray enclosure = R"(<enclosure url="https://example.org/a.zip" length="9"/>)";
inline const QByteArray stamp = R"(<freshen:feed product="org.example.notes" version="42" )"
                                R"(issued="2026-11-22T10:00:00Z" expires="2026-12-22T10:00:00Z"/>)";

inline QString codeOf(const Result<Appcast> &appcast)
{
    return appcast ? u"none"_s : toQString(errorCodeName(appcast.error().code));
}

} // namespace Freshen
