// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Where a supervisor gets new builds from.

#pragma once

#include "lib/transfer/urlpolicy.h"

#include <QObject>

#include <memory>
#include <optional>

class QNetworkAccessManager;

namespace Freshen {

// What a source has brought to the disk: a package, or a single file with its signature. Nothing is
// trusted yet.
struct FetchedBuild {
    QString file; // complete, in the folder given; whoever gets it removes it
    QString name; // as the source calls it: "agent-2.0-linux-x86_64.tar.zst"; never a path
    QByteArray signature; // what stands in NAME.minisig; empty where there is none
    QString claimedVersion; // "v2.0" of a release page; empty where there is none. Only a hint.
};

// One place that may have a newer build. A single file with a name in ".gz" arrives unpacked, and
// its signature is that of what was in it; ".tar.gz" is a package and stays.
class UpdateSource : public QObject
{
    Q_OBJECT

public:
    // Ends with exactly one of nothingNew(), found() and failed(), unless it is cancelled. One look
    // at a time: ignored while one is under way.
    virtual void look() = 0;
    // Silent from then on, until the next look.
    virtual void cancel() = 0;
    // What was found last is installed or known: it is not fetched again until it changes, nor in
    // the next process. What is only refused until a signature appears is better not remembered.
    virtual void remember() = 0;
    // For messages and status; without credentials.
    virtual QString displayName() const = 0;
    // After failed(): how long the source wishes to be left alone.
    virtual std::optional<std::chrono::seconds> retryAfter() const { return {}; }

Q_SIGNALS:
    void nothingNew();
    void found(const Freshen::FetchedBuild &build);
    void failed(const Freshen::Error &error);
    // Bytes; a total of -1 is an unknown one.
    void progressed(qint64 done, qint64 total);
    // Something may be new: worth a look before its time. Not all sources notice.
    void changed();
};

// As AWS calls them; without a key, requests are not signed.
struct S3Credentials {
    QByteArray keyId;
    QByteArray secret;
    QByteArray sessionToken;
    QByteArray region; // empty: as the host's name says, else "us-east-1"
};

struct SourceOptions {
    QString folder; // for what is fetched and for what is remembered, of one supervisor
    QNetworkAccessManager *manager = nullptr; // outlives the sources
    // With all limits of time; the deadline has to do for a whole build.
    UrlPolicy policy = {.limits = {.deadline = std::chrono::hours(24)}};
    qint64 maximumSize = qint64(4) << 30; // bytes, packed and unpacked
    QByteArray token; // of release pages; goes to the host that was named and to no other
    S3Credentials s3 = {};
    // Files: what is there at the first look, if nothing is remembered, is what runs already.
    bool isBaseline = false;
    // Release pages: which file to take; without it the one for this system and processor.
    std::function<bool(const QString &name)> chooseAsset = {};
    // Makes the source of "appcast:URL".
    std::function<Result<std::unique_ptr<UpdateSource>>(const QUrl &feed,
                                                        const SourceOptions &options)>
        makeAppcast = {};

    // Takes token and credentials from FRESHEN_TOKEN, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
    // AWS_SESSION_TOKEN and AWS_REGION.
    void takeCredentials();
};

// "http:URL" or the URL alone, "file:PATH" (a file, or a folder of builds), "s3:URL",
// "github:OWNER/REPO[@API_URL]", "appcast:URL". USAGE for any other text.
Result<std::unique_ptr<UpdateSource>> makeSource(const QString &text, const SourceOptions &options);

} // namespace Freshen
