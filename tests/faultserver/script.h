// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/faultanswer.h>

#include <QHash>
#include <QList>

namespace Freshen {

// What README.md describes: an object of paths (or "*") and their answers.
struct Script {
    QHash<QString, QList<FaultAnswer>> answers;
    QString error; // what is wrong, a sentence; empty where nothing is
};

Script readScript(const QByteArray &json);

} // namespace Freshen
