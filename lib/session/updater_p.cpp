// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/updater_p.h"

#include "lib/common/convert.h"
#include "lib/session/sentences.h"
#include "platform/paths.h"
#include "platform/ready.h"

#include <QCoreApplication>
#include <QDir>
#include <QLoggingCategory>
#include <QMetaEnum>
#include <QNetworkAccessManager>

namespace Freshen {

namespace {

Q_LOGGING_CATEGORY(logUpdater, "freshen.updater", QtWarningMsg)

using State = Updater::State;

constexpr int permissionStart = 2;
constexpr int progressInterval = 50; // ms
constexpr qint64 maximumNotes = 1 << 20;

Release::NotesFormat notesFormatOf(const QUrl &url)
{
    const QString name = url.fileName().toLower();
    if (name.endsWith(QLatin1String(".md")) || name.endsWith(QLatin1String(".markdown")))
        return Release::NotesFormat::Markdown;
    return name.endsWith(QLatin1String(".txt")) ? Release::NotesFormat::PlainText
                                                : Release::NotesFormat::Html;
}

State stateOf(UserDriver::Phase phase)
{
    switch (phase) {
    case UserDriver::Phase::Checking:
        return State::Checking;
    case UserDriver::Phase::Downloading:
        return State::Downloading;
    case UserDriver::Phase::Preparing:
    case UserDriver::Phase::Installing:
        return State::Preparing;
    }
    return State::Preparing;
}

} // namespace

UpdaterPrivate::UpdaterPrivate(Updater *updater)
    : q(updater)
{
    connect(&schedule, &CheckSchedule::due, this, [this] { begin(false); });
}

UpdaterPrivate::~UpdaterPrivate()
{
    // An armed helper that was told to go on does so; everything else ends here.
    if (m_session && state != State::Installing)
        m_session->cancel();
}

void UpdaterPrivate::setState(State newState)
{
    if (state == newState)
        return;
    state = newState;
    qCInfo(logUpdater, "%s",
           QMetaEnum::fromType<State>().valueToKey(static_cast<int>(newState)));
    Q_EMIT q->stateChanged();
}

QNetworkAccessManager *UpdaterPrivate::networkManager()
{
    if (!manager)
        manager = new QNetworkAccessManager(this);
    return manager;
}

bool UpdaterPrivate::start()
{
    if (saysReady)
        QMetaObject::invokeMethod(this, [] { Updater::sayReady(); }, Qt::QueuedConnection);
    if (appDirectory.isEmpty())
        appDirectory = Installation::findAround(toQString(Platform::executablePath()));
    auto opened = appDirectory.isEmpty()
        ? Result<Installation>(failure(ErrorCode::CONFIG, "There is no freshen.json."))
        : Installation::open(appDirectory);
    if (!opened) {
        qCWarning(logUpdater, "Updates are off: %s", opened.error().message.c_str());
        return false;
    }
    installation = std::move(*opened);
    settings.open(installation->description.product);
    Q_EMIT q->enabledChanged();
    Q_EMIT q->stateChanged();
    settle();
    askPermissionWhenDue();
    schedule.update();
    return true;
}

void UpdaterPrivate::setDriver(UserDriver *newDriver)
{
    m_driver = newDriver;
    // Nobody can answer the question any more.
    if (m_isAsking)
        cancel();
}

void UpdaterPrivate::settle()
{
    m_settling = std::make_unique<Settling>(*installation);
    connect(m_settling.get(), &Settling::told, this, &UpdaterPrivate::tellNews);
    connect(m_settling.get(), &Settling::wentBack, this, [] { QCoreApplication::quit(); });
    m_settling->start();
}

void UpdaterPrivate::tellNews(const Install::LastResult &news)
{
    if (!m_driver)
        return;
    const QString from = toQString(news.from);
    const QString to = toQString(news.to);
    if (!news.errorCode.empty())
        m_driver->showError(UpdateError(toQString(news.errorCode), toQString(news.errorMessage)));
    else if (to == installation->description.version)
        m_driver->showUpdated(from, to);
}

void UpdaterPrivate::askPermissionWhenDue()
{
    if (settings.knowsPermission() || settings.countStart() < permissionStart || !m_driver)
        return;
    const int turn = m_turn;
    setState(State::AskingPermission);
    if (turn == m_turn)
        m_driver->askPermission(once(&UpdaterPrivate::permit));
}

void UpdaterPrivate::permit(UserDriver::Permission permission)
{
    settings.setAutomaticallyDownloads(permission.automaticallyDownloads);
    settings.setAutomaticallyChecks(permission.automaticallyChecks);
    schedule.update();
    Q_EMIT q->settingsChanged();
    setState(State::Idle);
}

void UpdaterPrivate::begin(bool userInitiated)
{
    if (!installation)
        return;
    if (state != State::Idle) {
        if (userInitiated && m_driver)
            m_driver->requestAttention();
        return;
    }
    m_userInitiated = userInitiated;
    m_userChose = false;
    lastError = UpdateError();
    m_session = std::make_unique<UpdateSession>(networkManager(), *installation);
    connect(m_session.get(), &UpdateSession::checked, this, &UpdaterPrivate::offer);
    connect(m_session.get(), &UpdateSession::progressed, this, &UpdaterPrivate::noteProgress);
    connect(m_session.get(), &UpdateSession::staged, this, &UpdaterPrivate::arm);
    connect(m_session.get(), &UpdateSession::armed, this, &UpdaterPrivate::offerInstall);
    connect(m_session.get(), &UpdateSession::failed, this, &UpdaterPrivate::fail);
    if (!userInitiated)
        applySchedule(m_session->request().client);
    m_session->check();
}

// What counts where no person asked.
void UpdaterPrivate::applySchedule(ClientConditions &client)
{
    client.skippedVersions = installation->leftVersions();
    if (!settings.skippedVersion().isEmpty())
        client.skippedVersions.insert(settings.skippedVersion());
    client.skippedMajorVersion = settings.skippedMajorVersion();
    client.skippedMajorSubrelease = settings.skippedMajorSubrelease();
    client.rolloutGroup = settings.rolloutGroup();
}

bool UpdaterPrivate::isMajorUpgrade() const
{
    return isMajorUpgradeFor(m_session->item(), installation->description.version,
                             versionOrder(installation->versioning()));
}

void UpdaterPrivate::offer()
{
    settings.setLastCheckTime(QDateTime::currentDateTimeUtc());
    schedule.update();
    const Selection &selection = m_session->outcome().selection;
    const bool isFound = selection.item.has_value();
    const QString version = installation->description.version;
    release = isFound
        ? toRelease(*selection.item, version, versionOrder(installation->versioning()))
        : Release();
    const int turn = m_turn;
    if (isFound)
        setState(State::UpdateFound);
    Q_EMIT q->settingsChanged();
    Q_EMIT q->availableReleaseChanged();
    Q_EMIT q->checkFinished(isFound);
    if (turn != m_turn)
        return;
    if (!isFound && speaks())
        m_driver->showNoUpdate(noUpdateSentence(selection.reason, version));
    const bool isSilent = isFound && !m_userInitiated && settings.automaticallyDownloads()
        && !release.isInformational() && !isMajorUpgrade();
    if (!isFound || (!m_driver && !isSilent))
        return end();
    if (isSilent)
        return m_session->stage();
    m_driver->showUpdateFound(release, m_userInitiated, once(&UpdaterPrivate::answer));
    if (m_isAsking)
        fetchNotes();
}

void UpdaterPrivate::answer(UserDriver::Choice choice)
{
    if (choice == UserDriver::Choice::Skip && isMajorUpgrade())
        settings.setSkippedMajor(m_session->item().minimumAutoupdateVersion, release.version());
    else if (choice == UserDriver::Choice::Skip)
        settings.setSkippedVersion(release.version());
    if (choice != UserDriver::Choice::Install || release.isInformational())
        return end();
    m_userChose = true;
    m_session->stage();
}

void UpdaterPrivate::fetchNotes()
{
    if (!release.notes().isEmpty() || !release.notesUrl().isValid())
        return;
    m_notes = std::make_unique<Fetch>(networkManager(), m_session->request().policy,
                                      maximumNotes, ErrorCode::SIZE);
    connect(m_notes.get(), &Fetch::failed, this, [this](const Error &error) {
        if (m_driver)
            m_driver->showReleaseNotesFailed(toUpdateError(error));
    });
    connect(m_notes.get(), &Fetch::finished, this, [this] {
        if (m_driver)
            m_driver->showReleaseNotes(QString::fromUtf8(m_notes->content()),
                                       notesFormatOf(m_notes->finalUrl()));
    });
    m_notes->start(release.notesUrl());
}

void UpdaterPrivate::noteProgress(UserDriver::Phase phase, qint64 done, qint64 total)
{
    const bool isNewPhase = stateOf(phase) != state;
    bytesDone = done;
    bytesTotal = total;
    const int turn = m_turn;
    setState(stateOf(phase));
    if (!isNewPhase && done < total && m_lastProgress.isValid()
        && m_lastProgress.elapsed() < progressInterval)
        return;
    m_lastProgress.start();
    Q_EMIT q->progressChanged();
    if (turn == m_turn && speaks())
        m_driver->showProgress(phase, done, total);
}

void UpdaterPrivate::arm()
{
    if (m_session->item().phasedRolloutInterval > 0)
        settings.redrawRolloutGroup();
    qCInfo(logUpdater, "Staged after %lld bytes (%s)", m_session->bytesFetched(),
           qPrintable(m_session->route()));
    InstallOptions options;
    options.keepsOutput = true;
    options.waitsForThisProcess = true;
    options.arguments = Platform::currentArguments();
    options.workingDirectory = QDir::currentPath();
    m_session->arm(options);
}

void UpdaterPrivate::offerInstall()
{
    const int turn = m_turn;
    setState(State::ReadyToInstall);
    if (turn != m_turn)
        return;
    if (speaks())
        m_driver->showReadyToInstall(release, once(&UpdaterPrivate::install));
    else
        install(UserDriver::InstallTime::OnQuit);
}

void UpdaterPrivate::install(UserDriver::InstallTime time)
{
    const bool isNow = time == UserDriver::InstallTime::Now;
    const int turn = m_turn;
    setState(State::Installing);
    if (turn != m_turn)
        return;
    m_session->go(isNow);
    if (!m_driver)
        return;
    if (!isNow)
        return m_driver->dismiss();
    m_driver->showProgress(UserDriver::Phase::Installing, 0, 0);
    if (turn == m_turn)
        m_driver->quitApplication();
}

void UpdaterPrivate::fail(const Error &error)
{
    const bool isCancel = error.code == ErrorCode::CANCELLED;
    const bool tells = speaks() && !isCancel;
    lastError = isCancel ? UpdateError() : toUpdateError(error);
    qCWarning(logUpdater, "%s: %s", errorCodeName(error.code).data(), error.message.c_str());
    const UpdateError reported = toUpdateError(error);
    end();
    if (tells)
        m_driver->showError(reported);
    Q_EMIT q->failed(reported);
}

void UpdaterPrivate::cancel()
{
    if (state == State::Idle)
        return;
    if (m_session)
        m_session->cancel();
    end();
}

void UpdaterPrivate::end()
{
    ++m_turn;
    m_isAsking = false;
    m_notes.reset();
    // It may be the one whose signal brought us here.
    if (m_session) {
        m_session->disconnect(this);
        m_session->setParent(this);
        m_session.release()->deleteLater();
    }
    bytesDone = bytesTotal = 0;
    if (m_driver)
        m_driver->dismiss();
    setState(State::Idle);
    Q_EMIT q->progressChanged();
}

template<typename Answer>
std::function<void(Answer)> UpdaterPrivate::once(void (UpdaterPrivate::*method)(Answer))
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

} // namespace Freshen
