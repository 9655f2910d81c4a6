// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/root.h"

#include "lib/common/convert.h"
#include "lib/signing/secretkey.h"
#include "tests/support/resultcheck.h"

#include <QTest>

#include <algorithm>

using namespace Freshen;

namespace {

const SecretKey &key(int number)
{
    static const std::vector<SecretKey> keys = [] {
        std::vector<SecretKey> made;
        for (int i = 0; i < 34; ++i)
            made.push_back(*SecretKey::parse(toView(QByteArray(32, char('0' + i)).toBase64())));
        return made;
    }();
    return keys.at(std::size_t(number));
}

Trust::RootRole role(const std::vector<int> &numbers, std::size_t threshold = 1)
{
    Trust::RootRole role{threshold, {}};
    for (const int number : numbers)
        role.keys.push_back(key(number).publicKey());
    std::sort(role.keys.begin(), role.keys.end(), [](const auto &one, const auto &other) {
        return one.toSparkle() < other.toSparkle();
    });
    return role;
}

Trust::Root plainRoot(std::uint64_t version = 1)
{
    Trust::Root root;
    root.product = "org.example.notes";
    root.version = version;
    root.issued = "2026-11-22T10:00:00Z";
    root.expires = "2027-11-22T10:00:00Z";
    root.root = role({0, 1}, 2);
    root.feed = role({2, 3});
    root.release = role({4});
    return root;
}

std::string signedBy(const Trust::Root &root, const std::vector<int> &signers)
{
    Trust::SignedRoot file{root, {}, {}};
    const QByteArray message = QByteArray::fromStdString(file.message());
    for (const int number : signers)
        file.signatures.push_back({key(number).publicKey().idHex(),
                                   key(number).sign(toBytes(message))});
    return file.signedText();
}

// The text of a good root with the first `from` as `to`.
QByteArray changed(const QByteArray &from, const QByteArray &to)
{
    QByteArray text = QByteArray::fromStdString(signedBy(plainRoot(), {0, 1}));
    const qsizetype at = text.indexOf(from);
    return at < 0 ? QByteArray() : text.replace(at, from.size(), to);
}

QByteArray lineOf(const QByteArray &name)
{
    const QByteArray text = QByteArray::fromStdString(signedBy(plainRoot(), {0, 1}));
    const qsizetype at = text.indexOf('\n' + name) + 1;
    return text.mid(at, text.indexOf('\n', at) + 1 - at);
}

} // namespace

class TestRoot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isReadBack();
    void canBeCheckedByHand();
    void extraLinesAreKept();
    void malformed_data();
    void malformed();
    void acc031_tooLarge();
    void mostKeysAndSignatures();
    void oneBitFlipped();
    void truncatedAnywhere();
    void acc032_distinctKeysCount();
    void firstRootSignsItself();
    void nextRootFollows();
    void acc030_refusedNextRoots_data();
    void acc030_refusedNextRoots();
    void expiry();
};

void TestRoot::isReadBack()
{
    const std::string text = signedBy(plainRoot(), {0, 1});
    const auto read = Trust::firstRoot(text);
    VERIFY_RESULT(read);
    QCOMPARE(read->text, text);
    QCOMPARE(read->signedText(), text);
    QCOMPARE(read->root.product, "org.example.notes");
    QCOMPARE(read->root.version, 1u);
    QCOMPARE(read->root.issued, "2026-11-22T10:00:00Z");
    QCOMPARE(read->root.expires, "2027-11-22T10:00:00Z");
    QVERIFY(read->root.root == role({0, 1}, 2));
    QVERIFY(read->root.feed == role({2, 3}));
    QVERIFY(read->root.release == role({4}));
}

// The grammar and the signed bytes, without any of our own code for them.
void TestRoot::canBeCheckedByHand()
{
    const QByteArray text = QByteArray::fromStdString(signedBy(plainRoot(), {0, 1}));
    const QByteArray release = QByteArray::fromStdString(key(4).publicKey().toSparkle());
    QVERIFY(text.startsWith("freshen-root 1\nproduct org.example.notes\nversion 1\n"
                            "issued 2026-11-22T10:00:00Z\nexpires 2027-11-22T10:00:00Z\nroot 2 "));
    QVERIFY(text.contains("\nrelease 1 " + release + "\nsignatures\n"));
    const QByteArray body = text.left(text.indexOf("signatures\n"));
    const QByteArray line = text.mid(body.size()).split('\n').at(1);
    QCOMPARE(line.left(16), QByteArray::fromStdString(key(0).publicKey().idHex()));
    const auto signature = Trust::parseSignature(toView(line.mid(17)));
    VERIFY_RESULT(signature);
    QVERIFY(key(0).publicKey().verify(toBytes("freshen-root-1\n" + body), *signature));
}

void TestRoot::extraLinesAreKept()
{
    Trust::Root root = plainRoot();
    root.extraLines = {"mirrors 3", "snapshot 1 x"};
    const auto read = Trust::firstRoot(signedBy(root, {0, 1}));
    VERIFY_RESULT(read);
    QVERIFY(read->root.extraLines == root.extraLines);
}

void TestRoot::malformed_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("newline") << QByteArray("\n");
    QTest::newRow("other format") << changed("freshen-root 1", "freshen-root 2");
    QTest::newRow("other kind") << changed("freshen-root 1", "freshen-manifest 1");
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf") + changed("x", "x");
    QTest::newRow("CRLF") << changed("x", "x").replace("\n", "\r\n");
    QTest::newRow("line behind") << changed("x", "x") + "\n";
    QTest::newRow("no last newline") << changed("x", "x").chopped(1);
    for (const char *name : {"product ", "version ", "issued ", "expires ", "root ", "feed ",
                             "release ", "signatures"}) {
        QTest::addRow("no %s", name) << changed(lineOf(name), "");
        QTest::addRow("twice %s", name) << changed(lineOf(name), lineOf(name) + lineOf(name));
        if (name[qstrlen(name) - 1] == ' ')
            QTest::addRow("empty %s", name) << changed(lineOf(name), QByteArray(name) + '\n');
    }
    QTest::newRow("order") << changed("issued 2026-11-22T10:00:00Z\nexpires 2027-11-22T10:00:00Z",
                                      "expires 2027-11-22T10:00:00Z\nissued 2026-11-22T10:00:00Z");
    QTest::newRow("product with escape") << changed("example", "ex\x1b[2Jample");
    QTest::newRow("product of other bytes") << changed("example", "ex\xff");
    for (const char *version : {"0", "01", "-1", "1.0", "+1", "1 ", "x", "9223372036854775808",
                                "18446744073709551616"})
        QTest::addRow("version %s", version)
            << changed("version 1", QByteArray("version ") + version);
    for (const char *time : {"2026-11-22", "2026-11-22 10:00:00Z", "2026-11-22T10:00:00+01:00",
                             "2026-11-22T10:00:00z", "2026-1x-22T10:00:00Z",
                             "2027-11-22T10:00:00Z", "2028-11-22T10:00:00Z"})
        QTest::addRow("issued %s", time) << changed("2026-11-22T10:00:00Z", time);
    QTest::newRow("must understand") << changed("root 2 ", "!delegations 1\nroot 2 ");
    QTest::newRow("empty extra line") << changed("root 2 ", "\nroot 2 ");
    QTest::newRow("extra line with escape") << changed("root 2 ", "x \x1b\nroot 2 ");
    QTest::newRow("role in the wrong place") << changed("root 2 ", lineOf("release ") + "root 2 ");
    QTest::newRow("extra line between roles") << changed("feed 1 ", "x\nfeed 1 ");
    QTest::newRow("threshold 0") << changed("feed 1 ", "feed 0 ");
    QTest::newRow("threshold 01") << changed("feed 1 ", "feed 01 ");
    QTest::newRow("threshold larger than the keys") << changed("feed 1 ", "feed 3 ");
    QTest::newRow("two for releases") << QByteArray::fromStdString([] {
        Trust::Root root = plainRoot();
        root.release = role({4, 5}, 2);
        return signedBy(root, {0, 1});
    }());
    const QByteArray one = QByteArray::fromStdString(role({2, 3}).keys[0].toSparkle());
    const QByteArray other = QByteArray::fromStdString(role({2, 3}).keys[1].toSparkle());
    QTest::newRow("acc032 key twice") << changed(one + ' ' + other, one + ' ' + one);
    QTest::newRow("keys not in order") << changed(one + ' ' + other, other + ' ' + one);
    QTest::newRow("two blanks") << changed(one + ' ' + other, one + "  " + other);
    QTest::newRow("blank behind") << changed(one + ' ' + other, one + ' ' + other + ' ');
    QTest::newRow("tab") << changed(one + ' ' + other, one + '\t' + other);
    QTest::newRow("minisign form") << changed(
        one, QByteArray::fromStdString(role({2, 3}).keys[0].toMinisign()));
    QTest::newRow("short key") << changed(one, QByteArray(31, 'k').toBase64());
    QTest::newRow("acc035 small order") << changed(one, QByteArray(32, '\0').toBase64());
    const QByteArray text = changed("x", "x");
    const QByteArray first = text.mid(text.indexOf("signatures\n") + 11).split('\n').at(0);
    QTest::newRow("acc032 same signature twice") << changed(first, first + '\n' + first);
    QTest::newRow("id in capitals") << changed(first, first.left(16).toUpper() + first.mid(16));
    QTest::newRow("short id") << changed(first, first.mid(1));
    QTest::newRow("no blank") << changed(first, first.left(16) + first.mid(17));
    QTest::newRow("acc035 empty signature") << changed(first, first.left(17));
    for (const int size : {63, 65})
        QTest::addRow("acc035 %d bytes", size)
            << changed(first, first.left(17) + QByteArray(size, 's').toBase64());
    QTest::newRow("acc035 stray bits")
        << changed(first, first.left(17) + QByteArray(64, 's').toBase64().replace("w==", "x=="));
    QTest::newRow("blank behind a signature") << changed(first, first + ' ');
}

void TestRoot::malformed()
{
    QFETCH(QByteArray, text);
    const auto read = Trust::SignedRoot::parse(toView(text));
    VERIFY_ERROR(read, ErrorCode::ROOT_CHAIN);
    QVERIFY(read.error().message.find("malformed") != std::string::npos);
    for (const char c : read.error().message)
        QVERIFY(c >= ' ' && c != '\x7f');
}

void TestRoot::acc031_tooLarge()
{
    Trust::Root root = plainRoot();
    const std::string line(63, 'x');
    std::size_t missing = Trust::Root::maximumSize - signedBy(root, {0, 1}).size();
    for (; missing > 2 * 64; missing -= 64)
        root.extraLines.push_back(line);
    root.extraLines.emplace_back(missing - 1, 'y');
    const std::string largest = signedBy(root, {0, 1});
    QCOMPARE(largest.size(), Trust::Root::maximumSize);
    VERIFY_RESULT(Trust::firstRoot(largest));
    root.extraLines.back() += 'y';
    VERIFY_ERROR(Trust::firstRoot(signedBy(root, {0, 1})), ErrorCode::ROOT_CHAIN);
}

void TestRoot::mostKeysAndSignatures()
{
    std::vector<int> all;
    for (int i = 0; i < 16; ++i)
        all.push_back(i);
    Trust::Root root = plainRoot();
    root.root = role(all, 16);
    VERIFY_RESULT(Trust::firstRoot(signedBy(root, all)));
    all.push_back(16);
    root.root = role(all, 16);
    VERIFY_ERROR(Trust::firstRoot(signedBy(root, all)), ErrorCode::ROOT_CHAIN);
    std::vector<int> signers;
    for (int i = 0; i < 32; ++i)
        signers.push_back(i);
    VERIFY_RESULT(Trust::firstRoot(signedBy(plainRoot(), signers)));
    signers.push_back(32);
    VERIFY_ERROR(Trust::firstRoot(signedBy(plainRoot(), signers)), ErrorCode::ROOT_CHAIN);
}

// Every bit of the file: both signatures are needed, and an id that is another is nobody's.
void TestRoot::oneBitFlipped()
{
    const std::string text = signedBy(plainRoot(), {0, 1});
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string flipped = text;
            flipped[at] = char(flipped[at] ^ (1 << bit));
            VERIFY_ERROR(Trust::firstRoot(flipped), ErrorCode::ROOT_CHAIN);
        }
    }
}

void TestRoot::truncatedAnywhere()
{
    const std::string text = signedBy(plainRoot(), {0, 1});
    for (std::size_t size = 0; size < text.size(); ++size)
        VERIFY_ERROR(Trust::firstRoot(text.substr(0, size)), ErrorCode::ROOT_CHAIN);
}

void TestRoot::acc032_distinctKeysCount()
{
    const QByteArray message = "message";
    const auto sign = [&](int number) {
        return Trust::KeySignature{key(number).publicKey().idHex(),
                                   key(number).sign(toBytes(message))};
    };
    const Trust::RootRole two = role({0, 1, 2}, 2);
    QVERIFY(two.isMetBy({sign(0), sign(2)}, "message"));
    QVERIFY(two.isMetBy({sign(9), sign(0), sign(2)}, "message"));
    QVERIFY(!two.isMetBy({sign(0)}, "message"));
    QVERIFY(!two.isMetBy({sign(0), sign(0)}, "message"));
    QVERIFY(!two.isMetBy({sign(0), sign(9)}, "message"));
    QVERIFY(!two.isMetBy({sign(0), sign(2)}, "messagE"));
    // In the name of another one.
    Trust::KeySignature borrowed = sign(0);
    borrowed.keyId = key(1).publicKey().idHex();
    QVERIFY(!two.isMetBy({sign(0), borrowed}, "message"));
}

void TestRoot::firstRootSignsItself()
{
    VERIFY_RESULT(Trust::firstRoot(signedBy(plainRoot(), {0, 1})));
    VERIFY_RESULT(Trust::firstRoot(signedBy(plainRoot(7), {1, 0})));
    for (const auto &signers : {std::vector<int>{}, {0}, {0, 2}, {2, 3, 4}})
        VERIFY_ERROR(Trust::firstRoot(signedBy(plainRoot(), signers)), ErrorCode::ROOT_CHAIN);
}

void TestRoot::nextRootFollows()
{
    Trust::Root next = plainRoot(2);
    next.root = role({1, 5}, 2);
    next.expires = "2026-11-22T10:00:01Z"; // long ago, some day
    const auto followed = Trust::nextRoot(plainRoot(), signedBy(next, {0, 1, 5}));
    VERIFY_RESULT(followed);
    QCOMPARE(followed->root.version, 2u);
    QVERIFY(followed->root.root == next.root);
}

void TestRoot::acc030_refusedNextRoots_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("why");
    const auto row = [](const char *name, const Trust::Root &root, const std::vector<int> &signers,
                        const char *why) {
        QTest::newRow(name) << QByteArray::fromStdString(signedBy(root, signers))
                            << QByteArray(why);
    };
    Trust::Root next = plainRoot(2);
    next.root = role({1, 5}, 2);
    row("by the old ones", next, {0, 1}, "too few of its own root keys");
    row("by the new ones", next, {1, 5}, "too few root keys of the one before");
    row("by one of each", next, {0, 5}, "too few root keys of the one before");
    row("by nobody", next, {}, "too few root keys of the one before");
    row("the same version", plainRoot(1), {0, 1}, "version 2 has to come next");
    row("a gap", plainRoot(3), {0, 1}, "version 2 has to come next");
    next = plainRoot(2);
    next.product = "org.example.other";
    row("other product", next, {0, 1}, "is for \"org.example.other\"");
}

void TestRoot::acc030_refusedNextRoots()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, why);
    const auto next = Trust::nextRoot(plainRoot(), toView(text));
    VERIFY_ERROR(next, ErrorCode::ROOT_CHAIN);
    QVERIFY2(next.error().message.find(why) != std::string::npos, next.error().message.c_str());
}

void TestRoot::expiry()
{
    VERIFY_RESULT(Trust::requireCurrent(plainRoot(), "2027-11-22T10:00:00Z"));
    VERIFY_ERROR(Trust::requireCurrent(plainRoot(), "2027-11-22T10:00:01Z"),
                 ErrorCode::ROOT_EXPIRED);
}

QTEST_GUILESS_MAIN(TestRoot)
#include "tst_root.moc"
