// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/publisher/publishing.h"
#include "tests/support/resultcheck.h"

#include "lib/common/convert.h"
#include "lib/signing/secretsearch.h"

#include <QCryptographicHash>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

const QByteArray seed(32, 'a');

QByteArray minisignFile(const char *names)
{
    return "untrusted comment: secret\n" + (QByteArray(names, 6) + QByteArray(152, 'x')).toBase64()
        + '\n';
}

} // namespace

class TestSecretSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vuln041_secretsAreFound_data();
    void vuln041_secretsAreFound();
    void harmlessContent_data();
    void harmlessContent();
    void acrossBlocks();
    void keyFilesOfOurs();
    void manyCandidatesAreFast();
    void wholeFolders();

private:
    QString file(const QByteArray &content, const QString &name = u"file"_s) const
    {
        writeTextFile(m_place.filePath(name), content);
        return m_place.filePath(name);
    }
    static Result<void> search(const SecretSearch &search, const QString &path)
    {
        return search.requireNoneIn(toPath(path), toStdString(path));
    }

    QTemporaryDir m_place;
    const SecretKey m_key = testKey('a');
    const SecretSearch m_bySecret{{&m_key}};
    const SecretSearch m_byPublicKey{std::vector{m_key.publicKey()}};
};

void TestSecretSearch::vuln041_secretsAreFound_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("needsSecret"); // without it, nothing shows that this is one
    const auto row = [](const char *name, const QByteArray &content, bool needsSecret = false) {
        QTest::newRow(name) << content << needsSecret;
    };
    row("key file", seed.toBase64() + '\n');
    row("environment", "A=1\nVITE_SIGNING_KEY=" + seed.toBase64() + "\nB=2\n");
    row("in a script", "const key=\"" + seed.toBase64() + "\";");
    row("behind other characters", "xyz" + seed.toBase64());
    row("hexadecimal", "key: " + seed.toHex() + '\n');
    row("hexadecimal, upper case", "key: " + seed.toHex().toUpper() + '\n');
    row("raw",
        QByteArray("\x7f"
                   "ELF\0\1",
                   6)
            + seed + "more",
        true);
    row("base64 of more", "x " + (seed + "more").toBase64(), true);
    row("minisign", minisignFile("Ed\0\0B2"));
    row("minisign with a password", minisignFile("EdScB2"));
    row("minisign in a program", "text\0" + minisignFile("EdScB2").mid(26) + "text");
    row("PEM", "-----BEGIN PRIVATE KEY-----\n" + QByteArray(64, 'M') + "\n-----END ");
    row("PEM of OpenSSH", "-----BEGIN OPENSSH PRIVATE KEY-----\r\n" + QByteArray(70, 'b'));
    row("PEM with a password",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n");
}

void TestSecretSearch::vuln041_secretsAreFound()
{
    QFETCH(QByteArray, content);
    QFETCH(bool, needsSecret);
    const QString path = file(content);
    VERIFY_ERROR(search(m_bySecret, path), ErrorCode::SECRET);
    if (!needsSecret)
        VERIFY_ERROR(search(m_byPublicKey, path), ErrorCode::SECRET);
    const auto found = search(m_bySecret, path);
    QVERIFY(found.error().message.find(toStdString(path)) != std::string::npos);
    QVERIFY(found.error().message.find(seed.toBase64().toStdString()) == std::string::npos);
}

void TestSecretSearch::harmlessContent_data()
{
    QTest::addColumn<QByteArray>("content");
    const QByteArray other(32, 'b');
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("public key") << QByteArray::fromStdString(testKey().publicKey().toSparkle());
    QTest::newRow("public key of minisign")
        << QByteArray::fromStdString(testKey().publicKey().toMinisign());
    QTest::newRow("another seed") << "KEY=" + other.toBase64() + '\n' + other.toHex();
    QTest::newRow("half a seed") << seed.first(16) + "----" + seed.first(31).toHex();
    QTest::newRow("longer number") << "0" + seed.toHex().first(63) + "00";
    QTest::newRow("words of a library") << QByteArray("-----BEGIN PRIVATE KEY-----\0-----END "
                                                      "PRIVATE KEY-----\0RWRTY0Iy\0",
                                                      70);
    QTest::newRow("certificate") << "-----BEGIN CERTIFICATE-----\n" + QByteArray(64, 'M');
    QTest::newRow("one letter") << QByteArray(100'000, 'b');
}

void TestSecretSearch::harmlessContent()
{
    QFETCH(QByteArray, content);
    VERIFY_RESULT(search(m_bySecret, file(content)));
    VERIFY_RESULT(search(m_byPublicKey, file(content)));
}

// Wherever it stands in a file that is read block by block.
void TestSecretSearch::acrossBlocks()
{
    QByteArray content(3 << 20, '-');
    for (const qsizetype at : {(1 << 16) - 20, (1 << 17) - 43, (1 << 20) - 1, (3 << 20) - 44}) {
        QByteArray with = content;
        with.replace(at, 44, seed.toBase64());
        VERIFY_ERROR(search(m_bySecret, file(with)), ErrorCode::SECRET);
        VERIFY_ERROR(search(m_byPublicKey, file(with)), ErrorCode::SECRET);
    }
}

// Whoever's: nobody publishes a file that is a secret key.
void TestSecretSearch::keyFilesOfOurs()
{
    const QByteArray other = QByteArray::fromStdString(testKey('b').toText()) + '\n';
    VERIFY_ERROR(search(m_bySecret, file(other, u"other.key"_s)), ErrorCode::SECRET);
    VERIFY_ERROR(search(m_byPublicKey, file(other, u"other.key"_s)), ErrorCode::SECRET);
    VERIFY_RESULT(search(m_bySecret, file(other, u"other.txt"_s)));
    VERIFY_RESULT(search(m_bySecret, file("licence key", u"licence.key"_s)));
    // The older form of the key that signs.
    QByteArray expanded = QCryptographicHash::hash(seed, QCryptographicHash::Sha512);
    expanded[0] = char(expanded[0] & 0xf8);
    expanded[31] = char((expanded[31] & 0x3f) | 0x40);
    for (const std::uint8_t byte : m_key.publicKey().bytes())
        expanded += char(byte);
    VERIFY_ERROR(search(m_bySecret, file(expanded.toBase64())), ErrorCode::SECRET);
}

// A list of hashes is the most that has to be tried.
void TestSecretSearch::manyCandidatesAreFast()
{
    QByteArray hashes;
    for (int i = 0; i < 20'000; ++i)
        hashes += QCryptographicHash::hash(QByteArray::number(i), QCryptographicHash::Sha256)
                      .toHex()
            + '\n';
    QElapsedTimer time;
    time.start();
    VERIFY_RESULT(search(m_byPublicKey, file(hashes)));
    QVERIFY2(time.elapsed() < 60'000, qPrintable(QString::number(time.elapsed())));
    VERIFY_ERROR(search(m_byPublicKey, file(hashes + seed.toHex())), ErrorCode::SECRET);
}

void TestSecretSearch::wholeFolders()
{
    const QString folder = m_place.filePath(u"folder"_s);
    writeTextFile(folder + u"/a/b"_s, "harmless");
    QVERIFY(QFile::link(file(seed), folder + u"/a/link"_s)); // not followed
    VERIFY_RESULT(m_bySecret.requireNoneBelow(toPath(folder)));
    writeTextFile(folder + u"/a/c"_s, seed);
    const auto found = m_bySecret.requireNoneBelow(toPath(folder), "place: ");
    VERIFY_ERROR(found, ErrorCode::SECRET);
    QVERIFY(found.error().message.find("\"place: a/c\"") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestSecretSearch)
#include "tst_secretsearch.moc"
