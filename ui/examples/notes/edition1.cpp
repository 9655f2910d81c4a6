// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "edition.h"

#include "noteeditor.h"

#include <QCoreApplication>

namespace Edition {

QColor accent()
{
    return QColor(0x2f, 0x6f, 0xb5);
}

QWidget *arrange(NoteEditor *editor)
{
    return editor;
}

QString description()
{
    return QCoreApplication::translate("Edition", "Keeps your notes as Markdown files.");
}

} // namespace Edition
