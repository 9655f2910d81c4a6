// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/stager.h"

#include "lib/session/downloadfolder.h"

namespace Freshen {

namespace {

using Phase = UserDriver::Phase;

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
}

Stager::~Stager()
{
    if (m_job)
        m_job->cancel();
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

void Stager::fetchManifest()
{
    m_fetch = std::make_unique<Fetch>(m_manager, m_policy, m_item.manifest->length,
                                      ErrorCode::SIZE);
    connect(m_fetch.get(), &Fetch::failed, this, &Stager::failed);
    connect(m_fetch.get(), &Fetch::finished, this, [this] {
        m_plan->manifestText = m_fetch->content();
        m_bytesFetched += m_plan->manifestText.size();
        QMetaObject::invokeMethod(this, &Stager::fetchManifestSignature, Qt::QueuedConnection);
    });
    m_fetch->start(m_item.manifest->url);
}

void Stager::fetchManifestSignature()
{
    QUrl url = m_item.manifest->url;
    url.setPath(url.path() + QStringLiteral(".minisig"));
    m_fetch = std::make_unique<Fetch>(m_manager, m_policy, maximumSignature, ErrorCode::SIZE);
    connect(m_fetch.get(), &Fetch::failed, this, &Stager::failed);
    connect(m_fetch.get(), &Fetch::finished, this, [this] {
        m_plan->manifestSignature = m_fetch->content();
        m_bytesFetched += m_plan->manifestSignature.size();
        planStaging();
    });
    m_fetch->start(url);
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
    DownloadRequest request{{enclosure.url}, m_package, enclosure.length, enclosure.sha256};
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
    m_download = std::make_unique<Download>(m_manager, m_policy, downloadRequest());
    connect(m_download.get(), &Download::failed, this, &Stager::failed);
    connect(m_download.get(), &Download::progressed, this, [this](qint64 done) {
        Q_EMIT progressed(Phase::Downloading, done, m_item.enclosure->length);
    });
    connect(m_download.get(), &Download::finished, this, &Stager::unpack);
    m_download->start();
}

void Stager::unpack()
{
    m_bytesFetched += m_download->bytesReceived();
    runJob([installation = m_installation, item = m_item, package = m_package,
            plan = m_plan](JobControl &control) {
        return unpackStage(installation, item, package, *plan, control);
    }, Phase::Preparing, qint64(m_plan->manifest.totalSize()), &Stager::finished);
}

} // namespace Freshen
