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

// Tar packages that somebody made with ill intent, one attack per row. Each is refused whole: no
// folder is left, and nothing is written beside it.
class TestHostileTar : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void acc053_vuln051_vuln055_names_data();
    void acc053_vuln051_vuln055_names();
    void acc054_vuln053_h14_kinds_data();
    void acc054_vuln053_h14_kinds();
    void acc054_h13_links_data();
    void acc054_h13_links();
    void acc054_vuln052_entryBelowLink_data();
    void acc054_vuln052_entryBelowLink();
    void acc055_h15_zeros();
    void acc055_h15_hugeSizes_data();
    void acc055_h15_hugeSizes();
    void acc056_h16_brokenHeaders_data();
    void acc056_h16_brokenHeaders();
    void acc056_longNames_data();
    void acc056_longNames();
    void acc058_noContent_data();
    void acc058_noContent();
    void acc039_notAsListed_data();
    void acc039_notAsListed();
    void section8_silentlyRepaired_data();
    void section8_silentlyRepaired();
    void h9_modes_data();
    void h9_modes();
    void h9_attributes();
    void h17_ownerIsIgnored();
    void acc055_h15_sparse();
    void vuln053_hardLinkWithContent();

private:
    void refuse(const QList<TarEntry> &entries, ErrorCode code, const QByteArray &said = {});
    void refuseBytes(const QByteArray &tar, ErrorCode code, const QByteArray &said = {});
    void accept(const QList<TarEntry> &entries);

    SampleRelease m_release;
    std::unique_ptr<QTemporaryDir> m_directory;
};

namespace {

QByteArray escapedName(const QByteArray &name)
{
    return QByteArray::fromStdString(Trust::escaped(toView(name)));
}

TarEntry entryOf(const QByteArray &name, char type = '0', const QByteArray &target = {})
{
    TarEntry entry;
    entry.name = name;
    entry.type = type;
    entry.target = target;
    return entry;
}

} // namespace

void TestHostileTar::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_release = SampleRelease::minimal();
}

void TestHostileTar::refuse(const QList<TarEntry> &entries, ErrorCode code, const QByteArray &said)
{
    refuseBytes(makeTar(entries), code, said);
}

void TestHostileTar::refuseBytes(const QByteArray &tar, ErrorCode code, const QByteArray &said)
{
    const QString package = m_directory->filePath(QStringLiteral("evil.tar.gz"));
    const QString folder = m_directory->filePath(QStringLiteral("tree"));
    writeTestFile(package, compressed(tar, KCompressionDevice::GZip));
    const auto result = unpackPackage(package, m_release.manifest(), m_release.manifestText(),
                                      m_release.signature, folder);
    VERIFY_ERROR(result, code);
    QVERIFY2(QByteArray::fromStdString(result.error().message).contains(said),
             result.error().message.c_str());
    QCOMPARE(QDir(m_directory->path())
                 .entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::Hidden | QDir::System),
             QStringList{QStringLiteral("evil.tar.gz")});
}

void TestHostileTar::acc053_vuln051_vuln055_names_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("os");
    const auto row = [](const char *title, const QByteArray &name, const char *os = "linux") {
        QTest::newRow(title) << name << QByteArray(os);
    };
    row("parent", "../evil");
    row("parent alone", "..");
    row("parent inside", "a/../../evil");
    row("parent that stays inside", "bin/../evil");
    row("parent at the end", "bin/..");
    row("dot", "./evil");
    row("dot alone", ".");
    row("absolute", "/evil");
    row("two slashes", "bin//evil");
    row("two slashes in front", "//evil");
    row("slash at the end of a file", "evil/");
    row("empty", "");
    row("backslash", "..\\evil");
    row("drive", "C:evil");
    row("drive and slash", "c:/evil");
    row("newline", "evil\nname");
    row("escape", "evil\x1b[2J");
    row("delete", "evil\x7f");
    row("invalid UTF-8", "evil\xff\xfe");
    row("overlong UTF-8", "\xc0\xae\xc0\xae/evil");
    row("surrogate", "evil\xed\xa0\x80");
    row("part of 256 bytes", QByteArray(256, 'n'));
    row("path of 1025 bytes", (QByteArray(204, 'n') + '/').repeated(5).chopped(1) + 'n');
    row("65 levels", QByteArray("a/").repeated(64) + "evil");
    row("network", "\\\\host\\share\\evil");
    row("raw device", "\\\\?\\C:\\evil");
    row("stream that leads up", "a.txt:..\\evil");
    row("stream on Windows", "app.exe:evil", "windows");
    row("device on Windows", "nul.txt", "windows");
    row("device with superscript", "COM\xc2\xb9", "windows");
    row("dot at the end on Windows", "evil.", "windows");
    row("space at the end on Windows", "evil ", "windows");
    row("short name on Windows", "PROGRA~1", "windows");
}

void TestHostileTar::acc053_vuln051_vuln055_names()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, os);
    m_release.os = os.toStdString();
    QList<TarEntry> entries = m_release.tarEntries();
    entries.append(entryOf(name));
    refuse(entries, ErrorCode::ARCHIVE_NAME, '"' + escapedName(name) + '"');
    // The same as a folder, and before everything else.
    entries.prepend(entryOf(name + '/', '5'));
    refuse(entries, ErrorCode::ARCHIVE_NAME, '"' + escapedName(name) + '"');
}

void TestHostileTar::acc054_vuln053_h14_kinds_data()
{
    QTest::addColumn<char>("type");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("hard link") << '1' << QByteArray("is a hard link");
    QTest::newRow("character device") << '3' << QByteArray("is a device");
    QTest::newRow("block device") << '4' << QByteArray("is a device");
    QTest::newRow("named pipe") << '6' << QByteArray("is a named pipe");
    QTest::newRow("contiguous file") << '7' << QByteArray("is of an unknown kind");
    QTest::newRow("sparse file") << 'S' << QByteArray("is a sparse file");
    QTest::newRow("extended header") << 'x' << QByteArray("is an extended header");
    QTest::newRow("global extended header") << 'g' << QByteArray("is an extended header");
    QTest::newRow("dumped folder") << 'D' << QByteArray("is of an unknown kind");
    QTest::newRow("continued file") << 'M' << QByteArray("is of an unknown kind");
    QTest::newRow("volume name") << 'V' << QByteArray("is of an unknown kind");
    QTest::newRow("unknown") << 'Z' << QByteArray("is of an unknown kind");
}

void TestHostileTar::acc054_vuln053_h14_kinds()
{
    QFETCH(char, type);
    QFETCH(QByteArray, said);
    TarEntry evil = entryOf("evil", type, "bin/app");
    refuse(m_release.tarEntries() << evil, ErrorCode::ARCHIVE_NAME, "\"evil\" " + said);
    // Even when the manifest lists a file of that name and size.
    m_release.add({EntryType::File, 0644, "evil", {}, {}});
    QList<TarEntry> entries = m_release.tarEntries();
    entries.last() = evil;
    refuse(entries, ErrorCode::ARCHIVE_NAME, "\"evil\" " + said);
}

void TestHostileTar::acc054_h13_links_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("absolute") << QByteArray("/etc/passwd");
    QTest::newRow("parent") << QByteArray("..");
    QTest::newRow("out") << QByteArray("../evil");
    QTest::newRow("out later") << QByteArray("bin/../../evil");
    QTest::newRow("out through another link") << QByteArray("bin/../bin");
    QTest::newRow("far out") << QByteArray("../../../../../../../etc");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("newline") << QByteArray("bin\nevil");
    QTest::newRow("invalid UTF-8") << QByteArray("bin\xff");
    QTest::newRow("drive") << QByteArray("C:/evil");
    QTest::newRow("backslash") << QByteArray("..\\evil");
    QTest::newRow("long") << QByteArray("a/").repeated(600) + "b";
}

void TestHostileTar::acc054_h13_links()
{
    QFETCH(QByteArray, target);
    refuse(m_release.tarEntries() << entryOf("ln", '2', target), ErrorCode::ARCHIVE_NAME,
           "\"ln\" is a link whose target ");
}

void TestHostileTar::acc054_vuln052_entryBelowLink_data()
{
    QTest::addColumn<bool>("isLinkFirst");
    QTest::newRow("link first") << true;
    QTest::newRow("link last") << false;
}

// The name of a listed link is used as a folder, or as a file that is written through.
void TestHostileTar::acc054_vuln052_entryBelowLink()
{
    QFETCH(bool, isLinkFirst);
    m_release.add({EntryType::Link, 0777, "ln", {}, "bin"});
    const TarEntry link = entryOf("ln", '2', "bin");
    for (const QByteArray name : {"ln/app", "ln/evil", "LN/evil"}) {
        QList<TarEntry> entries = m_release.tarEntries();
        entries.removeLast();
        entries << (isLinkFirst ? link : entryOf(name)) << (isLinkFirst ? entryOf(name) : link);
        refuse(entries, ErrorCode::MANIFEST, '"' + name + '"');
    }
    QList<TarEntry> entries = m_release.tarEntries();
    entries << entryOf("ln");
    refuse(entries, ErrorCode::ARCHIVE_NAME, "\"ln\" is there twice");
}

// 64 MiB of zeros, as an entry and after the end. Compressed they are small.
void TestHostileTar::acc055_h15_zeros()
{
    TarEntry evil = entryOf("evil");
    evil.content = QByteArray(64 << 20, '\0');
    refuse(m_release.tarEntries() << evil, ErrorCode::SIZE, "more than its manifest lists");
    refuseBytes(makeTar(m_release.tarEntries()) + evil.content, ErrorCode::SIZE,
                "more than its manifest lists");
}

void TestHostileTar::acc055_h15_hugeSizes_data()
{
    QTest::addColumn<QByteArray>("size");
    QTest::newRow("8 GiB") << QByteArray("77777777777");
    QTest::newRow("64 GiB in twelve digits") << QByteArray("777777777777");
    QTest::newRow("1 TiB in base 256") << QByteArray("\x80\0\0\0\0\0\1\0\0\0\0\0", 12);
    QTest::newRow("negative") << QByteArray("-1");
    QTest::newRow("negative in base 256") << QByteArray(12, '\xff');
    QTest::newRow("no number") << QByteArray("12345678");
    QTest::newRow("number and junk") << QByteArray("5 evil");
    QTest::newRow("blank") << QByteArray("            ");
}

void TestHostileTar::acc055_h15_hugeSizes()
{
    QFETCH(QByteArray, size);
    TarEntry evil = entryOf("evil");
    evil.sizeField = size;
    refuse(m_release.tarEntries() << evil, ErrorCode::ARCHIVE);
}

void TestHostileTar::acc056_h16_brokenHeaders_data()
{
    QTest::addColumn<TarEntry>("evil");
    TarEntry evil = entryOf("evil");
    evil.hasGoodChecksum = false;
    QTest::newRow("checksum") << evil;
    evil = entryOf("evil");
    evil.magic = QByteArray(8, '\0');
    QTest::newRow("no magic") << evil;
    evil = entryOf("evil/", '5');
    evil.content = "a hidden header could follow";
    QTest::newRow("folder with content") << evil;
    evil = entryOf("evil", '2', "bin");
    evil.content = "content";
    QTest::newRow("link with content") << evil;
}

void TestHostileTar::acc056_h16_brokenHeaders()
{
    QFETCH(TarEntry, evil);
    refuse(m_release.tarEntries() << evil, ErrorCode::ARCHIVE);
}

void TestHostileTar::acc056_longNames_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto longName = [](char type, const QByteArray &text, const QByteArray &name) {
        TarEntry entry = entryOf(name, type);
        entry.content = text;
        return tarBytes(entry);
    };
    const QByteArray mark = "././@LongLink";
    const QByteArray good = longName('L', QByteArray("evil\0", 5), mark);
    const QByteArray file = tarBytes(entryOf("short"));
    QTest::newRow("other header name")
        << longName('L', QByteArray("evil\0", 5), "@LongLink") + file;
    QTest::newRow("without its NUL") << longName('L', "evil", mark) + file;
    QTest::newRow("NUL inside") << longName('L', QByteArray("bin\0evil\0", 9), mark) + file;
    QTest::newRow("empty") << longName('L', QByteArray(1, '\0'), mark) + file;
    QTest::newRow("no text") << longName('L', {}, mark) + file;
    QTest::newRow("two") << good + good + file;
    QTest::newRow("5000 bytes") << longName('L', QByteArray(4999, 'n') + '\0', mark) + file;
    QTest::newRow("target without its NUL") << longName('K', "evil", mark) + file;
    QTest::newRow("nothing follows") << good;
}

// Long names of GNU tar, which have headers of their own.
void TestHostileTar::acc056_longNames()
{
    QFETCH(QByteArray, bytes);
    QByteArray tar = makeTar(m_release.tarEntries());
    tar.chop(1024);
    refuseBytes(tar + bytes, ErrorCode::ARCHIVE);
}

void TestHostileTar::acc058_noContent_data()
{
    QTest::addColumn<QByteArray>("tar");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("no byte") << QByteArray() << QByteArray("MANIFEST");
    QTest::newRow("no entry") << QByteArray(1024, '\0') << QByteArray("MANIFEST");
    QTest::newRow("text") << QByteArray("<html>Please log in</html>").repeated(100)
                          << QByteArray("ARCHIVE");
    const SampleRelease release = SampleRelease::minimal();
    QList<TarEntry> entries = release.tarEntries();
    entries.removeLast();
    QTest::newRow("no executable") << makeTar(entries) << QByteArray("MANIFEST");
    QTest::newRow("something after the end")
        << makeTar(release.tarEntries()) + QByteArray(512, '\0') + tarBytes(entryOf("hidden"))
        << QByteArray("ARCHIVE");
}

void TestHostileTar::acc058_noContent()
{
    QFETCH(QByteArray, tar);
    QFETCH(QByteArray, code);
    refuseBytes(tar, errorCodeFromName(code.toStdString()));
}

void TestHostileTar::acc039_notAsListed_data()
{
    QTest::addColumn<QList<TarEntry>>("entries");
    const SampleRelease release = SampleRelease::minimal();
    const QList<TarEntry> good = release.tarEntries();
    const auto without = [&](qsizetype index) {
        QList<TarEntry> entries = good;
        entries.removeAt(index);
        return entries;
    };
    const auto changed = [&](qsizetype index, auto member, const auto &value) {
        QList<TarEntry> entries = good;
        entries[index].*member = value;
        return entries;
    };
    QTest::newRow("extra file") << good + QList{entryOf("extra")};
    QTest::newRow("extra folder") << good + QList{entryOf("extra/", '5')};
    QTest::newRow("extra link") << good + QList{entryOf("extra", '2', "bin")};
    QTest::newRow("no manifest") << without(0);
    QTest::newRow("no signature") << without(1);
    QTest::newRow("no folder") << without(2);
    QTest::newRow("no file") << without(3);
    QByteArray other = good[0].content;
    other[20] = '!';
    QTest::newRow("other manifest") << changed(0, &TarEntry::content, other);
    QTest::newRow("longer manifest") << changed(0, &TarEntry::content, good[0].content + '\n');
    other = good[1].content;
    other[20] = '!';
    QTest::newRow("other signature") << changed(1, &TarEntry::content, other);
    other = good[3].content;
    other[0] = '!';
    QTest::newRow("other content") << changed(3, &TarEntry::content, other);
    QTest::newRow("longer content") << changed(3, &TarEntry::content, good[3].content + '\n');
    QTest::newRow("shorter content") << changed(3, &TarEntry::content, good[3].content.chopped(1));
    QTest::newRow("file for folder")
        << changed(2, &TarEntry::type, '0').mid(0, 2) + QList{entryOf("bin"), good[3]};
    QTest::newRow("folder for file") << without(3) + QList{entryOf("bin/app/", '5')};
    QTest::newRow("link for file") << without(3) + QList{entryOf("bin/app", '2', "../other")};
}

void TestHostileTar::acc039_notAsListed()
{
    QFETCH(QList<TarEntry>, entries);
    refuse(entries, ErrorCode::MANIFEST);
}

void TestHostileTar::section8_silentlyRepaired_data()
{
    QTest::addColumn<QList<TarEntry>>("evil");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char *title, const QList<TarEntry> &evil, const char *code) {
        QTest::newRow(title) << evil << QByteArray(code);
    };
    row("escaping name of a listed file", {entryOf("../bin/extra")}, "ARCHIVE_NAME");
    row("absolute name of a listed file", {entryOf("/bin/extra")}, "ARCHIVE_NAME");
    row("double name", {entryOf("bin/extra"), entryOf("bin/extra")}, "ARCHIVE_NAME");
    row("double folder", {entryOf("bin/extra"), entryOf("bin/", '5')}, "ARCHIVE_NAME");
    row("hard link for a file", {entryOf("bin/extra", '1', "bin/app")}, "ARCHIVE_NAME");
    row("device for an empty file", {entryOf("bin/extra", '3')}, "ARCHIVE_NAME");
    row("pipe for an empty file", {entryOf("bin/extra", '6')}, "ARCHIVE_NAME");
    row("prefix that moves a file", {[] {
            TarEntry entry = entryOf("bin/extra");
            entry.prefix = "elsewhere";
            return entry;
        }()},
        "MANIFEST");
    row("file named by its prefix", {[] {
            TarEntry entry = entryOf("extra");
            entry.prefix = "..";
            return entry;
        }()},
        "ARCHIVE_NAME");
}

// Archives that KArchive turns into a tree of the listed names and sizes.
void TestHostileTar::section8_silentlyRepaired()
{
    QFETCH(QList<TarEntry>, evil);
    QFETCH(QByteArray, code);
    m_release.add({EntryType::File, 0644, "bin/extra", {}, {}});
    QList<TarEntry> entries = m_release.tarEntries();
    QCOMPARE(entries.takeLast().name, QByteArray("bin/extra"));
    refuse(entries + evil, errorCodeFromName(code.toStdString()));
}

void TestHostileTar::h9_modes_data()
{
    QTest::addColumn<int>("mode");
    for (const int mode : {04755, 02755, 01777, 06777, 0777, 0666, 0000})
        QTest::addRow("%o", unsigned(mode)) << mode;
}

// The archive's modes do not count: the manifest's do, which has no such bits.
void TestHostileTar::h9_modes()
{
    QFETCH(int, mode);
    QList<TarEntry> entries = m_release.tarEntries();
    entries[2].mode = mode;
    entries[3].mode = mode;
    accept(entries);
}

// Attributes and access lists come in extended headers, which no package may have.
void TestHostileTar::h9_attributes()
{
    for (const QByteArray attribute : {"SCHILY.xattr.security.capability=\1\0\0\2",
                                       "SCHILY.acl.access=user::rwx", "GNU.sparse.major=1"}) {
        TarEntry header = entryOf("PaxHeaders/app", 'x');
        const QByteArray line = ' ' + attribute + '\n';
        header.content = QByteArray::number(line.size() + 2) + line;
        QList<TarEntry> entries = m_release.tarEntries();
        entries.insert(3, header);
        refuse(entries, ErrorCode::ARCHIVE_NAME, "is an extended header");
    }
}

// The builder writes somebody's user and group into every entry.
void TestHostileTar::h17_ownerIsIgnored()
{
    accept(m_release.tarEntries());
    const QFileInfo program(m_directory->filePath(QStringLiteral("tree/bin/app")));
    QCOMPARE(program.ownerId(), QFileInfo(m_directory->path()).ownerId());
    QCOMPARE(program.groupId(), QFileInfo(m_directory->path()).groupId());
    QVERIFY(program.ownerId() != 12345 && program.groupId() != 12345);
}

void TestHostileTar::accept(const QList<TarEntry> &entries)
{
    const QString package = m_directory->filePath(QStringLiteral("good.tar.gz"));
    const QString folder = m_directory->filePath(QStringLiteral("tree"));
    writeTestFile(package, compressed(makeTar(entries), KCompressionDevice::GZip));
    VERIFY_RESULT(unpackPackage(package, m_release.manifest(), m_release.manifestText(),
                                m_release.signature, folder));
    VERIFY_RESULT(Trust::requireTree(toPath(folder), m_release.manifest()));
}

// One TiB that takes no room in the archive: as GNU tar wrote it of old.
void TestHostileTar::acc055_h15_sparse()
{
    TarEntry evil = entryOf("evil", 'S');
    evil.sizeField = QByteArray("\x80\0\0\0\0\0\1\0\0\0\0\0", 12);
    refuse(m_release.tarEntries() << evil, ErrorCode::ARCHIVE);
    evil.sizeField = "00000000000";
    refuse(m_release.tarEntries() << evil, ErrorCode::ARCHIVE_NAME, "is a sparse file");
}

// What would be written behind the link's target.
void TestHostileTar::vuln053_hardLinkWithContent()
{
    TarEntry evil = entryOf("evil", '1', "bin/app");
    evil.content = "#!/bin/sh\nexit 66\n";
    refuse(m_release.tarEntries() << evil, ErrorCode::ARCHIVE_NAME, "\"evil\" is a hard link");
}

QTEST_GUILESS_MAIN(TestHostileTar)
#include "tst_hostiletar.moc"
