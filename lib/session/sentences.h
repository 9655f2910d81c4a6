// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

namespace Freshen {

// What the reason of a check that found nothing (see Selection::reason) says to a person.
QString noUpdateSentence(const QString &reason, const QString &version);

} // namespace Freshen
