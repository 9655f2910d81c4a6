// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/convert.h"
#include "lib/package/packagereader.h"

#include "tests/support/resultcheck.h"
#include "tests/support/samplerelease.h"

#include "updater-helper/trust/treecheck.h"

#include <QDir>
#include <QLoggingCategory>
#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;

// Packages that were cut or changed at every byte. Whatever is left of them either is refused, or
// gives exactly the tree of the manifest.
class TestPackageDamage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void acc057_truncatedAtEveryByte_data();
    void acc057_truncatedAtEveryByte();
    void acc057_everyByteChanged_data();
    void acc057_everyByteChanged();
    void acc057_largerPackageChanged_data();
    void acc057_largerPackageChanged();
    void acc057_rawTarChanged();
    void partsOfTwoPackages_data();
    void partsOfTwoPackages();

private:
    // An error with nothing left behind, or a tree without a difference; else the test fails.
    bool isRefusedOrRight(const SampleRelease &release, const QByteArray &package,
                          const QString &ending);

    QTemporaryDir m_directory;
    int m_accepted = 0;
};

namespace {

void addEndings()
{
    QTest::addColumn<QString>("ending");
    for (const char *ending : {"tar.zst", "tar.xz", "tar.gz", "zip"})
        QTest::newRow(ending) << QString::fromLatin1(ending);
}

// One bit is flipped, another one for each position.
QByteArray changedAt(QByteArray bytes, qsizetype position)
{
    bytes[position] = char(bytes[position] ^ (1 << (position % 8)));
    return bytes;
}

} // namespace

// KArchive tells about every broken byte.
void TestPackageDamage::initTestCase()
{
    QLoggingCategory::setFilterRules(QStringLiteral("kf.archive*=false"));
}

bool TestPackageDamage::isRefusedOrRight(const SampleRelease &release, const QByteArray &package,
                                         const QString &ending)
{
    const QString file = m_directory.filePath(QStringLiteral("damaged.") + ending);
    const QString folder = m_directory.filePath(QStringLiteral("tree"));
    writeTestFile(file, package);
    const auto manifest = release.manifest();
    const auto unpacked = unpackPackage(file, manifest, manifest.toText(), release.signature,
                                        folder);
    // Nothing is trusted there; it may only not crash.
    (void)readPackageManifest(file);
    if (!unpacked)
        return !QFileInfo::exists(folder) && !unpacked.error().message.empty();
    ++m_accepted;
    const auto right = Trust::requireTree(toPath(folder), manifest);
    return Platform::removeTree(toPath(folder)) && right;
}

void TestPackageDamage::acc057_truncatedAtEveryByte_data()
{
    addEndings();
}

void TestPackageDamage::acc057_truncatedAtEveryByte()
{
    QFETCH(QString, ending);
    const SampleRelease release = SampleRelease::minimal();
    const QByteArray whole = release.package(ending);
    for (qsizetype size = 0; size < whole.size(); ++size) {
        m_accepted = 0;
        QVERIFY2(isRefusedOrRight(release, whole.left(size), ending),
                 qPrintable(QString::number(size)));
        QVERIFY2(m_accepted == 0, qPrintable(QString::number(size)));
    }
    QVERIFY(isRefusedOrRight(release, whole, ending));
    QCOMPARE(m_accepted, 1);
}

void TestPackageDamage::acc057_everyByteChanged_data()
{
    addEndings();
}

void TestPackageDamage::acc057_everyByteChanged()
{
    QFETCH(QString, ending);
    const SampleRelease release = SampleRelease::minimal();
    const QByteArray whole = release.package(ending);
    for (qsizetype position = 0; position < whole.size(); ++position) {
        QVERIFY2(isRefusedOrRight(release, changedAt(whole, position), ending),
                 qPrintable(QString::number(position)));
    }
}

void TestPackageDamage::acc057_largerPackageChanged_data()
{
    addEndings();
}

void TestPackageDamage::acc057_largerPackageChanged()
{
    QFETCH(QString, ending);
    SampleRelease release = SampleRelease::withEverything();
    QByteArray noise;
    for (quint32 i = 1; i < 30000; ++i)
        noise += char((i * 2654435761u) >> 24);
    release.add({Platform::EntryType::File, 0644, "noise", noise, {}});
    const QByteArray whole = release.package(ending);
    for (qsizetype position = 0; position < whole.size(); position += 41) {
        QVERIFY2(isRefusedOrRight(release, changedAt(whole, position), ending),
                 qPrintable(QString::number(position)));
        QVERIFY2(isRefusedOrRight(release, whole.left(position), ending),
                 qPrintable(QString::number(position)));
    }
}

// The same below the compression, where a change meets the headers.
void TestPackageDamage::acc057_rawTarChanged()
{
    const SampleRelease release = SampleRelease::minimal();
    const QByteArray tar = makeTar(release.tarEntries());
    const QString ending = QStringLiteral("tar.gz");
    for (qsizetype position = 0; position < tar.size(); ++position) {
        const QByteArray package = compressed(changedAt(tar, position), KCompressionDevice::GZip);
        QVERIFY2(isRefusedOrRight(release, package, ending), qPrintable(QString::number(position)));
    }
    for (qsizetype size = 0; size < tar.size(); size += 64) {
        const QByteArray package = compressed(tar.left(size), KCompressionDevice::GZip);
        QVERIFY2(isRefusedOrRight(release, package, ending), qPrintable(QString::number(size)));
    }
}

void TestPackageDamage::partsOfTwoPackages_data()
{
    addEndings();
}

// Two releases of the same names and sizes, spliced at every byte, as a broken resume would.
void TestPackageDamage::partsOfTwoPackages()
{
    QFETCH(QString, ending);
    const SampleRelease wanted = SampleRelease::minimal();
    SampleRelease other = wanted;
    other.files.last().content.replace("exit 0", "exit 1");
    const QByteArray begin = other.package(ending);
    const QByteArray end = wanted.package(ending);
    for (qsizetype position = 0; position < begin.size(); ++position) {
        QVERIFY2(isRefusedOrRight(wanted, begin.left(position) + end.mid(position), ending),
                 qPrintable(QString::number(position)));
    }
}

QTEST_GUILESS_MAIN(TestPackageDamage)
#include "tst_packagedamage.moc"
