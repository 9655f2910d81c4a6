// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/rollout.h"

#include "lib/feed/feeddate.h"

#include <QCryptographicHash>
#include <QRegularExpression>
#include <QtEndian>

namespace Freshen {

using namespace Qt::StringLiterals;

tl::expected<AppcastRollout, QString> parseRollout(const FeedXml::Attributes &attributes)
{
    static const QRegularExpression number(u"\\A[0-9]{1,3}(\\.[0-9]+)?\\z"_s);
    const QString percent = attributes.value(u"percent"_s);
    AppcastRollout rollout;
    rollout.percent = percent.toDouble();
    rollout.salt = attributes.value(u"salt"_s);
    rollout.from = parseUtcTime(attributes.value(u"from"_s));
    rollout.until = parseUtcTime(attributes.value(u"until"_s));
    if (!number.match(percent).hasMatch() || rollout.percent > 100)
        return tl::unexpected(u"has a rollout to '%1' percent"_s.arg(percent));
    for (const QString &name : {u"from"_s, u"until"_s}) {
        if (attributes.contains(name) && !parseUtcTime(attributes.value(name)).isValid())
            return tl::unexpected(
                u"has a rollout %1 no time: '%2'"_s.arg(name, attributes.value(name)));
    }
    if (rollout.until.isValid() && !(rollout.from.isValid() && rollout.from < rollout.until))
        return tl::unexpected(u"has a rollout that ends without beginning before"_s);
    return rollout;
}

double rolloutPosition(const QString &installId, const QString &salt)
{
    const QByteArray text = (installId + u'\n' + salt).toUtf8();
    const QByteArray hash = QCryptographicHash::hash(text, QCryptographicHash::Sha256);
    // As many bits as a double holds exactly, so that none is rounded up to 1.
    return double(qFromBigEndian<quint64>(hash.constData()) >> 11) / double(quint64(1) << 53);
}

double rolloutShare(const AppcastRollout &rollout, const QDateTime &now)
{
    const double share = rollout.percent / 100;
    if (rollout.from.isValid() && now < rollout.from)
        return 0;
    if (!rollout.until.isValid() || now >= rollout.until)
        return share;
    return share * double(rollout.from.msecsTo(now)) / double(rollout.from.msecsTo(rollout.until));
}

} // namespace Freshen
