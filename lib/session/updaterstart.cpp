// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/updater_p.h"

#include "lib/common/convert.h"
#include "lib/common/job.h"
#include "lib/session/crashloop.h"
#include "lib/session/noteskeeper.h"
#include "platform/installkind.h"
#include "platform/paths.h"

#include <QCoreApplication>
#include <QLoggingCategory>

namespace Freshen {

namespace {

Q_LOGGING_CATEGORY(logStart, "freshen.updater", QtWarningMsg)

constexpr int permissionStart = 2;

} // namespace

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
        qCWarning(logStart, "Updates are off: %s", opened.error().message.c_str());
        return false;
    }
    installation = std::move(*opened);
    confirmedUntil = installation->confirmedUntil();
    if (versionOrder)
        installation->order = versionOrder;
    const bool goesBack = isEnabled() && goesBackFromCrashes();
    settle();
    if (!isEnabled()) {
        qCWarning(logStart, "Updates are off: the administrator decided so.");
        return false;
    }
    if (goesBack)
        return true;
    settings.open(installation->description.product);
    settings.setPolicy(installation->policy);
    if (settings.waitingVersion() == installation->description.version)
        settings.setWaiting({}, {});
    Q_EMIT q->enabledChanged();
    Q_EMIT q->stateChanged();
    // An update that was put off until now ends this start soon.
    if (settings.versionForNextStart().isEmpty())
        askPermissionUnlessManaged();
    schedule.update();
    return true;
}

// Whoever updates the app needs no permission of ours. Asking a package manager takes too long
// here; most apps have none.
void UpdaterPrivate::askPermissionUnlessManaged()
{
    const auto app = installation->layout.app();
    bool takesLong = false;
    Platform::OriginProbe probe;
    probe.ask = [&takesLong](const auto &) -> Result<std::string> {
        takesLong = true;
        return failure(ErrorCode::HELPER, "Not now.");
    };
    const bool isPlain = Platform::originOf(app, probe).kind == Platform::InstallKind::Plain;
    if (isPlain && !takesLong)
        askPermissionWhenDue();
    if (!takesLong)
        return;
    auto origin = std::make_shared<Platform::InstallOrigin>();
    Job *job = Job::start([app, origin](JobControl &) -> Result<void> {
        *origin = Platform::originOf(app);
        return {};
    });
    connect(job, &Job::succeeded, this, [this, origin] {
        if (origin->kind == Platform::InstallKind::Plain && state == Updater::State::Idle)
            askPermissionWhenDue();
    });
}

// Not in the background: whoever crashes at its start has no other time.
bool UpdaterPrivate::goesBackFromCrashes()
{
    if (keepsCrashing(*installation))
        m_wayBack = beginWayBack(*installation);
    if (m_wayBack) {
        connect(m_wayBack.get(), &HelperRun::armed, qApp, &QCoreApplication::quit);
        return true;
    }
    noteStart(*installation);
    const auto forget = [app = *installation] { forgetStarts(app); };
    connect(qApp, &QCoreApplication::aboutToQuit, qApp, forget);
    connect(m_proof.get(), &Alarm::rang, this, forget);
    m_proof->start(provenAfter);
    return false;
}

void UpdaterPrivate::settle()
{
    m_settling = std::make_unique<Settling>(*installation);
    connect(m_settling.get(), &Settling::told, this, &UpdaterPrivate::tellNews);
    connect(m_settling.get(), &Settling::settled, this, &UpdaterPrivate::installWhatWaits);
    connect(m_settling.get(), &Settling::wentBack, this, [] { QCoreApplication::quit(); });
    m_settling->start();
}

void UpdaterPrivate::tellNews(const Install::LastResult &news)
{
    if (!m_driver)
        return;
    const QString to = toQString(news.to);
    if (!news.errorCode.empty())
        m_driver->showError(UpdateError(toQString(news.errorCode), toQString(news.errorMessage)));
    else if (news.from != news.to && to == installation->description.version)
        m_driver->showUpdated(toQString(news.from),
                              takeKeptNotes(installation->description.product, to));
}

// An update that was put off until this start. It is tried once.
void UpdaterPrivate::installWhatWaits()
{
    const QString version = isEnabled() ? settings.versionForNextStart() : QString();
    if (version.isEmpty() || state != Updater::State::Idle)
        return;
    settings.setVersionForNextStart({});
    if (installation->order(version, installation->description.version) <= 0)
        return;
    qCInfo(logStart, "Installing version %s, which was staged before", qPrintable(version));
    m_kind = CheckKind::Scheduled;
    openSession();
    m_installsAtOnce = true;
    release = Release();
    release.setVersion(version);
    m_session->useStaged(version);
}

void UpdaterPrivate::askPermissionWhenDue()
{
    if (settings.knowsPermission() || settings.countStart() < permissionStart || !m_driver
        || !m_delegate->mayAskPermission())
        return;
    const int turn = m_turn;
    setState(Updater::State::AskingPermission);
    if (turn == m_turn)
        m_driver->askPermission(once(&UpdaterPrivate::permit));
}

void UpdaterPrivate::permit(UserDriver::Permission permission)
{
    settings.setAutomaticallyDownloads(permission.automaticallyDownloads);
    settings.setAutomaticallyChecks(permission.automaticallyChecks);
    settingsChanged();
    setState(Updater::State::Idle);
}

void UpdaterPrivate::settingsChanged()
{
    if (isEnabled())
        schedule.update();
    if (m_session)
        m_session->setMaximumRate(settings.maximumDownloadRate());
    watchDownload();
    Q_EMIT q->settingsChanged();
}

} // namespace Freshen
