// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/feedcheck.h"

#include "lib/feed/appcastreader.h"
#include "lib/freshness/freshnessstore.h"
#include "lib/session/installation.h"

#include <QLocale>

namespace Freshen {

namespace {

constexpr qint64 maximumFeed = 5 << 20;

Result<void> checkFreshness(const CheckRequest &request, const VerifiedFeed &feed,
                            const Appcast &appcast)
{
    if (!feed.isSigned || request.trust == FeedTrust::None)
        return {};
    if (!appcast.stamp)
        return failure(ErrorCode::STALE,
                       "The feed does not say when it expires, so nobody can tell whether it is "
                       "the newest one. Tell the publisher.");
    const FreshnessStore store;
    const QString product = request.product.isEmpty() ? appcast.stamp->product : request.product;
    const auto record = judgeFreshness(*appcast.stamp, feed.content, product,
                                       store.record(product, feed.signer), request.client.now,
                                       request.built);
    if (!record)
        return failure(record);
    return request.keepsFreshness ? store.keep(product, feed.signer, *record) : Result<void>();
}

Result<void> judgeFeed(const CheckRequest &request, const QByteArray &bytes, const QUrl &url,
                       CheckOutcome &outcome)
{
    outcome.bytesFetched = bytes.size();
    const auto feed = verifyFeed(bytes, request.keys, request.trust);
    if (!feed)
        return failure(feed);
    auto appcast = readAppcast(feed->content, url, request.languages);
    if (!appcast)
        return failure(appcast);
    if (auto fresh = checkFreshness(request, *feed, *appcast); !fresh)
        return fresh;
    outcome.isSigned = feed->isSigned;
    outcome.selection = selectItem(*appcast, request.client);
    outcome.appcast = std::move(*appcast);
    return {};
}

} // namespace

QStringList systemLanguages()
{
    QStringList languages;
    for (const QString &name : QLocale::system().uiLanguages())
        languages.append(name.section(u'-', 0, 0).toLower());
    languages.removeDuplicates();
    return languages;
}

CheckRequest CheckRequest::of(const Installation &installation)
{
    CheckRequest request;
    request.feed = QUrl(installation.policy.feed.isEmpty() ? installation.description.feed
                                                       : installation.policy.feed);
    request.trust = installation.description.requireSignedFeed ? FeedTrust::Required
                                                               : FeedTrust::Optional;
    request.keys = installation.keys;
    request.product = installation.description.product;
    request.client = installation.conditions();
    request.languages = systemLanguages();
    request.policy = installation.urlPolicy(request.feed);
    request.built = installation.built;
    return request;
}

FeedCheck::FeedCheck(QNetworkAccessManager *manager, CheckRequest request, QObject *parent)
    : QObject(parent)
    , m_request(std::move(request))
    , m_fetch(manager, m_request.policy, maximumFeed, ErrorCode::FEED_TOO_LARGE)
    , m_outcome(std::make_shared<CheckOutcome>())
{
    connect(&m_fetch, &Fetch::failed, this, &FeedCheck::failed);
    connect(&m_fetch, &Fetch::finished, this, &FeedCheck::judge);
}

FeedCheck::~FeedCheck()
{
    if (m_job)
        m_job->cancel();
}

void FeedCheck::start()
{
    m_fetch.start(m_request.feed);
}

void FeedCheck::judge()
{
    m_job = Job::start(
        [request = m_request, bytes = m_fetch.content(), url = m_fetch.finalUrl(),
         outcome = m_outcome](JobControl &) { return judgeFeed(request, bytes, url, *outcome); });
    connect(m_job, &Job::succeeded, this, &FeedCheck::finished);
    connect(m_job, &Job::failed, this, &FeedCheck::failed);
}

} // namespace Freshen
