// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/updatesession.h"

#include "lib/common/convert.h"
#include "lib/session/preflight.h"
#include "updater-helper/install/engine.h"
#include "updater-helper/install/installed.h"

namespace Freshen {

namespace {

using Install::ReadyCheck;

ReadyCheck readyCheck(const ReadyRule &rule, const std::optional<int> &seconds)
{
    ReadyCheck check;
    switch (rule.kind) {
    case ReadyRule::Kind::Signal:
        check.kind = ReadyCheck::Kind::Signal;
        check.seconds = seconds.value_or(check.seconds);
        break;
    case ReadyRule::Kind::Alive:
        check.kind = ReadyCheck::Kind::Alive;
        check.seconds = rule.aliveSeconds;
        break;
    case ReadyRule::Kind::None:
        check.kind = ReadyCheck::Kind::None;
        break;
    }
    return check;
}

// So that it can be gone back to when its key is retired by the time. A disk on which that fails
// fails the change itself.
void acceptInstalled(const Installation &installation)
{
    const auto release = Install::installedRelease(installation.layout, installation.knownKeys);
    if (release)
        (void)Install::acceptManifest(installation.layout, release->sha256);
}

// How the arriving version shows that it works, and whether one may go back from it, it says
// itself.
AppDescription arrivingVersion(const Install::Order &order, const Installation &installation)
{
    const auto arriving = AppDescription::read(toQString(order.tree()));
    return arriving ? *arriving : installation.description;
}

// A helper with more rights follows the chain itself.
Result<void> offerRoots(const Installation &installation)
{
    if (installation.rights == Install::Rights::OwnOnly || !installation.description.root)
        return {};
    return RootStore(*installation.description.root)
        .copyTo(toQString(installation.workplace.folder()));
}

// Later, because it may be the one whose signal brought us here; with its owner at the latest.
template<typename Object>
void deleteSoon(std::unique_ptr<Object> &object, QObject *owner)
{
    if (!object)
        return;
    object->setParent(owner);
    object.release()->deleteLater();
}

} // namespace

Result<std::shared_ptr<Platform::Descriptor>> lockAndRecover(const Installation &installation)
{
    auto lock = installation.workplace.takeLock();
    if (!lock)
        return failure(lock);
    // With an administrator's rights, the helper does that itself before anything else.
    if (installation.rights == Install::Rights::OwnOnly) {
        const auto recovered = Install::recover(installation.layout, installation.knownKeys);
        if (!recovered)
            return failure(recovered);
        acceptInstalled(installation);
    }
    return std::make_shared<Platform::Descriptor>(std::move(*lock));
}

Install::Order makeOrder(const Installation &installation, Install::ChangeKind kind,
                         const std::string &toVersion, const InstallOptions &options)
{
    Install::Order order;
    order.app = installation.layout.app();
    if (installation.rights != Install::Rights::OwnOnly)
        order.folder = installation.workplace.folder();
    else if (!installation.layout.isSingleFile())
        order.guard = installation.workplace.helper();
    // The service goes forward only.
    const bool goesBack = kind == Install::ChangeKind::Rollback;
    order.rights = goesBack && installation.rights == Install::Rights::Service
        ? Install::Rights::Prompt
        : installation.rights;
    order.registration = installation.registration;
    order.kind = kind;
    order.product = toStdString(installation.description.product);
    order.fromVersion = toStdString(installation.description.version);
    order.toVersion = toVersion;
    order.keys = installation.keys;
    const AppDescription arriving = arrivingVersion(order, installation);
    order.ready = readyCheck(arriving.ready, options.readySeconds);
    order.mayGoBack = goesBack || arriving.rollback;
    order.keeps = installation.description.keepPrevious;
    order.waitSeconds = options.waitSeconds;
    order.launches = options.launches;
    order.keepsOutput = options.keepsOutput;
    order.arguments = options.arguments;
    order.workingDirectory = toPath(options.workingDirectory);
    order.environment = Platform::currentEnvironment();
    return order;
}

UpdateSession::UpdateSession(QNetworkAccessManager *manager, const Installation &installation,
                             QObject *parent)
    : QObject(parent)
    , m_manager(manager)
    , m_installation(installation)
    , m_request(CheckRequest::of(installation))
{
}

UpdateSession::~UpdateSession()
{
    if (m_job)
        m_job->cancel();
}

void UpdateSession::check()
{
    m_check = std::make_unique<FeedCheck>(m_manager, m_request);
    connect(m_check.get(), &FeedCheck::finished, this, [this] {
        m_bytesFetched += m_check->outcome().bytesFetched;
        m_item = m_check->outcome().selection.item;
        Q_EMIT checked();
    });
    connect(m_check.get(), &FeedCheck::failed, this, &UpdateSession::failed);
    m_check->start();
    Q_EMIT progressed(UserDriver::Phase::Checking, 0, 0);
}

void UpdateSession::stage(std::chrono::seconds patience)
{
    if (m_lock)
        startStager(patience);
    else
        takeLock([this, patience] { startStager(patience); });
    Q_EMIT progressed(UserDriver::Phase::Downloading, 0, 0);
}

void UpdateSession::useStaged(const QString &version)
{
    takeLock([this, version] { openStaged(version); });
    Q_EMIT progressed(UserDriver::Phase::Preparing, 0, 0);
}

void UpdateSession::takeLock(std::function<void()> next)
{
    auto lock = std::make_shared<std::shared_ptr<Platform::Descriptor>>();
    m_job = Job::start([installation = m_installation, lock](JobControl &) -> Result<void> {
        // Before the first byte is fetched.
        if (const auto allowed = checkRights(installation); !allowed)
            return failure(allowed);
        if (const auto helper = HelperRun::findHelper(); !helper)
            return failure(helper);
        auto taken = lockAndRecover(installation);
        if (!taken)
            return failure(taken);
        *lock = std::move(*taken);
        return {};
    });
    connect(m_job, &Job::failed, this, &UpdateSession::failed);
    connect(m_job, &Job::succeeded, this, [this, lock, next = std::move(next)] {
        m_lock = *lock;
        next();
    });
}

void UpdateSession::startStager(std::chrono::seconds patience)
{
    // Recovery may have brought another version back.
    auto installation = Installation::open(toQString(m_installation.layout.app()));
    if (!installation)
        return Q_EMIT failed(installation.error());
    installation->order = m_installation.order;
    installation->isRepaired = m_installation.isRepaired;
    m_installation = std::move(*installation);
    m_stager = std::make_unique<Stager>(m_manager, m_installation, item(), m_request.policy,
                                        m_lock);
    m_stager->setPatience(patience);
    if (outcome().appcast.stamp)
        m_stager->requireExactLength();
    connect(m_stager.get(), &Stager::progressed, this, &UpdateSession::progressed);
    connect(m_stager.get(), &Stager::interrupted, this, &UpdateSession::interrupted);
    connect(m_stager.get(), &Stager::finished, this, [this] {
        noteStager();
        if (const auto offered = offerRoots(m_installation); !offered)
            return Q_EMIT failed(offered.error());
        m_route = m_stager->route();
        m_stagedVersion = m_stager->manifest().version;
        Q_EMIT staged();
    });
    connect(m_stager.get(), &Stager::failed, this, [this](const Error &error) {
        noteStager();
        Q_EMIT failed(error);
    });
    m_stager->setPaused(m_isPaused);
    setMaximumRate(m_maximumRate);
    m_stager->start();
}

void UpdateSession::noteStager()
{
    m_bytesFetched += m_stager->bytesFetched();
    for (const SourceFailure &failure : m_stager->failures())
        Q_EMIT sourceFailed(failure);
}

void UpdateSession::setMaximumRate(qint64 bytesPerSecond)
{
    m_maximumRate = m_installation.policy.maximumDownloadRate.value_or(bytesPerSecond);
    if (m_stager)
        m_stager->setMaximumRate(m_maximumRate);
}

void UpdateSession::setPaused(bool paused)
{
    m_isPaused = paused;
    if (m_stager)
        m_stager->setPaused(paused);
}

// The helper compares every file with it once more.
void UpdateSession::openStaged(const QString &version)
{
    const auto release = Install::readNewRelease(m_installation.workplace,
                                                 m_installation.workplace.staged(),
                                                 m_installation.keys);
    if (!release)
        return Q_EMIT failed(release.error());
    if (toQString(release->manifest.version) != version)
        return Q_EMIT failed(Error{ErrorCode::MANIFEST,
                                   "Another version is staged than the one that was put off."});
    m_stagedVersion = release->manifest.version;
    m_route = QStringLiteral("staged");
    Q_EMIT staged();
}

void UpdateSession::arm(const InstallOptions &options)
{
    const auto kind = m_installation.isRepaired ? Install::ChangeKind::Repair
                                                : Install::ChangeKind::Update;
    const auto order = makeOrder(m_installation, kind, m_stagedVersion, options);
    m_helper = std::make_unique<HelperRun>(order, m_lock, options.waitsForThisProcess);
    // The lock goes to the helper; a hold of ours would outlive it.
    m_stager.reset();
    m_lock.reset();
    connect(m_helper.get(), &HelperRun::armed, this, &UpdateSession::armed);
    connect(m_helper.get(), &HelperRun::finished, this, &UpdateSession::installed);
    connect(m_helper.get(), &HelperRun::failed, this, &UpdateSession::failed);
    connect(m_helper.get(), &HelperRun::cancelled, this, [this] {
        Q_EMIT failed(Error{ErrorCode::CANCELLED, "Cancelled."});
    });
    m_helper->start();
    Q_EMIT progressed(UserDriver::Phase::Installing, 0, 0);
}

void UpdateSession::go(bool startsApp)
{
    m_hasGone = true;
    m_helper->go(startsApp);
}

void UpdateSession::cancel()
{
    disconnect();
    deleteSoon(m_check, this);
    deleteSoon(m_stager, this);
    if (m_job)
        m_job->cancel();
    if (m_helper)
        m_helper->cancel();
}

} // namespace Freshen
