// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "edition.h"

#include "noteeditor.h"
#include "preview.h"

#include <QCoreApplication>
#include <QSplitter>

namespace Edition {

QColor accent()
{
    return QColor(0x1d, 0x8a, 0x5f);
}

QWidget *arrange(NoteEditor *editor)
{
    auto *splitter = new QSplitter;
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(editor);
    splitter->addWidget(new Preview(editor));
    splitter->setSizes({1, 1});
    return splitter;
}

QString description()
{
    return QCoreApplication::translate(
        "Edition", "Keeps your notes as Markdown files and shows what they will look like.");
}

} // namespace Edition
