// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/digest.h"

#include "tests/support/resultcheck.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;
using Trust::Digest;

class TestDigest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vectors_data();
    void vectors();
    void piecesDoNotMatter();
    void ofFile();
};

namespace {

Platform::Bytes bytesOf(const QByteArray &bytes)
{
    return {reinterpret_cast<const std::uint8_t *>(bytes.constData()), std::size_t(bytes.size())};
}

constexpr const char
    *sha256OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

} // namespace

void TestDigest::vectors_data()
{
    QTest::addColumn<bool>("isSha256");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("hash");
    // FIPS 180-4 and RFC 7693, appendix A.
    QTest::newRow("SHA-256 of nothing")
        << true << QByteArray()
        << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    QTest::newRow("SHA-256 of abc") << true << QByteArray("abc") << QByteArray(sha256OfAbc);
    QTest::newRow("SHA-256 of a million a")
        << true << QByteArray(1'000'000, 'a')
        << QByteArray("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    QTest::newRow("BLAKE2b-512 of nothing")
        << false << QByteArray()
        << QByteArray("786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419"
                      "d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce");
    QTest::newRow("BLAKE2b-512 of abc")
        << false << QByteArray("abc")
        << QByteArray("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                      "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

void TestDigest::vectors()
{
    QFETCH(bool, isSha256);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, hash);
    Digest digest(isSha256 ? Digest::Kind::Sha256 : Digest::Kind::Blake2b512);
    digest.add(bytesOf(message));
    QCOMPARE(QByteArray::fromStdString(digest.hexResult()), hash);
    if (isSha256)
        QCOMPARE(QByteArray::fromStdString(Trust::sha256Hex(message.toStdString())), hash);
}

void TestDigest::piecesDoNotMatter()
{
    Digest digest(Digest::Kind::Sha256);
    for (const char letter : {'a', 'b', 'c'}) {
        digest.add({});
        digest.add(bytesOf(QByteArray(1, letter)));
    }
    QCOMPARE(digest.hexResult(), std::string(sha256OfAbc));
}

void TestDigest::ofFile()
{
    const QTemporaryDir directory;
    const std::filesystem::path path = directory.filePath(QStringLiteral("file")).toStdString();
    VERIFY_ERROR(Trust::sha256OfFile(path), ErrorCode::IO);
    VERIFY_RESULT(Platform::writeFileDurably(path, "abc"));
    const auto hash = Trust::sha256OfFile(path);
    VERIFY_RESULT(hash);
    QCOMPARE(*hash, std::string(sha256OfAbc));
    // Nothing is read through a link, nor from a folder.
    std::filesystem::create_symlink("file", path.parent_path() / "link");
    VERIFY_ERROR(Trust::sha256OfFile(path.parent_path() / "link"), ErrorCode::IO);
    VERIFY_ERROR(Trust::sha256OfFile(path.parent_path()), ErrorCode::IO);
}

QTEST_GUILESS_MAIN(TestDigest)
#include "tst_digest.moc"
