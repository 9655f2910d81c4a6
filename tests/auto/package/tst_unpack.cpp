// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/convert.h"
#include "lib/package/packagereader.h"

#include "tests/support/resultcheck.h"
#include "tests/support/samplerelease.h"
#include "tests/support/smalldisk.h"

#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/treecheck.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace Freshen;
using Platform::EntryType;

// Honest packages, and what the disk and the person may do meanwhile.
class TestUnpack : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void acc060_everythingIsAsInTheManifest_data();
    void acc060_everythingIsAsInTheManifest();
    void manifestAndSignatureAreInTheTree();
    void modesDoNotDependOnUmaskOrParent();
    void writtenBytesAreReported();
    void cancelLeavesNothing_data();
    void cancelLeavesNothing();
    void existingFolderIsKept();
    void noTemporaryCopyIsMade();
    void acc059_manyFiles_data();
    void acc059_manyFiles();
    void acc059_moreThanFourGiB();
    void acc059_deepTreeAndLongNames();
    void inflatedTailIsComplete();
    void acc071_diskFull_data();
    void acc071_diskFull();
    void messagesAreEscaped();
    void missingPackage();
    void vuln056_unknownEnding();
    void pipeIsNotRead();
    void readErrorIsReported();

private:
    QString packageOf(const SampleRelease &release, const QString &ending);
    Result<void> unpack(const SampleRelease &release, const QString &package,
                        const std::function<bool(quint64)> &progress = {});

    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_folder;
};

namespace {

void addEndings()
{
    QTest::addColumn<QString>("ending");
    for (const char *ending : {"tar.zst", "tar.xz", "tar.gz", "zip"})
        QTest::newRow(ending) << QString::fromLatin1(ending);
}

mode_t modeOf(const QString &path)
{
    struct stat status = {};
    return ::lstat(qPrintable(path), &status) == 0 ? status.st_mode & 07777 : 0;
}

bool isLargeTestWanted()
{
    return qEnvironmentVariableIsSet("FRESHEN_TEST_LARGE");
}

} // namespace

void TestUnpack::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_folder = m_directory->filePath(QStringLiteral("tree"));
}

QString TestUnpack::packageOf(const SampleRelease &release, const QString &ending)
{
    const QString package = m_directory->filePath(QStringLiteral("sample.") + ending);
    writeTestFile(package, release.package(ending));
    return package;
}

Result<void> TestUnpack::unpack(const SampleRelease &release, const QString &package,
                                const std::function<bool(quint64)> &progress)
{
    const auto manifest = Trust::Manifest::parse(release.manifestText());
    if (!manifest)
        return failure(manifest);
    return unpackPackage(package, *manifest, release.manifestText(), release.signature, m_folder,
                         progress);
}

void TestUnpack::acc060_everythingIsAsInTheManifest_data()
{
    addEndings();
}

void TestUnpack::acc060_everythingIsAsInTheManifest()
{
    QFETCH(QString, ending);
    const SampleRelease release = SampleRelease::withEverything();
    VERIFY_RESULT(unpack(release, packageOf(release, ending)));
    VERIFY_RESULT(Trust::requireTree(toPath(m_folder), release.manifest()));
    QVERIFY(QFileInfo(m_folder + QStringLiteral("/bin/app")).isExecutable());
    QCOMPARE(std::filesystem::read_symlink(toPath(m_folder) / "lib/libx.so").string(),
             std::string("libx.so.1"));
    QVERIFY(QDir(m_folder + QStringLiteral("/empty")).isEmpty());
}

void TestUnpack::manifestAndSignatureAreInTheTree()
{
    const SampleRelease release = SampleRelease::minimal();
    VERIFY_RESULT(unpack(release, packageOf(release, QStringLiteral("tar.gz"))));
    const auto root = toPath(m_folder);
    QCOMPARE(Platform::readFile(root / "freshen.manifest").value(), release.manifestText());
    QCOMPARE(Platform::readFile(root / "freshen.manifest.minisig").value(), release.signature);
}

void TestUnpack::modesDoNotDependOnUmaskOrParent()
{
    const SampleRelease release = SampleRelease::withEverything();
    const QString package = packageOf(release, QStringLiteral("tar.gz"));
    QVERIFY(::chmod(qPrintable(m_directory->path()), 02777) == 0); // folders inherit the group
    const mode_t before = ::umask(0077);
    const auto unpacked = unpack(release, package);
    ::umask(before);
    VERIFY_RESULT(unpacked);
    VERIFY_RESULT(Trust::requireTree(toPath(m_folder), release.manifest()));
    QCOMPARE(modeOf(m_folder + QStringLiteral("/bin")), mode_t(0755));
}

void TestUnpack::writtenBytesAreReported()
{
    const SampleRelease release = SampleRelease::withEverything();
    QList<quint64> reports;
    VERIFY_RESULT(unpack(release, packageOf(release, QStringLiteral("tar.xz")), [&](quint64 bytes) {
        reports.append(bytes);
        return true;
    }));
    QVERIFY(std::is_sorted(reports.begin(), reports.end()));
    QCOMPARE(reports.first(), quint64(0));
    QCOMPARE(reports.last(), release.manifest().totalSize());
}

void TestUnpack::cancelLeavesNothing_data()
{
    addEndings();
}

// Cancelled at every single report: while listing, while writing, at the last block.
void TestUnpack::cancelLeavesNothing()
{
    QFETCH(QString, ending);
    const SampleRelease release = SampleRelease::withEverything();
    const QString package = packageOf(release, ending);
    int total = 0;
    VERIFY_RESULT(unpack(release, package, [&](quint64) { return ++total > 0; }));
    VERIFY_RESULT(Platform::removeTree(toPath(m_folder)));
    QVERIFY(total > 3);
    for (int allowed = 0; allowed < total; ++allowed) {
        int count = 0;
        VERIFY_ERROR(unpack(release, package, [&](quint64) { return ++count <= allowed; }),
                     ErrorCode::CANCELLED);
        QVERIFY(!QFileInfo::exists(m_folder));
    }
}

void TestUnpack::existingFolderIsKept()
{
    const SampleRelease release = SampleRelease::minimal();
    const QString package = packageOf(release, QStringLiteral("tar.gz"));
    QVERIFY(QDir().mkpath(m_folder));
    writeTestFile(m_folder + QStringLiteral("/mine"), "mine");
    VERIFY_ERROR(unpack(release, package), ErrorCode::IO);
    QCOMPARE(QDir(m_folder).entryList(QDir::Files), QStringList{QStringLiteral("mine")});
}

// KTar, given the name of a compressed file, would first unpack all of it into this folder.
void TestUnpack::noTemporaryCopyIsMade()
{
    const QByteArray before = qgetenv("TMPDIR");
    const SampleRelease release = SampleRelease::minimal();
    const QString package = packageOf(release, QStringLiteral("tar.zst"));
    qputenv("TMPDIR", "/nonexistent");
    const auto unpacked = unpack(release, package);
    if (before.isNull())
        qunsetenv("TMPDIR");
    else
        qputenv("TMPDIR", before);
    VERIFY_RESULT(unpacked);
}

void TestUnpack::acc059_manyFiles_data()
{
    QTest::addColumn<QString>("ending");
    QTest::newRow("tar") << QStringLiteral("tar.zst");
    QTest::newRow("zip") << QStringLiteral("zip");
}

void TestUnpack::acc059_manyFiles()
{
    QFETCH(QString, ending);
    // A zip archive holds 65535 entries at most.
    const int count = !isLargeTestWanted() ? 2000 : ending == QLatin1String("zip") ? 65000 : 100000;
    SampleRelease release = SampleRelease::minimal();
    release.files.reserve(count + 2);
    release.add({EntryType::Directory, 0755, "many", {}, {}});
    for (int i = 0; i < count; ++i) {
        const QByteArray number = QByteArray::number(i).rightJustified(6, '0');
        release.files.append({EntryType::File, 0644, "many/" + number, number, {}});
    }
    VERIFY_RESULT(unpack(release, packageOf(release, ending)));
    VERIFY_RESULT(Trust::requireTree(toPath(m_folder), release.manifest()));
}

void TestUnpack::acc059_moreThanFourGiB()
{
    if (!isLargeTestWanted())
        QSKIP("FRESHEN_TEST_LARGE is not set");
    constexpr quint64 size = (quint64(4) << 30) + 1;
    const QByteArray block(1 << 20, 'x');
    Trust::Digest digest(Trust::Digest::Kind::Sha256);
    SampleRelease release = SampleRelease::minimal();
    release.add({EntryType::File, 0644, "large", {}, {}});
    for (quint64 left = size; left > 0; left -= std::min<quint64>(left, quint64(block.size())))
        digest.add(toBytes(block).first(std::min<quint64>(left, quint64(block.size()))));
    Trust::Manifest manifest = release.manifest();
    manifest.entries.back().size = size;
    manifest.entries.back().sha256 = digest.hexResult();
    QList<TarEntry> entries = release.tarEntries();
    entries[0].content = QByteArray::fromStdString(manifest.toText());
    entries.last().sizeField = "40000000001"; // octal
    const QString package = m_directory->filePath(QStringLiteral("large.tar.zst"));
    {
        KCompressionDevice device(package, KCompressionDevice::Zstd);
        QVERIFY(device.open(QIODevice::WriteOnly));
        for (const TarEntry &entry : std::as_const(entries))
            device.write(tarBytes(entry));
        for (quint64 left = size; left > 0; left -= std::min<quint64>(left, quint64(block.size())))
            device.write(block.constData(), qint64(std::min<quint64>(left, quint64(block.size()))));
        device.write(QByteArray(511 + 1024, '\0'));
    }
    VERIFY_RESULT(unpackPackage(package, manifest, manifest.toText(), release.signature, m_folder));
    VERIFY_RESULT(Trust::requireTree(toPath(m_folder), manifest));
}

void TestUnpack::acc059_deepTreeAndLongNames()
{
    SampleRelease release = SampleRelease::minimal();
    QByteArray path;
    for (int depth = 0; depth < 62; ++depth) {
        path += depth == 0 ? "d" : "/d";
        release.add({EntryType::Directory, 0755, path, {}, {}});
    }
    release.add({EntryType::File, 0644, path + '/' + QByteArray(255, 'n'), "deep", {}});
    for (const char *ending : {"tar.gz", "zip"}) {
        VERIFY_RESULT(unpack(release, packageOf(release, QString::fromLatin1(ending))));
        VERIFY_RESULT(Trust::requireTree(toPath(m_folder), release.manifest()));
        VERIFY_RESULT(Platform::removeTree(toPath(m_folder)));
    }
}

// KArchive's inflater forgets what did not fit into the last block when its input has ended.
void TestUnpack::inflatedTailIsComplete()
{
    SampleRelease release = SampleRelease::minimal();
    for (int i = 0; i < 40; ++i) {
        const QByteArray name = "zeros" + QByteArray::number(i + 10);
        const qsizetype size = (i % 2 == 0 ? 128 : 144) * 1024 + i * i * 3;
        release.add({EntryType::File, 0644, name, QByteArray(size, '\0'), {}});
    }
    VERIFY_RESULT(unpack(release, packageOf(release, QStringLiteral("zip"))));
    VERIFY_RESULT(Trust::requireTree(toPath(m_folder), release.manifest()));
}

void TestUnpack::acc071_diskFull_data()
{
    addEndings();
}

void TestUnpack::acc071_diskFull()
{
    QFETCH(QString, ending);
    SampleRelease release = SampleRelease::minimal();
    release.add({EntryType::File, 0644, "large", QByteArray(3 << 20, 'x'), {}});
    const QString package = packageOf(release, ending);
    const QString disk = m_directory->filePath(QStringLiteral("disk"));
    const SmallDisk mounted(disk);
    if (!mounted.isMounted())
        QSKIP("A file system of its own needs an administrator");
    m_folder = disk + QStringLiteral("/tree");
    VERIFY_ERROR(unpack(release, package), ErrorCode::NO_SPACE);
    QVERIFY(!QFileInfo::exists(m_folder));
}

// A name that turns the rest of a line around, in an error of the system.
void TestUnpack::messagesAreEscaped()
{
    SampleRelease release = SampleRelease::minimal();
    release.add({EntryType::File, 0644, "e\xe2\x80\xaegpj.exe", QByteArray(3 << 20, 'x'), {}});
    const QString package = packageOf(release, QStringLiteral("tar.gz"));
    const SmallDisk disk(m_directory->filePath(QStringLiteral("disk")));
    if (!disk.isMounted())
        QSKIP("A file system of its own needs an administrator");
    m_folder = m_directory->filePath(QStringLiteral("disk/tree"));
    const auto unpacked = unpack(release, package);
    VERIFY_ERROR(unpacked, ErrorCode::NO_SPACE);
    QVERIFY(QByteArray::fromStdString(unpacked.error().message).contains("e\\xe2\\x80\\xaegpj"));
}

void TestUnpack::missingPackage()
{
    const QString package = m_directory->filePath(QStringLiteral("none.tar.gz"));
    VERIFY_ERROR(unpack(SampleRelease::minimal(), package), ErrorCode::IO);
    VERIFY_ERROR(readPackageManifest(package), ErrorCode::IO);
}

void TestUnpack::vuln056_unknownEnding()
{
    const SampleRelease release = SampleRelease::minimal();
    const QString package = m_directory->filePath(QStringLiteral("sample.7z"));
    writeTestFile(package, release.package(QStringLiteral("tar.gz")));
    VERIFY_ERROR(unpack(release, package), ErrorCode::ARCHIVE);
    VERIFY_ERROR(readPackageManifest(package), ErrorCode::ARCHIVE);
}

void TestUnpack::pipeIsNotRead()
{
    const QString package = m_directory->filePath(QStringLiteral("pipe.tar.gz"));
    QVERIFY(::mkfifo(qPrintable(package), 0600) == 0);
    VERIFY_ERROR(unpack(SampleRelease::minimal(), package), ErrorCode::IO);
}

// KCompressionDevice takes the -1 of a failed read for a number of bytes.
void TestUnpack::readErrorIsReported()
{
    const SampleRelease release = SampleRelease::minimal();
    for (const char *ending : {"tar.zst", "tar.xz", "tar.gz"}) {
        const QString package = m_directory->filePath(QStringLiteral("memory.")
                                                      + QString::fromLatin1(ending));
        // Reading the first byte of a process's memory fails.
        QVERIFY(QFile::link(QStringLiteral("/proc/self/mem"), package));
        VERIFY_ERROR(unpack(release, package), ErrorCode::IO);
    }
}

QTEST_GUILESS_MAIN(TestUnpack)
#include "tst_unpack.moc"
