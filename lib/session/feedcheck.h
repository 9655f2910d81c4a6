// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/common/job.h"
#include "lib/feed/feedsignature.h"
#include "lib/feed/selection.h"
#include "lib/session/feedcache.h"
#include "lib/session/policy.h"
#include "lib/session/rootwalk.h"
#include "lib/transfer/fetch.h"
#include "platform/installkind.h"

#include <QPointer>

namespace Freshen {

struct Installation;

// Everything that a check depends on.
struct CheckRequest {
    QUrl feed;
    FeedTrust trust = FeedTrust::Required;
    std::vector<Trust::PublicKey> keys; // they count where there is no root
    std::optional<Trust::SignedRoot> root; // where the publisher's chain of keys begins
    QString product; // empty: any
    ClientConditions client;
    QStringList languages; // of the person, the best first: "es", "en"
    UrlPolicy policy;
    QDateTime built;
    std::filesystem::path app; // whose origin counts; empty: none
    Policy decided; // by the administrator; nobody else decides it again
    // False: the state is read, never written, and the feed is fetched whole and not kept.
    bool keepsFreshness = true;

    static CheckRequest of(const Installation &installation);
};

// Those of the person at this computer.
QStringList systemLanguages();

struct CheckOutcome {
    Appcast appcast;
    Selection selection;
    std::optional<Trust::SignedRoot> root; // the newest; none where the request has none
    std::vector<Trust::PublicKey> releaseKeys; // of manifests and packages
    bool isSigned = false;
    bool isNotModified = false; // the server said so, and the kept feed was judged again
    Platform::InstallOrigin origin; // who keeps the app fresh, where the reason is "managed"
    qint64 bytesFetched = 0;
};

// One look at the feed, unless others keep the app fresh or nobody may: walk to the newest root
// where the app has one, fetch, verify the raw bytes, read exactly those, judge their freshness,
// choose. A feed that was accepted before is not sent again while it has not changed. Deleting the
// check ends it.
class FeedCheck : public QObject
{
    Q_OBJECT

public:
    FeedCheck(QNetworkAccessManager *manager, CheckRequest request, QObject *parent = nullptr);
    ~FeedCheck() override;

    void start();
    const CheckOutcome &outcome() const { return *m_outcome; }
    // When the server of a feed that could not be fetched wishes to be asked again.
    std::optional<std::chrono::seconds> retryAfter() const { return m_retryAfter; }

Q_SIGNALS:
    void finished();
    void failed(const Freshen::Error &error);

private:
    void walk();
    void judgeRoot();
    void fetch();
    void judge();
    void refetch();

    QNetworkAccessManager *m_manager;
    CheckRequest m_request;
    FeedCache m_cache;
    std::shared_ptr<CachedFeed> m_known;
    std::unique_ptr<RootWalk> m_walk;
    std::unique_ptr<Fetch> m_fetch;
    QPointer<Job> m_job;
    std::shared_ptr<CheckOutcome> m_outcome;
    std::optional<std::chrono::seconds> m_retryAfter;
};

} // namespace Freshen
