// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/common/job.h"
#include "lib/package/appdescription.h"
#include "lib/session/feedcheck.h"
#include "lib/session/staging.h"
#include "lib/supervise/source/updatesource.h"

namespace Freshen {

// Whom a supervisor believes.
struct BuildTrust {
    std::vector<Trust::PublicKey> keys;
    bool allowsUnsigned = false; // what is signed is still verified
};

// A verified build, ready to take its place.
struct StagedBuild {
    QString version; // empty: nobody knows
    std::filesystem::path program; // of the app or file itself, where it lies now
};

// What a supervisor replaces: an installed app or a single file. A change goes stage() or
// stagePrevious(), swap(), then commit() or back(); at any moment a complete version lies at its
// place. From stage() on it holds the lock. One change at a time; everything may take long and
// belongs into a job, but what is const.
class Target
{
public:
    explicit Target(BuildTrust trust) : m_trust(std::move(trust)) {}
    virtual ~Target();

    // Where the engine keeps what belongs to it.
    virtual std::filesystem::path folder() const = 0;
    // What is started when nobody names a program.
    virtual std::filesystem::path executable() const = 0;
    // Relative names of programs are looked up here.
    virtual std::filesystem::path root() const = 0;
    virtual QString version() const = 0;
    // Empty where there is none to go back to.
    virtual QString previousVersion() const = 0;
    // What it says itself of how it shows that it works.
    virtual std::optional<ReadyRule> readyRule() const = 0;
    // Whether an update may be undone by itself.
    virtual bool mayGoBack() const = 0;
    // For a source that is an appcast.
    virtual CheckRequest checkRequest() const = 0;

    // Finishes or undoes what an earlier process began, and reads what is there.
    virtual Result<void> recover() = 0;
    // Nothing when the build is what is there already.
    virtual Result<std::optional<StagedBuild>> stage(const FetchedBuild &build,
                                                     JobControl &control) = 0;
    virtual Result<StagedBuild> stagePrevious() = 0;
    virtual Result<void> swap() = 0;
    virtual Result<void> commit() = 0;
    // `isBad`: it did not work and is not wanted again.
    virtual Result<void> back(bool isBad) = 0;
    // Forgets what was staged and not swapped.
    virtual Result<void> discard() = 0;
    // Remembers, after it was committed, that a version is not wanted again.
    virtual Result<void> refuse(const QString &version) = 0;
    virtual QStringList refusedVersions() const = 0;

protected:
    // The manifest of a package, as far as it is believed.
    Result<StagePlan> readPlan(const FetchedBuild &package,
                               const std::vector<Trust::PublicKey> &keys) const;

    BuildTrust m_trust;
};

// DOWNGRADE for what is older, nothing for what may come.
Result<void> requireNewer(const QString &version, const QString &installed,
                          const VersionOrder &order);
// NOT_READY where the version failed here before.
Result<void> requireWanted(const QString &version, const QStringList &refused);

} // namespace Freshen
