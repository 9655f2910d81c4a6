// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QMainWindow>

class NoteEditor;
class NoteList;
class QLabel;
class QLineEdit;
class QListView;
class QMenu;
class QSortFilterProxyModel;

// The list of notes on the left, the chosen one beside it.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow();

    QMenu *editMenu() const { return m_editMenu; }
    QMenu *helpMenu() const { return m_helpMenu; }
    // An empty name is the folder of last time.
    void openFolder(const QString &folder);

protected:
    // Back in the window: the files may have changed meanwhile.
    void changeEvent(QEvent *event) override;
    // Never in the way of quitting: everything is saved already, or saved now.
    void closeEvent(QCloseEvent *event) override;

private:
    QWidget *makeSidebar();
    void makeMenus();
    void makeFileMenu();
    void makeEditMenu();
    void fillRecentMenu();

    void newNote();
    void renameNote();
    void deleteNote();
    void chooseFolder();
    void about();

    QString currentTitle() const;
    void select(const QString &title);
    void showNote(const QModelIndex &index);
    void noteListChanged();
    void updateTitle();
    void showWordCount();

    NoteList *m_notes;
    QSortFilterProxyModel *m_found;
    QLineEdit *m_search;
    QListView *m_view;
    NoteEditor *m_editor;
    QLabel *m_words;
    QMenu *m_recentMenu = nullptr;
    QMenu *m_editMenu = nullptr;
    QMenu *m_helpMenu = nullptr;
    QAction *m_renameAction = nullptr;
    QAction *m_deleteAction = nullptr;
};
