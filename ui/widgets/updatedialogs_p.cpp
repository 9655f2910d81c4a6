// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/updatedialogs_p.h"

#include "ui/widgets/pages/page.h"
#include "ui/widgets/pages/progresspage.h"
#include "ui/widgets/text/displaytext.h"

#include <Freshen/updatedialogs.h>

#include <QGuiApplication>

namespace Freshen {

UpdateDialogsPrivate::UpdateDialogsPrivate(Updater *newUpdater, QWidget *parent)
    : updater(newUpdater)
    , m_parent(parent)
{
    QObject::connect(&m_opportunity, &Opportunity::came, &m_opportunity, [this] {
        if (!isResultShown())
            showQuestion(Focus::Leave);
    });
    QObject::connect(qGuiApp, &QCoreApplication::aboutToQuit, &m_opportunity,
                     [this] { endWithApplication(); });
}

UpdateDialogsPrivate::~UpdateDialogsPrivate()
{
    delete m_window;
}

void UpdateDialogsPrivate::show(Page *page, Focus focus)
{
    if (!m_window)
        m_window = new UpdateWindow(m_parent);
    m_window->setPage(page);
    m_window->present(focus);
}

void UpdateDialogsPrivate::showProgressPage(Focus focus)
{
    auto *page = new ProgressPage(subject());
    page->showProgress(phase.value_or(UserDriver::Phase::Checking), 0, 0);
    QObject::connect(page, &ProgressPage::cancelled, page, [this] { cancel(); });
    if (updater)
        followPause(page);
    show(page, focus);
}

void UpdateDialogsPrivate::joinConversation()
{
    if (updater && updater->state() == Updater::State::Downloading) {
        phase = UserDriver::Phase::Downloading;
        release = updater->availableRelease();
    }
    showProgressPage(Focus::Take);
}

// The application may have a button of its own for it.
void UpdateDialogsPrivate::followPause(ProgressPage *page)
{
    const auto show = [page, updater = updater] { page->showPaused(updater->isDownloadPaused()); };
    QObject::connect(updater, &Updater::downloadPausedChanged, page, show);
    QObject::connect(page, &ProgressPage::pauseChosen, updater, &Updater::setDownloadPaused);
    show();
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
    if (m_question && m_question->comesByItself)
        showQuestion(Focus::Leave);
    else
        close();
}

void UpdateDialogsPrivate::cancel()
{
    close();
    if (updater)
        updater->cancel();
}

void UpdateDialogsPrivate::ask(Question question)
{
    m_question = std::move(question);
    showQuestion(Focus::Take);
}

void UpdateDialogsPrivate::askGently(Question question)
{
    m_question = std::move(question);
    if (page() && !page()->isResult())
        showQuestion(Focus::Leave);
    else if (m_question->comesByItself && !isResultShown())
        m_opportunity.await();
}

void UpdateDialogsPrivate::showQuestion(Focus focus)
{
    m_opportunity.stop();
    m_question->show(focus);
}

void UpdateDialogsPrivate::endQuestion()
{
    m_opportunity.stop();
    m_question.reset();
}

void UpdateDialogsPrivate::endWithApplication()
{
    const auto answer = m_question ? m_question->answerAtQuit : nullptr;
    if (answer)
        answer();
}

bool UpdateDialogsPrivate::isResultShown() const
{
    return isVisible() && page() && page()->isResult();
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
        .arg(QGuiApplication::applicationDisplayName(), displayVersion(release.displayVersion()));
}

} // namespace Freshen
