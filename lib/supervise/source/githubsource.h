// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/supervise/source/builddownload.h"
#include "lib/supervise/source/githubrelease.h"
#include "lib/supervise/source/recordedsource.h"

namespace Freshen {

// The latest release of a repository, by GitHub's API. The signature is the file NAME.minisig of
// the same release.
class GithubSource : public RecordedSource
{
    Q_OBJECT

public:
    struct Place {
        QString repository; // "OWNER/REPO"
        QUrl api = QUrl(QStringLiteral("https://api.github.com"));
    };
    GithubSource(const Place &place, const SourceOptions &options);

private:
    void start() override;
    void stop() override;
    UrlPolicy pagePolicy() const;
    std::optional<TransferError> explain(const QNetworkReply &answer) const;
    void judge();
    void judge(const GithubRelease &release);
    void download(const GithubRelease &release, const ReleaseAsset &asset);
    QUrl addressOf(const ReleaseAsset &asset) const;
    bool isApi(const QUrl &url) const;
    UrlPolicy assetPolicy() const;

    QUrl m_page;
    std::unique_ptr<Fetch> m_fetch;
    std::unique_ptr<BuildDownload> m_download;
    FetchedBuild m_build;
    SourceRecord m_record;
};

} // namespace Freshen
