// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/session/checkschedule.h"
#include "lib/session/settling.h"
#include "lib/session/updatesession.h"

#include <Freshen/updater.h>
#include <Freshen/userdriver.h>

#include <QElapsedTimer>

namespace Freshen {

class UpdaterPrivate : public QObject
{
    Q_OBJECT

public:
    explicit UpdaterPrivate(Updater *updater);
    ~UpdaterPrivate() override;

    bool start();
    void setDriver(UserDriver *newDriver);
    void begin(bool userInitiated);
    void cancel();

    Updater *q;
    QPointer<QNetworkAccessManager> manager;
    UpdaterSettings settings;
    CheckSchedule schedule{settings};
    QString appDirectory;
    bool saysReady = true;

    std::optional<Installation> installation;
    Updater::State state = Updater::State::Idle;
    Release release;
    qint64 bytesDone = 0;
    qint64 bytesTotal = 0;
    UpdateError lastError;

private:
    void setState(Updater::State newState);
    QNetworkAccessManager *networkManager();

    // Start-up.
    void settle();
    void tellNews(const Install::LastResult &news);
    void askPermissionWhenDue();
    void permit(UserDriver::Permission permission);

    // One conversation.
    void applySchedule(ClientConditions &client);
    bool isMajorUpgrade() const;
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
    bool speaks() const { return m_driver && (m_userInitiated || m_userChose); }
    // Wraps a reply so that it counts once, and only in the conversation that asked.
    template<typename Answer>
    std::function<void(Answer)> once(void (UpdaterPrivate::*method)(Answer));

    UserDriver *m_driver = nullptr;
    std::unique_ptr<Settling> m_settling;
    std::unique_ptr<UpdateSession> m_session;
    std::unique_ptr<Fetch> m_notes;
    bool m_userInitiated = false;
    bool m_userChose = false;
    bool m_isAsking = false;
    // Grows with every question and at the end of every conversation: whoever acts for an earlier
    // turn is late. Everybody who is told something may end the conversation.
    int m_turn = 0;
    QElapsedTimer m_lastProgress;
};

} // namespace Freshen
