// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/manifest.h"

#include "updater-helper/trust/text.h"

#include "tests/support/resultcheck.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;
using Trust::MinisignSignature;
using Trust::PublicKey;

class TestMinisign : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void filesOfTheCommand_data();
    void filesOfTheCommand();
    void textGoesBothWays();
    void everyChangedByteIsNoticed_data();
    void everyChangedByteIsNoticed();
    void trustedCommentIsBound();
    void otherKeys();
    void idIsOnlyAHint();
    void malformed_data();
    void malformed();
    void manifestIsBoundToProductAndVersion_data();
    void manifestIsBoundToProductAndVersion();
    void manifestIsVerifiedBeforeItIsParsed();
    void treeManifest();
    void interop_data();
    void interop();

private:
    std::string m_message;
    std::vector<PublicKey> m_keys;
};

namespace {

constexpr const char *foreignKey = "rhHib+w769W2/6/t+oM1ZxgjBB93BfBKMLO0Qo1etQs=";

std::string dataFile(const char *name)
{
    QFile file(QStringLiteral(FRESHEN_TEST_DATA "/minisign/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

std::filesystem::path pathIn(const QTemporaryDir &directory, const char *name)
{
    return directory.filePath(QString::fromLatin1(name)).toStdString();
}

// The stock command; its output when it failed.
QByteArray minisign(const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral("minisign"), arguments);
    process.closeWriteChannel();
    process.waitForFinished();
    return process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0
        ? QByteArray()
        : "minisign: " + process.readAll();
}

} // namespace

void TestMinisign::initTestCase()
{
    m_message = dataFile("message.txt");
    QVERIFY(!m_message.empty());
    const auto key = PublicKey::parse(dataFile("key.pub"));
    VERIFY_RESULT(key);
    m_keys = {*key};
}

void TestMinisign::filesOfTheCommand_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<bool>("isPrehashed");
    QTest::newRow("prehashed") << QByteArray("prehashed.minisig") << true;
    QTest::newRow("legacy") << QByteArray("legacy.minisig") << false;
}

void TestMinisign::filesOfTheCommand()
{
    QFETCH(QByteArray, file);
    QFETCH(bool, isPrehashed);
    const auto signature = MinisignSignature::parse(dataFile(file.constData()));
    VERIFY_RESULT(signature);
    QCOMPARE(signature->isPrehashed, isPrehashed);
    QCOMPARE(signature->keyId, m_keys[0].id());
    QCOMPARE(signature->trustedComment, std::string("freshen-manifest org.example.sample 1.0"));
    VERIFY_RESULT(Trust::verifyMinisign(*signature, m_message, m_keys));
    VERIFY_ERROR(Trust::verifyMinisign(*signature, m_message + "x", m_keys), ErrorCode::SIGNATURE);
    VERIFY_ERROR(Trust::verifyMinisign(*signature, {}, m_keys), ErrorCode::SIGNATURE);
    const std::filesystem::path path = FRESHEN_TEST_DATA "/minisign/message.txt";
    VERIFY_RESULT(Trust::verifyMinisignFile(*signature, path, m_keys));
    VERIFY_ERROR(Trust::verifyMinisignFile(*signature, path.parent_path() / "key.pub", m_keys),
                 ErrorCode::SIGNATURE);
    VERIFY_ERROR(Trust::verifyMinisignFile(*signature, path.parent_path() / "none", m_keys),
                 ErrorCode::IO);
}

void TestMinisign::textGoesBothWays()
{
    for (const char *file : {"prehashed.minisig", "legacy.minisig"}) {
        const std::string text = dataFile(file);
        const auto signature = MinisignSignature::parse(text);
        VERIFY_RESULT(signature);
        QCOMPARE(signature->toText("signature from minisign secret key"), text);
    }
}

void TestMinisign::everyChangedByteIsNoticed_data()
{
    filesOfTheCommand_data();
}

// But for the untrusted comment and the key id, which are hints.
void TestMinisign::everyChangedByteIsNoticed()
{
    QFETCH(QByteArray, file);
    const std::string text = dataFile(file.constData());
    const std::size_t firstLine = text.find('\n') + 1;
    int accepted = 0;
    for (std::size_t i = std::string_view("untrusted comment: ").size(); i < text.size(); ++i) {
        std::string changed = text;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        const auto signature = MinisignSignature::parse(changed);
        if (!signature || !Trust::verifyMinisign(*signature, m_message, m_keys))
            continue;
        ++accepted;
        QVERIFY2(i < firstLine - 1 || signature->keyId != m_keys[0].id(),
                 qPrintable(QString::number(i)));
    }
    QVERIFY(accepted > 0);
    for (std::size_t size = 0; size < text.size(); ++size)
        VERIFY_ERROR(MinisignSignature::parse(text.substr(0, size)), ErrorCode::SIGNATURE);
}

void TestMinisign::trustedCommentIsBound()
{
    auto signature = MinisignSignature::parse(dataFile("prehashed.minisig")).value();
    signature.trustedComment = "freshen-manifest org.example.sample 2.0";
    VERIFY_ERROR(Trust::verifyMinisign(signature, m_message, m_keys), ErrorCode::SIGNATURE);
    // The comment's signature of another file does not fit either.
    const auto other = MinisignSignature::parse(dataFile("legacy.minisig")).value();
    signature = MinisignSignature::parse(dataFile("prehashed.minisig")).value();
    signature.commentSignature = other.commentSignature;
    VERIFY_ERROR(Trust::verifyMinisign(signature, m_message, m_keys), ErrorCode::SIGNATURE);
}

void TestMinisign::otherKeys()
{
    const auto signature = MinisignSignature::parse(dataFile("prehashed.minisig")).value();
    const PublicKey other = PublicKey::parse(foreignKey).value();
    VERIFY_ERROR(Trust::verifyMinisign(signature, m_message, {}), ErrorCode::SIGNATURE);
    VERIFY_ERROR(Trust::verifyMinisign(signature, m_message, {other}), ErrorCode::SIGNATURE);
    VERIFY_RESULT(Trust::verifyMinisign(signature, m_message, {other, m_keys[0]}));
}

void TestMinisign::idIsOnlyAHint()
{
    auto signature = MinisignSignature::parse(dataFile("prehashed.minisig")).value();
    signature.keyId = {1, 2, 3, 4, 5, 6, 7, 8};
    VERIFY_RESULT(Trust::verifyMinisign(signature, m_message, m_keys));
    // The right id with another key is no reason to trust.
    std::string impostor(m_keys[0].id().begin(), m_keys[0].id().end());
    const auto bytes = Trust::fromBase64(foreignKey).value();
    impostor = "Ed" + impostor + std::string(bytes.begin(), bytes.end());
    const auto key = PublicKey::parse(
        Trust::toBase64(reinterpret_cast<const std::uint8_t *>(impostor.data()), impostor.size()));
    VERIFY_RESULT(key);
    QCOMPARE(key->id(), m_keys[0].id());
    VERIFY_ERROR(Trust::verifyMinisign(signature, m_message, {*key}), ErrorCode::SIGNATURE);
}

void TestMinisign::malformed_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray good = QByteArray::fromStdString(dataFile("prehashed.minisig"));
    const QList<QByteArray> lines = good.split('\n');
    const auto withLine = [&](int index, const QByteArray &line) {
        QList<QByteArray> changed = lines;
        changed[index] = line;
        return changed.join('\n');
    };
    const auto algorithm = [&](const QByteArray &name) {
        return withLine(1, QByteArray::fromBase64(lines[1]).replace(0, 2, name).toBase64());
    };
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("lol");
    QTest::newRow("three lines") << lines.mid(0, 3).join('\n') + '\n';
    QTest::newRow("five lines") << good + "more\n";
    QTest::newRow("no last line end") << good.chopped(1);
    QTest::newRow("Windows line ends") << QByteArray(good).replace("\n", "\r\n");
    QTest::newRow("byte order mark") << "\xef\xbb\xbf" + good;
    QTest::newRow("no untrusted comment") << withLine(0, "comment: hello");
    QTest::newRow("no trusted comment") << withLine(2, "comment: hello");
    QTest::newRow("comment with a control character") << withLine(2, lines[2] + "\x1b[2J");
    QTest::newRow("comment with a NUL") << withLine(2, lines[2] + '\0');
    QTest::newRow("comment in Latin 1") << withLine(2, lines[2] + '\xe9');
    QTest::newRow("comment of 9000 bytes") << withLine(2, lines[2] + QByteArray(9000, 'c'));
    QTest::newRow("other algorithm") << algorithm("RS");
    QTest::newRow("third form") << algorithm("Ee");
    QTest::newRow("signature too short") << withLine(1, lines[1].chopped(4));
    QTest::newRow("signature too long") << withLine(1, "AAAA" + lines[1]);
    QTest::newRow("signature with a space") << withLine(1, lines[1] + ' ');
    QTest::newRow("stray bits") << withLine(1, QByteArray(lines[1]).replace("wQY=", "wQZ="));
    QTest::newRow("empty signature") << withLine(1, {});
    QTest::newRow("comment signature too short") << withLine(3, lines[3].chopped(4));
    QTest::newRow("empty comment signature") << withLine(3, {});
}

void TestMinisign::malformed()
{
    QFETCH(QByteArray, text);
    VERIFY_ERROR(MinisignSignature::parse(text.toStdString()), ErrorCode::SIGNATURE);
}

void TestMinisign::manifestIsBoundToProductAndVersion_data()
{
    QTest::addColumn<QByteArray>("signature");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("right") << QByteArray("sample.manifest.minisig") << true;
    QTest::newRow("other version") << QByteArray("otherversion.minisig") << false;
    QTest::newRow("other product") << QByteArray("otherproduct.minisig") << false;
    QTest::newRow("of another file") << QByteArray("prehashed.minisig") << false;
    QTest::newRow("none") << QByteArray("none.minisig") << false;
}

void TestMinisign::manifestIsBoundToProductAndVersion()
{
    QFETCH(QByteArray, signature);
    QFETCH(bool, isGood);
    const auto manifest = Trust::verifiedManifest(dataFile("sample.manifest"),
                                                  dataFile(signature.constData()), m_keys);
    if (!isGood) {
        VERIFY_ERROR(manifest, ErrorCode::SIGNATURE);
        return;
    }
    VERIFY_RESULT(manifest);
    QCOMPARE(manifest->product, std::string("org.example.sample"));
    QCOMPARE(manifest->entries.size(), std::size_t(3));
}

void TestMinisign::manifestIsVerifiedBeforeItIsParsed()
{
    // Malformed text without a fitting signature: the signature is what is complained about.
    VERIFY_ERROR(Trust::verifiedManifest("nonsense", dataFile("sample.manifest.minisig"), m_keys),
                 ErrorCode::SIGNATURE);
    // A signed text that is no manifest.
    VERIFY_ERROR(Trust::verifiedManifest(m_message, dataFile("prehashed.minisig"), m_keys),
                 ErrorCode::MANIFEST);
}

void TestMinisign::treeManifest()
{
    const QTemporaryDir directory;
    const std::filesystem::path root = directory.path().toStdString();
    VERIFY_ERROR(Trust::readTreeManifest(root, m_keys), ErrorCode::IO);
    VERIFY_RESULT(
        Platform::writeFileDurably(root / "freshen.manifest", dataFile("sample.manifest")));
    VERIFY_ERROR(Trust::readTreeManifest(root, m_keys), ErrorCode::IO);
    VERIFY_RESULT(Platform::writeFileDurably(root / "freshen.manifest.minisig",
                                             dataFile("sample.manifest.minisig")));
    const auto read = Trust::readTreeManifest(root, m_keys);
    VERIFY_RESULT(read);
    QCOMPARE(read->manifest.version, std::string("1.0"));
    QCOMPARE(read->manifest.toText(), dataFile("sample.manifest"));
    VERIFY_ERROR(Trust::readTreeManifest(root, {}), ErrorCode::SIGNATURE);
}

void TestMinisign::interop_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("prehashed") << QStringList{};
    QTest::newRow("legacy") << QStringList{QStringLiteral("-l")};
}

// A fresh key and signature of the stock command; it also takes back what we write.
void TestMinisign::interop()
{
    QFETCH(QStringList, options);
    if (QStandardPaths::findExecutable(QStringLiteral("minisign")).isEmpty())
        QSKIP("The minisign command is not installed");
    const QTemporaryDir directory;
    const auto file = [&](const char *name) {
        return directory.filePath(QString::fromLatin1(name));
    };
    const QString key = file("key.pub");
    QCOMPARE(minisign({QStringLiteral("-G"), QStringLiteral("-W"), QStringLiteral("-p"), key,
                       QStringLiteral("-s"), file("key.sec")}),
             QByteArray());
    VERIFY_RESULT(Platform::writeFileDurably(pathIn(directory, "file"), m_message));
    QCOMPARE(minisign(QStringList{QStringLiteral("-S"), QStringLiteral("-W"), QStringLiteral("-s"),
                                  file("key.sec"), QStringLiteral("-t"),
                                  QStringLiteral("any comment"), QStringLiteral("-m"), file("file")}
                      + options),
             QByteArray());
    const auto text = Platform::readFile(pathIn(directory, "file.minisig"));
    VERIFY_RESULT(text);
    const auto keyText = Platform::readFile(pathIn(directory, "key.pub"));
    VERIFY_RESULT(keyText);
    const auto publicKey = PublicKey::parse(*keyText);
    VERIFY_RESULT(publicKey);
    const auto signature = MinisignSignature::parse(*text);
    VERIFY_RESULT(signature);
    QCOMPARE(signature->isPrehashed, options.isEmpty());
    QCOMPARE(signature->keyId, publicKey->id());
    VERIFY_RESULT(Trust::verifyMinisignFile(*signature, pathIn(directory, "file"), {*publicKey}));
    VERIFY_RESULT(Platform::writeFileDurably(pathIn(directory, "ours.minisig"),
                                             signature->toText("written by Freshen")));
    QCOMPARE(minisign({QStringLiteral("-V"), QStringLiteral("-P"),
                       QString::fromStdString(publicKey->toMinisign()), QStringLiteral("-x"),
                       file("ours.minisig"), QStringLiteral("-m"), file("file")}),
             QByteArray());
}

QTEST_GUILESS_MAIN(TestMinisign)
#include "tst_minisign.moc"
