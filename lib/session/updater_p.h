// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/session/startup.h"
#include "lib/session/updatersettings.h"
#include "lib/session/updatesession.h"

#include <Freshen/updater.h>
#include <Freshen/userdriver.h>

#include <QElapsedTimer>
#include <QTimer>

namespace Freshen {

class UpdaterPrivate : public QObject
{
    Q_OBJECT

public:
    explicit UpdaterPrivate(Updater *updater);
    ~UpdaterPrivate() override;

    bool start();
    void begin(bool userInitiated);
    void cancel();

    Updater *q;
    UserDriver *driver = nullptr;
    QPointer<QNetworkAccessManager> manager;
    UpdaterSettings settings;
    QString appDirectory;
    bool saysReady = true;

    std::optional<Installation> installation;
    Updater::State state = Updater::State::Idle;
    Release release;
    qint64 bytesDone = 0;
    qint64 bytesTotal = 0;
    UpdateError lastError;

    void schedule();

private:
    void setState(Updater::State newState);
    QNetworkAccessManager *networkManager();

    // Start-up.
    void settle();
    void afterSettling(const StartupReport &report);
    void tellNews(const Install::LastResult &news);
    void askPermissionWhenDue();

    // One conversation.
    void offer();
    void answer(UserDriver::Choice choice);
    void fetchNotes();
    void noteProgress(UserDriver::Phase phase, qint64 done, qint64 total);
    void arm();
    void offerInstall();
    void install(UserDriver::InstallTime time);
    void fail(const Error &error);
    void end();
    // Whether a person waits for an answer.
    bool speaks() const { return driver && (m_userInitiated || m_userChose); }
    // Wraps a reply so that it counts once, and only in the conversation that asked.
    template<typename Answer>
    std::function<void(Answer)> once(void (UpdaterPrivate::*method)(Answer));

    std::unique_ptr<UpdateSession> m_session;
    std::unique_ptr<Fetch> m_notes;
    bool m_userInitiated = false;
    bool m_userChose = false;
    int m_question = 0;
    int m_settlingTries = 0;
    QTimer m_schedule;
    QElapsedTimer m_lastProgress;
};

} // namespace Freshen
