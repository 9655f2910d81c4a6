// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/manifest.h"

#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/linkchains.h"
#include "updater-helper/trust/namepolicy.h"
#include "updater-helper/trust/nametwins.h"
#include "updater-helper/trust/text.h"

#include <algorithm>
#include <limits>

namespace Freshen::Trust {

namespace {

using Platform::EntryType;

constexpr std::string_view formatLine = "freshen-manifest 1";
constexpr std::string_view linkArrow = " > ";
constexpr std::uint32_t allowedMode = 0755;
constexpr std::uint64_t maximumTotal = std::numeric_limits<std::int64_t>::max();

Result<void> malformed(const std::string &why)
{
    return failure(ErrorCode::MANIFEST, "The manifest is malformed: " + why + ".");
}

Result<void> malformedLine(std::string_view line, std::string_view why)
{
    return malformed("\"" + escaped(line) + "\" " + std::string(why));
}

// The text up to the first space, which is taken off together with it.
std::string_view takeWord(std::string_view &line)
{
    const std::size_t end = line.find(' ');
    const std::string_view word = line.substr(0, end);
    line = end == std::string_view::npos ? std::string_view() : line.substr(end + 1);
    return word;
}

bool isEntryLine(std::string_view line)
{
    return line.starts_with("d ") || line.starts_with("f ") || line.starts_with("l ");
}

bool isProductName(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '.' || c == '-' || c == '_';
    });
}

bool isSha256(std::string_view text)
{
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

// "0755": a zero and three octal digits, with rights for the owner and none to write for others.
std::optional<std::uint32_t> parseMode(std::string_view text, std::uint32_t needed)
{
    std::uint32_t mode = 0;
    if (text.size() != 4 || text[0] != '0')
        return {};
    for (const char c : text) {
        if (c < '0' || c > '7')
            return {};
        mode = mode * 8 + std::uint32_t(c - '0');
    }
    if ((mode & ~allowedMode) != 0 || (mode & needed) != needed)
        return {};
    return mode;
}

std::string modeText(std::uint32_t mode)
{
    std::string text = "0000";
    for (std::size_t i = 0; i < 3; ++i)
        text[3 - i] = char('0' + ((mode >> (3 * i)) & 7));
    return text;
}

class Parser
{
public:
    explicit Parser(std::string_view text) : m_lines(splitLines(text)) {}

    Result<void> run()
    {
        if (auto header = parseHeader(); !header)
            return header;
        while (m_next < m_lines.size() && !isEntryLine(m_lines[m_next])) {
            if (auto extra = parseExtra(m_lines[m_next++]); !extra)
                return extra;
        }
        while (m_next < m_lines.size()) {
            if (auto entry = parseEntry(m_lines[m_next++]); !entry)
                return entry;
        }
        auto checked = checkLinks();
        return checked ? checkExecutable() : checked;
    }

    Manifest manifest;

private:
    Result<void> parseHeader()
    {
        if (m_lines.empty() || m_lines[0] != formatLine)
            return malformed("it does not begin with \"" + std::string(formatLine) + "\"");
        m_next = 1;
        const std::pair<std::string_view, std::string *> fields[] = {
            {"product", &manifest.product}, {"version", &manifest.version},
            {"channel", &manifest.channel}, {"os", &manifest.os},
            {"arch", &manifest.arch},       {"executable", &manifest.executable},
        };
        for (const auto &[name, value] : fields) {
            if (m_next >= m_lines.size())
                return malformed("\"" + std::string(name) + "\" is missing");
            std::string_view line = m_lines[m_next++];
            if (takeWord(line) != name || line.empty() || escaped(line) != line)
                return malformed("\"" + std::string(name) + "\" is missing or unusable");
            *value = line;
        }
        if (!isProductName(manifest.product))
            return malformed("the product has other characters than letters, digits, . - _");
        m_twins.emplace(manifest.os);
        return {};
    }

    Result<void> parseExtra(std::string_view line)
    {
        if (line.empty() || escaped(line) != line)
            return malformedLine(line, "cannot be read");
        if (line[0] == '!')
            return malformedLine(line, "is needed, but not known here; update Freshen first");
        manifest.extraLines.emplace_back(line);
        return {};
    }

    Result<void> parseEntry(std::string_view line)
    {
        const std::string_view whole = line;
        if (!isEntryLine(line))
            return malformedLine(whole, "is no entry");
        if (manifest.entries.size() >= Manifest::maximumEntries)
            return malformed("it has more than 200000 entries");
        ManifestEntry entry;
        const char kind = takeWord(line)[0];
        if (!(kind == 'd'       ? parseDirectory(line, entry)
                  : kind == 'f' ? parseFile(line, entry)
                                : parseLink(line, entry)))
            return malformedLine(whole, "is not a valid entry");
        return addEntry(std::move(entry));
    }

    static bool parseDirectory(std::string_view line, ManifestEntry &entry)
    {
        const auto mode = parseMode(takeWord(line), 0500);
        entry.type = EntryType::Directory;
        entry.mode = mode.value_or(0);
        entry.path = line;
        return mode.has_value();
    }

    bool parseFile(std::string_view line, ManifestEntry &entry)
    {
        const auto mode = parseMode(takeWord(line), 0400);
        const auto size = parseNumber(takeWord(line));
        entry.type = EntryType::File;
        entry.sha256 = takeWord(line);
        entry.path = line;
        if (!mode || !size || !isSha256(entry.sha256) || *size > maximumTotal - m_total)
            return false;
        entry.mode = *mode;
        entry.size = *size;
        m_total += *size;
        return true;
    }

    static bool parseLink(std::string_view line, ManifestEntry &entry)
    {
        const std::size_t arrow = line.find(linkArrow);
        if (arrow == std::string_view::npos)
            return false;
        entry.type = EntryType::Link;
        entry.mode = 0777;
        entry.path = line.substr(0, arrow);
        entry.target = line.substr(arrow + linkArrow.size());
        return true;
    }

    Result<void> addEntry(ManifestEntry entry)
    {
        if (const auto objection = objectionToPath(entry.path, manifest.os))
            return malformedLine(entry.path, *objection);
        if (entry.path == Manifest::fileName || entry.path == Manifest::signatureFileName)
            return malformedLine(entry.path, "cannot list itself");
        if (!manifest.entries.empty() && entry.path <= manifest.entries.back().path)
            return malformedLine(entry.path, "is doubled or not in order");
        if (const auto objection = m_twins->add(entry.path))
            return malformedLine(entry.path, *objection);
        if (entry.type == EntryType::Link) {
            if (const auto objection = objectionToLink(entry.path, entry.target, manifest.os))
                return malformedLine(entry.path, "is a link whose target " + *objection);
        }
        const std::size_t slash = entry.path.rfind('/');
        if (slash != std::string::npos && !isDirectory(entry.path.substr(0, slash)))
            return malformedLine(entry.path, "lies in a folder that is not listed");
        manifest.entries.push_back(std::move(entry));
        return {};
    }

    bool isDirectory(const std::string &path) const
    {
        const ManifestEntry *entry = manifest.find(path);
        return entry && entry->type == EntryType::Directory;
    }

    Result<void> checkLinks() const
    {
        for (const ManifestEntry &entry : manifest.entries) {
            const auto objection = entry.type == EntryType::Link
                ? objectionToChain(entry, manifest)
                : std::nullopt;
            if (objection)
                return malformedLine(entry.path, *objection);
        }
        return {};
    }

    Result<void> checkExecutable() const
    {
        const ManifestEntry *entry = manifest.find(manifest.executable);
        const bool needsBit = manifest.os != "windows";
        if (!entry || entry->type != EntryType::File || (needsBit && (entry->mode & 0100) == 0))
            return malformedLine(manifest.executable, "is no executable file of the release");
        return {};
    }

    std::vector<std::string_view> m_lines;
    std::size_t m_next = 0;
    std::uint64_t m_total = 0;
    std::optional<NameTwins> m_twins; // once the system is known
};

std::string entryLine(const ManifestEntry &entry)
{
    switch (entry.type) {
    case EntryType::Directory:
        return "d " + modeText(entry.mode) + " " + entry.path;
    case EntryType::Link:
        return "l " + entry.path + std::string(linkArrow) + entry.target;
    default:
        return "f " + modeText(entry.mode) + " " + std::to_string(entry.size) + " " + entry.sha256
            + " " + entry.path;
    }
}

} // namespace

Result<Manifest> Manifest::parse(std::string_view text)
{
    if (text.size() > maximumSize)
        return failure(ErrorCode::MANIFEST, "The manifest is larger than any honest one.");
    if (!text.ends_with('\n') || text.find("\n\n") != std::string_view::npos)
        return failure(ErrorCode::MANIFEST,
                       "The manifest is malformed: it has an empty or unfinished line.");
    Parser parser(text);
    if (const auto done = parser.run(); !done)
        return failure(done);
    return std::move(parser.manifest);
}

std::string Manifest::toText() const
{
    std::string text(formatLine);
    text += "\nproduct " + product + "\nversion " + version + "\nchannel " + channel + "\nos " + os
        + "\narch " + arch + "\nexecutable " + executable + "\n";
    for (const std::string &line : extraLines)
        text += line + "\n";
    for (const ManifestEntry &entry : entries)
        text += entryLine(entry) + "\n";
    return text;
}

const ManifestEntry *Manifest::find(std::string_view path) const
{
    const auto found = std::lower_bound(
        entries.begin(), entries.end(), path,
        [](const ManifestEntry &entry, std::string_view wanted) { return entry.path < wanted; });
    return found != entries.end() && found->path == path ? &*found : nullptr;
}

std::uint64_t Manifest::totalSize() const
{
    std::uint64_t total = 0;
    for (const ManifestEntry &entry : entries)
        total += entry.size;
    return total;
}

std::string_view Manifest::extra(std::string_view name) const
{
    for (std::string_view line : extraLines) {
        if (takeWord(line) == name)
            return line;
    }
    return {};
}

std::string Manifest::trustedComment() const
{
    return "freshen-manifest " + product + " " + version;
}

Result<Manifest> verifiedManifest(std::string_view text, std::string_view signatureText,
                                  const std::vector<PublicKey> &keys)
{
    const auto signature = MinisignSignature::parse(signatureText);
    if (!signature)
        return failure(signature);
    if (const auto verified = verifyMinisign(*signature, text, keys); !verified)
        return failure(verified.error().code, "The manifest: " + verified.error().message);
    auto manifest = Manifest::parse(text);
    if (manifest && manifest->trustedComment() != signature->trustedComment)
        return failure(ErrorCode::SIGNATURE,
                       "The manifest's signature was made for \""
                           + escaped(signature->trustedComment) + "\", not for \""
                           + escaped(manifest->trustedComment()) + "\".");
    return manifest;
}

Result<TreeManifest> readTreeManifest(const std::filesystem::path &tree,
                                      const std::vector<PublicKey> &keys)
{
    const auto text = Platform::readFile(tree / Manifest::fileName, Manifest::maximumSize);
    if (!text)
        return failure(text);
    const auto signature = Platform::readFile(tree / Manifest::signatureFileName, 64 * 1024);
    if (!signature)
        return failure(signature);
    auto manifest = verifiedManifest(*text, *signature, keys);
    if (!manifest)
        return failure(manifest);
    return TreeManifest{std::move(*manifest), sha256Hex(*text)};
}

} // namespace Freshen::Trust
