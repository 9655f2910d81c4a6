// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/nametable.h"

#include <QTest>

namespace {

enum Verdict {
    Fine, // on every system
    Never, // on no system
    NotOnWindows
};

} // namespace

void addNameRows()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QStringList>("systems");
    const auto row = [](const char *title, const QByteArray &name, Verdict verdict) {
        QStringList systems;
        if (verdict != Never)
            systems << QStringLiteral("linux") << QStringLiteral("macos");
        if (verdict == Fine)
            systems << QStringLiteral("windows");
        QTest::newRow(title) << name << systems;
    };
    // Honest names.
    row("file", "app", Fine);
    row("path", "bin/program", Fine);
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
    row("short name outside of ASCII", "\xc3\x9c\xc3\x9c\xc3\x9c\xc3\x9c\xc3\x9c\xc3\x9c~1.txt",
        NotOnWindows);
    row("short name with another tilde", "a~b~1.txt", NotOnWindows);
    row("short name of a folder", "PROGRA~1/a", NotOnWindows);
    row("tilde and digit in a long name", "report~2026.final.txt", Fine);
    row("stream and parent", "a.txt:..\\x", Never);
    row("COM and superscript two", "com\xc2\xb2.log", NotOnWindows);
    row("superscript four", "com\xe2\x81\xb4", Fine);
    row("stream in a folder", "bin:x/a", NotOnWindows);
    row("device in capitals behind a dot", "NUL..txt", NotOnWindows);
    row("dot and blank at the end", "a. ", NotOnWindows);
}
