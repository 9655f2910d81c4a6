// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/manifest.h"

#include "tests/support/resultcheck.h"

#include <QTest>

using namespace Freshen;
using Platform::EntryType;
using Trust::Manifest;

class TestManifest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void contractExample();
    void textGoesBothWays_data();
    void textGoesBothWays();
    void malformed_data();
    void malformed();
    void acc058_executableIsNeeded_data();
    void acc058_executableIsNeeded();
    void windowsNeedsNoExecutableBit();
    void unknownHeaderLines();
    void sumOfSizesDoesNotOverflow();
    void acc055_tooManyEntries();
    void everyTruncationIsRefusedOrShorter();
};

namespace {

constexpr const char *hash = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

const QByteArray header = "freshen-manifest 1\nproduct org.example.notes\nversion 2.0.0\n"
                          "channel stable\nos linux\narch x86_64\nexecutable bin/notes\n";
const QByteArray tail = QByteArray("d 0755 bin\nf 0755 1048576 ") + hash + " bin/notes\n";

QByteArray fileLine(const QByteArray &path, const QByteArray &mode = "0644",
                    const QByteArray &size = "5")
{
    return "f " + mode + ' ' + size + ' ' + hash + ' ' + path + '\n';
}

} // namespace

// The manifest that contract.md shows, with the folder and the file that it needs to be complete.
void TestManifest::contractExample()
{
    const QByteArray text = header + tail + "d 0755 lib\nl lib/libnotes.so.2 > libnotes.so.2.0\n"
        + fileLine("lib/libnotes.so.2.0");
    const auto manifest = Manifest::parse(text.toStdString());
    VERIFY_RESULT(manifest);
    QCOMPARE(manifest->product, std::string("org.example.notes"));
    QCOMPARE(manifest->version, std::string("2.0.0"));
    QCOMPARE(manifest->channel, std::string("stable"));
    QCOMPARE(manifest->os, std::string("linux"));
    QCOMPARE(manifest->arch, std::string("x86_64"));
    QCOMPARE(manifest->executable, std::string("bin/notes"));
    QCOMPARE(manifest->trustedComment(), std::string("freshen-manifest org.example.notes 2.0.0"));
    QCOMPARE(manifest->entries.size(), std::size_t(5));
    QCOMPARE(manifest->entries[1].mode, 0755u);
    QCOMPARE(manifest->entries[1].size, 1048576u);
    QCOMPARE(manifest->entries[1].sha256, std::string(hash));
    QCOMPARE(manifest->entries[3].type, EntryType::Link);
    QCOMPARE(manifest->entries[3].path, std::string("lib/libnotes.so.2"));
    QCOMPARE(manifest->entries[3].target, std::string("libnotes.so.2.0"));
    QCOMPARE(manifest->totalSize(), 1048581u);
    QCOMPARE(manifest->find("lib/libnotes.so.2.0"), &manifest->entries[4]);
    QVERIFY(!manifest->find("lib/libnotes"));
    QVERIFY(!manifest->find(""));
}

void TestManifest::textGoesBothWays_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *title, const QByteArray &text) {
        QTest::newRow(title) << text;
    };
    row("short", header + tail);
    row("built", header + "built 2026-11-22T10:00:00Z\n" + tail);
    row("several extra lines", header + "built now\nnote  with   blanks \n" + tail);
    row("version with blanks", QByteArray(header).replace("2.0.0", "2.0 beta 1") + tail);
    row("name with blanks", header + fileLine("a  file name ") + tail);
    row("name with an arrow", header + fileLine("a > b") + tail);
    row("name with an umlaut", header + tail + fileLine("\xc3\xbc"));
    row("target with an arrow", header + tail + "l ln > bin/a > b\n");
    row("modes",
        header + fileLine("a", "0400") + fileLine("b", "0444") + fileLine("b2", "0700") + tail
            + "d 0500 c\nd 0555 d\n");
    row("empty file", header + fileLine("a", "0644", "0") + tail);
    // A folder's files come after names that continue its name with a smaller byte than '/'.
    row("order of bytes",
        header + tail + "d 0755 lib\n" + fileLine("lib-x") + fileLine("lib.y") + fileLine("lib/z")
            + fileLine("lib0"));
}

void TestManifest::textGoesBothWays()
{
    QFETCH(QByteArray, text);
    const auto manifest = Manifest::parse(text.toStdString());
    VERIFY_RESULT(manifest);
    QCOMPARE(QByteArray::fromStdString(manifest->toText()), text);
}

void TestManifest::malformed_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *title, const QByteArray &text) {
        QTest::newRow(title) << text;
    };
    const auto entry = [&](const char *title, const QByteArray &line) {
        row(title, header + line + '\n' + tail);
    };
    const auto file = [&](const char *title, const QByteArray &mode, const QByteArray &size) {
        row(title, header + fileLine("a", mode, size) + tail);
    };
    const auto name = [&](const char *title, const QByteArray &path) {
        row(title, header + fileLine(path) + tail);
    };
    row("empty", "");
    row("line end alone", "\n");
    row("no last line end", (header + tail).chopped(1));
    row("Windows line ends", QByteArray(header + tail).replace("\n", "\r\n"));
    row("byte order mark", "\xef\xbb\xbf" + header + tail);
    row("line before", "\n" + header + tail);
    row("empty line inside", header + '\n' + tail);
    row("empty line at the end", header + tail + '\n');
    row("other version of the format",
        QByteArray(header).replace("manifest 1", "manifest 2") + tail);
    row("header alone", header);
    row("no entries but a folder", header + "d 0755 bin\n");
    for (const char *field : {"product", "version", "channel", "os", "arch", "executable"}) {
        const qsizetype begin = header.indexOf('\n' + QByteArray(field)) + 1;
        const qsizetype end = header.indexOf('\n', begin) + 1;
        const QByteArray title = field;
        row((title + " missing").constData(), QByteArray(header).remove(begin, end - begin) + tail);
        row((title + " empty").constData(),
            QByteArray(header).replace(begin, end - begin, title + " \n") + tail);
        row((title + " without blank").constData(),
            QByteArray(header).replace(begin, end - begin, title + '\n') + tail);
        row((title + " with a control character").constData(),
            QByteArray(header).insert(end - 1, "\x1b[2J") + tail);
    }
    row("field twice", QByteArray(header).replace("os linux", "os linux\nos linux") + tail);
    row("fields in another order",
        QByteArray(header).replace("os linux\narch x86_64", "arch x86_64\nos linux") + tail);
    row("product with a slash",
        QByteArray(header).replace("org.example.notes", "org/notes") + tail);
    row("product with a blank",
        QByteArray(header).replace("org.example.notes", "org notes") + tail);
    row("needed but unknown line", header + "!later thing\n" + tail);
    row("extra line after an entry", header + tail + "built 2026\n");
    row("extra line with an escape", header + "note \x1b[2J\n" + tail);
    row("unknown kind", header + tail + "x 0644 c\n");
    row("kind alone", header + tail + "f\n");
    row("kind in capitals", header + tail + "D 0755 c\n");
    entry("kind and blank", "f ");
    entry("two blanks", QByteArray("f  0644 5 ") + hash + " a");
    entry("tab", QByteArray("f\t0644 5 ") + hash + " a");
    entry("folder without name", "d 0755");
    entry("folder with empty name", "d 0755 ");
    entry("file without name", QByteArray("f 0644 5 ") + hash);
    entry("file with empty name", QByteArray("f 0644 5 ") + hash + ' ');
    file("mode of three digits", "644", "5");
    file("mode of five digits", "00644", "5");
    file("mode with an eight", "0648", "5");
    file("mode in letters", "rw-r", "5");
    file("mode without zero", "1644", "5");
    file("setuid", "4755", "5");
    file("others may write", "0666", "5");
    file("group may write", "0664", "5");
    file("owner may not read", "0244", "5");
    file("no mode", "", "5");
    file("negative size", "0644", "-5");
    file("size with plus", "0644", "+5");
    file("size with leading zero", "0644", "05");
    file("size in hexadecimal", "0644", "0x5");
    file("size of 2^64", "0644", "18446744073709551616");
    file("size of 2^63", "0644", "9223372036854775808");
    file("no size", "0644", "");
    entry("folder that may not be entered", "d 0644 a");
    entry("folder that others may write", "d 0777 a");
    entry("hash of 63 digits", QByteArray("f 0644 5 ") + (hash + 1) + " a");
    entry("hash in capitals", "f 0644 5 " + QByteArray(hash).toUpper() + " a");
    entry("hash with other letters", "f 0644 5 " + QByteArray(64, 'g') + " a");
    entry("link without arrow", "l a b");
    entry("link without blanks", "l a>b");
    entry("link without target", "l a > ");
    entry("link without name", "l  > a");
    entry("link out of the tree", "l a > ../b");
    entry("absolute link", "l a > /bin/sh");
    name("parent", "../a");
    name("absolute", "/a");
    name("dot", "./a");
    name("slash at the end", "a/");
    name("control character", "a\x01");
    name("invalid UTF-8", "a\xff");
    row("manifest lists itself", header + tail + fileLine("freshen.manifest"));
    row("manifest lists its signature", header + tail + fileLine("freshen.manifest.minisig"));
    row("folder not listed", header + fileLine("a/b") + tail);
    row("folder is a file", header + fileLine("a") + fileLine("a/b") + tail);
    row("folder is a link", header + "l a > bin\n" + fileLine("a/b") + tail);
    row("double file", header + fileLine("a") + fileLine("a") + tail);
    row("file and folder of one name", header + fileLine("a") + "d 0755 a\n" + tail);
    row("not sorted", header + fileLine("b") + fileLine("a") + tail);
    row("sorted without case", header + fileLine("a") + fileLine("B") + tail);
    row("case twins on Windows",
        QByteArray(header).replace("os linux", "os windows") + fileLine("A") + fileLine("a")
            + tail);
    row("case twins on macOS",
        QByteArray(header).replace("os linux", "os macos") + fileLine("A") + fileLine("a") + tail);
    row("device on Windows",
        QByteArray(header).replace("os linux", "os windows") + fileLine("aux.c") + tail);
}

void TestManifest::malformed()
{
    QFETCH(QByteArray, text);
    const auto manifest = Manifest::parse(text.toStdString());
    VERIFY_ERROR(manifest, ErrorCode::MANIFEST);
    QVERIFY(!QByteArray::fromStdString(manifest.error().message).contains('\x1b'));
}

void TestManifest::acc058_executableIsNeeded_data()
{
    QTest::addColumn<QByteArray>("entries");
    QTest::newRow("missing") << QByteArray("d 0755 bin\n");
    QTest::newRow("folder") << QByteArray("d 0755 bin\nd 0755 bin/notes\n");
    QTest::newRow("link") << QByteArray("d 0755 bin\nl bin/notes > other\n")
            + fileLine("bin/other", "0755");
    QTest::newRow("not executable") << QByteArray("d 0755 bin\n") + fileLine("bin/notes");
}

void TestManifest::acc058_executableIsNeeded()
{
    QFETCH(QByteArray, entries);
    VERIFY_ERROR(Manifest::parse((header + entries).toStdString()), ErrorCode::MANIFEST);
}

void TestManifest::windowsNeedsNoExecutableBit()
{
    const QByteArray windows = QByteArray(header).replace("os linux", "os windows");
    VERIFY_RESULT(
        Manifest::parse((windows + "d 0755 bin\n" + fileLine("bin/notes")).toStdString()));
}

void TestManifest::unknownHeaderLines()
{
    const QByteArray text = header + "built 2026-11-22T10:00:00Z\nlater thing\n" + tail;
    const auto manifest = Manifest::parse(text.toStdString());
    VERIFY_RESULT(manifest);
    QCOMPARE(manifest->extra("built"), std::string_view("2026-11-22T10:00:00Z"));
    QCOMPARE(manifest->extra("later"), std::string_view("thing"));
    QCOMPARE(manifest->extra("none"), std::string_view());
}

void TestManifest::sumOfSizesDoesNotOverflow()
{
    const QByteArray half = QByteArray::number(qulonglong(1) << 62);
    const QByteArray text = header + fileLine("a", "0644", half) + fileLine("b", "0644", half);
    VERIFY_ERROR(Manifest::parse((text + tail).toStdString()), ErrorCode::MANIFEST);
    VERIFY_RESULT(Manifest::parse((header + fileLine("a", "0644", half) + tail).toStdString()));
}

void TestManifest::acc055_tooManyEntries()
{
    QByteArray text = header + tail;
    for (std::size_t i = 2; i < Manifest::maximumEntries; ++i)
        text += fileLine('c' + QByteArray::number(qulonglong(i)).rightJustified(6, '0'));
    VERIFY_RESULT(Manifest::parse(text.toStdString()));
    VERIFY_ERROR(Manifest::parse((text + fileLine("d")).toStdString()), ErrorCode::MANIFEST);
    const std::string large(Manifest::maximumSize + 1, '\n');
    const auto tooLarge = Manifest::parse(large);
    VERIFY_ERROR(tooLarge, ErrorCode::MANIFEST);
    QVERIFY(tooLarge.error().message.find("larger") != std::string::npos);
}

// What is left of a cut manifest is never taken for something else.
void TestManifest::everyTruncationIsRefusedOrShorter()
{
    const std::string text = (header + tail + "d 0755 lib\n" + fileLine("lib/x")).toStdString();
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto manifest = Manifest::parse(text.substr(0, size));
        if (manifest)
            QCOMPARE(manifest->toText(), text.substr(0, size));
        else
            QCOMPARE(manifest.error().code, ErrorCode::MANIFEST);
    }
}

QTEST_GUILESS_MAIN(TestManifest)
#include "tst_manifest.moc"
