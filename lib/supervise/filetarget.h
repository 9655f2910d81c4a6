// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/supervise/target.h"
#include "updater-helper/install/layout.h"

#include <Freshen/replacement.h>

namespace Freshen {

// A single file: a program or an AppImage. Who it is stands in the trusted comment of its
// signature, "freshen-file PRODUCT VERSION", or in the manifest of the package that it came in.
class FileTarget : public Target
{
public:
    // CONFIG where there is no such file.
    static Result<std::unique_ptr<FileTarget>> open(const QString &file, BuildTrust trust);
    ~FileTarget() override;

    std::filesystem::path folder() const override { return m_layout.folder(); }
    std::filesystem::path executable() const override { return m_layout.app(); }
    std::filesystem::path root() const override { return m_layout.app().parent_path(); }
    QString version() const override { return m_present.version; }
    QString previousVersion() const override { return m_previousVersion; }
    std::optional<ReadyRule> readyRule() const override { return {}; }
    bool mayGoBack() const override { return true; }
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
    struct Identity {
        QString product;
        QString version;
    };
    FileTarget(Install::Layout layout, BuildTrust trust);
    std::filesystem::path record() const { return folder() / "file"; }
    // The old file, while the new one is not proven.
    std::filesystem::path replaced() const { return folder() / "replaced"; }
    Result<Identity> identityOf(const FetchedBuild &build) const;
    Result<FetchedBuild> unpack(const FetchedBuild &package, Identity &identity,
                                JobControl &control) const;
    Result<void> checkIdentity(const Identity &identity) const;
    Result<StagedBuild> prepare(const QString &file, const QByteArray &signature,
                                const Identity &identity, JobControl *control);
    QStringList keyTexts() const;
    // Whether the file is the one of the record.
    Result<void> read();
    Result<void> write() const;

    Install::Layout m_layout;
    Identity m_present;
    Identity m_staged;
    QString m_previousVersion;
    bool m_isRollback = false;
    std::unique_ptr<Replacement> m_replacement;
};

} // namespace Freshen
