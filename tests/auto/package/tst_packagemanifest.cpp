// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/packagereader.h"

#include "lib/common/convert.h"
#include "tests/support/resultcheck.h"
#include "tests/support/samplerelease.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;

// The manifest and its signature, read from the front of a package.
class TestPackageManifest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isReadFromEveryKind_data();
    void isReadFromEveryKind();
    void restOfTheTarIsNotRead();
    void mustComeFirst_data();
    void mustComeFirst();
    void withoutSignature_data();
    void withoutSignature();
    void mustHaveAnHonestSize();
    void mustBeWhole();

private:
    QString packageOf(const QString &ending, const QByteArray &bytes);

    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestPackageManifest::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

QString TestPackageManifest::packageOf(const QString &ending, const QByteArray &bytes)
{
    const QString package = m_directory->filePath(QStringLiteral("sample.") + ending);
    writeTestFile(package, bytes);
    return package;
}

void TestPackageManifest::isReadFromEveryKind_data()
{
    QTest::addColumn<QString>("ending");
    for (const char *ending : {"tar.zst", "tar.xz", "tar.gz", "zip"})
        QTest::newRow(ending) << QString::fromLatin1(ending);
}

void TestPackageManifest::isReadFromEveryKind()
{
    QFETCH(QString, ending);
    const SampleRelease release = SampleRelease::withEverything();
    const auto read = readPackageManifest(packageOf(ending, release.package(ending)));
    VERIFY_RESULT(read);
    QCOMPARE(read->text.toStdString(), release.manifestText());
    QCOMPARE(read->signature.toStdString(), release.signature);
}

void TestPackageManifest::restOfTheTarIsNotRead()
{
    const SampleRelease release = SampleRelease::minimal();
    QByteArray tar = makeTar(release.tarEntries().mid(0, 2));
    tar.chop(1024);
    tar += QByteArray(512, 'x');
    const auto read = readPackageManifest(
        packageOf(QStringLiteral("tar.gz"), compressed(tar, KCompressionDevice::GZip)));
    VERIFY_RESULT(read);
    QCOMPARE(read->text.toStdString(), release.manifestText());
}

void TestPackageManifest::mustComeFirst_data()
{
    QTest::addColumn<QList<int>>("order");
    QTest::newRow("signature first") << QList{1, 0, 2, 3};
    QTest::newRow("something before") << QList{2, 0, 1, 3};
    QTest::newRow("nothing after") << QList{0};
    QTest::newRow("nothing") << QList<int>{};
}

void TestPackageManifest::mustComeFirst()
{
    QFETCH(QList<int>, order);
    const SampleRelease release = SampleRelease::minimal();
    QList<TarEntry> tar;
    QList<ZipEntry> zip;
    for (const int index : order) {
        tar.append(release.tarEntries().at(index));
        zip.append(release.zipEntries().at(index));
    }
    VERIFY_ERROR(readPackageManifest(packageOf(QStringLiteral("tar.gz"),
                                               compressed(makeTar(tar), KCompressionDevice::GZip))),
                 ErrorCode::MANIFEST);
    VERIFY_ERROR(readPackageManifest(packageOf(QStringLiteral("zip"), makeZip(zip))),
                 ErrorCode::MANIFEST);
}

// A signature that stands where nobody looks is none, and then it must not be there at all.
void TestPackageManifest::withoutSignature_data()
{
    QTest::addColumn<QString>("ending");
    QTest::addColumn<QList<int>>("order");
    QTest::addColumn<bool>("isHonest");
    for (const char *ending : {"tar.gz", "zip"}) {
        QTest::addRow("%s, none", ending) << QString::fromLatin1(ending) << QList{0, 2, 3} << true;
        QTest::addRow("%s, something between", ending)
            << QString::fromLatin1(ending) << QList{0, 2, 1, 3} << false;
    }
}

void TestPackageManifest::withoutSignature()
{
    QFETCH(QString, ending);
    QFETCH(QList<int>, order);
    const SampleRelease release = SampleRelease::minimal();
    QList<TarEntry> tar;
    QList<ZipEntry> zip;
    for (const int index : order) {
        tar.append(release.tarEntries().value(index));
        zip.append(release.zipEntries().value(index));
    }
    const QString package = packageOf(
        ending, ending == QStringLiteral("zip")
            ? makeZip(zip) : compressed(makeTar(tar), KCompressionDevice::GZip));
    const auto read = readPackageManifest(package);
    VERIFY_RESULT(read);
    QCOMPARE(read->text.toStdString(), release.manifestText());
    QVERIFY(read->signature.isEmpty());
    const QString folder = m_directory->filePath(QStringLiteral("tree"));
    const auto unpacked = unpackPackage(package, release.manifest(), toView(read->text), {},
                                        folder);
    QFETCH(bool, isHonest);
    if (!isHonest) {
        VERIFY_ERROR(unpacked, ErrorCode::MANIFEST);
        return;
    }
    VERIFY_RESULT(unpacked);
    QVERIFY(QFile::exists(folder + QStringLiteral("/freshen.manifest")));
    QVERIFY(!QFile::exists(folder + QStringLiteral("/freshen.manifest.minisig")));
}

// No memory is set aside for what a header claims.
void TestPackageManifest::mustHaveAnHonestSize()
{
    const SampleRelease release = SampleRelease::minimal();
    QList<TarEntry> tar = release.tarEntries();
    tar[0].sizeField = "77777777777"; // 8 GiB
    VERIFY_ERROR(readPackageManifest(packageOf(QStringLiteral("tar.gz"),
                                               compressed(makeTar(tar), KCompressionDevice::GZip))),
                 ErrorCode::MANIFEST);
    tar = release.tarEntries();
    tar[1].content = QByteArray(1 << 20, 's');
    VERIFY_ERROR(readPackageManifest(packageOf(QStringLiteral("tar.gz"),
                                               compressed(makeTar(tar), KCompressionDevice::GZip))),
                 ErrorCode::MANIFEST);
}

// The compressed file is fine, but the archive in it ends early.
void TestPackageManifest::mustBeWhole()
{
    const SampleRelease release = SampleRelease::minimal();
    const QByteArray tar = makeTar(release.tarEntries());
    const qsizetype end = 512 + 512 + 512 + qsizetype(release.signature.size());
    QCOMPARE(tar.mid(end - 5, 6), QByteArray("only\n\0", 6));
    for (qsizetype size = 0; size < end; size += 3) {
        const QString package = packageOf(QStringLiteral("tar.gz"),
                                          compressed(tar.left(size), KCompressionDevice::GZip));
        VERIFY_ERROR(readPackageManifest(package), ErrorCode::MANIFEST);
    }
    VERIFY_RESULT(readPackageManifest(
        packageOf(QStringLiteral("tar.gz"), compressed(tar.left(end), KCompressionDevice::GZip))));
}

QTEST_GUILESS_MAIN(TestPackageManifest)
#include "tst_packagemanifest.moc"
