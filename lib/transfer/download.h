// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/attempts.h"
#include "lib/transfer/httpget.h"
#include "lib/transfer/pieces.h"
#include "lib/transfer/ratelimit.h"

#include <QThread>
#include <QTimer>

#include <memory>
#include <vector>

namespace Freshen {

class DownloadWriter;

// What a download has to be.
struct DownloadRequest {
    QList<QUrl> urls; // of the same file, the best first
    QString file; // replaced when it is there already
    qint64 length = 0;
    QString sha256; // of the whole, lower-case hexadecimal; empty: nobody knows it
    bool isExact = true; // false: at most `length` bytes
    // At once, where server and length allow it. More of them cost time to bring in order again.
    int connections = 2;
};

// A large file, fetched to the disk; hashed and written in a thread of its own, so that neither a
// slow disk nor a fast network stalls the caller. It stops at the first byte too many, tries again
// what may pass, and goes on where it, or an earlier one, was interrupted. Deleting it ends the
// download; what has arrived is kept for the next one where that can go on.
class Download : public QObject
{
    Q_OBJECT

public:
    Download(QNetworkAccessManager *manager, const UrlPolicy &policy, const DownloadRequest &request,
             QObject *parent = nullptr);
    ~Download() override;

    void start();
    // While paused, nothing is asked for and nothing is given up.
    void setPaused(bool paused);
    bool isPaused() const { return m_paused; }
    // Bytes a second; 0: no limit. At any time.
    void setMaximumRate(qint64 bytesPerSecond);

    // Those of what has arrived.
    const Validators &validators() const { return m_validators; }
    // Over the network, in vain or not, by this object.
    qint64 bytesReceived() const { return m_received; }
    // What went wrong at which address, also where another one had the file.
    QList<SourceFailure> failures() const { return m_attempts.failures(); }
    // When the server wishes to be asked again, after a failure.
    std::optional<std::chrono::seconds> retryAfter() const { return m_attempts.retryAfter(); }

Q_SIGNALS:
    // So many bytes of the file are there, those of earlier downloads included.
    void progressed(qint64 done);
    // It will go on by itself, in so many milliseconds.
    void interrupted(const Freshen::Error &error, qint64 milliseconds);
    void finished();
    void failed(const Freshen::Error &error);

private:
    // One connection, at work on one piece.
    struct Lane {
        std::unique_ptr<HttpGet> get;
        int piece = 0;
    };

    void connectWriter();
    void begin(const Pieces &pieces, const Validators &validators);
    void resume();
    void startLanes();
    bool startLane();
    void ask(Lane &lane);
    int freePiece() const;
    void stopLanes();
    void drop(Lane *lane);
    void restart(const Pieces &pieces);
    void noteAnswer(Lane *lane);
    bool isRightLength(const HttpGet &get);
    void takeWhole(Lane *lane);
    void take(Lane *lane, const QByteArray &bytes);
    void finishLane(Lane *lane);
    void failLane(Lane *lane, const TransferError &error);
    void retry(std::optional<std::chrono::milliseconds> wait, const Error &error);
    void failSource(const TransferError &error);
    void noteMismatch(const Error &error);
    void noteWritten(qint64 bytes);
    bool hasEnough() const;
    void pauseLanes();
    bool hasAll() const { return m_request.isExact && m_pieces.isComplete(); }
    void finishFile();
    void fail(const Error &error);
    void write(std::function<void(DownloadWriter *)> task);

    DownloadRequest m_request;
    QNetworkAccessManager *m_manager;
    UrlPolicy m_policy;
    Attempts m_attempts;
    RateLimit m_rate;
    QTimer m_retry;
    QTimer m_deadline;
    QThread m_thread;
    DownloadWriter *m_writer; // lives in the thread
    std::vector<std::unique_ptr<Lane>> m_lanes;
    Pieces m_pieces;
    Validators m_validators;
    int m_connections = 1; // that the present source has shown to allow
    qint64 m_received = 0;
    qint64 m_furthest = 0; // bytes of the file that were there at once
    qint64 m_waiting = 0; // received, not yet written
    bool m_isFromOneSource = true;
    bool m_isOpen = false;
    bool m_isFinishing = false; // nothing is missing, unless it proves wrong
    bool m_paused = false;
    bool m_ended = false;
};

} // namespace Freshen
