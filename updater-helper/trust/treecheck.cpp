// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/treecheck.h"

#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"

namespace Freshen::Trust {

namespace {

using Platform::EntryType;
using Platform::TreeEntry;

class Comparison
{
public:
    Comparison(const PlaceOf &placeOf, const Manifest &manifest, UnknownFiles unknown,
               const Progress &progress)
        : m_placeOf(placeOf)
        , m_manifest(manifest)
        , m_unknown(unknown)
        , m_progress(progress)
    {
    }

    // Both lists are sorted by path, so one pass over both finds everything.
    Result<std::vector<Difference>> run(const std::vector<TreeEntry> &present)
    {
        auto there = present.begin();
        for (const ManifestEntry &listed : m_manifest.entries) {
            while (there != present.end() && there->path < listed.path)
                addUnknown(*there++);
            if (there == present.end() || there->path != listed.path) {
                add(listed.path, Problem::Missing);
            } else if (auto compared = compare(listed, *there++); !compared) {
                return failure(compared);
            }
        }
        while (there != present.end())
            addUnknown(*there++);
        return std::move(m_differences);
    }

private:
    void add(const std::string &path, Problem problem)
    {
        m_differences.push_back({path, problem});
    }

    void addUnknown(const TreeEntry &entry)
    {
        const bool isOurs = entry.path == Manifest::fileName
            || entry.path == Manifest::signatureFileName;
        if (!isOurs && m_unknown == UnknownFiles::AreDifferences)
            add(entry.path, Problem::Unknown);
    }

    Result<void> compare(const ManifestEntry &listed, const TreeEntry &there)
    {
        const bool hasModes = m_manifest.os != "windows" && listed.type != EntryType::Link;
        if (listed.type != there.type)
            add(listed.path, Problem::Kind);
        else if (hasModes && listed.mode != there.mode)
            add(listed.path, Problem::Mode);
        else if (listed.type == EntryType::Link && listed.target != there.target)
            add(listed.path, Problem::Content);
        else if (listed.type == EntryType::File && listed.size != there.size)
            add(listed.path, Problem::Size);
        else if (listed.type == EntryType::File)
            return compareContent(listed);
        return {};
    }

    Result<void> compareContent(const ManifestEntry &listed)
    {
        const auto file = Platform::openForReading(m_placeOf(listed.path));
        if (!file)
            return failure(file);
        Digest digest(Digest::Kind::Sha256);
        bool goesOn = true;
        const auto read = Platform::readBlocks(*file, [&](Platform::Bytes bytes) {
            digest.add(bytes);
            m_done += bytes.size();
            goesOn = !m_progress || m_progress(m_done);
            return goesOn;
        });
        if (!read)
            return read;
        if (!goesOn)
            return failure(ErrorCode::CANCELLED, "Cancelled.");
        if (digest.hexResult() != listed.sha256)
            add(listed.path, Problem::Content);
        return {};
    }

    const PlaceOf &m_placeOf;
    const Manifest &m_manifest;
    UnknownFiles m_unknown;
    const Progress &m_progress;
    std::uint64_t m_done = 0;
    std::vector<Difference> m_differences;
};

} // namespace

std::string_view problemName(Problem problem)
{
    switch (problem) {
    case Problem::Missing:
        return "missing";
    case Problem::Kind:
        return "kind";
    case Problem::Mode:
        return "mode";
    case Problem::Size:
        return "size";
    case Problem::Content:
        return "content";
    case Problem::Unknown:
        return "unknown";
    }
    return {};
}

Result<std::vector<Difference>> compareTree(const std::filesystem::path &tree,
                                            const Manifest &manifest, UnknownFiles unknown,
                                            const Progress &progress)
{
    const auto present = Platform::listTree(tree);
    if (!present)
        return failure(present);
    return compareEntries(*present, [&](const std::string &path) { return tree / path; }, manifest,
                          unknown, progress);
}

Result<std::vector<Difference>> compareEntries(const std::vector<TreeEntry> &present,
                                               const PlaceOf &placeOf, const Manifest &manifest,
                                               UnknownFiles unknown, const Progress &progress)
{
    return Comparison(placeOf, manifest, unknown, progress).run(present);
}

Result<void> requireTree(const std::filesystem::path &tree, const Manifest &manifest,
                         const Progress &progress)
{
    const auto differences = compareTree(tree, manifest, UnknownFiles::AreDifferences, progress);
    return differences ? requireNone(*differences) : failure(differences);
}

Result<void> requireNone(const std::vector<Difference> &differences)
{
    if (differences.empty())
        return {};
    const Difference &first = differences.front();
    return failure(ErrorCode::MANIFEST,
                   "The file \"" + escaped(first.path) + "\" is not as the manifest says ("
                       + std::string(problemName(first.problem)) + ").");
}

} // namespace Freshen::Trust
