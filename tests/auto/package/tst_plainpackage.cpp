// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/convert.h"
#include "lib/package/bundleversion.h"
#include "lib/package/plainpackagereader.h"

#include "tests/support/resultcheck.h"
#include "tests/support/samplerelease.h"

#include "updater-helper/trust/treecheck.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Platform::EntryType;

// Packages as any archiver makes them.
class TestPlainPackage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tellsWhatIsThere_data();
    void tellsWhatIsThere();
    void folderAround_data();
    void folderAround();
    void foldersNeedNotBeListed_data();
    void foldersNeedNotBeListed();
    void modesAreTwo_data();
    void modesAreTwo();
    void acc054_belowWhatIsNoFolder_data();
    void acc054_belowWhatIsNoFolder();
    void acc054_linkOutOfTheFolderAround();
    void acc055_largerThanAllowed_data();
    void acc055_largerThanAllowed();
    void tooManyEntries();
    void roomIsAskedForFirst();
    void progressCanStop();
    void bundleVersions_data();
    void bundleVersions();

private:
    using Entries = std::vector<Trust::ManifestEntry>;
    Result<Entries> unpack(const QByteArray &package, const QString &ending);
    // The same entries in a tar or zip.
    Result<Entries> unpackAs(const QString &ending, const QList<SampleFile> &files);

    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_folder;
    PlainPackage m_package;
};

namespace {

void addKinds()
{
    QTest::addColumn<QString>("ending");
    QTest::newRow("tar") << u"tar"_s;
    QTest::newRow("zip") << u"zip"_s;
}

SampleFile makeFile(const QByteArray &path, std::uint32_t mode = 0644)
{
    return {EntryType::File, mode, path, "content of " + path, {}};
}

SampleFile makeFolder(const QByteArray &path)
{
    return {EntryType::Directory, 0755, path, {}, {}};
}

SampleFile makeLink(const QByteArray &path, const QByteArray &target)
{
    return {EntryType::Link, 0777, path, {}, target};
}

QByteArray asTar(const QList<SampleFile> &files)
{
    QList<TarEntry> entries;
    for (const SampleFile &file : files) {
        const bool isFolder = file.type == EntryType::Directory;
        const char type = isFolder ? '5' : file.type == EntryType::Link ? '2' : '0';
        entries.append({isFolder ? file.path + '/' : file.path, type, file.content, file.target,
                        int(file.mode)});
    }
    return makeTar(entries);
}

QByteArray asZip(const QList<SampleFile> &files)
{
    QList<ZipEntry> entries;
    for (const SampleFile &file : files) {
        ZipEntry entry;
        const bool isFolder = file.type == EntryType::Directory;
        const bool isLink = file.type == EntryType::Link;
        entry.name = isFolder ? file.path + '/' : file.path;
        entry.content = isLink ? file.target : file.content;
        entry.isDeflated = file.type == EntryType::File;
        entry.mode = (isFolder ? 0040000 : isLink ? 0120000 : 0100000) | file.mode;
        entries.append(entry);
    }
    return makeZip(entries);
}

} // namespace

void TestPlainPackage::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_folder = m_directory->filePath(u"tree"_s);
    m_package = {};
    m_package.os = "linux";
    m_package.executable = "bin/app";
}

Result<TestPlainPackage::Entries> TestPlainPackage::unpack(const QByteArray &package,
                                                           const QString &ending)
{
    m_package.file = m_directory->filePath(u"sample."_s + ending);
    writeTestFile(m_package.file, package);
    auto entries = unpackPlainPackage(m_package, m_folder);
    if (!entries && QFile::exists(m_folder))
        qFatal("something is left of a package that was refused");
    return entries;
}

Result<TestPlainPackage::Entries> TestPlainPackage::unpackAs(const QString &ending,
                                                             const QList<SampleFile> &files)
{
    return unpack(ending == u"zip"_s ? asZip(files) : asTar(files), ending);
}

void TestPlainPackage::tellsWhatIsThere_data()
{
    addKinds();
}

void TestPlainPackage::tellsWhatIsThere()
{
    QFETCH(QString, ending);
    const auto entries = unpackAs(ending,
                                  {makeFile("top/bin/app", 0755), makeFolder("top"),
                                   makeLink("top/lib/libx.so", "libx.so.1"),
                                   makeFolder("top/empty"), makeFile("top/lib/libx.so.1")});
    VERIFY_RESULT(entries);
    Trust::Manifest manifest;
    manifest.os = "linux";
    manifest.entries = *entries;
    VERIFY_RESULT(Trust::requireTree(toPath(m_folder), manifest));
    QCOMPARE(entries->size(), std::size_t(6));
}

void TestPlainPackage::folderAround_data()
{
    QTest::addColumn<QList<QByteArray>>("names");
    QTest::addColumn<QByteArray>("program");
    const auto row = [](const char *name, const QList<QByteArray> &names,
                        const QByteArray &program) { QTest::newRow(name) << names << program; };
    row("around everything", {"app-2.0/bin/app", "app-2.0/readme"}, "bin/app");
    row("nothing around", {"bin/app", "readme"}, "bin/app");
    row("two folders", {"app-2.0/bin/app", "other/readme"}, "app-2.0/bin/app");
    row("a file beside", {"app-2.0/bin/app", "readme"}, "app-2.0/bin/app");
    row("the program's own folder", {"bin/app", "bin/tool"}, "bin/app");
    row("a dot around everything", {"./bin/app", "./readme"}, "bin/app");
    row("a folder in a dot", {"./app-2.0/bin/app"}, "bin/app");
    row("a name that begins alike", {"app/bin/app", "app-2.0/readme"}, "app/bin/app");
}

void TestPlainPackage::folderAround()
{
    QFETCH(QList<QByteArray>, names);
    QFETCH(QByteArray, program);
    QList<SampleFile> files;
    for (const QByteArray &name : names)
        files.append(makeFile(name));
    VERIFY_RESULT(unpackAs(u"tar"_s, files));
    QVERIFY(QFile::exists(m_folder + u'/' + QString::fromUtf8(program)));
}

void TestPlainPackage::foldersNeedNotBeListed_data()
{
    addKinds();
}

void TestPlainPackage::foldersNeedNotBeListed()
{
    QFETCH(QString, ending);
    const auto entries = unpackAs(ending, {makeFile("bin/app"), makeFile("share/pages/en/one")});
    VERIFY_RESULT(entries);
    QStringList paths;
    for (const auto &entry : *entries)
        paths.append(toQString(entry.path));
    QCOMPARE(paths.join(u' '),
             u"bin bin/app share share/pages share/pages/en share/pages/en/one"_s);
}

void TestPlainPackage::modesAreTwo_data()
{
    addKinds();
}

void TestPlainPackage::modesAreTwo()
{
    QFETCH(QString, ending);
    const auto entries = unpackAs(
        ending,
        {makeFile("a", 04755), makeFile("b", 0700), makeFile("c", 0666), makeFile("d", 0055)});
    VERIFY_RESULT(entries);
    QList<std::uint32_t> modes;
    for (const auto &entry : *entries)
        modes.append(entry.mode);
    QCOMPARE(modes, (QList<std::uint32_t>{0755, 0755, 0644, 0644}));
}

void TestPlainPackage::acc054_belowWhatIsNoFolder_data()
{
    QTest::addColumn<QString>("ending");
    QTest::addColumn<bool>("isLink");
    QTest::addColumn<bool>("comesFirst");
    for (const char *ending : {"tar", "zip"}) {
        for (const bool isLink : {false, true}) {
            for (const bool comesFirst : {false, true})
                QTest::addRow("%s, %s, %s", ending, isLink ? "link" : "file",
                              comesFirst ? "first" : "last")
                    << QString::fromLatin1(ending) << isLink << comesFirst;
        }
    }
}

void TestPlainPackage::acc054_belowWhatIsNoFolder()
{
    QFETCH(QString, ending);
    QFETCH(bool, isLink);
    QFETCH(bool, comesFirst);
    const SampleFile noFolder = isLink ? makeLink("lib", "bin") : makeFile("lib");
    const SampleFile below = makeFile("lib/x");
    const auto entries = unpackAs(
        ending,
        {makeFile("bin/app"), comesFirst ? noFolder : below, comesFirst ? below : noFolder});
    // KArchive itself sees some of those whose folder is a file already.
    if (comesFirst && !entries && entries.error().code == ErrorCode::ARCHIVE)
        return;
    VERIFY_ERROR(entries, ErrorCode::ARCHIVE_NAME);
}

void TestPlainPackage::acc054_linkOutOfTheFolderAround()
{
    const auto entries = unpackAs(u"tar"_s,
                                  {makeFile("top/bin/app"), makeLink("top/out", "../else")});
    VERIFY_ERROR(entries, ErrorCode::ARCHIVE_NAME);
}

void TestPlainPackage::acc055_largerThanAllowed_data()
{
    addKinds();
}

void TestPlainPackage::acc055_largerThanAllowed()
{
    QFETCH(QString, ending);
    const QList<SampleFile> files = {makeFile("bin/app"), makeFile("bin/other")};
    m_package.maximumSize = quint64(files[0].content.size() + files[1].content.size());
    VERIFY_RESULT(unpackAs(ending, files));
    QDir(m_folder).removeRecursively();
    --m_package.maximumSize;
    VERIFY_ERROR(unpackAs(ending, files), ErrorCode::SIZE);
}

void TestPlainPackage::tooManyEntries()
{
    QByteArray tar;
    for (int i = 0; i < 200'003; ++i)
        tar += tarBytes({QByteArray::number(i), '0'});
    VERIFY_ERROR(unpack(tar + QByteArray(1024, '\0'), u"tar"_s), ErrorCode::ARCHIVE);
}

void TestPlainPackage::roomIsAskedForFirst()
{
    quint64 asked = 0;
    m_package.checkRoom = [&](quint64 size) -> Result<void> {
        asked = size;
        return failure(ErrorCode::NO_SPACE, "The disk is full.");
    };
    const SampleFile program = makeFile("bin/app");
    VERIFY_ERROR(unpackAs(u"tar"_s, {program}), ErrorCode::NO_SPACE);
    QCOMPARE(asked, quint64(program.content.size()));
}

void TestPlainPackage::progressCanStop()
{
    quint64 most = 0;
    m_package.progress = [&](quint64 bytes) {
        most = std::max(most, bytes);
        return bytes == 0;
    };
    const SampleFile program = makeFile("bin/app");
    VERIFY_ERROR(unpackAs(u"tar"_s, {program, makeFile("bin/other")}), ErrorCode::CANCELLED);
    QCOMPARE(most, quint64(program.content.size()));
}

void TestPlainPackage::bundleVersions_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("version");
    const QByteArray begin = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC "
                             "\"-//Apple//DTD PLIST 1.0//EN\" \"http://a.example/p.dtd\">\n"
                             "<plist version=\"1.0\">\n<dict>\n";
    const QByteArray version = "<key>CFBundleVersion</key>\n<string> 1.5 </string>";
    const QByteArray end = "</dict></plist>";
    const auto row = [&](const char *name, const QByteArray &inner, const QString &found) {
        QTest::newRow(name) << begin + inner + end << found;
    };
    row("alone", version, u"1.5"_s);
    row("behind others", "<key>A</key><dict><key>B</key><array><true/></array></dict>" + version,
        u"1.5"_s);
    row("in another dictionary", "<key>A</key><dict>" + version + "</dict>", {});
    row("as a value", "<key>A</key><string>CFBundleVersion</string>", {});
    row("no text", "<key>CFBundleVersion</key><integer>5</integer>", {});
    row("cut short", version.left(30), {});
    QTest::newRow("no property list") << QByteArray("bplist00\1\2") << QString();
    QTest::newRow("empty") << QByteArray() << QString();
}

void TestPlainPackage::bundleVersions()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, version);
    QCOMPARE(bundleVersion(text), version);
}

QTEST_GUILESS_MAIN(TestPlainPackage)
#include "tst_plainpackage.moc"
