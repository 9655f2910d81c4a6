// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Follows Colin Percival, "Naive differences of executable code" (2003): exact matches are looked
// up in a suffix array of the old file, then extended both ways as long as more bytes fit than do
// not; what is in between is new.

#include "lib/replace/bsdiffwriter.h"

#include "lib/common/convert.h"
#include "lib/replace/bsdiffformat.h"
#include "lib/replace/bzip2stream.h"

#include <divsufsort.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>

namespace Freshen {

namespace {

// A match counts once it is so many bytes better than to go on as before.
constexpr qint64 minimumGain = 8;
constexpr qint64 progressStep = 1 << 16;

struct Match {
    qint64 length = 0;
    qint64 oldPosition = 0;
};

// Finds where in a file a text occurs.
class SuffixArray
{
public:
    static std::optional<SuffixArray> of(const QByteArray &text)
    {
        // The empty suffix comes before all others.
        std::vector<std::int32_t> order(std::size_t(text.size()) + 1, std::int32_t(text.size()));
        const auto *bytes = reinterpret_cast<const sauchar_t *>(text.constData());
        if (!text.isEmpty() && divsufsort(bytes, order.data() + 1, std::int32_t(text.size())) != 0)
            return {};
        return SuffixArray(text, std::move(order));
    }

    // The longest begin of `wanted` that occurs.
    Match find(QByteArrayView wanted) const
    {
        std::size_t first = 0;
        std::size_t last = m_order.size() - 1;
        while (last - first >= 2) {
            const std::size_t middle = first + (last - first) / 2;
            if (isBefore(m_order[middle], wanted))
                first = middle;
            else
                last = middle;
        }
        const qint64 atFirst = commonLength(m_order[first], wanted);
        const qint64 atLast = commonLength(m_order[last], wanted);
        return atFirst > atLast ? Match{atFirst, m_order[first]} : Match{atLast, m_order[last]};
    }

private:
    SuffixArray(QByteArrayView text, std::vector<std::int32_t> order)
        : m_text(text)
        , m_order(std::move(order))
    {
    }

    bool isBefore(qint64 suffix, QByteArrayView wanted) const
    {
        const auto size = std::min(m_text.size() - suffix, wanted.size());
        return std::memcmp(m_text.data() + suffix, wanted.data(), std::size_t(size)) < 0;
    }

    qint64 commonLength(qint64 suffix, QByteArrayView wanted) const
    {
        const auto size = std::min(m_text.size() - suffix, wanted.size());
        const char *const begin = m_text.data() + suffix;
        return std::mismatch(begin, begin + size, wanted.data()).first - begin;
    }

    QByteArrayView m_text;
    std::vector<std::int32_t> m_order;
};

// The length at which most more bytes fit than do not. `fits` tells of the n-th.
template<typename Fits>
qint64 bestLength(qint64 maximum, Fits fits)
{
    qint64 fitting = 0;
    qint64 best = 0;
    qint64 bestScore = 0;
    for (qint64 length = 1; length <= maximum; ++length) {
        fitting += fits(length - 1) ? 1 : 0;
        const qint64 score = 2 * fitting - length;
        if (score > bestScore) {
            bestScore = score;
            best = length;
        }
    }
    return best;
}

class Differ
{
public:
    Differ(const QByteArray &oldFile, const QByteArray &newFile, const SuffixArray &suffixes)
        : m_old(oldFile)
        , m_new(newFile)
        , m_suffixes(suffixes)
    {
    }

    bool run(const BsdiffProgress &progress)
    {
        qint64 nextReport = 0;
        while (m_scan < m_new.size()) {
            findNext();
            if (m_match.length != m_oldScore || m_scan == m_new.size())
                addControl();
            if (progress && m_scan >= nextReport) {
                if (!progress(m_scan))
                    return false;
                nextReport = m_scan + progressStep;
            }
        }
        return true;
    }

    Result<QByteArray> patch() const
    {
        const QByteArray controls = toBzip2(m_controls);
        const QByteArray differences = toBzip2(m_differences);
        const QByteArray newBytes = toBzip2(m_newBytes);
        if (controls.isEmpty() || differences.isEmpty() || newBytes.isEmpty())
            return failure(ErrorCode::IO, "There is not enough memory for the patch.");
        QByteArray patch(BsdiffFormat::magic.data(), qsizetype(BsdiffFormat::magic.size()));
        for (const qint64 number : {controls.size(), differences.size(), m_new.size()})
            appendNumber(patch, number);
        return patch + controls + differences + newBytes;
    }

private:
    // Whether the new byte there is what one would get by going on as after the last match.
    bool goesOn(qint64 position) const
    {
        const qint64 old = position + m_lastOffset;
        return old < m_old.size() && m_old[old] == m_new[position];
    }

    // Moves on to the next match that is worth more than to go on as before.
    void findNext()
    {
        m_oldScore = 0;
        m_scan += m_match.length;
        qint64 scored = m_scan;
        for (; m_scan < m_new.size(); ++m_scan) {
            m_match = m_suffixes.find(QByteArrayView(m_new).sliced(m_scan));
            for (; scored < m_scan + m_match.length; ++scored)
                m_oldScore += goesOn(scored) ? 1 : 0;
            const bool isTheSame = m_match.length == m_oldScore && m_match.length != 0;
            if (isTheSame || m_match.length > m_oldScore + minimumGain)
                break;
            m_oldScore -= goesOn(m_scan) ? 1 : 0;
        }
    }

    void addControl()
    {
        const qint64 gap = m_scan - m_lastScan;
        qint64 forward = bestLength(std::min(gap, m_old.size() - m_lastPosition), [&](qint64 n) {
            return m_old[m_lastPosition + n] == m_new[m_lastScan + n];
        });
        qint64 backward = 0;
        if (m_scan < m_new.size()) {
            backward = bestLength(std::min(gap, m_match.oldPosition), [&](qint64 n) {
                return m_old[m_match.oldPosition - 1 - n] == m_new[m_scan - 1 - n];
            });
        }
        const qint64 overlap = forward + backward - gap;
        if (overlap > 0) {
            const qint64 kept = split(forward, backward, overlap);
            forward -= overlap - kept;
            backward -= kept;
        }
        write(forward, backward);
    }

    // How much of the bytes that both matches claim goes to the first.
    qint64 split(qint64 forward, qint64 backward, qint64 overlap) const
    {
        qint64 score = 0;
        qint64 bestScore = 0;
        qint64 best = 0;
        const qint64 begin = forward - overlap;
        for (qint64 n = 0; n < overlap; ++n) {
            const char byte = m_new[m_lastScan + begin + n];
            score += byte == m_old[m_lastPosition + begin + n] ? 1 : 0;
            score -= byte == m_old[m_match.oldPosition - backward + n] ? 1 : 0;
            if (score > bestScore) {
                bestScore = score;
                best = n + 1;
            }
        }
        return best;
    }

    void write(qint64 forward, qint64 backward)
    {
        for (qint64 n = 0; n < forward; ++n)
            m_differences += char(m_new[m_lastScan + n] - m_old[m_lastPosition + n]);
        const qint64 taken = m_scan - backward - m_lastScan - forward;
        m_newBytes += QByteArrayView(m_new).sliced(m_lastScan + forward, taken);
        const qint64 position = m_match.oldPosition - backward;
        for (const qint64 number : {forward, taken, position - m_lastPosition - forward})
            appendNumber(m_controls, number);
        m_lastScan = m_scan - backward;
        m_lastPosition = position;
        m_lastOffset = m_match.oldPosition - m_scan;
    }

    static void appendNumber(QByteArray &bytes, qint64 number)
    {
        for (const std::uint8_t byte : BsdiffFormat::writeNumber(number))
            bytes += char(byte);
    }

    const QByteArray &m_old;
    const QByteArray &m_new;
    const SuffixArray &m_suffixes;
    Match m_match;
    qint64 m_scan = 0; // in the new file
    qint64 m_oldScore = 0; // bytes of the match that one gets by going on as before
    qint64 m_lastScan = 0; // where in both files the last match begins
    qint64 m_lastPosition = 0;
    qint64 m_lastOffset = 0;
    QByteArray m_controls;
    QByteArray m_differences;
    QByteArray m_newBytes;
};

} // namespace

Result<QByteArray> makeBsdiff(const QByteArray &oldFile, const QByteArray &newFile,
                              const BsdiffProgress &progress)
{
    if (oldFile.size() >= std::numeric_limits<std::int32_t>::max())
        return failure(ErrorCode::SIZE,
                       "The old file is too large for a patch of this kind (2 GiB "
                       "at most). Offer the whole file.");
    const auto suffixes = SuffixArray::of(oldFile);
    if (!suffixes)
        return failure(ErrorCode::IO, "There is not enough memory for the patch.");
    Differ differ(oldFile, newFile, *suffixes);
    if (!differ.run(progress))
        return failure(ErrorCode::CANCELLED, "The patch was cancelled.");
    return differ.patch();
}

} // namespace Freshen
