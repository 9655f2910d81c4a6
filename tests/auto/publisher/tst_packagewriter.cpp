// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/publisher/publishing.h"
#include "tests/support/resultcheck.h"

#include "lib/common/convert.h"
#include "lib/package/archivewriter.h"
#include "lib/package/packagereader.h"
#include "updater-helper/trust/treecheck.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTest>

#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

const QStringList kinds = {u".tar.zst"_s, u".tar.xz"_s, u".tar.gz"_s, u".zip"_s};

void addKindRows()
{
    QTest::addColumn<QString>("ending");
    for (const QString &kind : kinds)
        QTest::newRow(qPrintable(kind)) << kind;
}

} // namespace

class TestPackageWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void clientUnpacksWhatWasPacked_data() { addKindRows(); }
    void clientUnpacksWhatWasPacked();
    void manifestComesFirst_data() { addKindRows(); }
    void manifestComesFirst();
    void acc104_sameInputSameBytes_data() { addKindRows(); }
    void acc104_sameInputSameBytes();
    void stockToolsUnpack_data();
    void stockToolsUnpack();
    void treeStaysAsItIs();
    void oldFilesOfOursAreReplaced();
    void builtIsTheNewestFile();
    void builtIsSourceDateEpoch();
    void hardLinksBecomeFiles();
    void setuidIsDropped();
    void acc106_refusedTrees_data();
    void acc106_refusedTrees();
    void deviceIsRefused();
    void socketIsRefused();
    void acc099_secretKeyInTheTree();
    void refusedRequests_data();
    void refusedRequests();
    void targetInsideTheTree();
    void failedPackingLeavesNothing();
    void writeErrorsAreSeen_data() { addKindRows(); }
    void writeErrorsAreSeen();
    void writeErrorsAreRemembered();
    void baseNames();

private:
    QString path(const QString &name) const { return m_place->filePath(name); }
    QString tree() const { return path(u"tree"_s); }
    PackRequest request(const QString &package = u"a.tar.zst"_s) const
    {
        return packRequest(tree(), path(package));
    }
    Trust::Manifest manifest(const QString &base = u"a"_s) const;

    std::unique_ptr<QTemporaryDir> m_place;
};

void TestPackageWriter::init()
{
    qunsetenv("SOURCE_DATE_EPOCH");
    m_place = std::make_unique<QTemporaryDir>();
    makeTree(tree());
}

Trust::Manifest TestPackageWriter::manifest(const QString &base) const
{
    const QByteArray text = readWholeFile(path(base + u".manifest"_s));
    const QByteArray signature = readWholeFile(path(base + u".manifest.minisig"_s));
    const auto manifest = Trust::verifiedManifest(toView(text), toView(signature),
                                                  {testKey().publicKey()});
    if (!manifest)
        qFatal("%s", manifest.error().message.c_str());
    return *manifest;
}

void TestPackageWriter::clientUnpacksWhatWasPacked()
{
    QFETCH(QString, ending);
    VERIFY_RESULT(packTree(request(u"a"_s + ending), testKey()));
    const Trust::Manifest listed = manifest();
    QCOMPARE(listed.product, "org.example.notes");
    QCOMPARE(listed.version, "1.0");
    QCOMPARE(listed.executable, "bin/app");
    const QByteArray text = readWholeFile(path(u"a.manifest"_s));
    const QByteArray signature = readWholeFile(path(u"a.manifest.minisig"_s));
    VERIFY_RESULT(unpackPackage(path(u"a"_s + ending), listed, toView(text), toView(signature),
                                path(u"out"_s)));
    VERIFY_RESULT(Trust::requireTree(toPath(path(u"out"_s)), listed));
    QCOMPARE(readWholeFile(path(u"out/freshen.manifest"_s)), text);
    QCOMPARE(readWholeFile(path(u"out/freshen.manifest.minisig"_s)), signature);
    QCOMPARE(readWholeFile(path(u"out/share/text file.txt"_s)),
             readWholeFile(tree() + u"/share/text file.txt"_s));
    QCOMPARE(readWholeFile(path(u"out/lib/link"_s)), "long");
    QVERIFY(QFileInfo(path(u"out/lib/link"_s)).isSymLink());
    QVERIFY(QDir(path(u"out/empty"_s)).isEmpty());
    QVERIFY(QFileInfo(path(u"out/bin/app"_s)).isExecutable());
    const auto app = AppDescription::read(path(u"out"_s));
    VERIFY_RESULT(app);
    QCOMPARE(app->toJson(), request().description.toJson());
}

void TestPackageWriter::manifestComesFirst()
{
    QFETCH(QString, ending);
    VERIFY_RESULT(packTree(request(u"a"_s + ending), testKey()));
    const auto inner = readPackageManifest(path(u"a"_s + ending));
    VERIFY_RESULT(inner);
    QCOMPARE(inner->text, readWholeFile(path(u"a.manifest"_s)));
    QCOMPARE(inner->signature, readWholeFile(path(u"a.manifest.minisig"_s)));
}

// The second one is packed from a copy, in another second, and over an older package.
void TestPackageWriter::acc104_sameInputSameBytes()
{
    QFETCH(QString, ending);
    VERIFY_RESULT(packTree(request(u"a"_s + ending), testKey()));
    const auto copy = toPath(path(u"copy"_s));
    std::filesystem::copy(toPath(tree()), copy,
                          std::filesystem::copy_options::recursive
                              | std::filesystem::copy_options::copy_symlinks);
    for (const auto &entry : std::filesystem::recursive_directory_iterator(toPath(tree()))) {
        if (!entry.is_symlink())
            std::filesystem::last_write_time(
                copy / std::filesystem::relative(entry.path(), toPath(tree())),
                entry.last_write_time());
    }
    writeTextFile(path(u"b"_s + ending), QByteArray(100'000, 'x'));
    const qint64 second = QDateTime::currentSecsSinceEpoch();
    QTRY_VERIFY(QDateTime::currentSecsSinceEpoch() > second);
    VERIFY_RESULT(packTree(packRequest(path(u"copy"_s), path(u"b"_s + ending)), testKey()));
    QCOMPARE(readWholeFile(path(u"b"_s + ending)), readWholeFile(path(u"a"_s + ending)));
    QCOMPARE(readWholeFile(path(u"b.manifest"_s)), readWholeFile(path(u"a.manifest"_s)));
    QCOMPARE(readWholeFile(path(u"b.manifest.minisig"_s)),
             readWholeFile(path(u"a.manifest.minisig"_s)));
}

void TestPackageWriter::stockToolsUnpack_data()
{
    QTest::addColumn<QString>("ending");
    QTest::addColumn<QString>("program");
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("tar.gz") << u".tar.gz"_s << u"tar"_s << QStringList{u"-C"_s, u"OUT"_s, u"-xf"_s};
    QTest::newRow("tar.xz") << u".tar.xz"_s << u"tar"_s << QStringList{u"-C"_s, u"OUT"_s, u"-xf"_s};
    QTest::newRow("zip") << u".zip"_s << u"unzip"_s << QStringList{u"-q"_s, u"-d"_s, u"OUT"_s};
}

void TestPackageWriter::stockToolsUnpack()
{
    QFETCH(QString, ending);
    QFETCH(QString, program);
    QFETCH(QStringList, arguments);
    if (QStandardPaths::findExecutable(program).isEmpty())
        QSKIP("The command is not installed.");
    VERIFY_RESULT(packTree(request(u"a"_s + ending), testKey()));
    const QString out = path(u"out"_s);
    QDir().mkpath(out);
    const Finished unpacked = runProgram(
        program, arguments.replaceInStrings(u"OUT"_s, out) << path(u"a"_s + ending));
    QVERIFY2(unpacked.status == 0, unpacked.err.constData());
    VERIFY_RESULT(Trust::requireTree(toPath(out), manifest()));
}

void TestPackageWriter::treeStaysAsItIs()
{
    const auto before = Platform::listTree(toPath(tree()));
    VERIFY_RESULT(packTree(request(), testKey()));
    const auto after = Platform::listTree(toPath(tree()));
    VERIFY_RESULT(after);
    QCOMPARE(after->size(), before->size());
    QCOMPARE(QDir(m_place->path()).entryList(QDir::Files | QDir::Hidden),
             QStringList({u"a.manifest"_s, u"a.manifest.minisig"_s, u"a.tar.zst"_s}));
}

void TestPackageWriter::oldFilesOfOursAreReplaced()
{
    for (const char *name : {"freshen.json", "freshen.manifest", "freshen.manifest.minisig"})
        writeTextFile(tree() + u'/' + QString::fromLatin1(name), "old");
    VERIFY_RESULT(packTree(request(), testKey()));
    const Trust::Manifest listed = manifest();
    QVERIFY(!listed.find("freshen.manifest"));
    QVERIFY(!listed.find("freshen.manifest.minisig"));
    QVERIFY(listed.find("freshen.json"));
    QCOMPARE(listed.find("freshen.json")->size,
             std::uint64_t(request().description.toJson().size()));
    QCOMPARE(readWholeFile(tree() + u"/freshen.json"_s), "old");
}

void TestPackageWriter::builtIsTheNewestFile()
{
    using namespace std::chrono;
    const auto time = [](int seconds) {
        return file_clock::from_sys(sys_seconds(std::chrono::seconds(seconds)));
    };
    for (const auto &entry : std::filesystem::recursive_directory_iterator(toPath(tree()))) {
        if (entry.is_regular_file() && !entry.is_symlink())
            std::filesystem::last_write_time(entry.path(), time(1'000'000'000));
    }
    std::filesystem::last_write_time(toPath(tree() + u"/share/nothing"_s), time(1'700'000'000));
    VERIFY_RESULT(packTree(request(), testKey()));
    QCOMPARE(manifest().extra("built"), "2023-11-14T22:13:20Z");
}

void TestPackageWriter::builtIsSourceDateEpoch()
{
    qputenv("SOURCE_DATE_EPOCH", "0");
    VERIFY_RESULT(packTree(request(u"a.zip"_s), testKey()));
    QCOMPARE(manifest().extra("built"), "1970-01-01T00:00:00Z");
    qputenv("SOURCE_DATE_EPOCH", "yesterday");
    VERIFY_ERROR(packTree(request(u"b.zip"_s), testKey()), ErrorCode::CONFIG);
}

void TestPackageWriter::hardLinksBecomeFiles()
{
    std::filesystem::create_hard_link(toPath(tree() + u"/bin/app"_s),
                                      toPath(tree() + u"/bin/twin"_s));
    VERIFY_RESULT(packTree(request(), testKey()));
    const Trust::Manifest listed = manifest();
    QVERIFY(listed.find("bin/twin")->type == Platform::EntryType::File);
    QCOMPARE(listed.find("bin/twin")->sha256, listed.find("bin/app")->sha256);
}

void TestPackageWriter::setuidIsDropped()
{
    setMode(tree() + u"/bin/app"_s, 06777);
    setMode(tree() + u"/share"_s, 01777);
    VERIFY_RESULT(packTree(request(), testKey()));
    const Trust::Manifest listed = manifest();
    QCOMPARE(listed.find("bin/app")->mode, 0755u);
    QCOMPARE(listed.find("share")->mode, 0755u);
    QCOMPARE(listed.find("share/text file.txt")->mode, 0644u);
}

void TestPackageWriter::acc106_refusedTrees_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("target"); // of a link; empty: a file
    QTest::addColumn<QString>("os");
    QTest::newRow("backslash") << QByteArray("a\\b") << QByteArray() << u"linux"_s;
    QTest::newRow("newline") << QByteArray("a\nb") << QByteArray() << u"linux"_s;
    QTest::newRow("not UTF-8") << QByteArray("a\xff") << QByteArray() << u"linux"_s;
    QTest::newRow("absolute link") << QByteArray("a") << QByteArray("/etc/passwd") << u"linux"_s;
    QTest::newRow("link out") << QByteArray("a") << QByteArray("../a") << u"linux"_s;
    QTest::newRow("device name") << QByteArray("nul.txt") << QByteArray() << u"windows"_s;
    QTest::newRow("colon") << QByteArray("a:b") << QByteArray() << u"windows"_s;
}

void TestPackageWriter::acc106_refusedTrees()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, target);
    QFETCH(QString, os);
    const auto place = toPath(tree()) / name.constData();
    if (target.isEmpty())
        std::ofstream(place) << "content";
    else
        std::filesystem::create_symlink(target.constData(), place);
    PackRequest wanted = request();
    wanted.os = os;
    VERIFY_ERROR(packTree(wanted, testKey()), ErrorCode::ARCHIVE_NAME);
    QVERIFY(!QFileInfo::exists(wanted.package));
    QVERIFY(!QFileInfo::exists(path(u"a.manifest"_s)));
}

void TestPackageWriter::deviceIsRefused()
{
    QCOMPARE(::mkfifo(qPrintable(tree() + u"/pipe"_s), 0600), 0);
    VERIFY_ERROR(packTree(request(), testKey()), ErrorCode::ARCHIVE_NAME);
}

void TestPackageWriter::socketIsRefused()
{
    QCOMPARE(::mknod(qPrintable(tree() + u"/socket"_s), S_IFSOCK | 0600, 0), 0);
    VERIFY_ERROR(packTree(request(), testKey()), ErrorCode::ARCHIVE_NAME);
}

void TestPackageWriter::acc099_secretKeyInTheTree()
{
    writeTextFile(tree() + u"/share/notes.txt"_s, QByteArray::fromStdString(testKey().toText()));
    const auto packed = packTree(request(), testKey());
    VERIFY_ERROR(packed, ErrorCode::SECRET);
    QVERIFY(packed.error().message.find("share/notes.txt") != std::string::npos);
}

void TestPackageWriter::refusedRequests_data()
{
    QTest::addColumn<QByteArray>("member");
    QTest::addColumn<QString>("value");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const char *member, const QString &value,
                        ErrorCode code) {
        QTest::newRow(name) << QByteArray(member) << value << int(code);
    };
    row("product with a space", "product", u"my app"_s, ErrorCode::MANIFEST);
    row("no product", "product", {}, ErrorCode::CONFIG);
    row("no version", "version", {}, ErrorCode::CONFIG);
    row("version with a newline", "version", u"1\n2"_s, ErrorCode::MANIFEST);
    row("executable missing", "executable", u"bin/none"_s, ErrorCode::CONFIG);
    row("executable is a folder", "executable", u"bin"_s, ErrorCode::CONFIG);
    row("executable is a link", "executable", u"lib/link"_s, ErrorCode::CONFIG);
    row("executable without the bit", "executable", u"share/nothing"_s, ErrorCode::CONFIG);
    row("feed over http", "feed", u"http://example.org/a.xml"_s, ErrorCode::URL_SCHEME);
    row("feed over ftp", "feed", u"ftp://example.org/a.xml"_s, ErrorCode::URL_SCHEME);
    row("key of another", "publicKeys",
        toQString(std::string_view(testKey('b').publicKey().toSparkle())), ErrorCode::KEY);
    row("vuln016 no key at all", "publicKeys", u"key"_s, ErrorCode::KEY);
    row("os", "os", u"beos"_s, ErrorCode::CONFIG);
    row("arch", "arch", u"amd64"_s, ErrorCode::CONFIG);
    row("package ending", "package", u"a.rar"_s, ErrorCode::CONFIG);
    row("package without a name", "package", u".tar.zst"_s, ErrorCode::CONFIG);
    row("package in no folder", "package", u"none/a.tar.zst"_s, ErrorCode::IO);
    row("tree missing", "tree", u"none"_s, ErrorCode::IO);
    row("tree is a file", "tree", u"tree/bin/app"_s, ErrorCode::CONFIG);
}

void TestPackageWriter::refusedRequests()
{
    QFETCH(QByteArray, member);
    QFETCH(QString, value);
    QFETCH(int, code);
    PackRequest wanted = request();
    AppDescription &app = wanted.description;
    const QHash<QByteArray, QString *> members = {
        {"product", &app.product},    {"version", &app.version}, {"executable", &app.executable},
        {"feed", &app.feed},          {"os", &wanted.os},        {"arch", &wanted.arch},
        {"package", &wanted.package}, {"tree", &wanted.tree}};
    if (member == "publicKeys")
        app.publicKeys = {value};
    else
        *members.value(member) = member == "package" || member == "tree" ? path(value) : value;
    VERIFY_ERROR(packTree(wanted, testKey()), ErrorCode(code));
    QVERIFY(QDir(m_place->path()).entryList(QDir::Files | QDir::Hidden).isEmpty());
}

void TestPackageWriter::targetInsideTheTree()
{
    PackRequest wanted = request();
    for (const char *name : {"tree/a.tar.zst", "tree/bin/a.tar.zst"}) {
        wanted.package = path(QString::fromLatin1(name));
        VERIFY_ERROR(packTree(wanted, testKey()), ErrorCode::CONFIG);
    }
    QDir().mkpath(path(u"tree2"_s));
    VERIFY_RESULT(packTree(request(u"tree2/a.tar.zst"_s), testKey()));
}

void TestPackageWriter::failedPackingLeavesNothing()
{
    VERIFY_RESULT(packTree(request(), testKey()));
    const QByteArray before = readWholeFile(path(u"a.tar.zst"_s));
    std::filesystem::create_symlink("/etc", toPath(tree() + u"/z"_s));
    VERIFY_ERROR(packTree(request(), testKey()), ErrorCode::ARCHIVE_NAME);
    QCOMPARE(readWholeFile(path(u"a.tar.zst"_s)), before);
    QCOMPARE(QDir(m_place->path()).entryList(QDir::Files | QDir::Hidden).size(), 3);
}

// A limit on the size of files makes writes fail as a full disk would.
void TestPackageWriter::writeErrorsAreSeen()
{
    QFETCH(QString, ending);
    QByteArray noise(300'000, '\0');
    quint32 state = 1;
    for (char &byte : noise) {
        state = state * 1664525 + 1013904223;
        byte = char(state >> 24);
    }
    writeTextFile(tree() + u"/share/noise"_s, noise);
    const QString key = path(u"test.key"_s);
    writeTextFile(key, QByteArray::fromStdString(testKey().toText()), 0600);
    const QString script = u"trap '' XFSZ; ulimit -f 200; exec \"$0\" pack --json --product a.b "
                           "--version 1 --executable bin/app --feed https://example.org/a.xml "
                           "--key \"$1\" \"$2\" \"$3\""_s;
    const Finished packed = runProgram(u"sh"_s,
                                       {u"-c"_s, script,
                                        QStringLiteral(FRESHEN_BUILD_BIN "/freshen-appcast"), key,
                                        tree(), path(u"a"_s + ending)});
    QCOMPARE(packed.status, 1);
    QCOMPARE(packed.errorCode(), u"IO"_s);
    QCOMPARE(QDir(m_place->path()).entryList(QDir::Files | QDir::Hidden),
             QStringList{u"test.key"_s});
}

// KZip does not look at how its last write for an entry went.
void TestPackageWriter::writeErrorsAreRemembered()
{
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit = {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &limit), 0);
    const rlim_t usual = limit.rlim_cur;
    const QByteArray content = "a few words";
    CheckedFile file(path(u"a.zip"_s));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
    const auto archive = ArchiveWriter::create(u"a.zip"_s, &file,
                                               QDateTime::fromSecsSinceEpoch(0, Qt::UTC));
    Trust::ManifestEntry entry;
    entry.path = "file";
    entry.size = std::uint64_t(content.size());
    QVERIFY(archive->addEntry(entry));
    QVERIFY(archive->write(toBytes(content)));
    QVERIFY(!file.hasFailed());
    limit.rlim_cur = rlim_t(file.size());
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    archive->endFile();
    limit.rlim_cur = usual;
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    archive->finish();
    QVERIFY(file.hasFailed());
}

void TestPackageWriter::baseNames()
{
    QCOMPARE(packageBaseName(u"a-1.0.tar.zst"_s), u"a-1.0"_s);
    QCOMPARE(packageBaseName(u"a-1.0.tar.xz"_s), u"a-1.0"_s);
    QCOMPARE(packageBaseName(u"a-1.0.tar.gz"_s), u"a-1.0"_s);
    QCOMPARE(packageBaseName(u"a-1.0.zip"_s), u"a-1.0"_s);
    QCOMPARE(packageBaseName(u"a-1.0.manifest"_s), QString());
    QCOMPARE(packageBaseName(u"a-1.0.tar"_s), QString());
    QCOMPARE(packageBaseName(u".zip"_s), QString());
}

QTEST_GUILESS_MAIN(TestPackageWriter)
#include "tst_packagewriter.moc"
