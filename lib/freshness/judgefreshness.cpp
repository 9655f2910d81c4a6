// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/freshness/freshnessstore.h"

#include "lib/common/convert.h"
#include "updater-helper/trust/text.h"

#include <QCryptographicHash>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

QString shown(const QString &text)
{
    return toQString(Trust::escaped(toStdString(text)));
}

QString shown(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODate);
}

QString sha256(const QByteArray &bytes)
{
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

// Whether the feed follows the one that was accepted last.
Result<void> judgeCounter(const FeedStamp &stamp, const FreshnessRecord &offered,
                          const FreshnessRecord &known)
{
    if (stamp.version < known.counter)
        return failure(ErrorCode::ROLLBACK,
                       u"The feed of %1 has the counter %2, but %3 was accepted before: somebody "
                       "serves an old feed; try again later."_s.arg(shown(stamp.product))
                           .arg(stamp.version)
                           .arg(known.counter));
    const bool isKnown = !known.feedSha256.isEmpty() && stamp.version == known.counter;
    if (isKnown && offered.feedSha256 != known.feedSha256)
        return failure(ErrorCode::FEED_CHANGED,
                       u"The feed of %1 has the counter %2 like the one accepted before, but other "
                       "content: its publisher has to sign it anew."_s.arg(shown(stamp.product))
                           .arg(stamp.version));
    return {};
}

Result<void> judgeTimes(const FeedStamp &stamp, const FreshnessRecord &known, const QDateTime &now,
                        const QDateTime &built)
{
    const auto start = checkTime(now, built, known);
    if (!start)
        return failure(start);
    if (stamp.expires < *start)
        return failure(
            ErrorCode::STALE,
            u"The feed of %1 expired at %2: cannot confirm that this is the newest "
            "version; try again later."_s.arg(shown(stamp.product), shown(stamp.expires)));
    return {};
}

} // namespace

QByteArray signerOf(const Trust::RootRole &role)
{
    QByteArray signer;
    for (const Trust::PublicKey &key : role.keys)
        signer.append(reinterpret_cast<const char *>(key.bytes().data()), key.bytes().size());
    return role.threshold > 1 ? signer + char(role.threshold) : signer;
}

Result<QDateTime> checkTime(const QDateTime &now, const QDateTime &built,
                            const FreshnessRecord &known)
{
    if (built.isValid() && now < built)
        return failure(ErrorCode::CLOCK,
                       u"The computer's clock says %1, but this app was built at %2: set the "
                       "clock."_s.arg(shown(now), shown(built)));
    // A clock that was turned back does not bring what expired back to life.
    return known.issued.isValid() ? std::max(now, known.issued) : now;
}

Result<FreshnessRecord> judgeFreshness(const FeedStamp &stamp, const QByteArray &feedBytes,
                                       const QString &product, const FreshnessRecord &known,
                                       const QDateTime &now, const QDateTime &built)
{
    if (stamp.product != product)
        return failure(ErrorCode::WRONG_PRODUCT,
                       u"The feed is for %1, not for %2: check its address."_s.arg(
                           shown(stamp.product), shown(product)));
    const FreshnessRecord offered{stamp.version, sha256(feedBytes), stamp.issued, stamp.expires};
    if (const auto judged = judgeCounter(stamp, offered, known); !judged)
        return failure(judged);
    if (const auto judged = judgeTimes(stamp, known, now, built); !judged)
        return failure(judged);
    return offered;
}

} // namespace Freshen
