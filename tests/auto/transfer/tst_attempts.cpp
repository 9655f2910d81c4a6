// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/attempts.h"

#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Remedy = TransferError::Remedy;

namespace {

const QList<QUrl> one{QUrl(u"https://one.example/file"_s)};
const QList<QUrl> three{QUrl(u"https://one.example/file"_s), QUrl(u"https://two.example/file"_s),
                        QUrl(u"https://three.example/file"_s)};

TransferError trouble(Remedy remedy, std::optional<std::chrono::seconds> retryAfter = {})
{
    return {{ErrorCode::NETWORK, "trouble"}, remedy, retryAfter};
}

const Error wrong{ErrorCode::HASH, "wrong bytes"};

} // namespace

class TestAttempts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pausesGrow();
    void pausesDiffer();
    void progressBeginsAnew();
    void givesUpWithoutPatience();
    void waitsAsTheServerWishes();
    void othersNeedNotWait();
    void everyAddressHasItsTurn();
    void whatIsOutStaysOut();
    void wholeWhereNoPartsAre();
    void wrongBytesOfOne();
    void wrongBytesOfSeveral();
    void tellsAllFailures();
};

void TestAttempts::pausesGrow()
{
    Attempts attempts(one, 1h);
    auto shortest = 250ms;
    auto longest = 500ms;
    for (int i = 0; i < 12; ++i) {
        const auto pause = attempts.next(trouble(Remedy::Later));
        QVERIFY(pause);
        QVERIFY(*pause >= shortest && *pause <= longest);
        shortest = std::min<std::chrono::milliseconds>(2 * shortest, 30s);
        longest = std::min<std::chrono::milliseconds>(2 * longest, 60s);
    }
}

// Clients that failed together do not come back together.
void TestAttempts::pausesDiffer()
{
    QSet<qint64> pauses;
    for (int i = 0; i < 50; ++i) {
        Attempts attempts(one, 1h);
        pauses.insert(attempts.next(trouble(Remedy::Later))->count());
    }
    QVERIFY(pauses.size() > 10);
}

void TestAttempts::progressBeginsAnew()
{
    Attempts attempts(one, 1h);
    for (int i = 0; i < 8; ++i)
        attempts.next(trouble(Remedy::Later));
    attempts.noteProgress();
    QVERIFY(*attempts.next(trouble(Remedy::Later)) <= 500ms);
}

void TestAttempts::givesUpWithoutPatience()
{
    Attempts attempts(one, 600ms);
    QVERIFY(attempts.next(trouble(Remedy::Later)));
    // The third pause is a second at least.
    attempts.next(trouble(Remedy::Later));
    QVERIFY(!attempts.next(trouble(Remedy::Later)));
}

void TestAttempts::waitsAsTheServerWishes()
{
    Attempts attempts(one, 1h);
    const auto pause = attempts.next(trouble(Remedy::Later, 100s));
    QVERIFY(pause && *pause > 99s && *pause <= 101s);
    QCOMPARE(attempts.retryAfter(), std::optional(100s));
    Attempts impatient(one, 99s);
    QVERIFY(!impatient.next(trouble(Remedy::Later, 100s)));
}

void TestAttempts::othersNeedNotWait()
{
    Attempts attempts(three.first(2), 1h);
    QCOMPARE(attempts.next(trouble(Remedy::Later, 100s)), std::optional(0ms));
    QCOMPARE(attempts.url(), three.at(1));
    // But the first does, when it is its turn again.
    QVERIFY(*attempts.next(trouble(Remedy::Later)) > 99s);
    QCOMPARE(attempts.url(), three.at(0));
}

void TestAttempts::everyAddressHasItsTurn()
{
    Attempts attempts(three, 1h);
    for (int round = 0; round < 3; ++round) {
        for (const QUrl &url : three) {
            QCOMPARE(attempts.url(), url);
            const auto pause = attempts.next(trouble(Remedy::Later));
            QVERIFY(pause);
            QCOMPARE(*pause > 0ms, url == three.last());
        }
    }
}

void TestAttempts::whatIsOutStaysOut()
{
    Attempts attempts(three, 1h);
    QCOMPARE(attempts.next(trouble(Remedy::None)), std::optional(0ms));
    QCOMPARE(attempts.url(), three.at(1));
    QCOMPARE(attempts.next(trouble(Remedy::Later)), std::optional(0ms));
    QCOMPARE(attempts.next(trouble(Remedy::None)).value_or(0ms) > 0ms, true);
    QCOMPARE(attempts.url(), three.at(1));
    QVERIFY(!attempts.next(trouble(Remedy::None)));
}

void TestAttempts::wholeWhereNoPartsAre()
{
    Attempts attempts(one, 1h);
    QVERIFY(attempts.allowsParts());
    QCOMPARE(attempts.next(trouble(Remedy::Whole)), std::optional(0ms));
    QVERIFY(!attempts.allowsParts());
    QCOMPARE(attempts.failures().size(), 0);
    // Where that was not it, it is a failure like any other.
    QVERIFY(attempts.next(trouble(Remedy::Whole)).value_or(0ms) > 0ms);
    QCOMPARE(attempts.failures().size(), 1);
}

void TestAttempts::wrongBytesOfOne()
{
    Attempts attempts(three.first(2), 1h);
    QVERIFY(attempts.allowsMixing());
    QVERIFY(attempts.nextAfterWrongBytes(wrong, true));
    QCOMPARE(attempts.url(), three.at(1));
    QVERIFY(!attempts.allowsMixing());
    QVERIFY(!attempts.nextAfterWrongBytes(wrong, true));
}

// Each is tried once more by itself, those that had no part in it first.
void TestAttempts::wrongBytesOfSeveral()
{
    Attempts attempts(three, 1h);
    attempts.next(trouble(Remedy::Later));
    QVERIFY(attempts.nextAfterWrongBytes(wrong, false));
    QCOMPARE(attempts.url(), three.at(2));
    QVERIFY(attempts.nextAfterWrongBytes(wrong, true));
    QCOMPARE(attempts.url(), three.at(0));
    QVERIFY(attempts.nextAfterWrongBytes(wrong, true));
    QCOMPARE(attempts.url(), three.at(1));
    QVERIFY(!attempts.nextAfterWrongBytes(wrong, true));
}

void TestAttempts::tellsAllFailures()
{
    Attempts attempts(three, 1h);
    attempts.next({{ErrorCode::SLOW, "The first is slow."}, Remedy::Later, {}});
    attempts.next({{ErrorCode::HASH, "The second is wrong."}, Remedy::None, {}});
    const auto failures = attempts.failures();
    QCOMPARE(failures.size(), 2);
    QCOMPARE(failures.at(0).url, three.at(0));
    QCOMPARE(failures.at(1).url, three.at(1));
    QCOMPARE(attempts.verdict().code, ErrorCode::HASH);
    QCOMPARE(attempts.verdict().message, std::string("The second is wrong. The first is slow."));
}

QTEST_GUILESS_MAIN(TestAttempts)
#include "tst_attempts.moc"
