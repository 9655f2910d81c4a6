// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/convert.h"
#include "lib/package/packagereader.h"

#include "tests/support/resultcheck.h"
#include "tests/support/samplerelease.h"

#include "updater-helper/trust/text.h"
#include "updater-helper/trust/treecheck.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;
using Platform::EntryType;

// Zip packages that somebody made with ill intent, one attack per row. Each is refused whole: no
// folder is left, and nothing is written beside it.
class TestHostileZip : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void honestVariantsAreAccepted_data();
    void honestVariantsAreAccepted();
    void acc053_vuln051_vuln055_names_data();
    void acc053_vuln051_vuln055_names();
    void acc054_h14_kinds_data();
    void acc054_h14_kinds();
    void acc054_links_data();
    void acc054_links();
    void acc055_h15_moreThanItSays();
    void acc055_h15_overlap();
    void acc055_h15_quotedOverlap();
    void acc055_h15_nestedArchives();
    void acc056_h16_headersDisagree_data();
    void acc056_h16_headersDisagree();
    void acc056_unknownFeatures_data();
    void acc056_unknownFeatures();
    void acc056_h16_aroundTheArchive_data();
    void acc056_h16_aroundTheArchive();
    void acc058_noContent();
    void acc039_notAsListed_data();
    void acc039_notAsListed();
    void section8_silentlyRepaired_data();
    void section8_silentlyRepaired();
    void section8_wrongContent();

private:
    Result<void> unpack(const QByteArray &zip);
    void refuse(const QByteArray &zip, ErrorCode code, const QByteArray &said = {});

    SampleRelease m_release;
    std::unique_ptr<QTemporaryDir> m_directory;
};

namespace {

ZipEntry entryOf(const QByteArray &name, quint32 mode = 0100644)
{
    ZipEntry entry;
    entry.name = name;
    entry.mode = mode;
    return entry;
}

ZipEntry linkTo(const QByteArray &target)
{
    ZipEntry entry = entryOf("ln", 0120777);
    entry.content = target;
    entry.isDeflated = false;
    return entry;
}

} // namespace

void TestHostileZip::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_release = SampleRelease::minimal();
}

Result<void> TestHostileZip::unpack(const QByteArray &zip)
{
    const QString package = m_directory->filePath(QStringLiteral("evil.zip"));
    writeTestFile(package, zip);
    return unpackPackage(package, m_release.manifest(), m_release.manifestText(),
                         m_release.signature, m_directory->filePath(QStringLiteral("tree")));
}

void TestHostileZip::refuse(const QByteArray &zip, ErrorCode code, const QByteArray &said)
{
    const auto result = unpack(zip);
    VERIFY_ERROR(result, code);
    QVERIFY2(QByteArray::fromStdString(result.error().message).contains(said),
             result.error().message.c_str());
    QCOMPARE(QDir(m_directory->path())
                 .entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::Hidden | QDir::System),
             QStringList{QStringLiteral("evil.zip")});
}

void TestHostileZip::honestVariantsAreAccepted_data()
{
    QTest::addColumn<QList<ZipEntry>>("entries");
    const QList<ZipEntry> good = SampleRelease::minimal().zipEntries();
    QTest::newRow("as packed") << good;
    QList<ZipEntry> entries = good;
    for (ZipEntry &entry : entries)
        entry.madeBy = 0;
    QTest::newRow("made on Windows") << entries;
    entries = good;
    for (ZipEntry &entry : entries)
        entry.isDeflated = false;
    QTest::newRow("stored") << entries;
    entries = good;
    for (ZipEntry &entry : entries) {
        entry.local = zipHeaderOf(entry);
        entry.local->extra = QByteArray("\xfe\xca\4\0some", 8);
        entry.central = zipHeaderOf(entry);
        entry.central->extra = QByteArray("\xfe\xca\0\0", 4);
        entry.local->flags = entry.central->flags = 0x0800;
    }
    QTest::newRow("extra fields and UTF-8 flag") << entries;
    for (const quint32 mode : {04755u, 02755u, 01777u, 06777u}) {
        entries = good;
        entries[3].mode = 0100000 | mode;
        QTest::addRow("h9 %o", mode) << entries;
    }
}

void TestHostileZip::honestVariantsAreAccepted()
{
    QFETCH(QList<ZipEntry>, entries);
    VERIFY_RESULT(unpack(makeZip(entries)));
    VERIFY_RESULT(Trust::requireTree(toPath(m_directory->filePath(QStringLiteral("tree"))),
                                     m_release.manifest()));
}

void TestHostileZip::acc053_vuln051_vuln055_names_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("os");
    const auto row = [](const char *title, const QByteArray &name, const char *os = "linux") {
        QTest::newRow(title) << name << QByteArray(os);
    };
    row("parent", "../evil");
    row("parent inside", "a/../../evil");
    row("dot", "./evil");
    row("absolute", "/evil");
    row("two slashes", "bin//evil");
    row("empty", "");
    row("slash alone", "/");
    row("slash at the end of a file", "evil/");
    row("backslash", "..\\evil");
    row("drive", "C:evil");
    row("network", "\\\\host\\share\\evil");
    row("escape", "evil\x1b[2J");
    row("NUL", QByteArray("evil\0.txt", 9));
    row("invalid UTF-8", "evil\xff\xfe");
    row("part of 256 bytes", QByteArray(256, 'n'));
    row("path of 1025 bytes", (QByteArray(204, 'n') + '/').repeated(5).chopped(1) + 'n');
    row("65 levels", QByteArray("a/").repeated(64) + "evil");
    row("stream on Windows", "app.exe:..\\evil", "windows");
    row("device on Windows", "aux", "windows");
    row("dot at the end on Windows", "evil.", "windows");
}

void TestHostileZip::acc053_vuln051_vuln055_names()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, os);
    m_release.os = os.toStdString();
    const QByteArray said = QByteArray::fromStdString(Trust::escaped(toView(name)));
    refuse(makeZip(m_release.zipEntries() << entryOf(name)), ErrorCode::ARCHIVE_NAME,
           '"' + said + '"');
}

void TestHostileZip::acc054_h14_kinds_data()
{
    QTest::addColumn<quint32>("mode");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("named pipe") << quint32(0010644) << QByteArray("ARCHIVE_NAME");
    QTest::newRow("character device") << quint32(0020644) << QByteArray("ARCHIVE_NAME");
    QTest::newRow("block device") << quint32(0060644) << QByteArray("ARCHIVE_NAME");
    QTest::newRow("socket") << quint32(0140644) << QByteArray("ARCHIVE_NAME");
    QTest::newRow("unknown") << quint32(0150644) << QByteArray("ARCHIVE_NAME");
    QTest::newRow("folder with a file's name") << quint32(0040755) << QByteArray("ARCHIVE");
}

void TestHostileZip::acc054_h14_kinds()
{
    QFETCH(quint32, mode);
    QFETCH(QByteArray, code);
    m_release.add({EntryType::File, 0644, "evil", {}, {}});
    QList<ZipEntry> entries = m_release.zipEntries();
    entries.last().mode = mode;
    refuse(makeZip(entries), errorCodeFromName(code.toStdString()));
}

void TestHostileZip::acc054_links_data()
{
    QTest::addColumn<ZipEntry>("evil");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("absolute") << linkTo("/etc/passwd") << QByteArray("ARCHIVE_NAME");
    QTest::newRow("out") << linkTo("../evil") << QByteArray("ARCHIVE_NAME");
    QTest::newRow("empty") << linkTo({}) << QByteArray("ARCHIVE_NAME");
    QTest::newRow("NUL") << linkTo(QByteArray("bin\0evil", 8)) << QByteArray("ARCHIVE_NAME");
    QTest::newRow("long") << linkTo(QByteArray("a/").repeated(3000)) << QByteArray("ARCHIVE");
    ZipEntry evil = linkTo("bin");
    evil.isDeflated = true;
    QTest::newRow("compressed") << evil << QByteArray("ARCHIVE");
    QTest::newRow("not listed") << linkTo("bin") << QByteArray("MANIFEST");
}

void TestHostileZip::acc054_links()
{
    QFETCH(ZipEntry, evil);
    QFETCH(QByteArray, code);
    refuse(makeZip(m_release.zipEntries() << evil), errorCodeFromName(code.toStdString()));
}

// The headers say what the manifest says; the compressed data goes on for 64 MiB.
void TestHostileZip::acc055_h15_moreThanItSays()
{
    QList<ZipEntry> entries = m_release.zipEntries();
    entries.last().content += QByteArray(64 << 20, '\0');
    ZipHeader header = zipHeaderOf(entries.last());
    header.size = quint32(m_release.files.last().content.size());
    entries.last().local = header;
    entries.last().central = header;
    refuse(makeZip(entries), ErrorCode::ARCHIVE);
    header.size += 1;
    entries.last().content = m_release.files.last().content;
    header.packedSize = zipHeaderOf(entries.last()).packedSize;
    m_release.files.last().content += '!';
    entries[0].content = QByteArray::fromStdString(m_release.manifestText());
    entries.last().local = header;
    entries.last().central = header;
    refuse(makeZip(entries), ErrorCode::ARCHIVE); // one byte less than it says
}

// Several entries that share their bytes, so that little unpacks to much.
void TestHostileZip::acc055_h15_overlap()
{
    QList<ZipEntry> entries = m_release.zipEntries();
    const qsizetype second = makeZip(entries).indexOf("PK\3\4", 1);
    entries.last().localOffset = quint32(second);
    refuse(makeZip(entries), ErrorCode::ARCHIVE, "overlap");
}

// The data of an entry is, in part, the header of the next one, and so on.
void TestHostileZip::acc055_h15_quotedOverlap()
{
    QList<ZipEntry> entries = m_release.zipEntries();
    ZipHeader quoting = zipHeaderOf(entries[0]);
    const QByteArray honest = makeZip(entries);
    const qsizetype second = honest.indexOf("PK\3\4", 1);
    quoting.packedSize += quint32(honest.indexOf("PK\3\4", second + 1) - second);
    entries[0].local = entries[0].central = quoting;
    refuse(makeZip(entries), ErrorCode::ARCHIVE, "overlap");
}

// Archives in the package are files like others: what they would unpack to does not matter.
void TestHostileZip::acc055_h15_nestedArchives()
{
    ZipEntry zeros = entryOf("zeros");
    zeros.content = QByteArray(16 << 20, '\0');
    QByteArray nested = makeZip({zeros});
    for (int level = 0; level < 5; ++level) {
        QList<ZipEntry> copies;
        for (char name = 'a'; name < 'q'; ++name) {
            copies << entryOf(QByteArray(1, name) + ".zip");
            copies.last().content = nested;
        }
        nested = makeZip(copies);
    }
    ZipEntry bomb = entryOf("bomb.zip");
    bomb.content = nested;
    refuse(makeZip(m_release.zipEntries() << bomb), ErrorCode::MANIFEST);
    m_release.add({EntryType::File, 0644, "bomb.zip", nested, {}});
    VERIFY_RESULT(unpack(makeZip(m_release.zipEntries())));
    VERIFY_RESULT(Trust::requireTree(toPath(m_directory->filePath(QStringLiteral("tree"))),
                                     m_release.manifest()));
}

void TestHostileZip::acc056_h16_headersDisagree_data()
{
    QTest::addColumn<QList<ZipEntry>>("entries");
    const auto row = [](const char *title, const auto &change) {
        QList<ZipEntry> entries = SampleRelease::minimal().zipEntries();
        ZipHeader local = zipHeaderOf(entries.last());
        change(local);
        entries.last().local = local;
        QTest::newRow(title) << entries;
    };
    row("name", [](ZipHeader &local) { local.name = "bin/epp"; });
    row("longer name", [](ZipHeader &local) { local.name = "bin/apple"; });
    row("size", [](ZipHeader &local) { local.size += 1; });
    row("packed size", [](ZipHeader &local) { local.packedSize -= 1; });
    row("method", [](ZipHeader &local) { local.method = 0; });
    row("checksum", [](ZipHeader &local) { local.checksum += 1; });
    row("flags", [](ZipHeader &local) { local.flags = 0x0800; });
    QList<ZipEntry> entries = SampleRelease::minimal().zipEntries();
    entries[3].localOffset = 0;
    QTest::newRow("offset") << entries;
    entries = SampleRelease::minimal().zipEntries();
    entries.insert(2, entryOf("hidden"));
    entries[2].isHidden = true;
    QTest::newRow("entry in local headers only") << entries;
    entries = SampleRelease::minimal().zipEntries() << entryOf("hidden");
    entries.last().isHidden = true;
    QTest::newRow("last entry in local headers only") << entries;
}

void TestHostileZip::acc056_h16_headersDisagree()
{
    QFETCH(QList<ZipEntry>, entries);
    refuse(makeZip(entries), ErrorCode::ARCHIVE);
}

void TestHostileZip::acc056_unknownFeatures_data()
{
    QTest::addColumn<QList<ZipEntry>>("entries");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char *title, const QByteArray &said, const auto &change) {
        QList<ZipEntry> entries = SampleRelease::minimal().zipEntries();
        ZipHeader header = zipHeaderOf(entries.last());
        change(header);
        entries.last().local = header;
        entries.last().central = header;
        QTest::newRow(title) << entries << said;
    };
    row("encrypted", "is encrypted", [](ZipHeader &header) { header.flags = 1; });
    row("strongly encrypted", "is encrypted", [](ZipHeader &header) { header.flags = 0x40; });
    row("headers encrypted", "is encrypted", [](ZipHeader &header) { header.flags = 0x2000; });
    row("sizes after the data", "its size", [](ZipHeader &header) { header.flags = 8; });
    row("patch data", "unknown kind", [](ZipHeader &header) { header.flags = 0x20; });
    row("bzip2", "in an unknown way", [](ZipHeader &header) { header.method = 12; });
    row("zstd", "in an unknown way", [](ZipHeader &header) { header.method = 93; });
    row("AES", "in an unknown way", [](ZipHeader &header) { header.method = 99; });
    row("Zip64 size", "4 GiB", [](ZipHeader &header) {
        header.size = 0xffffffff;
        header.extra = QByteArray("\1\0\x10\0", 4) + QByteArray(16, '\0');
    });
    row("stored with two sizes", "sizes", [](ZipHeader &header) { header.method = 0; });
    QList<ZipEntry> entries = SampleRelease::minimal().zipEntries();
    entries[3].disk = 1;
    QTest::newRow("on another disk") << entries << QByteArray("one part of several");
    entries = SampleRelease::minimal().zipEntries();
    entries[2].content = "a folder's content";
    QTest::newRow("folder with content") << entries << QByteArray("has content");
}

void TestHostileZip::acc056_unknownFeatures()
{
    QFETCH(QList<ZipEntry>, entries);
    QFETCH(QByteArray, said);
    refuse(makeZip(entries), ErrorCode::ARCHIVE, said);
}

void TestHostileZip::acc056_h16_aroundTheArchive_data()
{
    QTest::addColumn<QByteArray>("zip");
    QTest::addColumn<QByteArray>("said");
    const QByteArray good = makeZip(SampleRelease::minimal().zipEntries());
    const auto patched = [&](qsizetype fromEnd, const QByteArray &bytes) {
        return QByteArray(good).replace(good.size() - fromEnd, bytes.size(), bytes);
    };
    const auto marked = [&](const char *mark) {
        return QByteArray(good).replace(good.lastIndexOf(QByteArray(mark)), 2, "KP");
    };
    const QByteArray place = "not where it should be";
    const QByteArray end = "follows its end";
    const QByteArray parts = "one part of several";
    QTest::newRow("bytes in front") << "#!/bin/sh\n" + good << place;
    QTest::newRow("bytes behind") << good + "x" << end;
    QTest::newRow("comment") << patched(2, QByteArray("\4\0", 2)) + "evil" << end;
    QTest::newRow("second end record") << good + good.right(22) << place;
    QTest::newRow("second archive") << good + good << place;
    QTest::newRow("this is disk 1") << patched(18, QByteArray("\1\0", 2)) << parts;
    QTest::newRow("contents on disk 1") << patched(16, QByteArray("\1\0", 2)) << parts;
    QTest::newRow("fewer entries on this disk") << patched(14, QByteArray("\3\0", 2)) << parts;
    QTest::newRow("fewer entries")
        << patched(14, QByteArray("\3\0\3\0", 4)) << QByteArray("not list everything");
    QTest::newRow("more entries") << patched(14, QByteArray("\5\0\5\0", 4))
                                  << QByteArray("table of contents is damaged");
    QTest::newRow("smaller directory") << patched(10, QByteArray("\1", 1)) << place;
    QTest::newRow("directory at 0") << patched(6, QByteArray(4, '\0')) << place;
    QTest::newRow("Zip64 locator")
        << good.chopped(22) + QByteArray("PK\6\7", 4) + QByteArray(16, '\0') + good.right(22)
        << place;
    QTest::newRow("end without mark") << marked("PK\5\6") << QByteArray("not a zip archive");
    QTest::newRow("contents without mark")
        << marked("PK\1\2") << QByteArray("table of contents is damaged");
    QTest::newRow("entry without mark") << marked("PK\3\4") << place;
}

void TestHostileZip::acc056_h16_aroundTheArchive()
{
    QFETCH(QByteArray, zip);
    QFETCH(QByteArray, said);
    refuse(zip, ErrorCode::ARCHIVE, said);
}

void TestHostileZip::acc058_noContent()
{
    refuse({}, ErrorCode::ARCHIVE);
    refuse("<html>Please log in</html>", ErrorCode::ARCHIVE);
    refuse(makeZip({}), ErrorCode::MANIFEST);
}

void TestHostileZip::acc039_notAsListed_data()
{
    QTest::addColumn<QList<ZipEntry>>("entries");
    const QList<ZipEntry> good = SampleRelease::minimal().zipEntries();
    const auto without = [&](qsizetype index) {
        QList<ZipEntry> entries = good;
        entries.removeAt(index);
        return entries;
    };
    const auto withContent = [&](qsizetype index, const QByteArray &content) {
        QList<ZipEntry> entries = good;
        entries[index].content = content;
        return entries;
    };
    QTest::newRow("extra file") << good + QList{entryOf("extra")};
    QTest::newRow("extra folder") << good + QList{entryOf("extra/", 0040755)};
    QTest::newRow("no manifest") << without(0);
    QTest::newRow("no signature") << without(1);
    QTest::newRow("no folder") << without(2);
    QTest::newRow("no file") << without(3);
    QTest::newRow("other manifest")
        << withContent(0, QByteArray(good[0].content).replace("sample", "simple"));
    QTest::newRow("other signature")
        << withContent(1, QByteArray(good[1].content).replace("real", "reel"));
    QTest::newRow("other content")
        << withContent(3, QByteArray(good[3].content).replace("exit 0", "exit 1"));
    QTest::newRow("longer content") << withContent(3, good[3].content + '\n');
}

void TestHostileZip::acc039_notAsListed()
{
    QFETCH(QList<ZipEntry>, entries);
    refuse(makeZip(entries), ErrorCode::MANIFEST);
}

void TestHostileZip::section8_silentlyRepaired_data()
{
    QTest::addColumn<QList<ZipEntry>>("evil");
    const auto row = [](const char *title, const QList<ZipEntry> &evil) {
        QTest::newRow(title) << evil;
    };
    row("escaping name", {entryOf("../bin/extra")});
    row("absolute name", {entryOf("/bin/extra")});
    row("double name", {entryOf("bin/extra"), entryOf("bin/extra")});
    row("double folder", {entryOf("bin/extra"), entryOf("bin/", 0040755)});
    row("folder of a file's name", {entryOf("bin/extra"), entryOf("bin/extra/", 0040755)});
    row("device for an empty file", {entryOf("bin/extra", 0020644)});
}

// Archives that KArchive turns into a tree of the listed names and sizes.
void TestHostileZip::section8_silentlyRepaired()
{
    QFETCH(QList<ZipEntry>, evil);
    m_release.add({EntryType::File, 0644, "bin/extra", {}, {}});
    QList<ZipEntry> entries = m_release.zipEntries();
    QCOMPARE(entries.takeLast().name, QByteArray("bin/extra"));
    refuse(makeZip(entries + evil), ErrorCode::ARCHIVE_NAME);
}

// Stored data that does not fit its own checksum; KZip does not look.
void TestHostileZip::section8_wrongContent()
{
    QList<ZipEntry> entries = m_release.zipEntries();
    entries.last().isDeflated = false;
    QByteArray zip = makeZip(entries);
    zip.replace("exit 0", "exit 1");
    refuse(zip, ErrorCode::MANIFEST);
}

QTEST_GUILESS_MAIN(TestHostileZip)
#include "tst_hostilezip.moc"
