// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/updatedialogs.h>

#include "ui/widgets/pages/errorpage.h"
#include "ui/widgets/pages/offerpage.h"
#include "ui/widgets/pages/permissionpage.h"
#include "ui/widgets/pages/progresspage.h"
#include "ui/widgets/pages/readypage.h"
#include "ui/widgets/pages/resultpage.h"
#include "ui/widgets/text/displaytext.h"
#include "ui/widgets/updatewindow.h"

#include <Freshen/updater.h>

#include <QApplication>
#include <QTimer>

#include <algorithm>
#include <optional>

namespace Freshen {

using Focus = UpdateWindow::Focus;

namespace {

constexpr qsizetype sentenceLength = 1000;

QString application()
{
    return QGuiApplication::applicationDisplayName();
}

void closeAllAndQuit()
{
    QApplication::closeAllWindows();
    const QWidgetList windows = QApplication::topLevelWidgets();
    if (std::ranges::none_of(windows, &QWidget::isVisible))
        QCoreApplication::quit();
}

} // namespace

class UpdateDialogsPrivate
{
public:
    ~UpdateDialogsPrivate() { delete m_window; }

    Page *page() const { return m_window ? m_window->page() : nullptr; }
    bool isVisible() const { return m_window && m_window->isVisible(); }
    void show(Page *page, Focus focus);
    void showProgressPage(Focus focus);
    void bringToFront();
    void close();
    void closeResult();
    void cancel();
    // Shows a question, or keeps it until the result that is being shown has been read.
    void ask(Focus focus, std::function<void()> question);
    void remember(std::optional<bool> automatic);
    QString currentVersion() const;
    QString subject() const;

    QPointer<Updater> updater;
    QPointer<QWidget> parent;
    Release release; // the one talked about
    std::function<void()> question; // shows the one that is open, which news may have covered
    std::optional<UserDriver::Phase> phase; // none when nobody did anything yet
    bool waitsForQuit = false;

private:
    QPointer<UpdateWindow> m_window; // may go with its parent
};

void UpdateDialogsPrivate::show(Page *page, Focus focus)
{
    if (!m_window)
        m_window = new UpdateWindow(parent);
    m_window->setPage(page);
    m_window->present(focus);
}

void UpdateDialogsPrivate::showProgressPage(Focus focus)
{
    auto *page = new ProgressPage(subject());
    page->showProgress(phase.value_or(UserDriver::Phase::Checking), 0, 0);
    QObject::connect(page, &ProgressPage::cancelled, page, [this] { cancel(); });
    show(page, focus);
}

void UpdateDialogsPrivate::bringToFront()
{
    m_window->present(Focus::Take);
}

void UpdateDialogsPrivate::close()
{
    if (m_window)
        m_window->clear();
}

void UpdateDialogsPrivate::closeResult()
{
    if (question)
        question();
    else
        close();
}

void UpdateDialogsPrivate::cancel()
{
    close();
    if (updater)
        updater->cancel();
}

void UpdateDialogsPrivate::ask(Focus focus, std::function<void()> newQuestion)
{
    question = std::move(newQuestion);
    const bool mustWait = focus == Focus::Leave && isVisible() && page() && page()->isResult();
    if (!mustWait)
        question();
}

void UpdateDialogsPrivate::remember(std::optional<bool> automatic)
{
    if (!updater || !automatic || *automatic == updater->automaticallyDownloads())
        return;
    updater->setAutomaticallyDownloads(*automatic);
    if (*automatic)
        updater->setAutomaticallyChecks(true); // without checks nothing would ever be found
}

QString UpdateDialogsPrivate::currentVersion() const
{
    return updater ? updater->currentVersion() : QString();
}

QString UpdateDialogsPrivate::subject() const
{
    return UpdateDialogs::tr("%1 %2", "an app and its version")
        .arg(application(), displayVersion(release.displayVersion()));
}

UpdateDialogs::UpdateDialogs(Updater *updater, QWidget *window)
    : d(new UpdateDialogsPrivate)
{
    d->updater = updater;
    d->parent = window;
    updater->setUserDriver(this);
}

UpdateDialogs::~UpdateDialogs()
{
    if (d->updater)
        d->updater->setUserDriver(nullptr);
}

void UpdateDialogs::askPermission(std::function<void(Permission)> reply)
{
    d->ask(Focus::Leave, [this, reply] {
        auto *page = new PermissionPage(application());
        connect(page, &PermissionPage::answered, this, [this, reply](Permission permission) {
            d->question = {};
            d->close();
            reply(permission);
        });
        d->show(page, Focus::Leave);
    });
}

void UpdateDialogs::showUpdateFound(const Release &release, bool userInitiated,
                                    std::function<void(Choice)> reply)
{
    d->release = release;
    const Focus focus = userInitiated ? Focus::Take : Focus::Leave;
    d->ask(focus, [this, userInitiated, focus, reply] {
        auto *page = new OfferPage({d->release, application(), d->currentVersion(), userInitiated,
                                    d->updater && d->updater->automaticallyDownloads()});
        connect(page, &OfferPage::chosen, this, [this, page, reply](Choice choice) {
            d->question = {};
            d->remember(page->isAutomatic());
            if (choice == Choice::Install) {
                d->phase = Phase::Downloading;
                d->showProgressPage(Focus::Leave);
            } else {
                d->close();
            }
            reply(choice);
        });
        d->show(page, focus);
    });
}

void UpdateDialogs::showReleaseNotes(const QString &notes, Release::NotesFormat format)
{
    d->release.setNotes(notes, format);
    if (auto *page = qobject_cast<OfferPage *>(d->page()))
        page->showNotes(notes, format);
}

void UpdateDialogs::showReleaseNotesFailed(const UpdateError &error)
{
    d->release.setNotesUrl({}); // nothing to wait for
    if (auto *page = qobject_cast<OfferPage *>(d->page()))
        page->showNotesFailed(error);
}

void UpdateDialogs::showProgress(Phase phase, qint64 done, qint64 total)
{
    d->phase = phase;
    // A check is shown because a person asked for it. What follows shows up only where the person
    // looks on already: an installation "on quit" is prepared without a window.
    if (phase == Phase::Checking && !qobject_cast<ProgressPage *>(d->page()))
        d->showProgressPage(Focus::Take);
    if (auto *page = qobject_cast<ProgressPage *>(d->page()))
        page->showProgress(phase, done, total);
}

void UpdateDialogs::showReadyToInstall(const Release &release,
                                       std::function<void(InstallTime)> reply)
{
    d->release = release;
    d->ask(Focus::Leave, [this, reply, asked = d->isVisible()] {
        auto *page = new ReadyPage(application(), d->subject(), asked);
        connect(page, &ReadyPage::chosen, this, [this, reply](InstallTime time) {
            d->question = {};
            d->phase = Phase::Installing;
            if (time == InstallTime::Now)
                d->showProgressPage(Focus::Leave);
            else
                d->close();
            reply(time);
            d->waitsForQuit = time == InstallTime::OnQuit;
        });
        d->show(page, Focus::Leave);
    });
}

void UpdateDialogs::quitApplication()
{
    d->close();
    d->waitsForQuit = true;
    // Not now: an app that asks about unsaved work runs an event loop of its own meanwhile.
    QTimer::singleShot(0, this, &closeAllAndQuit);
}

void UpdateDialogs::showNoUpdate(const QString &sentence)
{
    auto *page = new ResultPage(tr("There is no update for %1").arg(application()),
                                displayText(sentence, sentenceLength));
    connect(page, &ResultPage::closed, this, [this] { d->closeResult(); });
    d->show(page, d->isVisible() ? Focus::Leave : Focus::Take);
}

void UpdateDialogs::showError(const UpdateError &error)
{
    const bool checked = d->phase == Phase::Checking;
    const QString heading = checked ? tr("The check for updates failed")
                                    : tr("%1 was not updated").arg(application());
    auto *page = new ErrorPage(
        heading, tr("Nothing was changed. %1 works as before.").arg(application()), error);
    connect(page, &ErrorPage::closed, this, [this] { d->closeResult(); });
    connect(page, &ErrorPage::retried, this, [this] {
        d->close();
        if (d->updater)
            d->updater->checkForUpdates();
    });
    // Without a phase it is news from before the app was started.
    d->show(page, d->isVisible() || !d->phase ? Focus::Leave : Focus::Take);
}

void UpdateDialogs::showUpdated(const QString &from, const Release &release)
{
    auto *page = new ResultPage(
        tr("%1 was updated to version %2")
            .arg(application(), displayVersion(release.displayVersion())),
        tr("The version before was %1.").arg(displayVersion(from)));
    connect(page, &ResultPage::closed, this, [this] { d->closeResult(); });
    d->show(page, Focus::Leave);
}

void UpdateDialogs::dismiss()
{
    d->waitsForQuit = false;
    d->question = {};
    // Not now: an error may follow at once, and the window keeps its place for that.
    QTimer::singleShot(0, this, [this, ended = QPointer<Page>(d->page())] {
        if (ended && ended == d->page() && !ended->isResult())
            d->close();
    });
}

void UpdateDialogs::requestAttention()
{
    if (d->page())
        return d->bringToFront();
    if (!d->waitsForQuit)
        return d->showProgressPage(Focus::Take);
    auto *page = new ResultPage(tr("%1 is ready to install").arg(d->subject()),
                                tr("It is installed when you quit %1.").arg(application()));
    connect(page, &ResultPage::closed, this, [this] { d->closeResult(); });
    d->show(page, Focus::Take);
}

} // namespace Freshen
