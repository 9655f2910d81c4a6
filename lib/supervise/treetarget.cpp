// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/treetarget.h"

#include "lib/common/convert.h"
#include "lib/package/packagearchive.h"
#include "lib/session/preflight.h"
#include "lib/session/updatesession.h"
#include "updater-helper/install/accepted.h"
#include "updater-helper/install/engine.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"

#include <QFile>
#include <QFileInfo>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// checkManifest() compares with what a feed says; a package without one speaks for itself.
AppcastItem itemOf(const Trust::Manifest &manifest)
{
    AppcastItem item;
    item.version = toQString(manifest.version);
    item.channel = toQString(manifest.channel);
    return item;
}

} // namespace

TreeTarget::TreeTarget(Installation app, BuildTrust trust)
    : Target(std::move(trust))
    , m_app(std::move(app))
{
    m_app.keepToOwnRights();
    applyTrust(m_app);
}

// Keys that were given decide instead of the app's own.
void TreeTarget::applyTrust(Installation &app) const
{
    if (m_trust.keys.empty())
        return;
    app.keys = m_trust.keys;
    app.knownKeys.insert(app.knownKeys.end(), app.keys.begin(), app.keys.end());
    app.description.root.reset();
}

Result<std::unique_ptr<TreeTarget>> TreeTarget::open(const QString &app, BuildTrust trust)
{
    auto installation = Installation::open(app);
    if (!installation)
        return failure(installation);
    return std::unique_ptr<TreeTarget>(new TreeTarget(std::move(*installation), std::move(trust)));
}

std::filesystem::path TreeTarget::executable() const
{
    return m_app.layout.place(toStdString(m_app.description.executable));
}

std::filesystem::path TreeTarget::root() const
{
    return m_app.layout.isSingleFile() ? m_app.layout.app().parent_path() : m_app.layout.app();
}

CheckRequest TreeTarget::checkRequest() const
{
    return CheckRequest::of(m_app);
}

Result<void> TreeTarget::reread()
{
    auto app = Installation::open(toQString(m_app.layout.app()));
    if (!app)
        return failure(app);
    app->keepToOwnRights();
    applyTrust(*app);
    m_app = std::move(*app);
    const auto previous = Install::readRelease(m_app.layout, m_app.layout.previous(),
                                               m_app.knownKeys);
    m_previous = previous ? toQString(previous->manifest.version) : QString();
    return {};
}

Result<void> TreeTarget::takeLock()
{
    auto lock = lockAndRecover(m_app);
    if (!lock)
        return failure(lock);
    m_lock = std::move(*lock);
    return reread();
}

Result<void> TreeTarget::finish(Result<void> done)
{
    m_lock.reset();
    const auto read = reread();
    return done ? read : done;
}

Result<void> TreeTarget::recover()
{
    // Nothing was ever begun here, and nothing is left lying about.
    if (Platform::identityOf(m_app.layout.folder()).empty())
        return reread();
    return finish(takeLock());
}

Result<void> TreeTarget::checkPlan(const StagePlan &plan) const
{
    if (auto fits = checkManifest(plan.manifest, itemOf(plan.manifest), m_app); !fits)
        return fits;
    return requireWanted(toQString(plan.manifest.version), refusedVersions());
}

Result<std::optional<StagedBuild>> TreeTarget::stage(const FetchedBuild &build,
                                                     JobControl &control)
{
    if (PackageFormat::endingOf(QFileInfo(build.file).fileName()).isEmpty())
        return failure(ErrorCode::ARCHIVE,
                       u"%1 is no package (.tar.zst, .tar.xz, .tar.gz, .zip), and an app in a "
                       "folder is updated from packages only."_s.arg(
                           toQString(Trust::escaped(toStdString(build.name)))));
    // The check may have found newer keys.
    if (auto read = reread(); !read)
        return failure(read);
    const auto plan = readPlan(build, m_app.keys);
    if (!plan)
        return failure(plan);
    if (toQString(plan->manifest.version) == m_app.description.version)
        return std::optional<StagedBuild>();
    auto done = checkPlan(*plan);
    if (done)
        done = takeLock();
    if (done)
        done = checkPlace(m_app);
    if (done)
        done = checkSpace(m_app.layout, QFileInfo(build.file).path(), plan->manifest.totalSize(),
                          0);
    if (done)
        done = Platform::removeTree(m_app.layout.staged());
    if (done)
        done = unpackRelease(m_app.layout, build.file, *plan, control);
    if (done && plan->manifestSignature.isEmpty())
        done = Install::acceptManifest(m_app.layout, Trust::sha256Hex(toView(plan->manifestText)));
    if (done) {
        auto staged = prepare(Install::ChangeKind::Update, plan->manifest, &control);
        if (staged)
            return std::optional<StagedBuild>(std::move(*staged));
        done = failure(staged);
    }
    m_lock.reset();
    return failure(done);
}

Result<StagedBuild> TreeTarget::prepare(Install::ChangeKind kind, const Trust::Manifest &manifest,
                                        JobControl *control)
{
    // It counts as started, so that what is interrupted before "ready" is undone.
    InstallOptions options;
    options.launches = true;
    auto order = makeOrder(m_app, kind, manifest.version, options);
    // There is no private copy: nobody else is at work here.
    if (!order.guard.empty())
        order.guard = toPath(HelperRun::findHelper().value_or(QString()));
    const auto prepared = Install::prepare(m_app.layout, order, [control](std::uint64_t) {
        return !control || !control->isCancelled();
    });
    if (!prepared)
        return failure(prepared);
    return StagedBuild{toQString(manifest.version), order.tree() / manifest.executable};
}

Result<StagedBuild> TreeTarget::stagePrevious()
{
    if (auto locked = takeLock(); !locked)
        return failure(locked);
    const auto previous = Install::readRelease(m_app.layout, m_app.layout.previous(),
                                               m_app.knownKeys);
    if (!previous) {
        m_lock.reset();
        return failure(ErrorCode::NO_PREVIOUS,
                       u"There is no previous version of %1 to go back to."_s.arg(
                           toQString(m_app.layout.app())));
    }
    auto staged = prepare(Install::ChangeKind::Rollback, previous->manifest, nullptr);
    if (!staged)
        m_lock.reset();
    return staged;
}

Result<void> TreeTarget::swap()
{
    auto swapped = Install::swap(m_app.layout);
    if (swapped)
        return reread();
    (void)Install::back(m_app.layout, false);
    return finish(std::move(swapped));
}

Result<void> TreeTarget::commit()
{
    return finish(Install::commit(m_app.layout));
}

Result<void> TreeTarget::back(bool isBad)
{
    return finish(Install::back(m_app.layout, isBad));
}

Result<void> TreeTarget::discard()
{
    return finish(Install::discard(m_app.layout));
}

Result<void> TreeTarget::refuse(const QString &version)
{
    return Install::refuse(m_app.layout, Install::Refusal::Failed, toStdString(version));
}

QStringList TreeTarget::refusedVersions() const
{
    QStringList versions;
    for (const std::string &version :
         Install::refusedVersions(m_app.layout, Install::Refusal::Failed))
        versions += toQString(version);
    return versions;
}

} // namespace Freshen
