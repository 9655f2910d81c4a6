// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/appcastsource.h"

#include "lib/common/convert.h"
#include "lib/common/filename.h"
#include "lib/feed/mirrors.h"
#include "lib/package/packagearchive.h"
#include "lib/session/preflight.h"
#include "lib/supervise/source/recordedsource.h"
#include "lib/transfer/download.h"

#include <QDir>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::hours packageDeadline{24};

class AppcastSource : public UpdateSource
{
public:
    AppcastSource(const QUrl &feed, const SourceOptions &options,
                  std::shared_ptr<const Target> target)
        : m_feed(feed)
        , m_options(options)
        , m_target(std::move(target))
    {
    }

    void look() override
    {
        m_retryAfter.reset();
        CheckRequest request = m_target->checkRequest();
        request.feed = m_feed;
        request.policy.allowsFiles = m_feed.isLocalFile();
        m_policy = request.policy;
        m_check = std::make_unique<FeedCheck>(m_options.manager, std::move(request));
        connect(m_check.get(), &FeedCheck::finished, this, &AppcastSource::judge);
        connect(m_check.get(), &FeedCheck::failed, this,
                [this](const Error &error) { fail(error, m_check->retryAfter()); });
        m_check->start();
    }

    void cancel() override
    {
        dropLater(m_check);
        dropLater(m_download);
        if (m_job)
            m_job->cancel();
        m_job = nullptr;
    }

    // The feed itself is what is remembered, by FeedCheck.
    void remember() override { }

    QString displayName() const override { return u"appcast:"_s + displayUrl(m_feed); }

    std::optional<std::chrono::seconds> retryAfter() const override { return m_retryAfter; }

private:
    // What a broken download has kept goes with it, unless it can be continued.
    void fail(const Error &error, std::optional<std::chrono::seconds> retryAfter = {})
    {
        cancel();
        m_retryAfter = retryAfter;
        Q_EMIT failed(error);
    }

    void judge()
    {
        const auto &item = m_check->outcome().selection.item;
        if (!item) {
            cancel();
            Q_EMIT nothingNew();
            return;
        }
        m_keys = m_check->outcome().releaseKeys;
        m_item = *item;
        if (m_item.enclosure && m_item.manifest && m_item.enclosure->length > 0)
            fetch();
        else
            fail({ErrorCode::MANIFEST,
                  toStdString(u"The feed does not give manifest and length of version %1, so it "
                              "cannot be installed safely."_s.arg(m_item.version))});
    }

    // A folder with this one download.
    Result<QString> prepareFolder(const QString &name) const
    {
        const QDir folder(m_options.folder + u"/appcast"_s);
        auto done = Platform::makeDirectories(toPath(folder.path()), 0700);
        for (const QFileInfo &file : folder.entryInfoList(QDir::Files | QDir::Hidden)) {
            if (done && !file.fileName().startsWith(name))
                done = Platform::removeFile(toPath(file.filePath()));
        }
        return done ? Result<QString>(folder.absoluteFilePath(name)) : failure(done);
    }

    void fetch()
    {
        const AppcastEnclosure &enclosure = *m_item.enclosure;
        const QString name = enclosure.url.fileName();
        const auto file = prepareFolder(fileNamePart(m_item.version)
                                        + PackageFormat::endingOf(name));
        if (!file) {
            fail(file.error());
            return;
        }
        m_build = {*file, name, {}, m_item.version};
        UrlPolicy policy = m_policy;
        policy.limits.deadline = packageDeadline;
        const DownloadRequest request{addressesOf(m_item, enclosure.url), m_build.file,
                                      enclosure.length, enclosure.sha256};
        m_download = std::make_unique<Download>(m_options.manager, policy, request);
        connect(m_download.get(), &Download::failed, this,
                [this](const Error &error) { fail(error, m_download->retryAfter()); });
        connect(m_download.get(), &Download::finished, this, &AppcastSource::verify);
        connect(m_download.get(), &Download::progressed, this, [this](qint64 done) {
            Q_EMIT progressed(done, m_item.enclosure->length);
        });
        m_download->start();
    }

    void verify()
    {
        m_job = Job::start([package = m_build.file, item = m_item, keys = m_keys](JobControl &) {
            auto verified = checkPackageSignature(package, item, keys);
            if (!verified)
                (void)Platform::removeFile(toPath(package));
            return verified;
        });
        connect(m_job, &Job::succeeded, this, [this] {
            cancel();
            Q_EMIT found(m_build);
        });
        connect(m_job, &Job::failed, this, [this](const Error &error) { fail(error); });
    }

    const QUrl m_feed;
    const SourceOptions m_options;
    const std::shared_ptr<const Target> m_target;
    UrlPolicy m_policy;
    std::vector<Trust::PublicKey> m_keys;
    std::unique_ptr<FeedCheck> m_check;
    std::unique_ptr<Download> m_download;
    QPointer<Job> m_job;
    AppcastItem m_item;
    FetchedBuild m_build;
    std::optional<std::chrono::seconds> m_retryAfter;
};

} // namespace

std::unique_ptr<UpdateSource> makeAppcastSource(const QUrl &feed, const SourceOptions &options,
                                                std::shared_ptr<const Target> target)
{
    return std::make_unique<AppcastSource>(feed, options, std::move(target));
}

} // namespace Freshen
