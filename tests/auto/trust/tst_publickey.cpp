// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/publickey.h"

#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"

#include "lib/signing/secretkey.h"
#include "tests/support/resultcheck.h"

#include <QTemporaryFile>
#include <QTest>

using namespace Freshen;
using Trust::PublicKey;
using Trust::Signature;

class TestPublicKey : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void forms_data();
    void forms();
    void otherFormsAreRefused_data();
    void otherFormsAreRefused();
    void idIsTheHash();
    void acc035_weakKeys_data();
    void acc035_weakKeys();
    void keysHave32Bytes();
    void knownAnswer_data();
    void knownAnswer();
    void everyChangedBitIsNoticed();
    void acc035_signatureForms_data();
    void acc035_signatureForms();
    void acc035_secondSpellingOfS();
    void vuln040_everyByteOfLargeFilesCounts_data();
    void vuln040_everyByteOfLargeFilesCounts();
};

namespace {

constexpr const char *sparkleKey = "rhHib+w769W2/6/t+oM1ZxgjBB93BfBKMLO0Qo1etQs=";
constexpr const char *sparkleSignature =
    "EIawm2YkDZ2gBfkEMF2+1VuuTeXnCGZOdnMdVgPPvDZioq7bvDayXqKkIIzSjKMmeFdcFJOHdnba5ZV60+gPBw==";
constexpr const char *sparkleMessage = "Hello World!\n";

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

Platform::Bytes bytesOf(const QByteArray &bytes)
{
    return {reinterpret_cast<const std::uint8_t *>(bytes.constData()), std::size_t(bytes.size())};
}

PublicKey keyOf(const QByteArray &text)
{
    return PublicKey::parse(view(text)).value();
}

Signature signatureOf(const QByteArray &text)
{
    return Trust::parseSignature(view(text)).value();
}

// "Ed", an id of eight bytes and the key.
QByteArray minisignKey(const QByteArray &key, const QByteArray &algorithm = "Ed")
{
    return (algorithm + "testtest" + key).toBase64();
}

} // namespace

void TestPublicKey::forms_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray line = minisignKey(QByteArray::fromBase64(sparkleKey));
    QTest::newRow("Sparkle") << QByteArray(sparkleKey);
    QTest::newRow("Sparkle, line end") << QByteArray(sparkleKey) + "\n";
    QTest::newRow("minisign line") << line;
    QTest::newRow("minisign file") << "untrusted comment: minisign public key 1234\n" + line + '\n';
    QTest::newRow("minisign file from Windows") << "untrusted comment: key\r\n" + line + "\r\n";
}

void TestPublicKey::forms()
{
    QFETCH(QByteArray, text);
    const auto key = PublicKey::parse(view(text));
    VERIFY_RESULT(key);
    QCOMPARE(key->toSparkle(), std::string(sparkleKey));
    QCOMPARE(*key, keyOf(sparkleKey));
    QCOMPARE(PublicKey::parse(key->toMinisign()).value().id(), key->id());
    QVERIFY(key->verify(bytesOf(sparkleMessage), signatureOf(sparkleSignature)));
}

void TestPublicKey::otherFormsAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray raw = QByteArray::fromBase64(sparkleKey);
    const QByteArray line = minisignKey(raw);
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("your key here");
    QTest::newRow("31 bytes") << raw.left(31).toBase64();
    QTest::newRow("33 bytes") << (raw + 'x').toBase64();
    QTest::newRow("raw bytes") << raw;
    QTest::newRow("hexadecimal") << raw.toHex();
    QTest::newRow("no padding") << QByteArray(sparkleKey).chopped(1);
    QTest::newRow("stray bits") << QByteArray(sparkleKey).replace("tQs=", "tQt=");
    QTest::newRow("space inside") << QByteArray(sparkleKey).replace("w769", "w7 69");
    QTest::newRow("other algorithm") << minisignKey(raw, "ED");
    QTest::newRow("minisign line cut") << line.chopped(4);
    QTest::newRow("no comment line") << "key:\n" + line;
    QTest::newRow("two keys") << QByteArray(sparkleKey) + '\n' + sparkleKey;
    QTest::newRow("signature") << QByteArray(sparkleSignature);
}

void TestPublicKey::otherFormsAreRefused()
{
    QFETCH(QByteArray, text);
    VERIFY_ERROR(PublicKey::parse(view(text)), ErrorCode::KEY);
}

void TestPublicKey::idIsTheHash()
{
    const QByteArray raw = QByteArray::fromBase64(sparkleKey);
    QCOMPARE(keyOf(sparkleKey).idHex(), Trust::sha256Hex(view(raw)).substr(0, 16));
    // What a foreign minisign key calls itself.
    QCOMPARE(keyOf(minisignKey(raw)).idHex(), std::string("7465737474657374"));
}

void TestPublicKey::acc035_weakKeys_data()
{
    QTest::addColumn<QByteArray>("key");
    const auto row = [](const char *title, const char *hex) {
        const QByteArray key = QByteArray::fromHex(hex);
        QByteArray negative = key;
        negative[31] = char(negative[31] | '\x80');
        QTest::newRow(title) << key;
        QTest::newRow((QByteArray(title) + ", other sign").constData()) << negative;
    };
    row("zero, order 4", QByteArray(64, '0').constData());
    row("one, order 1", ("01" + QByteArray(62, '0')).constData());
    row("order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
    row("order 8, other half", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
    row("p - 1, order 2", ("ec" + QByteArray(60, 'f') + "7f").constData());
    row("p, zero again", ("ed" + QByteArray(60, 'f') + "7f").constData());
    row("p + 1, one again", ("ee" + QByteArray(60, 'f') + "7f").constData());
    row("2^255 - 1", ("ff" + QByteArray(60, 'f') + "7f").constData());
}

void TestPublicKey::keysHave32Bytes()
{
    for (const std::size_t size : {0, 31, 33, 64}) {
        const std::vector<std::uint8_t> bytes(size, 'k');
        const auto key = PublicKey::fromBytes(bytes);
        VERIFY_ERROR(key, ErrorCode::KEY);
        QCOMPARE(key.error().message, std::string("A public key has 32 bytes."));
    }
}

void TestPublicKey::acc035_weakKeys()
{
    QFETCH(QByteArray, key);
    VERIFY_ERROR(PublicKey::fromBytes(bytesOf(key)), ErrorCode::KEY);
    VERIFY_ERROR(PublicKey::parse(view(key.toBase64())), ErrorCode::KEY);
    VERIFY_ERROR(PublicKey::parse(view(minisignKey(key))), ErrorCode::KEY);
}

void TestPublicKey::knownAnswer_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("signature");
    QTest::newRow("Sparkle") << QByteArray(sparkleKey) << QByteArray(sparkleMessage)
                             << QByteArray(sparkleSignature);
    const auto row = [](const char *title, const char *key, const char *message,
                        const char *signature) {
        QTest::newRow(title) << QByteArray::fromHex(key).toBase64() << QByteArray::fromHex(message)
                             << QByteArray::fromHex(signature).toBase64();
    };
    row("RFC 8032 test 1", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    row("RFC 8032 test 2", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    row("RFC 8032 test 3", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
    row("made by openssl, sign bit set",
        "284616f2165c5af699c42acb59fa3d39c6b689c77e5606ddb4a3712d4a96d8c7",
        "6d6164652077697468206f70656e73736c0a",
        "3d09bf01b9862d4b7178d3fb0ed2f7c32f95d8f4e0c29cffa98af8e2c249d49a"
        "78bf5ba9e39a9f5b6d861796a3e5d5e71c0a52246076e473ac16fe2feb775b0f");
}

void TestPublicKey::knownAnswer()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, signature);
    const PublicKey publicKey = keyOf(key);
    QVERIFY(publicKey.verify(bytesOf(message), signatureOf(signature)));
    QVERIFY(!publicKey.verify(bytesOf(message + '!'), signatureOf(signature)));
    const PublicKey other = keyOf(minisignKey(
        QByteArray::fromHex("278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e")));
    QVERIFY(!other.verify(bytesOf(message), signatureOf(signature)));
}

void TestPublicKey::everyChangedBitIsNoticed()
{
    const PublicKey key = keyOf(sparkleKey);
    const Signature good = signatureOf(sparkleSignature);
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        Signature changed = good;
        changed[bit / 8] = std::uint8_t(changed[bit / 8] ^ (1u << (bit % 8)));
        QVERIFY2(!key.verify(bytesOf(sparkleMessage), changed), qPrintable(QString::number(bit)));
    }
    const QByteArray message = sparkleMessage;
    for (qsizetype bit = 0; bit < message.size() * 8; ++bit) {
        QByteArray changed = message;
        changed[bit / 8] = char(changed[bit / 8] ^ (1 << (bit % 8)));
        QVERIFY2(!key.verify(bytesOf(changed), good), qPrintable(QString::number(bit)));
    }
}

void TestPublicKey::acc035_signatureForms_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray raw = QByteArray::fromBase64(sparkleSignature);
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("lol") << QByteArray("lol");
    QTest::newRow("63 bytes") << raw.left(63).toBase64();
    QTest::newRow("65 bytes") << (raw + 'x').toBase64();
    QTest::newRow("no padding") << QByteArray(sparkleSignature).chopped(2);
    QTest::newRow("stray bits") << QByteArray(sparkleSignature).replace("Bw==", "Bx==");
    QTest::newRow("line break") << QByteArray(sparkleSignature) + '\n';
    QTest::newRow("URL digits") << raw.toBase64(QByteArray::Base64UrlEncoding);
    // What Sparkle's DSA signatures look like.
    QTest::newRow("DSA")
        << ("0,\2\x14" + QByteArray(20, 'r') + "\2\x14" + QByteArray(20, 's')).toBase64();
}

void TestPublicKey::acc035_signatureForms()
{
    QFETCH(QByteArray, text);
    VERIFY_ERROR(Trust::parseSignature(view(text)), ErrorCode::SIGNATURE);
}

// S + L is the same number modulo L, so a careless verifier takes both.
void TestPublicKey::acc035_secondSpellingOfS()
{
    const QByteArray order = QByteArray::fromHex(
        "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    Signature signature = signatureOf(sparkleSignature);
    const PublicKey key = keyOf(sparkleKey);
    for (int multiple = 1; multiple < 8; ++multiple) {
        unsigned carry = 0;
        for (qsizetype i = 0; i < order.size(); ++i) {
            std::uint8_t &byte = signature[std::size_t(32 + i)];
            const unsigned sum = byte + unsigned(uchar(order[i])) + carry;
            byte = std::uint8_t(sum);
            carry = sum >> 8;
        }
        QCOMPARE(carry, 0u);
        QVERIFY(!key.verify(bytesOf(sparkleMessage), signature));
    }
    // S = L itself, and all zeros.
    Signature zero{};
    QVERIFY(!key.verify(bytesOf(sparkleMessage), zero));
    std::copy(order.begin(), order.end(), zero.begin() + 32);
    QVERIFY(!key.verify(bytesOf(sparkleMessage), zero));
}

void TestPublicKey::vuln040_everyByteOfLargeFilesCounts_data()
{
    QTest::addColumn<qint64>("size");
    QTest::newRow("2 GiB") << (qint64(2) << 30) + 1;
    QTest::newRow("4 GiB") << (qint64(4) << 30) + 1;
}

// A length that ran over would have only the beginning verified.
void TestPublicKey::vuln040_everyByteOfLargeFilesCounts()
{
    if (!qEnvironmentVariableIsSet("FRESHEN_TEST_LARGE"))
        QSKIP("FRESHEN_TEST_LARGE is not set");
    QFETCH(qint64, size);
    QTemporaryFile file;
    QVERIFY(file.open() && file.resize(size)); // sparse
    uchar *bytes = file.map(0, size, QFileDevice::MapPrivateOption);
    QVERIFY(bytes);
    const auto key = SecretKey::generate();
    const Platform::Bytes message(bytes, std::size_t(size));
    const Signature signature = key->sign(message);
    QVERIFY(key->publicKey().verify(message, signature));
    bytes[size - 1] = 1;
    QVERIFY(!key->publicKey().verify(message, signature));
}

QTEST_GUILESS_MAIN(TestPublicKey)
#include "tst_publickey.moc"
