// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QAbstractListModel>
#include <QDateTime>
#include <QFileSystemWatcher>

// The notes of a folder, the ones changed last first.
class NoteList : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { SearchRole = Qt::UserRole }; // title and text

    explicit NoteList(QObject *parent = nullptr);

    QString folder() const { return m_folder; }
    void setFolder(const QString &folder);
    // Reads again what has changed.
    void refresh();
    // Invalid when there is no such note.
    QModelIndex find(const QString &title) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    struct Note {
        QString title;
        QDateTime changed;
        QString text;
    };
    QList<Note> readFolder() const;
    QString textOf(const QString &title, const QDateTime &changed) const;

    QString m_folder;
    QList<Note> m_notes;
    QFileSystemWatcher m_watcher;
};
