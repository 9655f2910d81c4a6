// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/text/urgency.h"

#include "lib/common/clock.h"

#include <Freshen/release.h>

#include <QCoreApplication>
#include <QLocale>

namespace Freshen {

QString urgency(const Release &release)
{
    if (!release.isCritical())
        return {};
    const QDateTime deadline = release.deadline();
    if (!deadline.isValid() || deadline > Clock::current().now())
        return QCoreApplication::translate(
            "Freshen::OfferPage", "Its publisher asks everyone with your version to install it.");
    //: %1 is a date.
    return QCoreApplication::translate("Freshen::OfferPage",
                                       "It has been due since %1: its publisher asks everyone with "
                                       "your version to install it.")
        .arg(QLocale().toString(deadline.toLocalTime().date(), QLocale::LongFormat));
}

} // namespace Freshen
