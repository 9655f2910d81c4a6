// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "notelist.h"

#include "notefile.h"

#include <QDir>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

NoteList::NoteList(QObject *parent)
    : QAbstractListModel(parent)
{
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &NoteList::refresh);
}

void NoteList::setFolder(const QString &folder)
{
    if (!m_folder.isEmpty())
        m_watcher.removePath(m_folder);
    m_folder = folder;
    m_watcher.addPath(folder);
    refresh();
}

void NoteList::refresh()
{
    const QList<Note> notes = readFolder();
    if (std::ranges::equal(notes, m_notes, {}, &Note::title, &Note::title)) {
        m_notes = notes; // nothing moves, and so the selection stays
        if (!notes.isEmpty())
            Q_EMIT dataChanged(index(0), index(int(notes.size()) - 1));
        return;
    }
    beginResetModel();
    m_notes = notes;
    endResetModel();
}

QList<NoteList::Note> NoteList::readFolder() const
{
    QList<Note> notes;
    const QDir::SortFlags newestFirst = QDir::Time;
    for (const QFileInfo &file :
         QDir(m_folder).entryInfoList({u"*.md"_s}, QDir::Files, newestFirst)) {
        const QString title = file.completeBaseName();
        notes.append({title, file.lastModified(), textOf(title, file.lastModified())});
    }
    return notes;
}

QString NoteList::textOf(const QString &title, const QDateTime &changed) const
{
    const QModelIndex known = find(title);
    if (known.isValid() && m_notes.at(known.row()).changed == changed)
        return m_notes.at(known.row()).text;
    return NoteFile::read(NoteFile::path(m_folder, title)).value_or(QString());
}

QModelIndex NoteList::find(const QString &title) const
{
    const auto found = std::ranges::find(m_notes, title, &Note::title);
    return found == m_notes.end() ? QModelIndex() : index(int(found - m_notes.begin()));
}

int NoteList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_notes.size());
}

QVariant NoteList::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Note &note = m_notes.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return note.title;
    case Qt::ToolTipRole:
        return tr("Changed %1").arg(QLocale().toString(note.changed, QLocale::ShortFormat));
    case SearchRole:
        return QString(note.title + u'\n' + note.text);
    }
    return {};
}
