// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Any bytes as a feed: nothing that nobody signed is accepted, and what can be read leads to a
// decision for every system and survives being written and read again.

#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"
#include "lib/feed/appcastwriter.h"
#include "lib/feed/feedsignature.h"
#include "lib/feed/selection.h"
#include "tests/fuzz/fuzztarget.h"

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype largestFeed = 5 << 20;

std::vector<Trust::PublicKey> trustedKeys()
{
    // The key of RFC 8032's first test vector.
    const auto key = Trust::PublicKey::parse("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    require(key.has_value(), "the key is one");
    return {*key};
}

void requireNotSigned(const QByteArray &bytes)
{
    static const std::vector<Trust::PublicKey> keys = trustedKeys();
    require(!verifyFeed(bytes, keys, FeedTrust::Required), "a strict client refuses it");
    if (const auto feed = verifyFeed(bytes, keys, FeedTrust::Optional))
        require(!feed->isSigned, "it does not count as signed");
    require(bytes.startsWith(withoutTrailers(bytes)), "without its trailers it is its beginning");
}

ClientConditions clientOn(const QString &os)
{
    ClientConditions client;
    client.os = os;
    client.osVersion = u"14.2"_s;
    client.arch = u"arm64"_s;
    client.installedVersion = u"1.5"_s;
    client.channels = {u"beta"_s};
    client.skippedVersions = {u"1.6"_s};
    client.skippedMajorVersion = u"3.0"_s;
    client.rolloutGroup = 3;
    client.now = QDateTime({2026, 11, 22}, {10, 0}, Qt::UTC);
    return client;
}

void requireDecision(const Appcast &appcast, const QString &os)
{
    const Selection selection = selectItem(appcast, clientOn(os));
    require(!selection.reason.isEmpty(), "every decision has a reason");
    require(selection.item.has_value() == (selection.reason == "newer"_L1),
            "an offer is newer, and nothing else is");
    if (selection.item)
        toRelease(*selection.item, u"1.5"_s);
}

// What is written says the same; a second round changes nothing any more.
void requireRoundTrip(const Appcast &appcast, const QUrl &base)
{
    const QByteArray written = writeAppcast(appcast);
    if (written.size() > largestFeed)
        return;
    const auto again = readAppcast(written, base);
    require(again.has_value(), "what is written can be read");
    require(again->items.size() == appcast.items.size(), "no item is lost or added");
    require(again->stamp.has_value() == appcast.stamp.has_value(), "the stamp stays");
    for (qsizetype i = 0; i < appcast.items.size(); ++i)
        require(again->items[i].version == appcast.items[i].version, "versions stay");
    require(writeAppcast(*again) == written, "written again, it has the same bytes");
    // Of several enclosures, the one that Sparkle chooses is written.
    const Selection before = selectItem(appcast, clientOn(u"macos"_s));
    const Selection after = selectItem(*again, clientOn(u"macos"_s));
    require(before.reason == after.reason && before.candidates == after.candidates,
            "the decision stays");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const QUrl base(u"https://example.org/updates/appcast.xml"_s);
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    requireNotSigned(bytes);
    const auto feed = verifyFeed(bytes, {}, FeedTrust::None);
    // What is no feed at first sight goes to the reader all the same.
    const auto appcast = readAppcast(feed ? feed->content : bytes, base, {u"es"_s});
    if (!appcast) {
        require(!appcast.error().message.empty(), "every error has a sentence");
        return 0;
    }
    for (const QString &os : {u"macos"_s, u"windows"_s, u"linux"_s})
        requireDecision(*appcast, os);
    requireRoundTrip(*appcast, base);
    return 0;
}
