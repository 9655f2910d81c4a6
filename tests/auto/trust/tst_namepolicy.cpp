// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/namepolicy.h"

#include <QTest>

using namespace Freshen::Trust;

class TestNamePolicy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc053_names_data();
    void acc053_names();
    void acc054_links_data();
    void acc054_links();
    void objectionsEndASentence();
};

namespace {

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

enum Verdict {
    Fine, // on every system
    Never, // on no system
    NotOnWindows
};

} // namespace

void TestNamePolicy::acc053_names_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("verdict");
    const auto row = [](const char *title, const QByteArray &name, Verdict verdict) {
        QTest::newRow(title) << name << int(verdict);
    };
    // Honest names.
    row("file", "app", Fine);
    row("path", "bin/app", Fine);
    row("hidden", ".config/app", Fine);
    row("three dots", "a...b", Fine);
    row("dots in front", "...a", Fine);
    row("two dots in front", "..a", Fine);
    row("two dots inside", "a..b/c", Fine);
    row("blank inside", "My App/read me.txt", Fine);
    row("blank in front", " a", Fine);
    row("umlaut",
        "\xc3\xbc"
        "ber.txt",
        Fine);
    row("decomposed umlaut",
        "u\xcc\x88"
        "ber.txt",
        Fine);
    row("Japanese", "\xe6\x97\xa5\xe6\x9c\xac.txt", Fine);
    row("emoji", "\xf0\x9f\x98\x80", Fine);
    row("punctuation", "a!#$%&'()+,-;=@[]^_`{}", Fine);
    row("minus in front", "-rf", Fine);
    row("tilde", "~", Fine);
    row("backup", "a~", Fine);
    row("console inside", "console.txt", Fine);
    row("com without number", "com", Fine);
    row("com and two digits", "com10", Fine);
    row("con as an extension", "a.con", Fine);
    row("part of 255 bytes", QByteArray(255, 'n'), Fine);
    row("path of 1024 bytes", (QByteArray(204, 'n') + '/').repeated(5).chopped(1), Fine);
    row("64 levels", QByteArray("a/").repeated(63) + 'a', Fine);
    // H10: traversal.
    row("empty", "", Never);
    row("dot", ".", Never);
    row("parent", "..", Never);
    row("parent in front", "../a", Never);
    row("parent twice", "../../a", Never);
    row("parent inside", "a/../b", Never);
    row("parent inside, out", "a/../../b", Never);
    row("parent at the end", "a/..", Never);
    row("dot in front", "./a", Never);
    row("dot inside", "a/./b", Never);
    row("dot at the end", "a/.", Never);
    row("absolute", "/a", Never);
    row("slash", "/", Never);
    row("two slashes in front", "//host/share", Never);
    row("two slashes inside", "a//b", Never);
    row("slash at the end", "a/", Never);
    row("backslash", "a\\b", Never);
    row("backslash in front", "\\a", Never);
    row("backslash and parent", "..\\a", Never);
    row("network", "\\\\host\\share", Never);
    row("raw device", "\\\\?\\C:\\a", Never);
    row("drive", "C:", Never);
    row("drive and name", "C:a", Never);
    row("drive and slash", "c:/a", Never);
    row("NUL", QByteArray("a\0b", 3), Never);
    row("newline", "a\nb", Never);
    row("carriage return", "a\r", Never);
    row("tab", "a\tb", Never);
    row("escape", "\x1b[2J", Never);
    row("first control character", "a\x01", Never);
    row("last control character", "a\x1f", Never);
    row("delete", "a\x7f", Never);
    row("0xff", "a\xff", Never);
    row("Latin 1", "caf\xe9", Never);
    row("overlong parent", "\xc0\xae\xc0\xae/a", Never);
    row("overlong slash",
        "a\xc0\xaf"
        "b",
        Never);
    row("surrogate", "a\xed\xa0\x80", Never);
    row("cut UTF-8", "a\xe2\x82", Never);
    row("part of 256 bytes", QByteArray(256, 'n'), Never);
    row("256 bytes in 128 characters", QByteArray("\xc3\xbc").repeated(128), Never);
    row("path of 1025 bytes", (QByteArray(204, 'n') + '/').repeated(5).chopped(1) + 'n', Never);
    row("65 levels", QByteArray("a/").repeated(64) + 'a', Never);
    // H12: reserved names and streams.
    row("CON", "CON", NotOnWindows);
    row("con in a folder", "bin/con", NotOnWindows);
    row("con as a folder", "con/a", NotOnWindows);
    row("prn", "prn", NotOnWindows);
    row("Aux.c", "Aux.c", NotOnWindows);
    row("nul.tar.gz", "nul.tar.gz", NotOnWindows);
    row("nul and blank", "nul .txt", NotOnWindows);
    row("conin$", "CONIN$", NotOnWindows);
    row("conout$", "conout$", NotOnWindows);
    row("COM0", "COM0", NotOnWindows);
    row("com1.txt", "com1.txt", NotOnWindows);
    row("COM9", "COM9", NotOnWindows);
    row("lpt0", "lpt0", NotOnWindows);
    row("LPT9", "LPT9", NotOnWindows);
    row("COM and superscript one", "COM\xc2\xb9", NotOnWindows);
    row("lpt and superscript three", "lpt\xc2\xb3.x", NotOnWindows);
    row("stream", "app.exe:stream", NotOnWindows);
    row("stream with type", "app.exe::$DATA", NotOnWindows);
    row("colon at the end", "longer:", NotOnWindows);
    row("dot at the end of a name", "a.", NotOnWindows);
    row("dots at the end", "a...", NotOnWindows);
    row("blank at the end", "a ", NotOnWindows);
    row("folder with dot at the end", "a./b", NotOnWindows);
    row("less than", "a<b", NotOnWindows);
    row("greater than", "a>b", NotOnWindows);
    row("quote", "a\"b", NotOnWindows);
    row("pipe", "a|b", NotOnWindows);
    row("question mark", "a?", NotOnWindows);
    row("star", "*", NotOnWindows);
    row("short name", "PROGRA~1", NotOnWindows);
    row("short name with extension", "longna~2.exe", NotOnWindows);
}

void TestNamePolicy::acc053_names()
{
    QFETCH(QByteArray, name);
    QFETCH(int, verdict);
    for (const char *os : {"linux", "macos", "windows"}) {
        const bool isWindows = QByteArray(os) == "windows";
        const bool isFine = verdict == Fine || (verdict == NotOnWindows && !isWindows);
        QVERIFY2(objectionToPath(view(name), os).has_value() != isFine, os);
    }
}

void TestNamePolicy::acc054_links_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("verdict");
    const auto row = [](const char *title, const QByteArray &path, const QByteArray &target,
                        Verdict verdict) {
        QTest::newRow(title) << path << target << int(verdict);
    };
    row("neighbour", "lib/libx.so", "libx.so.1", Fine);
    row("below", "current", "versions/1/app", Fine);
    row("dot", "lib/here", ".", Fine);
    row("dot in front", "lib/x", "./y", Fine);
    row("cousin", "lib/x", "../bin/app", Fine);
    row("root of the tree", "lib/x", "..", Fine);
    row("up as far as it may", "a/b/c/x", "../../../y", Fine);
    row("itself", "x", "x", Fine);
    row("hidden with dots", "x", "..y", Fine);
    row("empty", "x", "", Never);
    row("absolute", "x", "/etc/passwd", Never);
    row("slash", "x", "/", Never);
    row("parent", "x", "..", Never);
    row("out", "x", "../y", Never);
    row("out from a folder", "lib/x", "../../y", Never);
    row("far out", "a/b/c/x", "../../../../y", Never);
    row("dot and out", "x", "./../y", Never);
    row("in and out", "x", "a/../../y", Never);
    row("out and in again", "app/x", "../../app/y", Never);
    // The first part may be a link itself; then ".." is not where it seems to be.
    row("up through another name", "x", "link/../y", Never);
    row("up at the end", "x", "a/b/..", Never);
    row("up after a cousin", "lib/x", "../bin/../y", Never);
    row("two slashes", "x", "a//b", Never);
    row("slash at the end", "x", "a/", Never);
    row("backslash", "x", "..\\y", Never);
    row("drive", "x", "C:y", Never);
    row("NUL", "x", QByteArray("a\0b", 3), Never);
    row("newline", "x", "a\nb", Never);
    row("invalid UTF-8", "x", "a\xff", Never);
    row("part of 256 bytes", "x", QByteArray(256, 'n'), Never);
    row("1025 bytes", "x", (QByteArray(204, 'n') + '/').repeated(5).chopped(1) + 'n', Never);
    row("device", "x", "aux", NotOnWindows);
    row("stream", "x", "app.exe:evil", NotOnWindows);
}

void TestNamePolicy::acc054_links()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, target);
    QFETCH(int, verdict);
    for (const char *os : {"linux", "macos", "windows"}) {
        const bool isWindows = QByteArray(os) == "windows";
        const bool isFine = verdict == Fine || (verdict == NotOnWindows && !isWindows);
        QVERIFY2(objectionToLink(view(path), view(target), os).has_value() != isFine, os);
    }
}

void TestNamePolicy::objectionsEndASentence()
{
    using Objection = std::optional<std::string>;
    QCOMPARE(objectionToPath("a/../b", "linux"), Objection("has a '..' in it"));
    QCOMPARE(objectionToPath("/a", "linux"), Objection("is absolute"));
    QCOMPARE(objectionToLink("a", "../b", "linux"), Objection("leads out of the app"));
    QCOMPARE(objectionToLink("a", "b/../c", "linux"), Objection("has a '..' behind a name"));
}

QTEST_GUILESS_MAIN(TestNamePolicy)
#include "tst_namepolicy.moc"
