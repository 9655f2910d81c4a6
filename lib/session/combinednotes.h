// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/release.h>

#include <QList>

namespace Freshen {

struct VersionNotes {
    QString version;
    QString notes;
    Release::NotesFormat format = Release::NotesFormat::Html;
};

// The notes of several versions, newest first, as one text in the format of the newest, each under
// a heading. What is written in a format that does not go into it is left out.
VersionNotes combinedNotes(const QList<VersionNotes> &newestFirst);

} // namespace Freshen
