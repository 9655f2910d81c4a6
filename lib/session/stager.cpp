// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/stager.h"

#include "lib/common/convert.h"
#include "lib/feed/mirrors.h"
#include "lib/session/downloadfolder.h"

namespace Freshen {

namespace {

using Phase = UserDriver::Phase;

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds packageDeadline = 24h;
constexpr qint64 maximumSignature = 64 * 1024;
// Of a package whose length the feed does not give.
constexpr qint64 maximumPackage = 2ll << 30;

} // namespace

Stager::Stager(QNetworkAccessManager *manager, const Installation &installation,
               const AppcastItem &item, const UrlPolicy &policy,
               std::shared_ptr<Platform::Descriptor> lock, QObject *parent)
    : QObject(parent)
    , m_manager(manager)
    , m_installation(installation)
    , m_item(item)
    , m_policy(policy)
    , m_lock(std::move(lock))
    , m_plan(std::make_shared<StagePlan>())
    , m_package(DownloadFolder(installation.description.product).file(item))
{
    setPatience(usualPatience);
}

Stager::~Stager()
{
    if (m_job)
        m_job->cancel();
}

void Stager::setPaused(bool paused)
{
    m_isPaused = paused;
    if (m_download)
        m_download->setPaused(paused);
}

void Stager::setMaximumRate(qint64 bytesPerSecond)
{
    m_maximumRate = bytesPerSecond;
    if (m_download)
        m_download->setMaximumRate(bytesPerSecond);
}

QString Stager::route() const
{
    return m_plan->isStaged ? QStringLiteral("staged") : QStringLiteral("full");
}

void Stager::start()
{
    runJob(
        [item = m_item, installation = m_installation](JobControl &) {
            return checkItem(item, installation);
        },
        Phase::Downloading, 0, isPlain() ? &Stager::planStaging : &Stager::fetchManifest);
}

void Stager::runJob(Job::Work work, Phase phase, qint64 total, void (Stager::*next)())
{
    m_job = Job::start([work = std::move(work), lock = m_lock](JobControl &control) {
        return work(control);
    });
    connect(m_job, &Job::failed, this, &Stager::failed);
    connect(m_job, &Job::succeeded, this, next);
    connect(m_job, &Job::progressed, this,
            [this, phase, total](qint64 done) { Q_EMIT progressed(phase, done, total); });
}

void Stager::noteTransfer(qint64 bytes, const QList<SourceFailure> &failures)
{
    m_bytesFetched += bytes;
    m_failures += failures;
}

// A file of the release that is small enough for the memory.
void Stager::fetch(const QList<QUrl> &urls, qint64 limit, const QString &sha256,
                   QByteArray *content, void (Stager::*next)())
{
    m_fetch = std::make_unique<Fetch>(m_manager, m_policy, limit, ErrorCode::SIZE);
    m_fetch->setHash(sha256);
    connect(m_fetch.get(), &Fetch::failed, this, [this](const Error &error) {
        noteTransfer(m_fetch->bytesReceived(), m_fetch->failures());
        Q_EMIT failed(error);
    });
    connect(m_fetch.get(), &Fetch::finished, this, [this, content, next] {
        noteTransfer(m_fetch->bytesReceived(), m_fetch->failures());
        *content = m_fetch->content();
        QMetaObject::invokeMethod(this, next, Qt::QueuedConnection);
    });
    m_fetch->start(urls);
}

void Stager::fetchManifest()
{
    const AppcastFile &file = *m_item.manifest;
    fetch(addressesOf(m_item, file.url), file.length, file.sha256, &m_plan->manifestText,
          &Stager::fetchManifestSignature);
}

// First where the manifest came from: they belong together.
void Stager::fetchManifestSignature()
{
    QList<QUrl> urls = addressesOf(m_item, m_item.manifest->url);
    urls.move(urls.indexOf(m_fetch->url()), 0);
    for (QUrl &url : urls)
        url.setPath(url.path(QUrl::FullyEncoded) + QStringLiteral(".minisig"), QUrl::TolerantMode);
    fetch(urls, maximumSignature, {}, &m_plan->manifestSignature, &Stager::planStaging);
}

void Stager::planStaging()
{
    runJob([installation = m_installation, item = m_item, result = m_plan](JobControl &control) {
        return planStage(installation, item, *result, control);
    }, Phase::Downloading, 0, &Stager::getPackage);
}

DownloadRequest Stager::downloadRequest() const
{
    const AppcastEnclosure &enclosure = *m_item.enclosure;
    DownloadRequest request{addressesOf(m_item, enclosure.url), m_package, enclosure.length,
                            enclosure.sha256};
    // Sparkle never minded a wrong length; here it is still a limit.
    request.isExact = !isPlain() || (m_needsExactLength && request.length > 0);
    if (request.length == 0)
        request.length = maximumPackage;
    return request;
}

void Stager::getPackage()
{
    if (m_plan->isStaged) {
        Q_EMIT finished();
        return;
    }
    UrlPolicy policy = m_policy;
    policy.limits.deadline = packageDeadline;
    m_download = std::make_unique<Download>(m_manager, policy, downloadRequest());
    connect(m_download.get(), &Download::failed, this, [this](const Error &error) {
        noteTransfer(m_download->bytesReceived(), m_download->failures());
        Q_EMIT failed(error);
    });
    connect(m_download.get(), &Download::progressed, this, [this](qint64 done) {
        Q_EMIT progressed(Phase::Downloading, done, m_item.enclosure->length);
    });
    connect(m_download.get(), &Download::interrupted, this, &Stager::interrupted);
    connect(m_download.get(), &Download::finished, this, &Stager::unpack);
    m_download->setPaused(m_isPaused);
    m_download->setMaximumRate(m_maximumRate);
    m_download->start();
}

void Stager::unpack()
{
    noteTransfer(m_download->bytesReceived(), m_download->failures());
    // A small package is unpacked before the job has anything to tell.
    const auto total = qint64(m_plan->manifest.totalSize());
    Q_EMIT progressed(Phase::Preparing, 0, total);
    runJob([installation = m_installation, item = m_item, package = m_package,
            plan = m_plan](JobControl &control) {
        return unpackStage(installation, item, package, *plan, control);
    }, Phase::Preparing, total, &Stager::finished);
}

QString toSentence(const SourceFailure &failure)
{
    return QStringLiteral("%1 failed: %2")
        .arg(displayUrl(failure.url), toQString(failure.error.message));
}

} // namespace Freshen
