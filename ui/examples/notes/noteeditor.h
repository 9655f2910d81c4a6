// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDateTime>
#include <QPlainTextEdit>
#include <QTimer>

// Edits one note at a time and saves it by itself, a moment after the last key.
class NoteEditor : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit NoteEditor(QWidget *parent = nullptr);

    // The file being edited; empty when there is none.
    QString file() const { return m_file; }
    // Saves what was open and opens another; empty: none.
    void open(const QString &file);
    // The same text under another name, after the file was renamed.
    void follow(const QString &file);
    // Saves now, if there is anything to save. Whether everything is safe.
    bool save();
    // For when save() failed and the program ends nevertheless: a copy in the temporary folder.
    void rescue() const;
    // Someone else may have written the file: shows that, or keeps both.
    void checkFile();

    // Puts marks around the selected text: "**".
    void surround(const QString &mark);

Q_SIGNALS:
    void saved();
    // \a problem names file and reason.
    void saveFailed(const QString &problem);

private:
    bool isChangedByOthers() const;

    QString m_file;
    QDateTime m_written; // when the file was last known to be ours
    QTimer m_autosave;
};
