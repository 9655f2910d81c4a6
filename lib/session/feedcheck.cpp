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
    request.app = installation.layout.app();
    request.decided = installation.policy;
    return request;
}

FeedCheck::FeedCheck(QNetworkAccessManager *manager, CheckRequest request, QObject *parent)
    : QObject(parent)
    , m_manager(manager)
    , m_request(std::move(request))
    , m_cache(m_request.product, m_request.feed)
    , m_known(std::make_shared<CachedFeed>())
    , m_outcome(std::make_shared<CheckOutcome>())
{
}

FeedCheck::~FeedCheck()
{
    if (m_job)
        m_job->cancel();
}

void FeedCheck::start()
{
    m_job = Job::start([request = m_request, cache = m_cache, known = m_known,
                        outcome = m_outcome](JobControl &) -> Result<void> {
        if (!request.decided.allowsUpdates)
            outcome->selection.reason = QStringLiteral("policy");
        else if (!request.app.empty())
            outcome->origin = Platform::originOf(request.app);
        if (outcome->origin.kind != Platform::InstallKind::Plain)
            outcome->selection.reason = QStringLiteral("managed");
        if (request.keepsFreshness)
            *known = cache.read().value_or(CachedFeed());
        return {};
    });
    connect(m_job, &Job::succeeded, this, [this] {
        if (m_outcome->selection.reason.isEmpty())
            fetch();
        else
            Q_EMIT finished();
    });
}

void FeedCheck::fetch()
{
    m_fetch = std::make_unique<Fetch>(m_manager, m_request.policy, maximumFeed,
                                      ErrorCode::FEED_TOO_LARGE);
    m_fetch->setValidators(m_known->validators);
    connect(m_fetch.get(), &Fetch::failed, this, [this](const Error &error) {
        m_retryAfter = m_fetch->retryAfter();
        Q_EMIT failed(error);
    });
    connect(m_fetch.get(), &Fetch::finished, this, &FeedCheck::judge);
    m_fetch->start(m_request.feed);
}

void FeedCheck::judge()
{
    const bool isKnown = m_fetch->isNotModified();
    const bool isKept = m_request.keepsFreshness && !isKnown;
    const CachedFeed feed = isKnown ? *m_known
                                    : CachedFeed{m_fetch->validators(), m_fetch->content()};
    m_outcome->isNotModified = isKnown;
    m_outcome->bytesFetched = m_fetch->content().size();
    m_job = Job::start([request = m_request, feed, url = m_fetch->finalUrl(), cache = m_cache,
                        isKept, outcome = m_outcome](JobControl &) {
        auto judged = judgeFeed(request, feed.bytes, url, *outcome);
        if (judged && isKept)
            cache.keep(feed);
        return judged;
    });
    connect(m_job, &Job::succeeded, this, &FeedCheck::finished);
    if (isKnown)
        connect(m_job, &Job::failed, this, &FeedCheck::refetch);
    else
        connect(m_job, &Job::failed, this, &FeedCheck::failed);
}

// What was kept is not good any more, whatever the server says: its own copy decides.
void FeedCheck::refetch()
{
    m_cache.drop();
    *m_known = {};
    fetch();
}

} // namespace Freshen
