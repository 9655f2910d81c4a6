// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/rootcheck.h"

#include "appcast-tools/publisher.h"
#include "lib/common/convert.h"
#include "lib/feed/feedsignature.h"

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

RootObjection objection(bool isError, ErrorCode code, const QString &message)
{
    return {isError, {code, toStdString(message)}};
}

QList<RootObjection> expiryObjections(const Trust::Root &root, const QDateTime &now)
{
    const QString expires = toQString(root.expires);
    const QString advice = u"Root %1 expires at %2: make the next one with \"root rotate\"."_s
                               .arg(root.version)
                               .arg(expires);
    if (root.expires < toStdString(timeText(now)))
        return {objection(true, ErrorCode::ROOT_EXPIRED, advice)};
    if (root.expires < toStdString(timeText(now.addDays(soonDaysOfRoot))))
        return {objection(false, ErrorCode::ROOT_EXPIRED, advice)};
    return {};
}

// What the feed says of the roots has to be true of those beside it.
QList<RootObjection> stampObjections(const Trust::Root &newest, const FeedStamp &stamp)
{
    QList<RootObjection> found;
    if (stamp.root > newest.version)
        found += objection(true, ErrorCode::ROOT_CHAIN,
                           u"The feed wants root %1, which is not beside it."_s.arg(stamp.root));
    if (stamp.root < newest.version)
        found += objection(false, ErrorCode::ROOT_CHAIN,
                           u"The feed does not name root %1 yet: clients go on trusting the keys "
                           "before it. Run generate."_s.arg(newest.version));
    if (toStdString(stamp.product) != newest.product)
        found += objection(true, ErrorCode::WRONG_PRODUCT,
                           u"The roots are for another product than the feed."_s);
    return found;
}

} // namespace

QList<RootObjection> rootObjections(const std::vector<Trust::SignedRoot> &chain,
                                    const QByteArray &feed, const std::optional<FeedStamp> &stamp,
                                    const QDateTime &now)
{
    if (chain.empty()) {
        if (!stamp || stamp->root == 0)
            return {};
        return {
            objection(true, ErrorCode::ROOT_CHAIN,
                      u"The feed wants root %1, but no roots lie beside it."_s.arg(stamp->root))};
    }
    const Trust::Root &newest = chain.back().root;
    QList<RootObjection> found = expiryObjections(newest, now);
    if (stamp)
        found += stampObjections(newest, *stamp);
    if (const auto verified = verifyFeed(feed, newest.feed.keys, FeedTrust::Required,
                                         newest.feed.threshold);
        !verified)
        found += RootObjection{true, verified.error()};
    return found;
}

} // namespace Freshen
