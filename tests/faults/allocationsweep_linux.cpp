// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Row 40: every single allocation on the way to "this is signed" fails once, alone and together
// with all that follow. Whatever happens then, nothing unsigned is accepted and nothing crashes
// but by running out of memory; what is signed is accepted when the memory suffices.
//
// Each attempt is a process of its own, for libcrypto remembers what it could not do. Where it
// could not even set itself up, it crashes in its next function: on its first use only.

#include "lib/common/convert.h"
#include "lib/feed/feedsignature.h"
#include "lib/signing/secretkey.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/root.h"
#include "updater-helper/trust/text.h"
#include "updater-helper/trust/treecheck.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Freshen;

namespace {

// Which allocation is to fail; 0: none.
int failing = 0;
bool allThatFollow = false;
int allocations = 0;

bool mayAllocate()
{
    if (failing == 0 || ++allocations < failing)
        return true;
    return allocations > failing && !allThatFollow;
}

} // namespace

// In the place of the C library's, for libcrypto and libutf8proc and for operator new.
#define FRESHEN_INTERPOSED extern "C" __attribute__((visibility("default")))
extern "C" void *__libc_malloc(std::size_t size);
extern "C" void *__libc_calloc(std::size_t count, std::size_t size);
extern "C" void *__libc_realloc(void *block, std::size_t size);

FRESHEN_INTERPOSED void *malloc(std::size_t size) noexcept
{
    return mayAllocate() ? __libc_malloc(size) : nullptr;
}

FRESHEN_INTERPOSED void *calloc(std::size_t count, std::size_t size) noexcept
{
    return mayAllocate() ? __libc_calloc(count, size) : nullptr;
}

FRESHEN_INTERPOSED void *realloc(void *block, std::size_t size) noexcept
{
    return mayAllocate() ? __libc_realloc(block, size) : nullptr;
}

namespace {

namespace fs = std::filesystem;
using Trust::PublicKey;

struct Case {
    const char *name;
    bool isGood;
    std::function<bool()> accepts;
};

// The exit status of an attempt.
enum Verdict { Accepted = 16, Refused, OutOfMemory, NotReached = 32 };

// Its exit status, or the signal that ended it, negative.
int attempt(const Case &one, int n, bool all)
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);
        allThatFollow = all;
        failing = n;
        int verdict = OutOfMemory;
        try {
            verdict = one.accepts() ? Accepted : Refused;
        } catch (const std::bad_alloc &) {
        }
        failing = 0;
        ::_exit(verdict | (allocations < n ? NotReached : 0));
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child)
        std::abort();
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    // Nobody caught it: the process ended.
    return WTERMSIG(status) == SIGABRT ? int(OutOfMemory) : -WTERMSIG(status);
}

// What happened at each allocation, until one is not reached any more.
bool sweep(const Case &one, bool all, bool isFirstUse)
{
    const int step = isFirstUse ? 7 : 1; // setting up libcrypto takes thousands
    int counts[3] = {};
    int crashes = 0;
    int n = 1;
    int verdict = attempt(one, n, all);
    for (; verdict < NotReached; verdict = attempt(one, n += step, all)) {
        if (verdict == Accepted && !one.isGood)
            break;
        if (verdict >= 0)
            ++counts[verdict - Accepted];
        else if (verdict == -SIGSEGV && isFirstUse)
            ++crashes;
        else
            break;
    }
    const bool isGood = n > 1 && verdict == (NotReached | (one.isGood ? Accepted : Refused));
    std::printf("%s%s, %s: %d allocations, %d accepted, %d refused, %d out of memory, "
                "%d crashes of libcrypto%s\n",
                one.name, isFirstUse ? ", first use" : "", all ? "all that follow" : "one", n - 1,
                counts[0], counts[1], counts[2], crashes, isGood ? "" : ": FAILED at the next");
    return isGood;
}

std::string sample(const char *name)
{
    const auto text = Platform::readFile(std::string(FRESHEN_TEST_DATA "/minisign/") + name);
    return text ? *text : std::string();
}

bool acceptsFile(const std::string &message, const std::string &signature,
                 const std::vector<PublicKey> &keys)
{
    const auto parsed = Trust::MinisignSignature::parse(signature);
    return parsed && Trust::verifyMinisign(*parsed, message, keys);
}

// Everything but the key comes from files, so libcrypto is first used while memory fails.
std::vector<Case> casesFromFiles(const std::string &keyText)
{
    const auto key = [keyText] {
        const auto parsed = PublicKey::parse(keyText);
        return parsed ? std::vector<PublicKey>{*parsed} : std::vector<PublicKey>();
    };
    const std::string message = sample("message.txt");
    const std::string signature = sample("prehashed.minisig");
    const std::string legacy = sample("legacy.minisig");
    const std::string manifest = sample("sample.manifest");
    const std::string manifestSignature = sample("sample.manifest.minisig");
    const std::string otherVersion = sample("otherversion.minisig");
    return {
        {"file", true, [=] { return acceptsFile(message, signature, key()); }},
        {"changed file", false, [=] { return acceptsFile(message + 'x', signature, key()); }},
        {"changed file, older form", false,
         [=] { return acceptsFile(message + 'x', legacy, key()); }},
        {"manifest", true,
         [=] { return Trust::verifiedManifest(manifest, manifestSignature, key()).has_value(); }},
        {"manifest signed as another version", false,
         [=] { return Trust::verifiedManifest(manifest, otherVersion, key()).has_value(); }},
    };
}

SecretKey keyOf(char seed)
{
    const std::string bytes(32, seed);
    auto key = SecretKey::parse(
        Trust::toBase64(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()));
    if (!key)
        std::abort();
    return std::move(*key);
}

std::string windowsManifest(const std::string &otherName)
{
    const std::string hash(64, '0');
    return "freshen-manifest 1\nproduct org.example.notes\nversion 2.0\nchannel stable\n"
           "os windows\narch x86_64\nexecutable notes.exe\nf 0644 5 "
        + hash + " " + otherName + "\nf 0644 5 " + hash + " notes.exe\nf 0644 5 " + hash
        + " stra\u00dfe\n";
}

std::vector<Case> manifestCases(const SecretKey &key)
{
    const auto makeCase = [&](const char *name, bool isGood, const std::string &otherName) {
        const std::string text = windowsManifest(otherName);
        const std::string signature = key.minisign(text, "freshen-manifest org.example.notes 2.0");
        const std::vector<PublicKey> keys = {key.publicKey()};
        return Case{name, isGood,
                    [=] { return Trust::verifiedManifest(text, signature, keys).has_value(); }};
    };
    return {makeCase("manifest for Windows", true, "STRASSENKARTE"),
            makeCase("manifest with twins", false, "STRASSE"),
            makeCase("manifest with a device", false, "NUL")};
}

Trust::SignedRoot rootOf(std::uint64_t version, const std::vector<const SecretKey *> &owners,
                         const std::vector<const SecretKey *> &signers)
{
    Trust::SignedRoot root;
    root.root.product = "org.example.notes";
    root.root.version = version;
    root.root.issued = "2026-11-22T10:00:00Z";
    root.root.expires = "2027-11-22T10:00:00Z";
    for (const SecretKey *key : owners)
        root.root.root.keys.push_back(key->publicKey());
    std::sort(root.root.root.keys.begin(), root.root.root.keys.end(),
              [](const auto &a, const auto &b) { return a.toSparkle() < b.toSparkle(); });
    root.root.root.threshold = owners.size();
    root.root.feed = root.root.release = {1, {owners.front()->publicKey()}};
    const std::string message = root.message();
    for (const SecretKey *key : signers)
        root.signatures.push_back(
            {Trust::toHex(Trust::keyIdOf(key->publicKey().bytes())),
             key->sign({reinterpret_cast<const std::uint8_t *>(message.data()), message.size()})});
    root.text = root.signedText();
    return root;
}

std::vector<Case> rootCases(const SecretKey &one, const SecretKey &other)
{
    const Trust::Root trusted = rootOf(1, {&one}, {&one}).root;
    const auto next = [&](const char *name, bool isGood, const Trust::SignedRoot &root) {
        return Case{name, isGood,
                    [=, text = root.text] { return Trust::nextRoot(trusted, text).has_value(); }};
    };
    return {next("next root", true, rootOf(2, {&one, &other}, {&one, &other})),
            next("root signed by the old key alone", false, rootOf(2, {&one, &other}, {&one})),
            next("root signed by the new key alone", false, rootOf(2, {&other}, {&other})),
            next("root of the version after the next", false, rootOf(3, {&one}, {&one}))};
}

std::vector<Case> feedCases(const SecretKey &key)
{
    const QByteArray content = "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel/></rss>\n";
    const QByteArray feed = signFeed(content, key);
    const auto makeCase = [&](const char *name, bool isGood, const QByteArray &bytes) {
        const std::vector<PublicKey> keys = {key.publicKey()};
        return Case{name, isGood, [=] {
                        const auto verified = verifyFeed(bytes, keys, FeedTrust::Required);
                        return verified && verified->content == content;
                    }};
    };
    QByteArray changed = feed;
    return {makeCase("feed", true, feed), makeCase("unsigned feed", false, content),
            makeCase("changed feed", false, changed.replace("<channel/>", "<channel />")),
            makeCase("feed signed by another key", false, signFeed(content, keyOf('c')))};
}

std::vector<Case> treeCases(const fs::path &tree)
{
    Trust::Manifest manifest;
    manifest.os = "linux";
    manifest.entries = {{Platform::EntryType::File, 0644, 7, Trust::sha256Hex("content"), "a", {}}};
    (void)Platform::writeFileDurably(tree / "a", "content");
    const auto makeCase = [=](const char *name, bool isGood, const Trust::Manifest &listed) {
        return Case{name, isGood, [=] { return Trust::requireTree(tree, listed).has_value(); }};
    };
    Trust::Manifest other = manifest;
    other.entries[0].sha256 = Trust::sha256Hex("CONTENT");
    Trust::Manifest more = manifest;
    more.entries.push_back({Platform::EntryType::Directory, 0755, 0, {}, "b", {}});
    return {makeCase("tree", true, manifest), makeCase("tree with other content", false, other),
            makeCase("tree without a folder", false, more)};
}

bool sweepAll(const std::vector<Case> &cases, bool isFirstUse = false)
{
    bool isGood = true;
    for (const Case &one : cases) {
        isGood = sweep(one, false, isFirstUse) && isGood;
        isGood = sweep(one, true, isFirstUse) && isGood;
    }
    return isGood;
}

} // namespace

int main()
{
    std::setbuf(stdout, nullptr); // or every process would write what is left in the buffer
    std::string folder = fs::temp_directory_path() / "freshen-sweep-XXXXXX";
    if (!::mkdtemp(folder.data()))
        return 1;
    const std::vector<Case> fromFiles = casesFromFiles(sample("key.pub"));
    bool isGood = sweepAll({fromFiles[3], fromFiles[4]}, true);
    const SecretKey key = keyOf('a');
    for (const auto &cases : {fromFiles, manifestCases(key), rootCases(key, keyOf('b')),
                              feedCases(key), treeCases(folder)})
        isGood = sweepAll(cases) && isGood;
    fs::remove_all(folder);
    return isGood ? 0 : 1;
}
