// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QTextBrowser>
#include <QTimer>

class NoteEditor;

// What a note looks like, while it is written.
class Preview : public QTextBrowser
{
    Q_OBJECT

public:
    explicit Preview(NoteEditor *editor);

private:
    void render();
    void scrollAlong();

    NoteEditor *m_editor;
    QTimer m_delay;
};
