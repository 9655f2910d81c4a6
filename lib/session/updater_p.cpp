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
#include <QRandomGenerator>

namespace Freshen {

namespace {

Q_LOGGING_CATEGORY(logUpdater, "freshen.updater", QtWarningMsg)

using State = Updater::State;
using namespace std::chrono_literals;

constexpr auto checkInterval = 24h;
constexpr auto startDelay = 5s; // before an overdue check: the app's own start comes first
constexpr int permissionStart = 2;
constexpr int progressInterval = 50; // ms
constexpr auto settlingInterval = 250ms;
constexpr int settlingTries = 600; // a helper may wait two minutes for "ready"
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
    m_schedule.setSingleShot(true);
    m_schedule.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_schedule, &QTimer::timeout, this, [this] {
        begin(false);
        schedule();
    });
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
    schedule();
    return true;
}

void UpdaterPrivate::settle()
{
    auto report = std::make_shared<StartupReport>();
    Job *job = Job::start([app = *installation, report](JobControl &) -> Result<void> {
        auto settled = settleAtStart(app, Platform::currentArguments());
        if (!settled)
            return failure(settled);
        *report = std::move(*settled);
        return {};
    });
    connect(job, &Job::succeeded, this, [this, report] { afterSettling(*report); });
    connect(job, &Job::failed, this, [](const Error &error) {
        qCWarning(logUpdater, "The last update could not be settled: %s", error.message.c_str());
    });
}

void UpdaterPrivate::afterSettling(const StartupReport &report)
{
    switch (report.verdict) {
    case StartupVerdict::Settled:
        if (report.news)
            tellNews(*report.news);
        break;
    case StartupVerdict::Busy:
        if (++m_settlingTries < settlingTries)
            QTimer::singleShot(settlingInterval, this, &UpdaterPrivate::settle);
        break;
    case StartupVerdict::CommitWhenReady:
        // This is the event loop: the new version works.
        connect(Job::start([app = *installation](JobControl &) { return commitAtStart(app); }),
                &Job::succeeded, this, &UpdaterPrivate::settle);
        break;
    case StartupVerdict::WentBack:
        qCWarning(logUpdater, "This version missed its chance; the previous one is back.");
        QCoreApplication::quit();
        break;
    }
}

void UpdaterPrivate::tellNews(const Install::LastResult &news)
{
    if (!driver)
        return;
    const QString from = toQString(news.from);
    const QString to = toQString(news.to);
    if (!news.errorCode.empty())
        driver->showError(UpdateError(toQString(news.errorCode), toQString(news.errorMessage)));
    else if (to == installation->description.version)
        driver->showUpdated(from, to);
}

void UpdaterPrivate::askPermissionWhenDue()
{
    if (settings.knowsPermission() || settings.countStart() < permissionStart || !driver)
        return;
    setState(State::AskingPermission);
    const int question = ++m_question;
    driver->askPermission([this, question](UserDriver::Permission permission) {
        if (question != m_question)
            return;
        ++m_question;
        settings.setAutomaticallyDownloads(permission.automaticallyDownloads);
        settings.setAutomaticallyChecks(permission.automaticallyChecks);
        Q_EMIT q->settingsChanged();
        setState(State::Idle);
        schedule();
    });
}

void UpdaterPrivate::schedule()
{
    m_schedule.stop();
    if (!installation || !settings.automaticallyChecks())
        return;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const QDateTime last = settings.lastCheckTime();
    // A time in the future comes from a clock that was wrong.
    const bool isKnown = last.isValid() && last <= now;
    const std::chrono::milliseconds passed(isKnown ? last.msecsTo(now) : 0);
    const std::chrono::milliseconds left = isKnown ? checkInterval - passed
                                                   : std::chrono::milliseconds(0);
    const std::chrono::milliseconds jitter(QRandomGenerator::global()->bounded(60'000));
    m_schedule.start(std::max<std::chrono::milliseconds>(left + jitter, startDelay));
}

void UpdaterPrivate::begin(bool userInitiated)
{
    if (!installation)
        return;
    if (state != State::Idle) {
        if (userInitiated && driver)
            driver->requestAttention();
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
        m_session->request().client.skippedVersion = settings.skippedVersion();
    m_session->check();
}

void UpdaterPrivate::offer()
{
    settings.setLastCheckTime(QDateTime::currentDateTimeUtc());
    Q_EMIT q->settingsChanged();
    const Selection &selection = m_session->outcome().selection;
    const QString version = installation->description.version;
    release = selection.item ? toRelease(*selection.item, version) : Release();
    Q_EMIT q->availableReleaseChanged();
    Q_EMIT q->checkFinished(selection.item.has_value());
    if (!selection.item) {
        if (speaks())
            driver->showNoUpdate(noUpdateSentence(selection.reason, version));
        return end();
    }
    setState(State::UpdateFound);
    const bool isSilent = !m_userInitiated && settings.automaticallyDownloads()
        && !release.isInformational();
    if (isSilent)
        return m_session->stage();
    if (!driver)
        return end();
    driver->showUpdateFound(release, m_userInitiated, once(&UpdaterPrivate::answer));
    fetchNotes();
}

void UpdaterPrivate::answer(UserDriver::Choice choice)
{
    if (choice == UserDriver::Choice::Skip)
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
        if (driver)
            driver->showReleaseNotesFailed(toUpdateError(error));
    });
    connect(m_notes.get(), &Fetch::finished, this, [this] {
        if (driver)
            driver->showReleaseNotes(QString::fromUtf8(m_notes->content()),
                                     notesFormatOf(m_notes->finalUrl()));
    });
    m_notes->start(release.notesUrl());
}

void UpdaterPrivate::noteProgress(UserDriver::Phase phase, qint64 done, qint64 total)
{
    const bool isNewPhase = stateOf(phase) != state;
    bytesDone = done;
    bytesTotal = total;
    setState(stateOf(phase));
    if (!isNewPhase && done < total && m_lastProgress.isValid()
        && m_lastProgress.elapsed() < progressInterval)
        return;
    m_lastProgress.start();
    Q_EMIT q->progressChanged();
    if (speaks())
        driver->showProgress(phase, done, total);
}

void UpdaterPrivate::arm()
{
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
    setState(State::ReadyToInstall);
    if (speaks())
        driver->showReadyToInstall(release, once(&UpdaterPrivate::install));
    else
        install(UserDriver::InstallTime::OnQuit);
}

void UpdaterPrivate::install(UserDriver::InstallTime time)
{
    const bool isNow = time == UserDriver::InstallTime::Now;
    setState(State::Installing);
    m_session->go(isNow);
    if (!driver)
        return;
    if (isNow) {
        driver->showProgress(UserDriver::Phase::Installing, 0, 0);
        driver->quitApplication();
    } else {
        driver->dismiss();
    }
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
        driver->showError(reported);
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
    ++m_question;
    m_notes.reset();
    // It may be the one whose signal brought us here.
    if (m_session) {
        m_session->disconnect(this);
        m_session.release()->deleteLater();
    }
    bytesDone = bytesTotal = 0;
    setState(State::Idle);
    Q_EMIT q->progressChanged();
    if (driver)
        driver->dismiss();
}

template<typename Answer>
std::function<void(Answer)> UpdaterPrivate::once(void (UpdaterPrivate::*method)(Answer))
{
    const int question = ++m_question;
    return [self = QPointer<UpdaterPrivate>(this), question, method](Answer given) {
        if (!self || question != self->m_question)
            return;
        ++self->m_question;
        (self->*method)(given);
    };
}

} // namespace Freshen
