// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/session/installation.h"
#include "lib/session/staging.h"
#include "lib/supervise/target.h"
#include "updater-helper/install/order.h"

namespace Freshen {

// An installed app, changed by the engine while it runs: the old version goes on in the tree that
// it was started from.
class TreeTarget : public Target
{
public:
    // CONFIG where there is no usable freshen.json. Keys other than the app's replace them.
    static Result<std::unique_ptr<TreeTarget>> open(const QString &app, BuildTrust trust);

    std::filesystem::path folder() const override { return m_app.layout.folder(); }
    std::filesystem::path executable() const override;
    std::filesystem::path root() const override;
    QString version() const override { return m_app.description.version; }
    QString previousVersion() const override { return m_previous; }
    std::optional<ReadyRule> readyRule() const override { return m_app.description.ready; }
    bool mayGoBack() const override { return m_app.description.rollback; }
    CheckRequest checkRequest() const override;

    Result<void> recover() override;
    Result<std::optional<StagedBuild>> stage(const FetchedBuild &build,
                                             JobControl &control) override;
    Result<StagedBuild> stagePrevious() override;
    Result<void> swap() override;
    Result<void> commit() override;
    Result<void> back(bool isBad) override;
    Result<void> discard() override;
    Result<void> refuse(const QString &version) override;
    QStringList refusedVersions() const override;

private:
    TreeTarget(Installation app, BuildTrust trust);
    Result<void> checkPlan(const StagePlan &plan) const;
    Result<StagedBuild> prepare(Install::ChangeKind kind, const Trust::Manifest &manifest,
                                JobControl *control);
    Result<void> takeLock();
    void applyTrust(Installation &app) const;
    Result<void> reread();
    // Of a step that ends the change.
    Result<void> finish(Result<void> done);

    Installation m_app;
    QString m_previous;
    std::shared_ptr<Platform::Descriptor> m_lock;
};

} // namespace Freshen
