// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/attempts.h"

#include <QRandomGenerator>

#include <algorithm>

namespace Freshen {

using namespace std::chrono_literals;
using Remedy = TransferError::Remedy;

namespace {

constexpr std::chrono::milliseconds firstPause = 500ms;
constexpr std::chrono::milliseconds longestPause = 60s;

} // namespace

Attempts::Attempts(const QList<QUrl> &urls, std::chrono::milliseconds patience)
    : m_patience(patience)
{
    for (const QUrl &url : urls)
        m_sources.append({url});
    m_sinceProgress.start();
}

void Attempts::noteProgress()
{
    m_sinceProgress.start();
    m_rounds = 0;
}

// To the first address from there on that is worth a try.
bool Attempts::moveTo(qsizetype from)
{
    const auto isGood = [](const Source &source) { return !source.isOut && !source.isSuspect; };
    const auto found = std::find_if(m_sources.begin() + from, m_sources.end(), isGood);
    if (found != m_sources.end())
        m_current = found - m_sources.begin();
    return found != m_sources.end();
}

// To the next address; false: all have had their turn, so that the first has to wait for its own.
bool Attempts::moveOn()
{
    if (moveTo(m_current + 1))
        return true;
    if (moveTo(0))
        return false;
    for (Source &source : m_sources)
        source.isSuspect = false;
    return moveTo(0);
}

// Half of it at least, all of it at most.
std::chrono::milliseconds Attempts::pause()
{
    const auto full = std::min(firstPause * (1 << std::min(m_rounds, 10)), longestPause);
    ++m_rounds;
    return full / 2
        + std::chrono::milliseconds(QRandomGenerator::global()->bounded(int(full.count() / 2) + 1));
}

std::optional<std::chrono::milliseconds> Attempts::next(const TransferError &error)
{
    Source &source = m_sources[m_current];
    if (error.remedy == Remedy::Whole && source.allowsParts) {
        source.allowsParts = false;
        return 0ms;
    }
    m_last = source.failure = error.error;
    source.isOut = error.remedy == Remedy::None;
    m_retryAfter = error.retryAfter;
    source.notBefore.setRemainingTime(m_retryAfter.value_or(0s));
    std::chrono::milliseconds wait = moveOn() ? 0ms : pause();
    if (m_sources.at(m_current).isOut)
        return {};
    const auto asked = m_sources.at(m_current).notBefore.remainingTimeAsDuration();
    wait = std::max(wait, std::chrono::ceil<std::chrono::milliseconds>(asked));
    const auto waited = std::chrono::milliseconds(m_sinceProgress.elapsed());
    return waited + wait > m_patience ? std::nullopt : std::optional(wait);
}

std::optional<std::chrono::milliseconds> Attempts::nextAfterWrongBytes(const Error &error,
                                                                       bool isFromOneSource)
{
    Source &source = m_sources[m_current];
    m_last = source.failure = error;
    m_allowsMixing = false;
    source.isOut = isFromOneSource;
    source.isSuspect = !isFromOneSource;
    noteProgress();
    moveOn();
    return m_sources.at(m_current).isOut ? std::nullopt : std::optional(0ms);
}

QList<SourceFailure> Attempts::failures() const
{
    QList<SourceFailure> failures;
    for (const Source &source : m_sources) {
        if (source.failure)
            failures.append({source.url, *source.failure});
    }
    return failures;
}

Error Attempts::verdict() const
{
    Error error = m_last.value_or(Error());
    for (const Source &source : m_sources) {
        if (source.failure && source.failure->message != m_last->message)
            error.message += " " + source.failure->message;
    }
    return error;
}

} // namespace Freshen
