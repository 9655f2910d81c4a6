// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/opportunity.h"
#include "ui/widgets/updatewindow.h"

#include <Freshen/updater.h>
#include <Freshen/userdriver.h>

#include <QPointer>

#include <functional>
#include <optional>

namespace Freshen {

class ProgressPage;

// A question of the updater's, from the moment it is asked until it is answered or dismissed.
struct Question {
    std::function<void(UpdateWindow::Focus)> show;
    std::function<void()> answerAtQuit = {}; // for who quits the app instead of answering
    bool comesByItself = true; // otherwise it waits until the person asks
};

// The window of the conversation and what is talked about in it.
class UpdateDialogsPrivate
{
public:
    using Focus = UpdateWindow::Focus;

    UpdateDialogsPrivate(Updater *updater, QWidget *parent);
    ~UpdateDialogsPrivate();

    Page *page() const { return m_window ? m_window->page() : nullptr; }
    bool isVisible() const { return m_window && m_window->isVisible(); }
    void show(Page *page, Focus focus);
    void showProgressPage(Focus focus);
    // Shows what goes on already, though nobody was told of it.
    void joinConversation();
    void bringToFront();
    void close();
    void closeResult();
    void cancel();

    // Asks at once.
    void ask(Question question);
    // Asks at the next opportunity, at once where the person talks with us already, or after the
    // result that is being shown has been read; never takes the keyboard away.
    void askGently(Question question);
    // Shows the question that is open.
    void showQuestion(Focus focus);
    // There is none any more.
    void endQuestion();
    bool hasQuestion() const { return m_question.has_value(); }

    void endWithApplication();
    void remember(std::optional<bool> automatic);
    QString currentVersion() const;
    QString subject() const;

    QPointer<Updater> updater;
    Release release; // the one talked about
    std::optional<UserDriver::Phase> phase; // none when nobody did anything yet
    bool waitsForQuit = false;
    bool hasLoggedIn = false; // to a proxy, in this conversation
    bool showsScheduledUpdates = true;

private:
    bool isResultShown() const;
    void followPause(ProgressPage *page);

    QPointer<QWidget> m_parent;
    QPointer<UpdateWindow> m_window; // may go with its parent
    std::optional<Question> m_question; // news may cover it
    Opportunity m_opportunity;
};

} // namespace Freshen
