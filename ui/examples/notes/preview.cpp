// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "preview.h"

#include "noteeditor.h"

#include <QScrollBar>

Preview::Preview(NoteEditor *editor)
    : m_editor(editor)
{
    setObjectName(QStringLiteral("preview"));
    setAccessibleName(tr("Preview"));
    setOpenExternalLinks(true);
    document()->setDocumentMargin(fontMetrics().height() / 2.0);
    document()->setIndentWidth(fontMetrics().height() * 1.5);
    m_delay.setSingleShot(true);
    m_delay.setInterval(100);
    connect(&m_delay, &QTimer::timeout, this, &Preview::render);
    connect(editor, &QPlainTextEdit::textChanged, &m_delay, qOverload<>(&QTimer::start));
    connect(editor->verticalScrollBar(), &QScrollBar::valueChanged, this, &Preview::scrollAlong);
    render();
}

void Preview::render()
{
    document()->setBaseUrl(QUrl::fromLocalFile(m_editor->file())); // for pictures beside the note
    setMarkdown(m_editor->toPlainText());
    scrollAlong();
}

void Preview::scrollAlong()
{
    const QScrollBar *from = m_editor->verticalScrollBar();
    QScrollBar *to = verticalScrollBar();
    if (from->maximum() > 0)
        to->setValue(qRound(double(to->maximum()) * from->value() / from->maximum()));
}
