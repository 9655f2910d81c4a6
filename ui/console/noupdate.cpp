// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/noupdate.h"

#include "lib/commandline/program.h"
#include "lib/session/sentences.h"

namespace Freshen {

QString noUpdateText(const CheckOutcome &outcome, const QString &installed)
{
    const QString managed = managedSentence(outcome.origin);
    const QString text = QStringLiteral("No update (%1); %2 is installed.")
                             .arg(outcome.selection.reason, shown(installed));
    return managed.isEmpty() ? text : text + QLatin1Char(' ') + managed;
}

} // namespace Freshen
