// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/common/transferrate.h"
#include "lib/session/checkschedule.h"
#include "lib/session/notesfetch.h"
#include "lib/session/settling.h"
#include "lib/session/updatersettings.h"
#include "lib/session/updatesession.h"

#include <Freshen/updater.h>
#include <Freshen/updaterdelegate.h>
#include <Freshen/userdriver.h>

#include <QElapsedTimer>
#include <QTimer>

namespace Freshen {

// An updater's life: its start (updaterstart.cpp), a conversation's first half (updatercheck.cpp)
// and second half (updaterinstall.cpp), what goes on while it downloads (updaterdownload.cpp), a
// proxy's questions (updaterproxy.cpp), and the time while an update waits for the app to quit
// (updaterwaiting.cpp).
class UpdaterPrivate : public QObject
{
    Q_OBJECT

public:
    using CheckKind = Updater::CheckKind;

    explicit UpdaterPrivate(Updater *updater);
    ~UpdaterPrivate() override;

    bool start();
    bool isEnabled() const { return installation && installation->policy.allowsUpdates; }
    void setDriver(UserDriver *newDriver);
    void setDelegate(UpdaterDelegate *newDelegate);
    void begin(CheckKind kind);
    void postponeToNextStart();
    void cancel();
    void haltDownload(bool halted);
    void settingsChanged();

    Updater *q;
    QPointer<QNetworkAccessManager> manager;
    UpdaterSettings settings;
    CheckSchedule schedule{settings};
    QString appDirectory;
    VersionOrder versionOrder; // the application's own; empty: that of freshen.json
    bool saysReady = true;

    std::optional<Installation> installation;
    Updater::State state = Updater::State::Idle;
    Release release;
    QDateTime confirmedUntil;
    QString noUpdateReason;
    qint64 bytesDone = 0;
    qint64 bytesTotal = 0;
    TransferRate rate;
    bool isDownloadPaused = false;
    UpdateError lastError;

private:
    void setState(Updater::State newState);
    QNetworkAccessManager *networkManager();

    // Start-up.
    void settle();
    bool goesBackFromCrashes();
    void tellNews(const Install::LastResult &news);
    void installWhatWaits();
    void askPermissionUnlessManaged();
    void askPermissionWhenDue();
    void permit(UserDriver::Permission permission);

    // One conversation.
    bool sparesSurroundings() const;
    bool mayCheck(CheckKind kind) const;
    void openSession();
    void prepareRequest(CheckRequest &request);
    void applySchedule(ClientConditions &client);
    bool isMajorUpgrade() const;
    bool isOverdue() const;
    void heedServer(const UpdateSession &failed);
    Release publicRelease(const AppcastItem &item) const;
    std::optional<AppcastItem> choose();
    void offer();
    QString sentenceForNone() const;
    void speakOf(bool isFound);
    void answer(UserDriver::Choice choice);
    void fetchNotes();
    void takeNotes();
    void stage();
    void arm();
    void offerInstall();
    void install(UserDriver::InstallTime time);
    void installOnQuit();
    void installNow();
    void fail(const Error &error);
    QUrl downloadLink() const;
    void letGo(std::unique_ptr<UpdateSession> &session);
    void end();
    // Who hears of a check that the application made for itself: nobody.
    UserDriver *driver() const { return m_kind == CheckKind::Information ? nullptr : m_driver; }
    // Whether a person waits for an answer.
    bool speaks() const { return m_driver && (m_kind == CheckKind::User || m_userChose); }
    // Wraps a reply so that it counts once, and only in the conversation that asked.
    template<typename Answer>
    std::function<void(Answer)> once(void (UpdaterPrivate::*method)(Answer))
    {
        m_isAsking = true;
        const int turn = ++m_turn;
        return [self = QPointer<UpdaterPrivate>(this), turn, method](Answer given) {
            if (!self || turn != self->m_turn)
                return;
            ++self->m_turn;
            self->m_isAsking = false;
            (self->*method)(given);
        };
    }

    // While it downloads and unpacks.
    void noteProgress(UserDriver::Phase phase, qint64 done, qint64 total);
    void noteInterruption(const Error &cause, qint64 milliseconds);
    void noteTime();
    void applyPause();
    void watchDownload();
    void adoptDownload();
    void endDownload();

    // Where a proxy wants a login.
    bool asksForLogin(const Error &error);
    void logIn(UserDriver::ProxyLogin login);
    void repeatStep();

    // While an update waits for the app to quit.
    void noteWaiting();
    bool isReminderDue() const;
    void lookAgain(CheckKind kind);
    void recheck();
    void compareWithWaiting();

    UserDriver *m_driver = nullptr;
    UpdaterDelegate m_noDelegate;
    UpdaterDelegate *m_delegate = &m_noDelegate;
    std::unique_ptr<Settling> m_settling;
    std::unique_ptr<HelperRun> m_wayBack;
    std::unique_ptr<Alarm> m_proof = Clock::current().makeAlarm(); // that this version works
    std::unique_ptr<UpdateSession> m_session;
    std::unique_ptr<UpdateSession> m_recheck;
    std::unique_ptr<NotesFetch> m_notes;
    CheckKind m_kind = CheckKind::Scheduled;
    bool m_userChose = false;
    bool m_isSilent = false; // downloads without a word
    bool m_installsAtOnce = false; // at the app's start, before anybody works with it
    bool m_isAsking = false;
    bool m_refusesLogin = false;
    Error m_loginError; // what it ends with then
    bool m_beginsAgain = false; // once the helper has stood down
    // Grows with every question and at the end of every conversation: whoever acts for an earlier
    // turn is late. Everybody who is told something may end the conversation.
    int m_turn = 0;
    QElapsedTimer m_lastProgress;
    bool m_isInterrupted = false;
    bool m_isHalted = false; // by the person
    bool m_isHeldBack = false; // for others' sake
    bool m_isStageDue = false; // as soon as nothing holds it back
    std::unique_ptr<Alarm> m_watch = Clock::current().makeAlarm();
    QTimer m_progressTimer;
};

} // namespace Freshen
