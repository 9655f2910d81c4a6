// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "mainwindow.h"

#include "edition.h"
#include "noteeditor.h"
#include "notefile.h"
#include "notelist.h"

#include <QApplication>
#include <QEvent>
#include <QFileDialog>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStatusBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace {

constexpr int recentFolders = 8;

} // namespace

MainWindow::MainWindow()
    : m_notes(new NoteList(this))
    , m_found(new QSortFilterProxyModel(this))
    , m_search(new QLineEdit)
    , m_view(new QListView)
    , m_editor(new NoteEditor)
    , m_words(new QLabel)
{
    m_found->setSourceModel(m_notes);
    m_found->setFilterRole(NoteList::SearchRole);
    m_found->setFilterCaseSensitivity(Qt::CaseInsensitive);

    auto *splitter = new QSplitter;
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(makeSidebar());
    splitter->addWidget(Edition::arrange(m_editor));
    splitter->setStretchFactor(1, 1);
    setCentralWidget(splitter);
    statusBar()->addPermanentWidget(m_words);
    makeMenus();

    connect(m_notes, &QAbstractItemModel::modelReset, this, &MainWindow::noteListChanged);
    connect(m_notes, &QAbstractItemModel::dataChanged, this, &MainWindow::noteListChanged);
    connect(m_editor, &NoteEditor::saved, m_notes, &NoteList::refresh);
    connect(m_editor, &NoteEditor::saveFailed, this,
            [this](const QString &problem) { statusBar()->showMessage(problem); });
    connect(m_editor, &QPlainTextEdit::textChanged, this, &MainWindow::showWordCount);

    const QSize letter(fontMetrics().averageCharWidth(), fontMetrics().height());
    resize(letter.width() * 140, letter.height() * 38);
    splitter->setSizes({letter.width() * 30, letter.width() * 110});
    restoreGeometry(QSettings().value(u"window"_s).toByteArray());
}

QWidget *MainWindow::makeSidebar()
{
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, m_found,
            &QSortFilterProxyModel::setFilterFixedString);

    m_view->setModel(m_found);
    m_view->setAccessibleName(tr("Notes"));
    m_view->setObjectName(u"notes"_s);
    QPalette palette = m_view->palette();
    palette.setColor(QPalette::Highlight, Edition::accent());
    palette.setColor(QPalette::HighlightedText, Qt::white);
    m_view->setPalette(palette);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &MainWindow::showNote);

    auto *sidebar = new QWidget;
    auto *layout = new QVBoxLayout(sidebar);
    const int margin = fontMetrics().height() / 3;
    layout->setContentsMargins(margin, margin, 0, 0);
    layout->addWidget(m_search);
    layout->addWidget(m_view);
    return sidebar;
}

void MainWindow::makeMenus()
{
    makeFileMenu();
    makeEditMenu();
    m_helpMenu = menuBar()->addMenu(tr("&Help"));
    QAction *about = m_helpMenu->addAction(tr("&About Notes"), this, &MainWindow::about);
    about->setMenuRole(QAction::AboutRole);
}

void MainWindow::makeFileMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&File"));
    menu->addAction(tr("&New Note"), QKeySequence::New, this, &MainWindow::newNote);
    m_renameAction = menu->addAction(tr("&Rename…"), Qt::Key_F2, this, &MainWindow::renameNote);
    m_deleteAction = menu->addAction(tr("&Delete"), Qt::Key_Delete, this, &MainWindow::deleteNote);
    m_deleteAction->setShortcutContext(Qt::WidgetShortcut); // the editor needs that key
    m_view->addAction(m_deleteAction);
    menu->addSeparator();
    menu->addAction(tr("&Open Folder…"), QKeySequence::Open, this, &MainWindow::chooseFolder);
    m_recentMenu = menu->addMenu(tr("Open Re&cent"));
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    menu->addSeparator();
    QAction *quit = menu->addAction(tr("&Quit"), QKeySequence::Quit, qApp, &QApplication::quit);
    quit->setMenuRole(QAction::QuitRole);
}

void MainWindow::makeEditMenu()
{
    m_editMenu = menuBar()->addMenu(tr("&Edit"));
    QMenu *menu = m_editMenu;
    menu->addAction(tr("&Undo"), QKeySequence::Undo, m_editor, &QPlainTextEdit::undo);
    menu->addAction(tr("&Redo"), QKeySequence::Redo, m_editor, &QPlainTextEdit::redo);
    menu->addSeparator();
    menu->addAction(tr("&Bold"), QKeySequence::Bold, this, [this] { m_editor->surround(u"**"_s); });
    menu->addAction(tr("&Italic"), QKeySequence::Italic, this,
                    [this] { m_editor->surround(u"*"_s); });
    menu->addSeparator();
    menu->addAction(tr("&Find Notes"), QKeySequence::Find, m_search,
                    [this] { m_search->setFocus(Qt::ShortcutFocusReason); });
}

void MainWindow::fillRecentMenu()
{
    m_recentMenu->clear();
    for (const QString &folder : QSettings().value(u"folders"_s).toStringList()) {
        QString text = QDir::toNativeSeparators(folder);
        m_recentMenu->addAction(text.replace(u'&', u"&&"_s), this,
                                [this, folder] { openFolder(folder); });
    }
}

void MainWindow::openFolder(const QString &folder)
{
    QSettings settings;
    QStringList folders = settings.value(u"folders"_s).toStringList();
    const QString previous = folders.value(0, NoteFile::defaultFolder());
    const QString chosen = QDir(folder.isEmpty() ? previous : folder).absolutePath();
    NoteFile::prepare(chosen);
    m_editor->open({});
    m_notes->setFolder(chosen);
    select(settings.value(u"note"_s).toString());
    m_editor->setFocus();

    folders.removeAll(chosen);
    folders.prepend(chosen);
    settings.setValue(u"folders"_s, folders.mid(0, recentFolders));
}

void MainWindow::chooseFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open Folder"),
                                                             m_notes->folder());
    if (!folder.isEmpty())
        openFolder(folder);
}

void MainWindow::newNote()
{
    m_search->clear();
    const QString title = NoteFile::freeTitle(m_notes->folder(), tr("New Note"));
    const QString problem = NoteFile::write(NoteFile::path(m_notes->folder(), title), {});
    if (!problem.isEmpty())
        return statusBar()->showMessage(problem);
    m_notes->refresh();
    select(title);
    m_editor->setFocus();
}

void MainWindow::renameNote()
{
    const QString old = currentTitle();
    const QString title = NoteFile::usableTitle(
        QInputDialog::getText(this, tr("Rename Note"), tr("&Title:"), QLineEdit::Normal, old));
    if (old.isEmpty() || title.isEmpty() || title == old)
        return;
    m_editor->save();
    const QString to = NoteFile::path(m_notes->folder(), title);
    if (!QFile::rename(m_editor->file(), to))
        return statusBar()->showMessage(tr("There is a note called “%1” already.").arg(title));
    m_editor->follow(to);
    m_notes->refresh();
    select(title);
}

void MainWindow::deleteNote()
{
    const QString file = m_editor->file();
    if (file.isEmpty())
        return;
    m_editor->save();
    if (!QFile::moveToTrash(file)) {
        const auto answer = QMessageBox::question(
            this, tr("Delete Note"),
            tr("“%1” cannot be put into the trash. Delete it for good?").arg(currentTitle()));
        if (answer != QMessageBox::Yes || !QFile::remove(file))
            return;
    }
    m_editor->open({});
    m_notes->refresh();
}

void MainWindow::about()
{
    QMessageBox::about(this, tr("About Notes"),
                       tr("<h3>Notes %1</h3><p>%2</p><p>An example of Freshen.</p>")
                           .arg(QApplication::applicationVersion(), Edition::description()));
}

QString MainWindow::currentTitle() const
{
    return QFileInfo(m_editor->file()).completeBaseName();
}

void MainWindow::select(const QString &title)
{
    QModelIndex index = m_found->mapFromSource(m_notes->find(title));
    if (!index.isValid())
        index = m_found->index(0, 0);
    m_view->setCurrentIndex(index);
    if (!index.isValid())
        showNote(index);
}

void MainWindow::showNote(const QModelIndex &index)
{
    const QString title = index.data().toString();
    const QString file = title.isEmpty() ? QString() : NoteFile::path(m_notes->folder(), title);
    // A search that finds nothing leaves the open note open.
    if (file != m_editor->file() && (index.isValid() || m_search->text().isEmpty()))
        m_editor->open(file);
    updateTitle();
}

void MainWindow::noteListChanged()
{
    m_editor->checkFile();
    const QString title = currentTitle();
    if (m_view->currentIndex().data().toString() != title)
        select(title);
}

void MainWindow::updateTitle()
{
    const bool isOpen = !m_editor->file().isEmpty();
    m_renameAction->setEnabled(isOpen);
    m_deleteAction->setEnabled(isOpen);
    m_editor->setEnabled(isOpen);
    const QString version = tr("version %1").arg(QApplication::applicationVersion());
    setWindowTitle(isOpen ? u"%1 (%2)"_s.arg(currentTitle(), version) : version);
}

void MainWindow::showWordCount()
{
    const auto words = m_editor->toPlainText().simplified().split(u' ', Qt::SkipEmptyParts);
    m_words->setText(tr("Words: %1").arg(words.size()));
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && isActiveWindow())
        m_notes->refresh();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!m_editor->save())
        m_editor->rescue();
    QSettings settings;
    settings.setValue(u"window"_s, saveGeometry());
    settings.setValue(u"note"_s, currentTitle());
    QMainWindow::closeEvent(event);
}
