// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Notes as files: FOLDER/TITLE.md, UTF-8.

#pragma once

#include <QString>

#include <optional>

namespace NoteFile {

QString path(const QString &folder, const QString &title);

// A file name's worth of a title: without separators and signs that some system forbids. Empty
// when nothing remains.
QString usableTitle(const QString &title);

// The title, or "title 2", "title 3", …: one that no note has yet.
QString freeTitle(const QString &folder, const QString &title);

// Nothing when it cannot be read.
std::optional<QString> read(const QString &file);

// Replaces the file as a whole, or leaves it as it was. The error, empty when there is none.
QString write(const QString &file, const QString &text);

// Where notes are kept when nobody says otherwise.
QString defaultFolder();

// Makes the folder, with a first note, where there is none.
void prepare(const QString &folder);

} // namespace NoteFile
