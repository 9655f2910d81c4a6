// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/installkind.h"

#include <QString>

namespace Freshen {

// What the reason of a check that found nothing (see Selection::reason) says to a person.
QString noUpdateSentence(const QString &reason, const QString &version);
// The same for an app that others keep fresh: who does.
QString managedSentence(const Platform::InstallOrigin &origin);

} // namespace Freshen
