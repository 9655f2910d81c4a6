// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/convert.h"
#include "lib/package/packagereader.h"
#include "lib/package/plainpackagereader.h"

#include "tests/auto/publisher/publishing.h"
#include "tests/support/nametable.h"
#include "tests/support/resultcheck.h"
#include "tests/support/samplerelease.h"

#include "updater-helper/trust/text.h"
#include "updater-helper/trust/treecheck.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Platform::EntryType;

namespace fs = std::filesystem;

// One verdict for each name: in a tar, in a zip and when it is packed, by the system that the
// package is for, never by the one that looks.
class TestArchiveNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void acc053_vuln054_sameVerdictInEveryArchive_data() { addNameRows(); }
    void acc053_vuln054_sameVerdictInEveryArchive();
    void acc106_sameVerdictWhenPacked_data() { addNameRows(); }
    void acc106_sameVerdictWhenPacked();
    void acc053_twins_data();
    void acc053_twins();
    void acc106_twins_data() { acc053_twins_data(); }
    void acc106_twins();
    void acc053_plainTwins_data() { acc053_twins_data(); }
    void acc053_plainTwins();

private:
    QString path(const QString &name) const { return m_directory->filePath(name); }
    Result<void> unpack(const SampleRelease &release, const QByteArray &package,
                        const QString &ending) const;
    void verifyNothingLeft() const;
    // A file in a folder for packing; false where this system cannot have it.
    bool makeFile(const QByteArray &name) const;

    std::unique_ptr<QTemporaryDir> m_directory;
};

namespace {

const QStringList systems = {u"linux"_s, u"macos"_s, u"windows"_s};
const QStringList endings = {u"tar.gz"_s, u"zip"_s};

SampleRelease releaseFor(const QString &os)
{
    SampleRelease release = SampleRelease::minimal();
    release.os = os.toStdString();
    return release;
}

void addWithFolders(SampleRelease &release, const QByteArray &name)
{
    for (auto slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
        const QByteArray folder = name.left(slash);
        const bool isThere = std::any_of(release.files.begin(), release.files.end(),
                                         [&](const auto &file) { return file.path == folder; });
        if (!isThere)
            release.add({EntryType::Directory, 0755, folder, {}, {}});
    }
    release.add({EntryType::File, 0644, name, {}, {}});
}

QByteArray packageWith(const SampleRelease &release, const QList<QByteArray> &names,
                       const QString &ending)
{
    QList<TarEntry> tar = release.tarEntries();
    QList<ZipEntry> zip = release.zipEntries();
    for (const QByteArray &name : names) {
        tar.append({name, '0'});
        ZipEntry entry;
        entry.name = name;
        zip.append(entry);
    }
    return ending == u"zip"_s ? makeZip(zip) : compressed(makeTar(tar), KCompressionDevice::GZip);
}

} // namespace

void TestArchiveNames::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

Result<void> TestArchiveNames::unpack(const SampleRelease &release, const QByteArray &package,
                                      const QString &ending) const
{
    const QString file = path(u"sample."_s + ending);
    writeTestFile(file, package);
    auto unpacked = unpackPackage(file, release.manifest(), release.manifestText(),
                                  release.signature, path(u"tree"_s));
    QFile::remove(file);
    return unpacked;
}

void TestArchiveNames::verifyNothingLeft() const
{
    const auto all = QDir::NoDotAndDotDot | QDir::AllEntries | QDir::Hidden | QDir::System;
    QCOMPARE(QDir(m_directory->path()).entryList(all), QStringList());
}

void TestArchiveNames::acc053_vuln054_sameVerdictInEveryArchive()
{
    QFETCH(QByteArray, name);
    QFETCH(QStringList, systems);
    for (const QString &os : ::systems) {
        for (const QString &ending : endings) {
            SampleRelease release = releaseFor(os);
            if (!systems.contains(os)) {
                const QByteArray package = packageWith(release, {name}, ending);
                // A tar ends a name at its first NUL, which leaves another name: not listed.
                const bool isCut = name.contains('\0') && ending != u"zip"_s;
                const auto unpacked = unpack(release, package, ending);
                VERIFY_ERROR(unpacked, isCut ? ErrorCode::MANIFEST : ErrorCode::ARCHIVE_NAME);
                if (!isCut)
                    QVERIFY(unpacked.error().message.find(Trust::escaped(toView(name)))
                            != std::string::npos);
                verifyNothingLeft();
                continue;
            }
            addWithFolders(release, name);
            VERIFY_RESULT(Trust::Manifest::parse(release.manifestText()));
            VERIFY_RESULT(unpack(release, release.package(ending), ending));
            VERIFY_RESULT(Trust::requireTree(toPath(path(u"tree"_s)), release.manifest()));
            VERIFY_RESULT(Platform::removeTree(toPath(path(u"tree"_s))));
        }
    }
}

bool TestArchiveNames::makeFile(const QByteArray &name) const
{
    // What can only stand in an archive.
    for (const QByteArray &part : name.split('/')) {
        if (part.isEmpty() || part == "." || part == ".." || part.contains('\0'))
            return false;
    }
    std::error_code error;
    const fs::path file = toPath(path(u"packed"_s)) / std::string(toView(name));
    fs::create_directories(file.parent_path(), error);
    std::ofstream(file) << "content";
    return fs::exists(file, error);
}

void TestArchiveNames::acc106_sameVerdictWhenPacked()
{
    QFETCH(QByteArray, name);
    QFETCH(QStringList, systems);
    makeTree(path(u"packed"_s));
    if (!makeFile(name))
        return;
    for (const QString &os : ::systems) {
        PackRequest request = packRequest(path(u"packed"_s), path(u"a.tar.gz"_s));
        request.os = os;
        const auto packed = packTree(request, testKey());
        QCOMPARE(packed.has_value(), systems.contains(os));
        if (!packed)
            VERIFY_ERROR(packed, ErrorCode::ARCHIVE_NAME);
        QCOMPARE(QFile::remove(request.package), packed.has_value());
    }
}

void TestArchiveNames::acc053_twins_data()
{
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");
    const auto row = [](const char *title, const QByteArray &one, const QByteArray &other) {
        QTest::newRow(title) << one << other;
    };
    row("case", "Read me", "read ME");
    row("composition", "caf\u00e9", "cafe\u0301");
    row("sharp s", "stra\u00dfe", "STRASSE");
    row("Kelvin sign", "\u212a", "k");
    row("cannot be seen", "a\u200bb", "ab");
    row("case of a folder", "share/Data/one", "share/data/two");
    row("case of the first folder", "Extra/one", "extra/two");
}

void TestArchiveNames::acc053_twins()
{
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);
    for (const QString &ending : endings) {
        for (const char *os : {"macos", "windows"}) {
            const SampleRelease release = releaseFor(QLatin1String(os));
            VERIFY_ERROR(unpack(release, packageWith(release, {one, other}, ending), ending),
                         ErrorCode::ARCHIVE_NAME);
            verifyNothingLeft();
        }
        SampleRelease release = releaseFor(u"linux"_s);
        addWithFolders(release, one);
        addWithFolders(release, other);
        VERIFY_RESULT(unpack(release, release.package(ending), ending));
        VERIFY_RESULT(Trust::requireTree(toPath(path(u"tree"_s)), release.manifest()));
        VERIFY_RESULT(Platform::removeTree(toPath(path(u"tree"_s))));
    }
}

void TestArchiveNames::acc106_twins()
{
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);
    makeTree(path(u"packed"_s));
    QVERIFY(makeFile(one) && makeFile(other));
    for (const QString &os : systems) {
        PackRequest request = packRequest(path(u"packed"_s), path(u"a.tar.gz"_s));
        request.os = os;
        const auto packed = packTree(request, testKey());
        if (os == u"linux"_s)
            VERIFY_RESULT(packed);
        else
            VERIFY_ERROR(packed, ErrorCode::MANIFEST);
    }
}

// Packages without a manifest, whose folders need not be listed.
void TestArchiveNames::acc053_plainTwins()
{
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);
    for (const QString &os : systems) {
        PlainPackage package;
        package.file = path(u"plain.zip"_s);
        package.os = os.toStdString();
        package.executable = "bin/app";
        ZipEntry entry;
        entry.name = one;
        ZipEntry second;
        second.name = other;
        writeTestFile(package.file, makeZip({entry, second}));
        const auto unpacked = unpackPlainPackage(package, path(u"tree"_s));
        if (os == u"linux"_s)
            VERIFY_RESULT(unpacked);
        else
            VERIFY_ERROR(unpacked, ErrorCode::ARCHIVE_NAME);
        VERIFY_RESULT(Platform::removeTree(toPath(path(u"tree"_s))));
    }
}

QTEST_GUILESS_MAIN(TestArchiveNames)
#include "tst_archivenames.moc"
