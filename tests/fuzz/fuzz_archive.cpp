// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Any bytes as a package: nothing is written outside of the folder, nothing that the manifest does
// not list, and never more than it allows. What is refused leaves nothing behind.
//
// The first byte says what the others are: 'z' a zip archive, 't' a tar archive, and every other
// letter a tar archive whose checksums are put right first, so that changes get past them.

#include "lib/common/convert.h"
#include "lib/package/packagereader.h"
#include "lib/package/plainpackagereader.h"
#include "tests/fuzz/fuzztarget.h"
#include "tests/fuzz/scratchfolder.h"

#include "updater-helper/trust/namepolicy.h"
#include "updater-helper/trust/treecheck.h"

#include <QLoggingCategory>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Platform::EntryType;

namespace {

namespace fs = std::filesystem;

constexpr quint64 mostBytes = 1 << 20;
constexpr std::size_t block = 512;

void mendChecksums(std::string &tar)
{
    for (std::size_t at = 0; at + block <= tar.size(); at += block) {
        if (tar.compare(at + 257, 5, "ustar") != 0)
            continue;
        tar.replace(at + 148, 8, 8, ' ');
        unsigned sum = 0;
        for (std::size_t i = 0; i < block; ++i)
            sum += static_cast<unsigned char>(tar[at + i]);
        char digits[8];
        std::snprintf(digits, sizeof digits, "%06o", sum);
        tar.replace(at + 148, 7, digits, 7);
    }
}

QString putPackage(char kind, std::string bytes)
{
    const fs::path path = scratchFolder() / (kind == 'z' ? "package.zip" : "package.tar");
    if (kind != 'z' && kind != 't')
        mendChecksums(bytes);
    (void)Platform::removeFile(path);
    auto file = Platform::NewFile::create(path);
    require(file && file->write(toBytes(QByteArray::fromStdString(bytes))) && file->finish(0600),
            "the package can be written");
    return toQString(path);
}

// Only the package and, where it was accepted, the tree.
void requireNothingElse(bool isAccepted)
{
    const auto all = std::distance(fs::directory_iterator(scratchFolder()), {});
    require(all == (isAccepted ? 2 : 1), "nothing else is left");
    require(fs::exists(scratchFolder() / "tree") == isAccepted, "only what is accepted is left");
}

void requireTreeOf(std::vector<Trust::ManifestEntry> entries, const fs::path &tree,
                   const std::string &os)
{
    quint64 total = 0;
    Trust::Manifest manifest;
    manifest.os = "linux"; // this test's own system has modes
    for (const Trust::ManifestEntry &entry : entries) {
        require(!Trust::objectionToPath(entry.path, os), "its names are allowed");
        total += entry.size;
    }
    require(total <= mostBytes, "it is not larger than allowed");
    manifest.entries = std::move(entries);
    require(Trust::requireTree(tree, manifest).has_value(), "the tree is what was listed");
}

void tryPlain(const QString &file, const fs::path &tree)
{
    for (const char *os : {"linux", "windows"}) {
        PlainPackage package;
        package.file = file;
        package.os = os;
        package.executable = "bin/app";
        package.maximumSize = mostBytes;
        const auto entries = unpackPlainPackage(package, toQString(tree));
        requireNothingElse(entries.has_value());
        if (entries)
            requireTreeOf(*entries, tree, os);
        require(Platform::removeTree(tree).has_value(), "the tree can be removed");
    }
}

// As if its own manifest were signed.
void tryListed(const QString &file, const fs::path &tree)
{
    const auto found = readPackageManifest(file);
    if (!found)
        return;
    const auto manifest = Trust::Manifest::parse(toView(found->text));
    if (!manifest || manifest->totalSize() > mostBytes)
        return;
    quint64 most = 0;
    const auto unpacked = unpackPackage(file, *manifest, toView(found->text),
                                        toView(found->signature), toQString(tree),
                                        [&](quint64 bytes) {
                                            most = std::max(most, bytes);
                                            return true;
                                        });
    require(most <= manifest->totalSize(), "no more is written than is listed");
    requireNothingElse(unpacked.has_value());
    if (unpacked)
        require(Trust::requireTree(tree, *manifest).has_value(), "the tree is what was listed");
    require(Platform::removeTree(tree).has_value(), "the tree can be removed");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    // KArchive tells about every broken byte.
    static const bool isQuiet = (QLoggingCategory::setFilterRules(u"kf.archive*=false"_s), true);
    require(isQuiet, "what KArchive says is not shown");
    if (size == 0)
        return 0;
    const QString file = putPackage(char(data[0]),
                                    {reinterpret_cast<const char *>(data) + 1, size - 1});
    const fs::path tree = scratchFolder() / "tree";
    tryPlain(file, tree);
    tryListed(file, tree);
    (void)Platform::removeFile(toPath(file));
    return 0;
}
