// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/publisher/publishing.h"
#include "tests/support/resultcheck.h"

#include "lib/common/convert.h"
#include "updater-helper/trust/text.h"

#include <QCryptographicHash>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <cstdlib>

#include <openssl/evp.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

// The older form of the key with this seed: its hash with the bits of RFC 8032 set, and the
// public key behind it.
QByteArray expandedForm(const QByteArray &seed, const Trust::PublicKey &publicKey)
{
    QByteArray expanded = QCryptographicHash::hash(seed, QCryptographicHash::Sha512);
    expanded[0] = char(expanded[0] & 0xf8);
    expanded[31] = char((expanded[31] & 0x3f) | 0x40);
    for (const std::uint8_t byte : publicKey.bytes())
        expanded += char(byte);
    return expanded.toBase64();
}

// A secret key file of minisign, before base64: limits that cost little, the password
// "open sesame".
QByteArray protectedKey()
{
    const QByteArray salt(32, 's');
    QByteArray content = QByteArray("8 bytes.") + QByteArray(32, 'a');
    const auto publicKey = testKey().publicKey().bytes();
    for (const std::uint8_t byte : publicKey)
        content += char(byte);
    content += QByteArray(32, 'c'); // minisign's check sum, which nobody here looks at
    QByteArray stream(content.size(), '\0');
    // 32768 operations in 16 MiB, as libsodium reads them.
    if (EVP_PBE_scrypt("open sesame", 11, reinterpret_cast<const unsigned char *>(salt.data()), 32,
                       1024, 8, 1, 64 << 20, reinterpret_cast<unsigned char *>(stream.data()),
                       std::size_t(stream.size()))
        != 1)
        qFatal("scrypt failed");
    for (qsizetype i = 0; i < content.size(); ++i)
        content[i] = char(content[i] ^ stream[i]);
    const QByteArray operations("\x00\x80\0\0\0\0\0\0", 8);
    const QByteArray memory("\0\0\0\1\0\0\0\0", 8);
    return "EdScB2" + salt + operations + memory + content;
}

QString findProgram(const QString &name)
{
    return QStandardPaths::findExecutable(name);
}

} // namespace

class TestSecretKey : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knownAnswerVerifies();
    void rfc8032Vectors_data();
    void rfc8032Vectors();
    void expandedFormSignsTheSame();
    void damagedExpandedFormIsRefused();
    void generatedKeysDiffer();
    void textIsReadBack();
    void badTextIsRefused_data();
    void badTextIsRefused();
    void acc099_fileThatOthersMayRead_data();
    void acc099_fileThatOthersMayRead();
    void acc099_keyOnTheCommandLine();
    void acc099_fileThatOthersMayExchange();
    void readsEnvironment();
    void opensslAcceptsOurSignature();
    void minisignAcceptsOurSignature();
    void weAcceptTheSignatureOfMinisign();
    void signsWithTheKeyOfMinisign();
    void keyOfMinisignWithAPassword();
    void passwordHasToFit_data();
    void passwordHasToFit();
    void passwordThatNobodyCanGive();
    void passwordIsTypedUnseen();
    void emptyFileCanBeSigned();

private:
    QTemporaryDir m_place;
};

// From Sparkle's own tests: whatever Sparkle signed, we accept.
void TestSecretKey::knownAnswerVerifies()
{
    const auto key = Trust::PublicKey::parse("rhHib+w769W2/6/t+oM1ZxgjBB93BfBKMLO0Qo1etQs=");
    VERIFY_RESULT(key);
    const auto signature = Trust::parseSignature(
        "EIawm2YkDZ2gBfkEMF2+1VuuTeXnCGZOdnMdVgPPvDZioq7bvDayXqKkIIzSjKMmeFdcFJOHdnba5ZV60+gPBw==");
    VERIFY_RESULT(signature);
    const QByteArray message = "Hello World!\n";
    QVERIFY(key->verify(toBytes(message), *signature));
    QVERIFY(!key->verify(toBytes(message.chopped(1)), *signature));
}

void TestSecretKey::rfc8032Vectors_data()
{
    QTest::addColumn<QByteArray>("seed");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("signature");
    QTest::newRow("1") << QByteArray(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
                       << QByteArray()
                       << QByteArray("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490"
                                     "1555fb8821590a33bacc61e39701cf9b4"
                                     "6bd25bf5f0595bbe24655141438e7a100b");
    QTest::newRow("3") << QByteArray(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
                       << QByteArray("af82")
                       << QByteArray("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac"
                                     "3ac18ff9b538d16f290ae67f760984dc6"
                                     "594a7c15e9716ed28dc027beceea1ec40a");
}

void TestSecretKey::rfc8032Vectors()
{
    QFETCH(QByteArray, seed);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, signature);
    const QByteArray text = QByteArray::fromHex(seed).toBase64();
    const auto key = SecretKey::parse(toView(text));
    VERIFY_RESULT(key);
    const QByteArray bytes = QByteArray::fromHex(message);
    const auto made = key->sign(toBytes(bytes));
    QCOMPARE(QByteArray::fromStdString(Trust::toHex(made.data(), made.size())), signature);
}

void TestSecretKey::expandedFormSignsTheSame()
{
    for (const char seed : {'a', 'b', 'c'}) {
        const SecretKey key = testKey(seed);
        const QByteArray text = expandedForm(QByteArray(32, seed), key.publicKey());
        const auto expanded = SecretKey::parse(toView(text));
        VERIFY_RESULT(expanded);
        QVERIFY(expanded->publicKey() == key.publicKey());
        QVERIFY(expanded->toText().empty());
        const QByteArray message = "a message signed in two ways";
        QCOMPARE(expanded->sign(toBytes(message)), key.sign(toBytes(message)));
        QCOMPARE(expanded->minisign("content", "comment"), key.minisign("content", "comment"));
    }
}

void TestSecretKey::damagedExpandedFormIsRefused()
{
    QByteArray bytes = QByteArray::fromBase64(
        expandedForm(QByteArray(32, 'a'), testKey('a').publicKey()));
    bytes[7] = char(bytes[7] ^ 1);
    VERIFY_ERROR(SecretKey::parse(toView(bytes.toBase64())), ErrorCode::KEY);
}

void TestSecretKey::generatedKeysDiffer()
{
    const auto one = SecretKey::generate();
    const auto other = SecretKey::generate();
    VERIFY_RESULT(one);
    VERIFY_RESULT(other);
    QVERIFY(!(one->publicKey() == other->publicKey()));
    const QByteArray message = "message";
    QVERIFY(one->publicKey().verify(toBytes(message), one->sign(toBytes(message))));
    QVERIFY(!other->publicKey().verify(toBytes(message), one->sign(toBytes(message))));
}

void TestSecretKey::textIsReadBack()
{
    auto key = SecretKey::generate();
    VERIFY_RESULT(key);
    auto again = SecretKey::parse(key->toText() + "\n");
    VERIFY_RESULT(again);
    QVERIFY(again->publicKey() == key->publicKey());
    *again = testKey();
    QVERIFY(again->publicKey() == testKey().publicKey());
}

void TestSecretKey::badTextIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("words") << QByteArray("not a key");
    QTest::newRow("31 bytes") << QByteArray(31, 'a').toBase64();
    QTest::newRow("64 bytes") << QByteArray(64, 'a').toBase64();
    QTest::newRow("public minisign key")
        << QByteArray::fromStdString(testKey().publicKey().toMinisign());
    QTest::newRow("96 bytes of nothing") << QByteArray(96, 'a').toBase64();
}

void TestSecretKey::badTextIsRefused()
{
    QFETCH(QByteArray, text);
    VERIFY_ERROR(SecretKey::parse(toView(text)), ErrorCode::KEY);
}

void TestSecretKey::acc099_fileThatOthersMayRead_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("isAccepted");
    QTest::newRow("owner") << 0600 << true;
    QTest::newRow("owner, read only") << 0400 << true;
    QTest::newRow("group") << 0640 << false;
    QTest::newRow("others") << 0604 << false;
    QTest::newRow("all") << 0644 << false;
}

void TestSecretKey::acc099_fileThatOthersMayRead()
{
    QFETCH(int, mode);
    QFETCH(bool, isAccepted);
    const QString path = m_place.filePath(u"modes.key"_s);
    writeTextFile(path, QByteArray::fromStdString(testKey().toText()), 0600);
    setMode(path, mode);
    const auto key = SecretKey::read(path);
    setMode(path, 0600);
    if (isAccepted) {
        VERIFY_RESULT(key);
    } else {
        VERIFY_ERROR(key, ErrorCode::KEY);
        QVERIFY(key.error().message.find("chmod 600") != std::string::npos);
    }
}

void TestSecretKey::acc099_keyOnTheCommandLine()
{
    const std::string text = testKey().toText();
    const auto key = SecretKey::read(toQString(std::string_view(text)));
    VERIFY_ERROR(key, ErrorCode::KEY);
    QVERIFY(key.error().message.find("command line") != std::string::npos);
    QVERIFY(key.error().message.find(text) == std::string::npos);
}

// A link does not hide where the file lies, nor the file where the link lies.
void TestSecretKey::acc099_fileThatOthersMayExchange()
{
    const QString open = m_place.filePath(u"open"_s);
    const QString own = m_place.filePath(u"own"_s);
    writeTextFile(open + u"/a.key"_s, QByteArray::fromStdString(testKey().toText()), 0600);
    writeTextFile(own + u"/a.key"_s, QByteArray::fromStdString(testKey().toText()), 0600);
    QVERIFY(QFile::link(open + u"/a.key"_s, own + u"/link.key"_s));
    QVERIFY(QFile::link(own + u"/a.key"_s, open + u"/link.key"_s));
    setMode(open, 0777);
    for (const QString &path : {open + u"/a.key"_s, own + u"/link.key"_s, open + u"/link.key"_s}) {
        const auto key = SecretKey::read(path);
        VERIFY_ERROR(key, ErrorCode::KEY);
        QVERIFY(key.error().message.find("chmod o-w") != std::string::npos);
    }
    VERIFY_RESULT(SecretKey::read(own + u"/a.key"_s));
    setMode(open, 01777); // as the folder for temporary files
    VERIFY_RESULT(SecretKey::read(open + u"/a.key"_s));
}

void TestSecretKey::readsEnvironment()
{
    qputenv("FRESHEN_TEST_KEY", QByteArray::fromStdString(testKey().toText()));
    const char *inMemory = std::getenv("FRESHEN_TEST_KEY");
    const auto key = SecretKey::read(u"env:FRESHEN_TEST_KEY"_s);
    // Programs that are started later do not inherit it.
    QVERIFY(!qEnvironmentVariableIsSet("FRESHEN_TEST_KEY"));
    QCOMPARE(inMemory[0], '\0');
    VERIFY_RESULT(key);
    QVERIFY(key->publicKey() == testKey().publicKey());
    VERIFY_ERROR(SecretKey::read(u"env:FRESHEN_TEST_KEY"_s), ErrorCode::KEY);
}

void TestSecretKey::opensslAcceptsOurSignature()
{
    const QString openssl = findProgram(u"openssl"_s);
    if (openssl.isEmpty())
        QSKIP("The openssl command is not installed.");
    // SubjectPublicKeyInfo of an Ed25519 key is this prefix and the key (RFC 8410).
    const auto key = testKey().publicKey().bytes();
    writeTextFile(m_place.filePath(u"key.der"_s),
                  QByteArray::fromHex("302a300506032b6570032100")
                      + QByteArray(reinterpret_cast<const char *>(key.data()), 32));
    const QString file = m_place.filePath(u"package"_s);
    writeTextFile(file, QByteArray("package ").repeated(20000));
    const auto signature = testKey().signFile(toPath(file));
    VERIFY_RESULT(signature);
    const QString signatureFile = m_place.filePath(u"package.sig"_s);
    writeTextFile(signatureFile, QByteArray(reinterpret_cast<const char *>(signature->data()), 64));
    const QStringList arguments = {
        u"pkeyutl"_s,  u"-verify"_s,  u"-rawin"_s, u"-pubin"_s,
        u"-keyform"_s, u"DER"_s,      u"-inkey"_s, m_place.filePath(u"key.der"_s),
        u"-sigfile"_s, signatureFile, u"-in"_s,    file};
    const Finished good = runProgram(openssl, arguments);
    QVERIFY2(good.status == 0, (good.out + good.err).constData());
    writeTextFile(file, QByteArray("package ").repeated(20000) + '!');
    QVERIFY(runProgram(openssl, arguments).status != 0);
}

void TestSecretKey::minisignAcceptsOurSignature()
{
    const QString minisign = findProgram(u"minisign"_s);
    if (minisign.isEmpty())
        QSKIP("The minisign command is not installed.");
    const QString file = m_place.filePath(u"signed"_s);
    writeTextFile(file, "some content");
    const auto text = testKey().minisignFile(toPath(file), "freshen-manifest org.example 1.0");
    VERIFY_RESULT(text);
    QCOMPARE(*text, testKey().minisign("some content", "freshen-manifest org.example 1.0"));
    writeTextFile(file + u".minisig"_s, QByteArray::fromStdString(*text));
    const QStringList arguments = {
        u"-V"_s, u"-Q"_s, u"-P"_s, toQString(std::string_view(testKey().publicKey().toMinisign())),
        u"-m"_s, file};
    const Finished good = runProgram(minisign, arguments);
    QVERIFY2(good.status == 0, good.err.constData());
    QCOMPARE(good.out.trimmed(), "freshen-manifest org.example 1.0");
    writeTextFile(file, "other content");
    QVERIFY(runProgram(minisign, arguments).status != 0);
}

void TestSecretKey::weAcceptTheSignatureOfMinisign()
{
    const QString minisign = findProgram(u"minisign"_s);
    if (minisign.isEmpty())
        QSKIP("The minisign command is not installed.");
    const QString name = m_place.filePath(u"stock"_s);
    writeTextFile(name, "some content");
    QCOMPARE(runProgram(
                 minisign,
                 {u"-G"_s, u"-W"_s, u"-f"_s, u"-p"_s, name + u".pub"_s, u"-s"_s, name + u".key"_s})
                 .status,
             0);
    QCOMPARE(runProgram(minisign, {u"-S"_s, u"-s"_s, name + u".key"_s, u"-m"_s, name}).status, 0);
    const auto key = Trust::PublicKey::parse(toView(readWholeFile(name + u".pub"_s)));
    VERIFY_RESULT(key);
    const auto signature = Trust::MinisignSignature::parse(
        toView(readWholeFile(name + u".minisig"_s)));
    VERIFY_RESULT(signature);
    VERIFY_RESULT(Trust::verifyMinisign(*signature, "some content", {*key}));
    VERIFY_ERROR(Trust::verifyMinisign(*signature, "some other content", {*key}),
                 ErrorCode::SIGNATURE);
}

void TestSecretKey::signsWithTheKeyOfMinisign()
{
    const QString minisign = findProgram(u"minisign"_s);
    if (minisign.isEmpty())
        QSKIP("The minisign command is not installed.");
    const QString name = m_place.filePath(u"theirs"_s);
    writeTextFile(name, "some content");
    QCOMPARE(runProgram(
                 minisign,
                 {u"-G"_s, u"-W"_s, u"-f"_s, u"-p"_s, name + u".pub"_s, u"-s"_s, name + u".key"_s})
                 .status,
             0);
    const auto key = SecretKey::read(name + u".key"_s);
    VERIFY_RESULT(key);
    const auto theirs = Trust::PublicKey::parse(toView(readWholeFile(name + u".pub"_s)));
    VERIFY_RESULT(theirs);
    QVERIFY(key->publicKey() == *theirs);
    writeTextFile(name + u".minisig"_s,
                  QByteArray::fromStdString(key->minisign("some content", "ours")));
    const Finished checked = runProgram(minisign,
                                        {u"-V"_s, u"-p"_s, name + u".pub"_s, u"-m"_s, name});
    QVERIFY2(checked.status == 0, checked.err.constData());
}

// What the stock tool encrypted opens with its password, given as scripts give it.
void TestSecretKey::keyOfMinisignWithAPassword()
{
    const QString minisign = findProgram(u"minisign"_s);
    if (minisign.isEmpty())
        QSKIP("The minisign command is not installed.");
    const QString name = m_place.filePath(u"protected"_s);
    QCOMPARE(runProgram(minisign,
                        {u"-G"_s, u"-f"_s, u"-p"_s, name + u".pub"_s, u"-s"_s, name + u".key"_s},
                        "open sesame\nopen sesame\n")
                 .status,
             0);
    qputenv("FRESHEN_PASSWORD", "open sesame");
    const auto key = SecretKey::read(name + u".key"_s);
    VERIFY_RESULT(key);
    QVERIFY(!qEnvironmentVariableIsSet("FRESHEN_PASSWORD"));
    const auto theirs = Trust::PublicKey::parse(toView(readWholeFile(name + u".pub"_s)));
    VERIFY_RESULT(theirs);
    QVERIFY(key->publicKey() == *theirs);
    QVERIFY(key->publicKey().id() == theirs->id());
}

// A key like those of minisign, for which scrypt takes little.
void TestSecretKey::passwordHasToFit_data()
{
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<int>("damagedByte"); // -1: none
    QTest::addColumn<bool>("isAccepted");
    QTest::newRow("right") << QByteArray("open sesame") << -1 << true;
    QTest::newRow("wrong") << QByteArray("open sesam") << -1 << false;
    QTest::newRow("salt") << QByteArray("open sesame") << 6 << false;
    QTest::newRow("memory beyond all measure") << QByteArray("open sesame") << 50 << false;
    QTest::newRow("operations beyond all measure") << QByteArray("open sesame") << 42 << false;
    QTest::newRow("seed") << QByteArray("open sesame") << 62 << false;
    QTest::newRow("public key") << QByteArray("open sesame") << 94 << false;
}

void TestSecretKey::passwordHasToFit()
{
    QFETCH(QByteArray, password);
    QFETCH(int, damagedByte);
    QFETCH(bool, isAccepted);
    QByteArray file = protectedKey();
    if (damagedByte >= 0)
        file[damagedByte] = char(file[damagedByte] ^ 0x40);
    const auto key = SecretKey::parse(toView(file.toBase64()),
                                      [&] { return Result<std::string>(password.toStdString()); });
    if (isAccepted) {
        VERIFY_RESULT(key);
        QVERIFY(key->publicKey() == testKey().publicKey());
    } else {
        VERIFY_ERROR(key, ErrorCode::KEY);
    }
}

void TestSecretKey::passwordThatNobodyCanGive()
{
    VERIFY_ERROR(SecretKey::parse(toView(protectedKey().toBase64())), ErrorCode::KEY);
    // A process without a terminal.
    const QString path = m_place.filePath(u"asks.key"_s);
    writeTextFile(path, protectedKey().toBase64(), 0600);
    const Finished answer = runProgram(u"setsid"_s,
                                       {u"-w"_s,
                                        QStringLiteral(FRESHEN_BUILD_BIN "/freshen-appcast"),
                                        u"public-key"_s, u"--json"_s, u"--key"_s, path});
    QCOMPARE(answer.errorCode(), u"KEY"_s);
    QVERIFY(answer.out.contains("FRESHEN_PASSWORD"));
}

// Typed on a terminal: `script` makes one, and shows all that appears there.
void TestSecretKey::passwordIsTypedUnseen()
{
    const QString script = findProgram(u"script"_s);
    if (script.isEmpty())
        QSKIP("The script command is not installed.");
    const QString path = m_place.filePath(u"typed.key"_s);
    writeTextFile(path, protectedKey().toBase64(), 0600);
    QProcess process;
    process.start(script,
                  {u"-q"_s, u"-e"_s, u"-E"_s, u"always"_s, u"-c"_s,
                   QStringLiteral(FRESHEN_BUILD_BIN "/freshen-appcast public-key --key ") + path,
                   u"/dev/null"_s});
    QByteArray screen;
    QTRY_VERIFY_WITH_TIMEOUT(
        (process.waitForReadyRead(50), (screen += process.readAll()).contains("Password of ")),
        30'000);
    process.write("open sesame\n");
    QVERIFY(process.waitForFinished(60'000));
    screen += process.readAll();
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(screen.contains(testKey().publicKey().toSparkle().c_str()));
    QVERIFY2(!screen.contains("sesame"), screen.constData());
}

void TestSecretKey::emptyFileCanBeSigned()
{
    const QString path = m_place.filePath(u"empty"_s);
    writeTextFile(path, {});
    const auto signature = testKey().signFile(toPath(path));
    VERIFY_RESULT(signature);
    QVERIFY(testKey().publicKey().verify({}, *signature));
}

QTEST_GUILESS_MAIN(TestSecretKey)
#include "tst_secretkey.moc"
