// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/publisher/publishing.h"
#include "tests/support/resultcheck.h"

#include "lib/common/convert.h"
#include "lib/feed/feedsignature.h"
#include "updater-helper/trust/text.h"

#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

const QByteArray plainFeed = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                             "<rss version=\"2.0\">\n"
                             "  <channel>\n"
                             "    <title>Notes</title>\n"
                             "  </channel>\n"
                             "</rss>\n";

std::vector<Trust::PublicKey> keys(const QByteArray &seeds = "a")
{
    std::vector<Trust::PublicKey> result;
    for (const char seed : seeds)
        result.push_back(testKey(seed).publicKey());
    return result;
}

QByteArray signedBy(const QByteArray &seeds)
{
    std::vector<SecretKey> secrets;
    for (const char seed : seeds)
        secrets.push_back(testKey(seed));
    return signFeed(plainFeed, secrets);
}

QByteArray signedFeed()
{
    return signFeed(plainFeed, testKey());
}

qsizetype sparkleAt(const QByteArray &feed)
{
    return feed.indexOf("<!-- sparkle-signatures:");
}

// What Sparkle's own tool appends.
QByteArray sparkleBlock(const QByteArray &content, char seed)
{
    const auto signature = testKey(seed).sign(toBytes(content));
    return "<!-- sparkle-signatures:\nedSignature: "
        + QByteArray::fromStdString(Trust::toBase64(signature.data(), signature.size()))
        + "\nlength: " + QByteArray::number(content.size()) + "\n-->\n";
}

QByteArray sparkleOnly(char seed = 'a')
{
    return plainFeed + sparkleBlock(plainFeed, seed);
}

QByteArray withSparkleOf(char seed)
{
    const QByteArray feed = signedFeed();
    const QByteArray content = feed.left(sparkleAt(feed));
    return content + sparkleBlock(content, seed);
}

QByteArray withLength(const QByteArray &length)
{
    QByteArray feed = signedFeed();
    const qsizetype at = feed.indexOf("length: ") + 8;
    return feed.replace(at, feed.indexOf('\n', at) - at, length);
}

} // namespace

class TestFeedSignature : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void signedFeedIsAccepted();
    void signatureCanBeCheckedByHand();
    void signingAgainReplacesTheTrailers();
    void acc001_notAFeed_data();
    void acc001_notAFeed();
    void acc020_unsignedFeed();
    void acc021_oneBitFlipped();
    void acc003_truncatedAnywhere();
    void acc022_refusedTrailers_data();
    void acc022_refusedTrailers();
    void acc023_modifiedInTransit_data();
    void acc023_modifiedInTransit();
    void acc034_signatureForAnotherPurpose();
    void wrongKeyIsRefused();
    void oneOfSeveralKeysIsEnough();
    void foreignKeyIdIsAHintOnly();
    void threshold_data();
    void threshold();
    void acc032_oneSignatureUnderTwoNames();
    void signaturesAreAdded();
    void signerDoesNotDependOnTheLines();
    void sparkleAloneIsOptional();
    void sparkleOfAnotherKeyDoesNotMatter();
    void noneTakesEverything();
};

void TestFeedSignature::signedFeedIsAccepted()
{
    const auto feed = verifyFeed(signedFeed(), keys(), FeedTrust::Required);
    VERIFY_RESULT(feed);
    QVERIFY(feed->isSigned);
    QCOMPARE(feed->content, plainFeed);
    QCOMPARE(feed->signer,
             QByteArray::fromBase64(QByteArray::fromStdString(testKey().publicKey().toSparkle())));
    VERIFY_RESULT(verifyFeed(signedFeed(), keys(), FeedTrust::Optional));
    QCOMPARE(withoutTrailers(signedFeed()), plainFeed);
}

// The grammar and the signed bytes, without any of our own code for them.
void TestFeedSignature::signatureCanBeCheckedByHand()
{
    const QByteArray feed = signedFeed();
    const QList<QByteArray> lines = feed.mid(plainFeed.size()).split('\n');
    QCOMPARE(lines.size(), 8);
    QCOMPARE(lines[0], "<!-- freshen-signatures:");
    QCOMPARE(lines[2], "-->");
    QCOMPARE(lines[3], "<!-- sparkle-signatures:");
    QCOMPARE(lines[5], "length: " + QByteArray::number(sparkleAt(feed)));
    QCOMPARE(lines[6], "-->");
    QCOMPARE(lines[7], "");
    const QByteArray id = QByteArray::fromStdString(testKey().publicKey().idHex());
    QVERIFY(lines[1].startsWith(id + ' '));
    const auto freshen = Trust::parseSignature(toView(lines[1].mid(17)));
    VERIFY_RESULT(freshen);
    QVERIFY(testKey().publicKey().verify(toBytes("freshen-feed-1\n" + plainFeed), *freshen));
    QVERIFY(lines[4].startsWith("edSignature: "));
    const auto sparkle = Trust::parseSignature(toView(lines[4].mid(13)));
    VERIFY_RESULT(sparkle);
    QVERIFY(testKey().publicKey().verify(toBytes(feed.left(sparkleAt(feed))), *sparkle));
}

void TestFeedSignature::signingAgainReplacesTheTrailers()
{
    QCOMPARE(signFeed(signedFeed(), testKey()), signedFeed());
    QCOMPARE(signFeed(plainFeed.chopped(1), testKey()), signedFeed());
    const QByteArray other = signFeed(signedFeed(), testKey('b'));
    VERIFY_RESULT(verifyFeed(other, keys("b"), FeedTrust::Required));
    VERIFY_RESULT(verifyFeed(signFeed(sparkleOnly(), testKey()), keys(), FeedTrust::Required));
    QByteArray damaged = signedFeed();
    damaged.replace("\n", "\r\n");
    VERIFY_RESULT(verifyFeed(signFeed(damaged, testKey()), keys(), FeedTrust::Required));
}

void TestFeedSignature::acc001_notAFeed_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("blanks") << QByteArray(" \n\t\r\n");
    QTest::newRow("acc002 login page")
        << QByteArray("<!DOCTYPE html>\n<html><body>Log in</body></html>");
    QTest::newRow("login page, shouted") << QByteArray("\n<!DocType  HTML PUBLIC \"-//W3C\">");
    QTest::newRow("html") << QByteArray("<html><rss/></html>");
    QTest::newRow("comment, html") << QByteArray("<!-- <rss> --><html/>");
    QTest::newRow("json") << QByteArray("{\"error\":404}");
    QTest::newRow("text") << QByteArray("not found");
    QTest::newRow("atom") << QByteArray("<?xml version=\"1.0\"?><feed/>");
    QTest::newRow("other name") << QByteArray("<rssx/>");
    QTest::newRow("unfinished declaration") << QByteArray("<?xml version=\"1.0\"");
    QTest::newRow("unfinished comment") << QByteArray("<!-- <rss>");
}

void TestFeedSignature::acc001_notAFeed()
{
    QFETCH(QByteArray, bytes);
    for (const FeedTrust trust : {FeedTrust::Required, FeedTrust::Optional, FeedTrust::None})
        VERIFY_ERROR(verifyFeed(bytes, keys(), trust), ErrorCode::FEED_PARSE);
}

void TestFeedSignature::acc020_unsignedFeed()
{
    const QByteArray feeds[] = {plainFeed, "\xef\xbb\xbf" + plainFeed,
                                "<!-- a note --> <?pi?>\n<rss version=\"2.0\"/>", "<rss/>"};
    for (const QByteArray &feed : feeds) {
        VERIFY_ERROR(verifyFeed(feed, keys(), FeedTrust::Required), ErrorCode::FEED_UNSIGNED);
        const auto optional = verifyFeed(feed, keys(), FeedTrust::Optional);
        VERIFY_RESULT(optional);
        QCOMPARE(optional->content, feed);
        QVERIFY(!optional->isSigned);
        QVERIFY(optional->signer.isEmpty());
    }
}

// Every bit of the file. Two places decide nothing: a key's id is a hint, and Sparkle's signature
// counts only where its key is trusted, which nobody can see in a damaged one. Where a flip there
// is accepted, the content is the signed one.
void TestFeedSignature::acc021_oneBitFlipped()
{
    const QByteArray feed = signedFeed();
    const qsizetype sparkleBegin = feed.indexOf("edSignature: ") + 13;
    const qsizetype sparkleEnd = feed.indexOf('\n', sparkleBegin);
    const qsizetype idBegin = feed.indexOf(testKey().publicKey().idHex().c_str());
    const auto decidesNothing = [&](qsizetype at) {
        return (at >= sparkleBegin && at < sparkleEnd) || (at >= idBegin && at < idBegin + 16);
    };
    for (qsizetype at = 0; at < feed.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            QByteArray flipped = feed;
            flipped[at] = char(flipped[at] ^ (1 << bit));
            for (const FeedTrust trust : {FeedTrust::Required, FeedTrust::Optional}) {
                const auto verified = verifyFeed(flipped, keys(), trust);
                if (verified && decidesNothing(at))
                    QCOMPARE(verified->content, plainFeed);
                else
                    VERIFY_ERROR(verified, ErrorCode::FEED_SIGNATURE);
            }
        }
    }
}

void TestFeedSignature::acc003_truncatedAnywhere()
{
    const QByteArray feed = signedFeed();
    for (qsizetype size = 0; size < feed.size(); ++size) {
        const auto verified = verifyFeed(feed.left(size), keys(), FeedTrust::Required);
        QVERIFY2(!verified, qPrintable(QString::number(size)));
    }
}

void TestFeedSignature::acc022_refusedTrailers_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray feed = signedFeed();
    const QByteArray freshen = feed.mid(plainFeed.size(), sparkleAt(feed) - plainFeed.size());
    const QByteArray sparkle = feed.mid(sparkleAt(feed));
    QTest::newRow("newline behind") << feed + '\n';
    QTest::newRow("blank behind") << feed + ' ';
    QTest::newRow("comment behind") << feed + "<!-- -->\n";
    QTest::newRow("item behind") << feed + "<item/>";
    QTest::newRow("both twice") << feed + freshen + sparkle;
    QTest::newRow("Freshen's twice") << plainFeed + freshen + freshen + sparkle;
    QTest::newRow("Sparkle's twice") << feed + sparkle;
    QTest::newRow("the other way round") << plainFeed + sparkle + freshen;
    QTest::newRow("Freshen's alone") << plainFeed + freshen;
    QTest::newRow("something between") << plainFeed + freshen + "\n" + sparkle;
    QTest::newRow("no key in it") << plainFeed + "<!-- freshen-signatures:\n-->\n" + sparkle;
    QByteArray twice = freshen;
    twice.insert(freshen.indexOf('\n') + 1, freshen.split('\n').at(1) + '\n');
    const QByteArray content = plainFeed + twice;
    QTest::newRow("acc032 one key twice") << content + sparkleBlock(content, 'a');
    QTest::newRow("one in a comment") << QByteArray("<!-- <!-- freshen-signatures:\n -->") + feed;
    QByteArray inside = plainFeed;
    inside.replace("Notes", "<![CDATA[" + freshen + "]]>");
    QTest::newRow("one in CDATA") << signFeed(inside, testKey());
    inside = plainFeed;
    inside.replace("Notes", "<![CDATA[" + sparkle + "]]>");
    QTest::newRow("Sparkle's in CDATA") << signFeed(inside, testKey());
    QByteArray upper = feed;
    upper.replace(QByteArray::fromStdString(testKey().publicKey().idHex()),
                  QByteArray::fromStdString(testKey().publicKey().idHex()).toUpper());
    QTest::newRow("key id in capitals") << upper;
}

void TestFeedSignature::acc022_refusedTrailers()
{
    QFETCH(QByteArray, bytes);
    for (const FeedTrust trust : {FeedTrust::Required, FeedTrust::Optional})
        VERIFY_ERROR(verifyFeed(bytes, keys(), trust), ErrorCode::FEED_SIGNATURE);
}

void TestFeedSignature::acc023_modifiedInTransit_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QByteArray converted = signedFeed();
    converted.replace("\n", "\r\n");
    QTest::newRow("CRLF") << converted;
    converted.replace("\r\n", "\r");
    QTest::newRow("CR") << converted;
    QTest::newRow("length too small") << withLength("1");
    QTest::newRow("length too large") << withLength("99999");
    QTest::newRow("length with a zero before it")
        << withLength("0" + QByteArray::number(sparkleAt(signedFeed())));
    QTest::newRow("length of 25 digits") << withLength(QByteArray(25, '9'));
    QTest::newRow("no length") << withLength("");
}

void TestFeedSignature::acc023_modifiedInTransit()
{
    QFETCH(QByteArray, bytes);
    const auto verified = verifyFeed(bytes, keys(), FeedTrust::Required);
    VERIFY_ERROR(verified, ErrorCode::FEED_SIGNATURE);
    QVERIFY(verified.error().message.find("modified in transit") != std::string::npos);
}

// A signature over the bare content, such as an enclosure's, must not do for a feed.
void TestFeedSignature::acc034_signatureForAnotherPurpose()
{
    const auto signature = testKey().sign(toBytes(plainFeed));
    const QByteArray content = plainFeed + "<!-- freshen-signatures:\n"
        + QByteArray::fromStdString(testKey().publicKey().idHex()) + ' '
        + QByteArray::fromStdString(Trust::toBase64(signature.data(), signature.size()))
        + "\n-->\n";
    const QByteArray feed = content + sparkleBlock(content, 'a');
    VERIFY_ERROR(verifyFeed(feed, keys(), FeedTrust::Required), ErrorCode::FEED_SIGNATURE);
}

void TestFeedSignature::wrongKeyIsRefused()
{
    for (const FeedTrust trust : {FeedTrust::Required, FeedTrust::Optional}) {
        VERIFY_ERROR(verifyFeed(signedFeed(), keys("b"), trust), ErrorCode::FEED_SIGNATURE);
        VERIFY_ERROR(verifyFeed(signedFeed(), {}, trust), ErrorCode::FEED_SIGNATURE);
    }
}

void TestFeedSignature::oneOfSeveralKeysIsEnough()
{
    const auto feed = verifyFeed(signedFeed(), keys("cba"), FeedTrust::Required);
    VERIFY_RESULT(feed);
    // Two signatures: one by a key that nobody here knows is skipped, one in the name of a
    // trusted key that does not fit is refused.
    const QByteArray line = signedFeed().mid(plainFeed.size()).split('\n').at(1);
    const QByteArray otherLine =
        signFeed(plainFeed, testKey('b')).mid(plainFeed.size()).split('\n').at(1);
    QByteArray wrongLine = otherLine.left(17) + line.mid(17);
    for (const bool isWrong : {false, true}) {
        const QByteArray content = plainFeed + "<!-- freshen-signatures:\n"
            + (isWrong ? wrongLine : otherLine) + '\n' + line + "\n-->\n";
        const QByteArray both = content + sparkleBlock(content, 'a');
        VERIFY_RESULT(verifyFeed(both, keys("a"), FeedTrust::Required));
        if (!isWrong)
            VERIFY_RESULT(verifyFeed(both, keys("b"), FeedTrust::Required));
    }
    const QByteArray spoilt = wrongLine.left(17) + line.mid(17).replace(0, 4, "AAAA");
    const QByteArray content = plainFeed + "<!-- freshen-signatures:\n" + spoilt + '\n' + line
        + "\n-->\n";
    VERIFY_ERROR(verifyFeed(content + sparkleBlock(content, 'a'), keys("ab"), FeedTrust::Required),
                 ErrorCode::FEED_SIGNATURE);
}

void TestFeedSignature::foreignKeyIdIsAHintOnly()
{
    QByteArray feed = signedFeed();
    feed.replace(QByteArray::fromStdString(testKey().publicKey().idHex()), QByteArray(16, '0'));
    const QByteArray content = feed.left(sparkleAt(feed));
    VERIFY_RESULT(verifyFeed(content + sparkleBlock(content, 'a'), keys(), FeedTrust::Required));
}

void TestFeedSignature::threshold_data()
{
    QTest::addColumn<QByteArray>("signers");
    QTest::addColumn<QByteArray>("trusted");
    QTest::addColumn<int>("needed");
    QTest::addColumn<bool>("isAccepted");
    const auto row = [](const char *signers, const char *trusted, int needed, bool isAccepted) {
        QTest::addRow("%d of %s by %s", needed, trusted, signers)
            << QByteArray(signers) << QByteArray(trusted) << needed << isAccepted;
    };
    row("ab", "abc", 2, true);
    row("ca", "abc", 2, true);
    row("abc", "abc", 2, true);
    row("abc", "abc", 3, true);
    row("xab", "abc", 2, true); // a stranger does no harm
    row("a", "abc", 2, false);
    row("ax", "abc", 2, false);
    row("ab", "abc", 3, false);
    row("ab", "aab", 3, false); // one key listed twice
    row("a", "aa", 2, false);
}

void TestFeedSignature::threshold()
{
    QFETCH(QByteArray, signers);
    QFETCH(QByteArray, trusted);
    QFETCH(int, needed);
    QFETCH(bool, isAccepted);
    const auto feed = verifyFeed(signedBy(signers), keys(trusted), FeedTrust::Required,
                                 std::size_t(needed));
    if (isAccepted) {
        VERIFY_RESULT(feed);
        QCOMPARE(feed->content, plainFeed);
    } else {
        VERIFY_ERROR(feed, ErrorCode::FEED_SIGNATURE);
    }
}

// The id before a signature is a hint, so it must not make two signers of one.
void TestFeedSignature::acc032_oneSignatureUnderTwoNames()
{
    const QByteArray line = signedFeed().mid(plainFeed.size()).split('\n').at(1);
    const QByteArray content = plainFeed + "<!-- freshen-signatures:\n" + line + '\n'
        + QByteArray(16, '0') + line.mid(16) + "\n-->\n";
    const QByteArray feed = content + sparkleBlock(content, 'a');
    VERIFY_RESULT(verifyFeed(feed, keys("ab"), FeedTrust::Required));
    VERIFY_ERROR(verifyFeed(feed, keys("ab"), FeedTrust::Required, 2), ErrorCode::FEED_SIGNATURE);
}

void TestFeedSignature::signaturesAreAdded()
{
    const auto both = addSignature(signedFeed(), testKey('b'));
    VERIFY_RESULT(both);
    VERIFY_RESULT(verifyFeed(*both, keys("ab"), FeedTrust::Required, 2));
    // Sparkle's is by whoever signed last; again by the first one, and nothing else changes.
    const qsizetype at = sparkleAt(*both);
    QCOMPARE(both->mid(at), sparkleBlock(both->left(at), 'b'));
    const auto again = addSignature(*both, testKey('a'));
    VERIFY_RESULT(again);
    QCOMPARE(*again, signedBy("ba").left(at) + sparkleBlock(again->left(at), 'a'));
    QCOMPARE(signedBy("ab").left(at), both->left(at));
    QCOMPARE(signedBy("ab").mid(at), sparkleBlock(both->left(at), 'a'));
    // What carries none yet.
    for (const QByteArray &feed : {plainFeed, sparkleOnly()}) {
        const auto first = addSignature(feed, testKey('b'));
        VERIFY_RESULT(first);
        QCOMPARE(*first, signedBy("b"));
    }
    VERIFY_ERROR(addSignature(signedFeed() + "\n", testKey('b')), ErrorCode::FEED_SIGNATURE);
}

// Nobody signs the order of the lines, so a mirror could change it.
void TestFeedSignature::signerDoesNotDependOnTheLines()
{
    for (const char *order : {"ab", "ba"}) {
        const auto feed = verifyFeed(signedBy(order), keys("ba"), FeedTrust::Required);
        VERIFY_RESULT(feed);
        QCOMPARE(feed->signer.toBase64().toStdString(), testKey('b').publicKey().toSparkle());
    }
}

void TestFeedSignature::sparkleAloneIsOptional()
{
    const auto optional = verifyFeed(sparkleOnly(), keys(), FeedTrust::Optional);
    VERIFY_RESULT(optional);
    QVERIFY(!optional->isSigned);
    QCOMPARE(optional->content, plainFeed);
    VERIFY_ERROR(verifyFeed(sparkleOnly(), keys(), FeedTrust::Required), ErrorCode::FEED_UNSIGNED);
    for (const FeedTrust trust : {FeedTrust::Required, FeedTrust::Optional})
        VERIFY_ERROR(verifyFeed(sparkleOnly('b'), keys(), trust), ErrorCode::FEED_SIGNATURE);
    // Sparkle's tool writes no newline before its block.
    const QByteArray content = plainFeed.chopped(1);
    VERIFY_RESULT(verifyFeed(content + sparkleBlock(content, 'a'), keys(), FeedTrust::Optional));
}

void TestFeedSignature::sparkleOfAnotherKeyDoesNotMatter()
{
    const auto feed = verifyFeed(withSparkleOf('b'), keys(), FeedTrust::Required);
    VERIFY_RESULT(feed);
    QCOMPARE(feed->content, plainFeed);
}

void TestFeedSignature::noneTakesEverything()
{
    for (const QByteArray &feed : {plainFeed, signedFeed() + '\n', sparkleOnly('b')}) {
        const auto taken = verifyFeed(feed, keys(), FeedTrust::None);
        VERIFY_RESULT(taken);
        QCOMPARE(taken->content, feed);
        QVERIFY(!taken->isSigned);
    }
    const auto verified = verifyFeed(signedFeed(), keys(), FeedTrust::None);
    VERIFY_RESULT(verified);
    QVERIFY(verified->isSigned);
    QCOMPARE(verified->content, plainFeed);
}

QTEST_GUILESS_MAIN(TestFeedSignature)
#include "tst_feedsignature.moc"
