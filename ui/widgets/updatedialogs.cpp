// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/updatedialogs.h>

#include "ui/widgets/pages/errorpage.h"
#include "ui/widgets/pages/offerpage.h"
#include "ui/widgets/pages/permissionpage.h"
#include "ui/widgets/pages/progresspage.h"
#include "ui/widgets/pages/proxyloginpage.h"
#include "ui/widgets/pages/readypage.h"
#include "ui/widgets/pages/resultpage.h"
#include "ui/widgets/text/displaytext.h"
#include "ui/widgets/text/urgency.h"
#include "ui/widgets/updatedialogs_p.h"

#include <QApplication>
#include <QTimer>

#include <algorithm>

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

UpdateDialogs::UpdateDialogs(Updater *updater, QWidget *window)
    : d(std::make_unique<UpdateDialogsPrivate>(updater, window))
{
    updater->setUserDriver(this);
    // Nothing is installed while the computer shuts down.
    connect(qGuiApp, &QGuiApplication::commitDataRequest, this, [this] {
        if (d->updater)
            d->updater->postponeToNextStart();
    });
}

UpdateDialogs::~UpdateDialogs()
{
    if (d->updater)
        d->updater->setUserDriver(nullptr);
}

void UpdateDialogs::setShowsScheduledUpdates(bool shows)
{
    d->showsScheduledUpdates = shows;
}

void UpdateDialogs::askPermission(std::function<void(Permission)> reply)
{
    d->askGently({[this, reply](Focus focus) {
        auto *page = new PermissionPage(application());
        connect(page, &PermissionPage::answered, this, [this, reply](Permission permission) {
            d->endQuestion();
            d->close();
            reply(permission);
        });
        d->show(page, focus);
    }});
}

void UpdateDialogs::showUpdateFound(const Release &release, bool userInitiated,
                                    std::function<void(Choice)> reply)
{
    d->release = release;
    Question question{[this, reply](Focus focus) {
        auto *page = new OfferPage({d->release, application(), d->currentVersion(),
                                    focus == Focus::Take,
                                    d->updater && d->updater->automaticallyDownloads()});
        connect(page, &OfferPage::chosen, this, [this, page, reply](Choice choice) {
            d->endQuestion();
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
    }};
    question.comesByItself = d->showsScheduledUpdates;
    if (userInitiated)
        d->ask(std::move(question));
    else
        d->askGently(std::move(question));
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

void UpdateDialogs::showInterrupted(const UpdateError &cause, int secondsToNextTry)
{
    if (auto *page = qobject_cast<ProgressPage *>(d->page()))
        page->showInterrupted(cause, secondsToNextTry);
}

void UpdateDialogs::askProxyLogin(const QString &proxy, std::function<void(ProxyLogin)> reply)
{
    d->askGently({[this, proxy, reply](Focus focus) {
        auto *page = new ProxyLoginPage(application(), proxy, d->hasLoggedIn);
        connect(page, &ProxyLoginPage::answered, this, [this, reply](const ProxyLogin &login) {
            d->endQuestion();
            d->hasLoggedIn = true;
            d->showProgressPage(Focus::Leave);
            reply(login);
        });
        d->show(page, focus);
    }});
}

void UpdateDialogs::showReadyToInstall(const Release &release,
                                       std::function<void(InstallTime)> reply)
{
    d->release = release;
    const auto answer = [this, reply](InstallTime time) {
        d->endQuestion();
        d->phase = Phase::Installing;
        if (time == InstallTime::Now)
            d->showProgressPage(Focus::Leave);
        else
            d->close();
        reply(time);
        d->waitsForQuit = time == InstallTime::OnQuit;
    };
    Question question{[this, answer, wasVisible = d->isVisible()](Focus focus) {
        auto *page = new ReadyPage(application(), d->subject(), urgency(d->release),
                                   wasVisible || focus == Focus::Take);
        connect(page, &ReadyPage::chosen, this, answer);
        d->show(page, focus);
    }};
    question.answerAtQuit = [answer] { answer(InstallTime::OnQuit); };
    question.comesByItself = d->showsScheduledUpdates;
    d->askGently(std::move(question));
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
    const QString failed = error.leavesFreshnessOpen()
        ? tr("It cannot be confirmed that %1 is up to date").arg(application())
        : tr("The check for updates failed");
    const QString heading = checked ? failed : tr("%1 was not updated").arg(application());
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
    auto *page = new ResultPage(tr("%1 was updated to version %2")
                                    .arg(application(), displayVersion(release.displayVersion())),
                                tr("The version before was %1.").arg(displayVersion(from)));
    page->addNews(release);
    connect(page, &ResultPage::closed, this, [this] { d->closeResult(); });
    d->show(page, Focus::Leave);
}

void UpdateDialogs::dismiss()
{
    d->waitsForQuit = d->hasLoggedIn = false;
    d->endQuestion();
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
    if (d->hasQuestion())
        return d->showQuestion(Focus::Take);
    if (!d->waitsForQuit)
        return d->joinConversation();
    auto *page = new ResultPage(tr("%1 is ready to install").arg(d->subject()),
                                tr("It is installed when you quit %1.").arg(application()));
    connect(page, &ResultPage::closed, this, [this] { d->closeResult(); });
    d->show(page, Focus::Take);
}

} // namespace Freshen
