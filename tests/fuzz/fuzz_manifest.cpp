// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Any bytes as a manifest: what is read has this one form only, has only names that its system may
// have, and is never taken for signed.

#include "tests/fuzz/fuzztarget.h"

#include "updater-helper/trust/linkchains.h"
#include "updater-helper/trust/manifest.h"
#include "updater-helper/trust/namepolicy.h"
#include "updater-helper/trust/text.h"

using namespace Freshen;
using Trust::Manifest;
using Trust::ManifestEntry;

namespace {

struct Genuine {
    std::string text;
    std::string signature;
    std::vector<Trust::PublicKey> keys;
};

std::string sample(const char *name)
{
    const auto text = Platform::readFile(std::string(FRESHEN_TEST_DATA "/minisign/") + name);
    require(text.has_value(), "the sample can be read");
    return *text;
}

void requireVerdict(std::string_view text)
{
    static const Genuine genuine = {sample("sample.manifest"),
                                    sample("sample.manifest.minisig"),
                                    {*Trust::PublicKey::parse(sample("key.pub"))}};
    const auto verified = Trust::verifiedManifest(text, genuine.signature, genuine.keys);
    require(verified.has_value() == (text == genuine.text), "what was signed verifies, alone");
    require(!Trust::verifiedManifest(text, text, genuine.keys), "it does not sign itself");
}

void requireEntry(const ManifestEntry &entry, const Manifest &manifest)
{
    require(!Trust::objectionToPath(entry.path, manifest.os), "its names are allowed");
    require(manifest.find(entry.path) == &entry, "every entry is found by its path");
    const std::size_t slash = entry.path.rfind('/');
    if (slash != std::string::npos) {
        const ManifestEntry *folder = manifest.find(entry.path.substr(0, slash));
        require(folder && folder->type == Platform::EntryType::Directory,
                "every entry lies in a listed folder");
    }
    if (entry.type == Platform::EntryType::Link) {
        require(!Trust::objectionToLink(entry.path, entry.target, manifest.os),
                "links stay inside");
        require(!Trust::objectionToChain(entry, manifest), "links have an end");
    } else {
        require((entry.mode & ~0755u) == 0, "nobody else may write, nothing runs as its owner");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    requireVerdict(text);
    const auto manifest = Manifest::parse(text);
    if (!manifest) {
        require(manifest.error().code == ErrorCode::MANIFEST, "the error is the manifest's");
        require(Trust::isValidUtf8(manifest.error().message), "its message can be shown");
        return 0;
    }
    require(manifest->toText() == text, "there is one form only");
    std::uint64_t total = 0;
    for (const ManifestEntry &entry : manifest->entries) {
        requireEntry(entry, *manifest);
        require(entry.size <= std::uint64_t(INT64_MAX) - total, "the sizes have a sum");
        total += entry.size;
    }
    require(manifest->totalSize() == total, "the sum is that of the sizes");
    require(manifest->find(manifest->executable), "the program is listed");
    return 0;
}
