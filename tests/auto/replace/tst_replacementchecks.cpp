// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What has to be true of a new file before it takes the place of the old one.

#include "lib/replace/bsdiffwriter.h"
#include "tests/auto/replace/replacementfixture.h"

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestReplacementChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_files = std::make_unique<ReplacementFixture>(); }
    void selfupdate_TestVerifyChecksum_data();
    void selfupdate_TestVerifyChecksum();
    void selfupdate_TestVerifyChecksumNegative_data();
    void selfupdate_TestVerifyChecksumNegative();
    void selfupdate_TestApplyPatch();
    void selfupdate_TestCorruptPatch();
    void selfupdate_TestVerifyChecksumPatchNegative();
    void selfupdate_TestMinisign();
    void wrongSignature_data();
    void wrongSignature();
    void signatureOfThePatch();

private:
    std::unique_ptr<ReplacementFixture> m_files;
};

namespace {

SecretKey makeKey()
{
    return std::move(*SecretKey::generate());
}

QStringList publicKeys(const SecretKey &key)
{
    return {QString::fromStdString(key.publicKey().toMinisign())};
}

QByteArray signatureOf(const SecretKey &key, const QByteArray &content)
{
    return QByteArray::fromStdString(key.minisign(content.toStdString(), "file:tool"));
}

} // namespace

void TestReplacementChecks::selfupdate_TestVerifyChecksum_data()
{
    QTest::addColumn<QCryptographicHash::Algorithm>("algorithm");

    QTest::newRow("SHA-256") << QCryptographicHash::Sha256;
    QTest::newRow("SHA-384") << QCryptographicHash::Sha384;
    QTest::newRow("SHA-512") << QCryptographicHash::Sha512;
}

void TestReplacementChecks::selfupdate_TestVerifyChecksum()
{
    QFETCH(const QCryptographicHash::Algorithm, algorithm);
    Replacement replacement(m_files->target());
    replacement.setChecksum(hashOf(m_files->newContent, algorithm).toUpper(), algorithm);
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QVERIFY(m_files->isReplaced());
}

void TestReplacementChecks::selfupdate_TestVerifyChecksumNegative_data()
{
    QTest::addColumn<QCryptographicHash::Algorithm>("algorithm");
    QTest::addColumn<QByteArray>("checksum");
    QTest::addColumn<QString>("code");

    for (const auto algorithm :
         {QCryptographicHash::Sha256, QCryptographicHash::Sha384, QCryptographicHash::Sha512}) {
        const QByteArray name = QByteArray::number(algorithm);
        const QByteArray wrong = hashOf("another file", algorithm);
        QTest::newRow("other " + name) << algorithm << wrong << u"HASH"_s;
        QTest::newRow("cut " + name) << algorithm << wrong.chopped(2) << u"CONFIG"_s;
        QTest::newRow("empty " + name) << algorithm << QByteArray() << u"CONFIG"_s;
        QTest::newRow("no hash " + name) << algorithm << "zz" + wrong.mid(2) << u"CONFIG"_s;
    }
    QTest::newRow("SHA-1") << QCryptographicHash::Sha1
                           << hashOf("another file", QCryptographicHash::Sha1) << u"CONFIG"_s;
}

void TestReplacementChecks::selfupdate_TestVerifyChecksumNegative()
{
    QFETCH(const QCryptographicHash::Algorithm, algorithm);
    QFETCH(const QByteArray, checksum);
    Replacement replacement(m_files->target());
    // One that fits does not outweigh one that does not.
    const bool isSha256 = algorithm == QCryptographicHash::Sha256;
    replacement.setChecksum(isSha256 ? hashOf(m_files->newContent, QCryptographicHash::Sha512)
                                     : hashOf(m_files->newContent),
                            isSha256 ? QCryptographicHash::Sha512 : QCryptographicHash::Sha256);
    replacement.setChecksum(checksum, algorithm);
    QTEST(apply(replacement, m_files->newContent), "code");
    QVERIFY(m_files->isUntouched());
    QVERIFY(replacement.sha256().isEmpty());
}

void TestReplacementChecks::selfupdate_TestApplyPatch()
{
    const auto patch = makeBsdiff(m_files->oldContent, m_files->newContent);
    QVERIFY(patch);
    Replacement replacement(m_files->target());
    replacement.setPatch(Replacement::Patch::Bsdiff);
    replacement.setChecksum(hashOf(m_files->newContent));
    replacement.setPatchChecksum(hashOf(*patch));
    QCOMPARE(apply(replacement, *patch), QString());
    QVERIFY(m_files->isReplaced());
}

void TestReplacementChecks::selfupdate_TestCorruptPatch()
{
    const auto patch = makeBsdiff(m_files->oldContent, m_files->newContent);
    QVERIFY(patch);
    for (const qsizetype at : {0, 9, 40, 60}) {
        QByteArray corrupt = *patch;
        corrupt[at] = char(corrupt[at] ^ 0x55);
        Replacement replacement(m_files->target());
        replacement.setPatch(Replacement::Patch::Bsdiff);
        QCOMPARE(apply(replacement, corrupt), u"PATCH"_s);
        QVERIFY(m_files->isUntouched());
        // Authenticated, it is not even looked at.
        replacement.setPatchChecksum(hashOf(*patch));
        QCOMPARE(apply(replacement, corrupt), u"HASH"_s);
        QVERIFY(m_files->isUntouched());
    }
}

void TestReplacementChecks::selfupdate_TestVerifyChecksumPatchNegative()
{
    const QByteArray other = m_files->newContent + "another version";
    const auto patch = makeBsdiff(m_files->oldContent, other);
    QVERIFY(patch);
    Replacement replacement(m_files->target());
    replacement.setPatch(Replacement::Patch::Bsdiff);
    replacement.setChecksum(hashOf(m_files->newContent));
    QCOMPARE(apply(replacement, *patch), u"HASH"_s);
    QVERIFY(m_files->isUntouched());
}

void TestReplacementChecks::selfupdate_TestMinisign()
{
    const SecretKey key = makeKey();
    Replacement replacement(m_files->target());
    replacement.setSignature(signatureOf(key, m_files->newContent), publicKeys(key));
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QVERIFY(m_files->isReplaced());
}

void TestReplacementChecks::wrongSignature_data()
{
    QTest::addColumn<QByteArray>("signature");
    QTest::addColumn<QStringList>("keys");
    QTest::addColumn<QString>("code");

    const ReplacementFixture files;
    const SecretKey key = makeKey();
    const QByteArray good = signatureOf(key, files.newContent);
    QTest::newRow("of another file")
        << signatureOf(key, files.oldContent) << publicKeys(key) << u"SIGNATURE"_s;
    QTest::newRow("by another key") << good << publicKeys(makeKey()) << u"SIGNATURE"_s;
    QTest::newRow("empty") << QByteArray() << publicKeys(key) << u"SIGNATURE"_s;
    QTest::newRow("a web page") << QByteArray("<html>") << publicKeys(key) << u"SIGNATURE"_s;
    QTest::newRow("other comment")
        << QByteArray(good).replace("file:tool", "file:fool") << publicKeys(key) << u"SIGNATURE"_s;
    QTest::newRow("no key") << good << QStringList() << u"KEY"_s;
    QTest::newRow("no such key") << good << QStringList(u"nonsense"_s) << u"KEY"_s;
}

void TestReplacementChecks::wrongSignature()
{
    QFETCH(const QByteArray, signature);
    QFETCH(const QStringList, keys);
    Replacement replacement(m_files->target());
    replacement.setSignature(signature, keys);
    // A good checksum does not make up for it.
    replacement.setChecksum(hashOf(m_files->newContent));
    QTEST(apply(replacement, m_files->newContent), "code");
    QVERIFY(m_files->isUntouched());
}

void TestReplacementChecks::signatureOfThePatch()
{
    const SecretKey key = makeKey();
    const auto patch = makeBsdiff(m_files->oldContent, m_files->newContent);
    QVERIFY(patch);
    Replacement replacement(m_files->target());
    replacement.setPatch(Replacement::Patch::Bsdiff);
    replacement.setPatchSignature(signatureOf(key, "another"), publicKeys(key));
    QCOMPARE(apply(replacement, "no patch at all"), u"SIGNATURE"_s);
    QVERIFY(m_files->isUntouched());
    replacement.setPatchSignature(signatureOf(key, *patch), publicKeys(key));
    QCOMPARE(apply(replacement, *patch), QString());
    QVERIFY(m_files->isReplaced());
}

QTEST_GUILESS_MAIN(TestReplacementChecks)
#include "tst_replacementchecks.moc"
