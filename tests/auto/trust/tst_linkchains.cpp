// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/resultcheck.h"

#include "updater-helper/trust/linkchains.h"

#include <QTest>

using namespace Freshen;
using Platform::EntryType;
using Trust::Manifest;
using Trust::ManifestEntry;

class TestLinkChains : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void h13_chains_data();
    void h13_chains();
    void h13_lengthOfAChain();
};

namespace {

using Links = QList<std::pair<const char *, const char *>>;

// The folders "bin" and "lib", the program "bin/app", and these links.
Manifest manifestWith(const Links &links)
{
    Manifest manifest;
    manifest.product = "org.example.notes";
    manifest.version = "1.0";
    manifest.os = "linux";
    manifest.arch = "x86_64";
    manifest.executable = "bin/app";
    const auto add = [&](EntryType type, std::uint32_t mode, const char *path, const char *target) {
        manifest.entries.push_back({type, mode, 0, {}, path, target});
    };
    add(EntryType::Directory, 0755, "bin", "");
    add(EntryType::File, 0755, "bin/app", "");
    manifest.entries.back().sha256 = std::string(64, '0');
    add(EntryType::Directory, 0755, "lib", "");
    for (const auto &[path, target] : links)
        add(EntryType::Link, 0777, path, target);
    std::sort(manifest.entries.begin(), manifest.entries.end(),
              [](const ManifestEntry &a, const ManifestEntry &b) { return a.path < b.path; });
    return manifest;
}

} // namespace

Q_DECLARE_METATYPE(Links)

void TestLinkChains::h13_chains_data()
{
    QTest::addColumn<Links>("links");
    QTest::addColumn<bool>("isFine");
    const auto row = [](const char *title, bool isFine, const Links &links) {
        QTest::newRow(title) << links << isFine;
    };
    row("to a file", true, {{"lib/x", "../bin/app"}});
    row("to a folder", true, {{"x", "bin"}});
    row("to its own folder", true, {{"lib/x", "."}});
    row("to the folder above", true, {{"lib/x", ".."}});
    row("to nothing yet", true, {{"lib/x", "later"}});
    row("chain", true, {{"a", "b"}, {"b", "c"}, {"c", "bin/app"}});
    row("chain through folders", true, {{"a", "lib/b"}, {"lib/b", "../c"}, {"c", "bin"}});
    row("through a link to a folder", true, {{"a", "b/app"}, {"b", "bin"}});
    row("two through the same link", true, {{"a", "d/app"}, {"c", "d/app"}, {"d", "bin"}});
    row("below a file", true, {{"a", "bin/app/x"}});
    row("to itself", false, {{"a", "a"}});
    row("to itself with a dot", false, {{"a", "./a"}});
    row("to itself from a folder", false, {{"lib/a", "../lib/a"}});
    row("loop of two", false, {{"a", "b"}, {"b", "a"}});
    row("loop of three", false, {{"a", "b"}, {"b", "c"}, {"c", "a"}});
    row("loop through folders", false, {{"bin/a", "../lib/b"}, {"lib/b", "../bin/a"}});
    row("below itself", false, {{"a", "a/x"}});
    row("below another, which is below it", false, {{"a", "b/x"}, {"b", "a/x"}});
    row("loop behind a chain", false, {{"a", "b"}, {"b", "c"}, {"c", "c"}});
    row("through a link to the tree's root", false, {{"a", "lib/up/a"}, {"lib/up", ".."}});
}

void TestLinkChains::h13_chains()
{
    QFETCH(Links, links);
    QFETCH(bool, isFine);
    const Manifest manifest = manifestWith(links);
    bool hasObjection = false;
    for (const ManifestEntry &entry : manifest.entries) {
        hasObjection = hasObjection
            || (entry.type == EntryType::Link && objectionToChain(entry, manifest));
    }
    QCOMPARE(hasObjection, !isFine);
    // The reader of manifests holds to it.
    const auto parsed = Manifest::parse(manifest.toText());
    if (isFine)
        VERIFY_RESULT(parsed);
    else
        VERIFY_ERROR(parsed, ErrorCode::MANIFEST);
}

void TestLinkChains::h13_lengthOfAChain()
{
    const auto chainOf = [](int length) {
        Manifest manifest = manifestWith({});
        for (int i = 0; i < length; ++i) {
            const std::string target = i + 1 < length ? "z" + std::to_string(101 + i) : "bin/app";
            manifest.entries.push_back(
                {EntryType::Link, 0777, 0, {}, "z" + std::to_string(100 + i), target});
        }
        return Manifest::parse(manifest.toText());
    };
    VERIFY_RESULT(chainOf(32));
    VERIFY_ERROR(chainOf(33), ErrorCode::MANIFEST);
}

QTEST_GUILESS_MAIN(TestLinkChains)
#include "tst_linkchains.moc"
