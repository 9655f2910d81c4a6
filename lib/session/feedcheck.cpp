// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/feedcheck.h"

#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"
#include "lib/freshness/freshnessstore.h"
#include "lib/session/installation.h"

#include <QLocale>

namespace Freshen {

namespace {

constexpr qint64 maximumFeed = 5 << 20;

// The publisher says which root at least it takes to read the feed: nobody can withhold newer ones.
Result<void> requireRoot(const FeedStamp &stamp, const Trust::Root &root)
{
    if (stamp.root <= root.version)
        return {};
    return failure(ErrorCode::ROOT_CHAIN,
                   "The feed requires root " + std::to_string(stamp.root) + " of " + root.product
                       + ", but the newest one served is root " + std::to_string(root.version)
                       + ": somebody withholds it, or it is not published yet. Try again later.");
}

Result<void> checkFreshness(const CheckRequest &request, const VerifiedFeed &feed,
                            const Appcast &appcast, const std::optional<Trust::SignedRoot> &root)
{
    if (!feed.isSigned || request.trust == FeedTrust::None)
        return {};
    if (!appcast.stamp)
        return failure(ErrorCode::STALE,
                       "The feed does not say when it expires, so nobody can tell whether it is "
                       "the newest one. Tell the publisher.");
    const FreshnessStore store;
    const QByteArray signer = root ? signerOf(root->root.feed) : feed.signer;
    const QString product = request.product.isEmpty() ? appcast.stamp->product : request.product;
    const auto record = judgeFreshness(*appcast.stamp, feed.content, product,
                                       store.record(product, signer), request.client.now,
                                       request.built);
    if (!record)
        return failure(record);
    if (auto reached = root ? requireRoot(*appcast.stamp, root->root) : Result<void>(); !reached)
        return reached;
    return request.keepsFreshness ? store.keep(product, signer, *record) : Result<void>();
}

Result<void> judgeFeed(const CheckRequest &request, const QByteArray &bytes, const QUrl &url,
                       CheckOutcome &outcome)
{
    const auto &root = outcome.root;
    const auto feed = root ? verifyFeed(bytes, root->root.feed.keys, request.trust,
                                        root->root.feed.threshold)
                           : verifyFeed(bytes, request.keys, request.trust);
    if (!feed)
        return failure(feed);
    auto appcast = readAppcast(feed->content, url, request.languages);
    if (!appcast)
        return failure(appcast);
    if (auto fresh = checkFreshness(request, *feed, *appcast, root); !fresh)
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
    request.root = installation.description.root;
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
    m_outcome->releaseKeys = m_request.keys;
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
        if (!m_outcome->selection.reason.isEmpty())
            Q_EMIT finished();
        else if (m_request.root && m_request.trust != FeedTrust::None)
            walk();
        else
            fetch();
    });
}

void FeedCheck::walk()
{
    m_walk = std::make_unique<RootWalk>(m_manager, m_request.policy, m_request.feed,
                                        RootStore(*m_request.root), m_request.keepsFreshness);
    connect(m_walk.get(), &RootWalk::finished, this, &FeedCheck::judgeRoot);
    connect(m_walk.get(), &RootWalk::failed, this, [this](const Error &error) {
        m_retryAfter = m_walk->retryAfter();
        Q_EMIT failed(error);
    });
    m_walk->start();
}

// Only the newest one must not be expired; those on the way may have been long ago.
void FeedCheck::judgeRoot()
{
    const Trust::Root &root = m_walk->root().root;
    m_outcome->root = m_walk->root();
    m_outcome->releaseKeys = root.release.keys;
    m_outcome->bytesFetched += m_walk->bytesReceived();
    m_job = Job::start([request = m_request, root](JobControl &) -> Result<void> {
        const auto known = FreshnessStore().record(toQString(root.product), signerOf(root.feed));
        const auto time = checkTime(request.client.now, request.built, known);
        return time ? Trust::requireCurrent(root, toStdString(time->toUTC().toString(Qt::ISODate)))
                    : failure(time);
    });
    connect(m_job, &Job::succeeded, this, &FeedCheck::fetch);
    connect(m_job, &Job::failed, this, &FeedCheck::failed);
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
    m_outcome->bytesFetched += m_fetch->content().size();
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
