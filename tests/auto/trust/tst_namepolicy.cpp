// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/namepolicy.h"

#include "tests/support/nametable.h"

#include <QTest>

using namespace Freshen::Trust;

class TestNamePolicy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc053_h10_h12_names_data();
    void acc053_h10_h12_names();
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

void TestNamePolicy::acc053_h10_h12_names_data()
{
    addNameRows();
}

void TestNamePolicy::acc053_h10_h12_names()
{
    QFETCH(QByteArray, name);
    QFETCH(QStringList, systems);
    for (const char *os : {"linux", "macos", "windows"}) {
        const bool isFine = systems.contains(QLatin1String(os));
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
    QCOMPARE(objectionToPath("", "linux"), Objection("is empty"));
    QCOMPARE(objectionToPath("a/../b", "linux"), Objection("has a '..' in it"));
    QCOMPARE(objectionToPath("/a", "linux"), Objection("is absolute"));
    QCOMPARE(objectionToLink("a", "../b", "linux"), Objection("leads out of the app"));
    QCOMPARE(objectionToLink("a", "b/../c", "linux"), Objection("has a '..' behind a name"));
}

QTEST_GUILESS_MAIN(TestNamePolicy)
#include "tst_namepolicy.moc"
