// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/transfererror.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QList>
#include <QUrl>

namespace Freshen {

// What went wrong at one of the addresses of a file.
struct SourceFailure {
    QUrl url;
    Error error;
};

// The addresses of one file, the best first, and when to try which: another one at once, the same
// one after a while that grows, with jitter so that clients do not come in step, and not sooner
// than the server wishes.
class Attempts
{
public:
    // Gives up when nothing new has arrived for as long as `patience`.
    Attempts(const QList<QUrl> &urls, std::chrono::milliseconds patience);

    QUrl url() const { return m_sources.at(m_current).url; }
    // Whether url() can be asked for parts of the file.
    bool allowsParts() const { return m_sources.at(m_current).allowsParts; }
    // Whether what came from one address may be completed from another.
    bool allowsMixing() const { return m_allowsMixing; }
    void forbidMixing() { m_allowsMixing = false; }
    // The patience begins anew.
    void noteProgress();

    // Takes note of a failure of url(), and says when to try what url() is then; nothing: give up.
    std::optional<std::chrono::milliseconds> next(const TransferError &error);
    // The file is complete and wrong. When it came from url() alone, and now, that address is not
    // tried again; else nobody knows who is to blame, and each has to deliver all of it.
    std::optional<std::chrono::milliseconds> nextAfterWrongBytes(const Error &error,
                                                                 bool isFromOneSource);

    // The last failure of each address that had one, in the order of the addresses.
    QList<SourceFailure> failures() const;
    // Why the file did not come: the only failure, or all of them in one sentence each.
    Error verdict() const;
    // As the last server wished.
    std::optional<std::chrono::seconds> retryAfter() const { return m_retryAfter; }

private:
    struct Source {
        QUrl url;
        std::optional<Error> failure;
        bool isOut = false;
        bool isSuspect = false; // gave some of a file that was wrong
        bool allowsParts = true;
        QDeadlineTimer notBefore; // as the server wishes
    };
    bool moveTo(qsizetype from);
    bool moveOn();
    std::chrono::milliseconds pause();

    QList<Source> m_sources;
    qsizetype m_current = 0;
    std::chrono::milliseconds m_patience;
    QElapsedTimer m_sinceProgress;
    std::optional<std::chrono::seconds> m_retryAfter;
    std::optional<Error> m_last;
    int m_rounds = 0; // through all of them, without progress
    bool m_allowsMixing = true;
};

} // namespace Freshen
