// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "noteeditor.h"

#include "notefile.h"

#include <QDir>
#include <QFileInfo>
#include <QFontDatabase>

NoteEditor::NoteEditor(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setObjectName(QStringLiteral("editor"));
    setAccessibleName(tr("Text of the note"));
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    document()->setDocumentMargin(fontMetrics().height() / 2.0);
    m_autosave.setSingleShot(true);
    m_autosave.setInterval(500);
    connect(&m_autosave, &QTimer::timeout, this, &NoteEditor::save);
    connect(this, &QPlainTextEdit::textChanged, &m_autosave, qOverload<>(&QTimer::start));
}

void NoteEditor::open(const QString &file)
{
    if (!save())
        rescue();
    m_file = file;
    m_written = QFileInfo(file).lastModified();
    const auto text = file.isEmpty() ? std::nullopt : NoteFile::read(file);
    setPlainText(text.value_or(QString()));
    document()->setModified(false);
    m_autosave.stop();
    setReadOnly(!text);
}

void NoteEditor::follow(const QString &file)
{
    m_file = file;
}

bool NoteEditor::save()
{
    m_autosave.stop();
    if (m_file.isEmpty() || !document()->isModified())
        return true;
    const QFileInfo info(m_file);
    if (isChangedByOthers()) // keep both
        m_file = NoteFile::path(info.path(),
                                NoteFile::freeTitle(info.path(), info.completeBaseName()));
    const QString problem = NoteFile::write(m_file, toPlainText());
    if (!problem.isEmpty()) {
        Q_EMIT saveFailed(problem);
        return false;
    }
    document()->setModified(false);
    m_written = QFileInfo(m_file).lastModified();
    Q_EMIT saved();
    return true;
}

void NoteEditor::rescue() const
{
    const QString title = QFileInfo(m_file).completeBaseName();
    NoteFile::write(NoteFile::path(QDir::tempPath(), NoteFile::freeTitle(QDir::tempPath(), title)),
                    toPlainText());
}

bool NoteEditor::isChangedByOthers() const
{
    const QFileInfo info(m_file);
    return !m_file.isEmpty() && info.exists() && info.lastModified() != m_written;
}

void NoteEditor::checkFile()
{
    if (!isChangedByOthers())
        return;
    if (document()->isModified()) {
        save();
        return;
    }
    const int position = textCursor().position();
    open(m_file);
    QTextCursor cursor = textCursor();
    cursor.setPosition(qMin(position, document()->characterCount() - 1));
    setTextCursor(cursor);
}

void NoteEditor::surround(const QString &mark)
{
    QTextCursor cursor = textCursor();
    const QString text = cursor.selectedText();
    cursor.insertText(mark + text + mark);
    if (text.isEmpty()) {
        cursor.movePosition(QTextCursor::Left, QTextCursor::MoveAnchor, int(mark.size()));
        setTextCursor(cursor);
    }
}
