// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What the versions of Notes differ in; edition1.cpp and edition2.cpp say it.

#pragma once

#include <QColor>
#include <QString>

class NoteEditor;
class QWidget;

namespace Edition {

// The colour of the icon and of what is selected.
QColor accent();

// What stands beside the list: the editor, and from 2.0 on what the note looks like.
QWidget *arrange(NoteEditor *editor);

// One sentence for the About box.
QString description();

} // namespace Edition
