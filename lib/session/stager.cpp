// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/stager.h"

#include "lib/common/convert.h"
#include "lib/package/packagereader.h"
#include "lib/package/packagewriter.h"
#include "lib/session/preflight.h"
#include "platform/paths.h"
#include "updater-helper/install/engine.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/treecheck.h"

namespace Freshen {

namespace {

using Phase = UserDriver::Phase;

constexpr qint64 maximumSignature = 64 * 1024;

QString downloadFolder(const QString &product)
{
    return toQString(Platform::cacheDirectory() / "downloads" / product.toStdString());
}

// Named by its content; the ending, which says how to unpack it, is the signed feed's.
QString downloadName(const AppcastItem &item)
{
    if (!item.enclosure)
        return {};
    const QString name = item.enclosure->url.fileName();
    return item.enclosure->sha256 + name.mid(packageBaseName(name).size());
}

// The tree of an earlier try is used again when it is exactly this release.
bool isAlreadyStaged(const Installation &installation, const QByteArray &manifestText,
                     JobControl &control)
{
    const auto staged = Trust::readTreeManifest(installation.layout.staged(), installation.keys);
    if (!staged || staged->sha256 != Trust::sha256Hex(toView(manifestText)))
        return false;
    const auto intact = Trust::requireTree(installation.layout.staged(), staged->manifest,
                                           [&](std::uint64_t) { return !control.isCancelled(); });
    return intact.has_value();
}

// What earlier downloads left is worth nothing any more.
Result<void> pruneDownloads(const QString &folder)
{
    if (auto removed = Platform::removeTree(toPath(folder)); !removed)
        return removed;
    return Platform::makeDirectories(toPath(folder), 0700);
}

Result<void> plan(const Installation &installation, const AppcastItem &item, StagePlan &plan,
                  JobControl &control)
{
    if (toQString(Trust::sha256Hex(toView(plan.manifestText))) != item.manifest->sha256)
        return failure(ErrorCode::HASH,
                       "The manifest is not the one that the feed announces. Try again; if it "
                       "stays so, tell the publisher.");
    auto manifest = Trust::verifiedManifest(toView(plan.manifestText),
                                            toView(plan.manifestSignature), installation.keys);
    if (!manifest)
        return failure(manifest);
    if (auto fits = checkManifest(*manifest, item, installation); !fits)
        return fits;
    plan.manifest = std::move(*manifest);
    if (auto pruned = pruneDownloads(downloadFolder(installation.description.product)); !pruned)
        return pruned;
    plan.isStaged = isAlreadyStaged(installation, plan.manifestText, control);
    if (plan.isStaged)
        return {};
    if (auto removed = Platform::removeTree(installation.layout.staged()); !removed)
        return removed;
    return checkSpace(installation.layout, downloadFolder(installation.description.product),
                      plan.manifest.totalSize(), quint64(item.enclosure->length));
}

Result<void> unpackInto(const Install::Layout &layout, const QString &package,
                        const StagePlan &plan, JobControl &control)
{
    auto done = Platform::removeTree(layout.staging());
    if (done)
        done = unpackPackage(package, plan.manifest, toView(plan.manifestText),
                             toView(plan.manifestSignature), toQString(layout.staging()),
                             [&](quint64 bytes) { return control.advance(qint64(bytes)); });
    if (done)
        done = checkDescription(layout.staging(), plan.manifest);
    if (done)
        done = Platform::rename(layout.staging(), layout.staged());
    if (!done)
        (void)Platform::removeTree(layout.staging());
    return done;
}

Result<void> checkItem(const AppcastItem &item)
{
    if (!item.enclosure || !item.manifest || item.manifest->sha256.isEmpty()
        || item.enclosure->sha256.isEmpty() || item.enclosure->length <= 0)
        return failure(ErrorCode::MANIFEST,
                       QStringLiteral("The feed does not give manifest, length and hash of "
                                      "version %1, so it cannot be installed safely.")
                           .arg(item.version));
    return {};
}

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
    , m_package(downloadFolder(installation.description.product) + QLatin1Char('/')
                + downloadName(item))
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
        [item = m_item, layout = m_installation.layout](JobControl &) {
            auto usable = checkItem(item);
            return usable ? checkPlace(layout) : usable;
        },
        Phase::Downloading, 0, &Stager::fetchManifest);
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
        return plan(installation, item, *result, control);
    }, Phase::Downloading, 0, &Stager::getPackage);
}

void Stager::getPackage()
{
    if (m_plan->isStaged) {
        Q_EMIT finished();
        return;
    }
    const AppcastEnclosure &enclosure = *m_item.enclosure;
    m_download = std::make_unique<Download>(
        m_manager, m_policy,
        DownloadRequest{enclosure.url, m_package, enclosure.length, enclosure.sha256});
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
        auto signedPackage = checkPackageSignature(package, item, installation.keys);
        const auto done = signedPackage
            ? unpackInto(installation.layout, package, *plan, control)
            : signedPackage;
        (void)Platform::removeFile(toPath(package));
        return done;
    }, Phase::Preparing, qint64(m_plan->manifest.totalSize()), &Stager::finished);
}

} // namespace Freshen
