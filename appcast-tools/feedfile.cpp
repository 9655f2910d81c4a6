// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/feedfile.h"

#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"
#include "lib/feed/appcastwriter.h"

#include <QFileInfo>
#include <QUrl>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t maximumFeed = 5u << 20;

// The stamp as the feed's only writer writes it.
Result<QString> stampText(const FeedStamp &stamp)
{
    Appcast appcast;
    appcast.stamp = stamp;
    const auto document = FeedDocument::parse(writeAppcast(appcast));
    return document ? Result<QString>(document->stamp) : failure(document);
}

Result<void> requireAccepted(const QByteArray &feed, const QString &path,
                             const SigningAuthority &authority)
{
    const auto verified = verifyFeed(feed, authority.feed.keys, FeedTrust::Required,
                                     authority.neededSignatures);
    if (!verified)
        return failure(verified);
    const auto appcast = readAppcast(verified->content, QUrl::fromLocalFile(path));
    return appcast ? Result<void>() : failure(appcast);
}

} // namespace

Result<QByteArray> readFeedFile(const QString &path)
{
    const auto content = Platform::readFile(toPath(path), maximumFeed);
    if (!content && content.error().code == ErrorCode::SIZE)
        return failure(ErrorCode::FEED_TOO_LARGE, u"%1 is larger than 5 MiB."_s.arg(path));
    if (!content)
        return failure(content);
    return QByteArray::fromStdString(*content);
}

Result<VerifiedFeed> readSignedFeed(const QString &path, const std::vector<Trust::RootRole> &roles)
{
    const auto bytes = readFeedFile(path);
    if (!bytes)
        return failure(bytes);
    Result<VerifiedFeed> verified;
    for (const Trust::RootRole &role : roles) {
        verified = verifyFeed(*bytes, role.keys, FeedTrust::Required, role.threshold);
        if (verified)
            break;
    }
    if (!verified)
        return failure(verified.error().code,
                       u"%1: %2"_s.arg(path, toQString(verified.error().message)));
    return verified;
}

bool isFeedFile(const QString &path)
{
    const auto content = readFeedFile(path);
    return content && verifyFeed(*content, {}, FeedTrust::None).has_value();
}

Result<FeedStamp> nextStamp(const std::optional<FeedStamp> &previous, const StampWishes &wishes)
{
    if (previous && previous->issued > wishes.now)
        return failure(
            ErrorCode::CLOCK,
            u"The feed was issued at %1, which is later than this computer's clock. "
            "Set the clock (or SOURCE_DATE_EPOCH) right."_s.arg(timeText(previous->issued)));
    FeedStamp stamp;
    stamp.product = wishes.product;
    stamp.version = previous ? previous->version + 1 : quint64(wishes.now.toSecsSinceEpoch());
    stamp.issued = wishes.now;
    stamp.expires = wishes.now.addSecs(wishes.validSeconds);
    stamp.root = wishes.root;
    return stamp;
}

Result<void> writeFeedFile(const QString &path, FeedDocument document, const FeedStamp &stamp,
                           const SigningKeys &keys, const SigningAuthority &authority)
{
    const auto text = stampText(stamp);
    if (!text)
        return failure(text);
    document.stamp = *text;
    if (document.indent.isEmpty())
        document.indent = u"\n    "_s;
    if (auto bound = document.bindPrefixes(); !bound)
        return bound;
    const QByteArray feed = signFeed(document.toXml(), keys.feed());
    if (auto accepted = requireAccepted(feed, QFileInfo(path).absoluteFilePath(), authority);
        !accepted)
        return accepted;
    return Platform::writeFileDurably(toPath(path), toView(feed));
}

QString refreshReminder(const FeedStamp &stamp)
{
    return u"Refresh it before %1 (freshen-appcast refresh): from then on clients cannot tell "
           "whether they are up to date."_s.arg(timeText(stamp.expires));
}

} // namespace Freshen
