// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/pieces.h"

#include "platform/stamp.h"
#include "updater-helper/install/installed.h"
#include "updater-helper/install/record.h"
#include "updater-helper/install/userfiles.h"

#include <algorithm>
#include <optional>
#include <set>

namespace Freshen::Install {

using Platform::EntryType;
using Platform::TreeEntry;
using Trust::Manifest;
using Trust::ManifestEntry;

namespace {

constexpr std::string_view surveyKind = "freshen-survey 1";

// Beside the entries that the manifest lists.
constexpr std::string_view describing[] = {Manifest::fileName, Manifest::signatureFileName};

bool isAlike(const ManifestEntry &one, const ManifestEntry &other)
{
    return one.type == other.type && one.mode == other.mode && one.size == other.size
        && one.sha256 == other.sha256 && one.target == other.target;
}

// The stamps of files that were intact, by path.
std::map<std::string, std::string> readSurvey(const Layout &layout)
{
    std::map<std::string, std::string> stamps;
    const auto record = Record::read(Pieces::surveyFile(layout), surveyKind);
    for (const std::string &line : record ? record->values("intact") : std::vector<std::string>()) {
        const std::size_t space = line.find(' ');
        stamps[line.substr(space + 1)] = line.substr(0, space);
    }
    return stamps;
}

} // namespace

fs::path Pieces::surveyFile(const Layout &layout)
{
    return layout.pieces() / "survey";
}

Result<void> Pieces::survey(const Layout &layout, const fs::path &guard,
                            const Trust::Progress &progress)
{
    if (auto removed = Platform::removeTree(layout.pieces()); !removed)
        return removed;
    if (auto made = Platform::makeDirectory(layout.pieces(), 0700); !made)
        return made;
    if (!layout.isSingleFile()) {
        if (auto copied = Platform::copyFile(guard, guardFile(layout), 0755); !copied)
            return copied;
    }
    Record record{std::string(surveyKind)};
    const auto manifest = readManifest(layout.descriptionFolder());
    if (!manifest)
        return failure(manifest);
    if (!*manifest)
        return record.write(surveyFile(layout)); // nothing can be said to be as it was
    std::map<std::string, std::string> stamps;
    for (const ManifestEntry &entry : (*manifest)->entries)
        stamps[entry.path] = Platform::stampOf(layout.place(entry.path));
    const auto differences = compareInstalled(layout, **manifest,
                                              Trust::UnknownFiles::BelongToTheUser, progress);
    if (!differences)
        return failure(differences);
    for (const Trust::Difference &difference : *differences)
        stamps.erase(difference.path);
    for (const auto &[path, stamp] : stamps) {
        if (!stamp.empty())
            record.add("intact", stamp + " " + path);
    }
    return record.write(surveyFile(layout));
}

class PiecesPlanner
{
public:
    PiecesPlanner(const Layout &layout, const fs::path &tree)
        : m_layout(layout)
        , m_plan(layout, tree)
    {
    }

    Result<Pieces> run()
    {
        auto next = readManifest(m_plan.m_tree);
        if (!next)
            return failure(next);
        if (!*next)
            return failure(ErrorCode::MANIFEST, m_plan.m_tree.string() + " has no manifest.");
        m_next = std::move(**next);
        auto installed = readManifest(m_layout.descriptionFolder());
        if (!installed)
            return failure(installed);
        m_installed = std::move(*installed);
        m_intact = readSurvey(m_layout);
        m_plan.m_newExecutable = m_next.executable;
        m_plan.m_oldExecutable = m_installed ? m_installed->executable : m_next.executable;
        if (auto listed = listPresent(); !listed)
            return failure(listed);
        for (const std::string &path : filesOf(m_next, m_plan.m_tree))
            planArrival(path);
        for (const auto &[path, entry] : m_present)
            planDeparture(entry);
        planFolders();
        return std::move(m_plan);
    }

private:
    using Kind = Pieces::Kind;

    Result<void> listPresent()
    {
        if (m_layout.isSingleFile()) {
            // Under the names that its own version gives them.
            const Manifest &own = m_installed ? *m_installed : m_next;
            for (const std::string &path : filesOf(own, m_layout.descriptionFolder())) {
                if (auto entry = Platform::entryAt(m_layout.place(path), path))
                    m_present[path] = std::move(*entry);
            }
            return {};
        }
        auto entries = Platform::listTree(m_layout.app());
        if (!entries)
            return failure(entries);
        for (TreeEntry &entry : *entries)
            m_present[entry.path] = std::move(entry);
        return {};
    }

    // All of a version but its folders.
    static std::set<std::string> filesOf(const Manifest &version, const fs::path &described)
    {
        std::set<std::string> paths;
        for (const ManifestEntry &entry : version.entries) {
            if (entry.type != EntryType::Directory)
                paths.insert(entry.path);
        }
        for (const std::string_view name : describing) {
            if (Platform::entryAt(described / name, {}))
                paths.insert(std::string(name));
        }
        return paths;
    }

    bool isDescribing(const std::string &path) const
    {
        return std::find(std::begin(describing), std::end(describing), path)
            != std::end(describing);
    }

    // Without a manifest nobody knows what is the user's, and the old version is kept whole.
    bool isShipped(const TreeEntry &entry) const
    {
        if (!m_installed || isDescribing(entry.path))
            return true;
        const ManifestEntry *listed = m_installed->find(entry.path);
        return listed && listed->type == entry.type;
    }

    bool isUnchanged(const std::string &path) const
    {
        const ManifestEntry *before = m_installed ? m_installed->find(path) : nullptr;
        const ManifestEntry *after = m_next.find(path);
        const auto intact = m_intact.find(path);
        return before && after && isAlike(*before, *after) && intact != m_intact.end()
            && intact->second == Platform::stampOf(m_layout.place(path));
    }

    void add(Kind kind, const std::string &path) { m_plan.m_pieces.push_back({kind, path}); }

    void planArrival(const std::string &path)
    {
        const auto present = m_present.find(path);
        if (present == m_present.end() || present->second.type == EntryType::Directory)
            return add(Kind::Add, path);
        if (!isShipped(present->second)) {
            add(Kind::Displace, path);
            return add(Kind::Add, path);
        }
        // Whichever starts the app is guarded, alike or not.
        const bool startsApp = path == m_plan.m_newExecutable || path == m_plan.m_oldExecutable;
        if (startsApp || !isUnchanged(path))
            add(Kind::Replace, path);
    }

    void planDeparture(const TreeEntry &entry)
    {
        const bool arrives = m_next.find(entry.path)
            ? m_next.find(entry.path)->type != EntryType::Directory
            : isDescribing(entry.path) && Platform::entryAt(m_plan.m_tree / entry.path, {});
        if (entry.type == EntryType::Directory || arrives)
            return;
        if (isShipped(entry))
            add(Kind::Remove, entry.path);
        else if (isInTheWay(entry.path) || m_next.find(entry.path))
            add(Kind::Displace, entry.path);
    }

    // Of something that is no folder where the path needs one.
    bool isInTheWay(const std::string &path) const
    {
        for (std::size_t end = path.find('/'); end != std::string::npos;
             end = path.find('/', end + 1)) {
            const ManifestEntry *parent = m_next.find(path.substr(0, end));
            if (parent && parent->type != EntryType::Directory)
                return true;
        }
        return false;
    }

    void planFolders()
    {
        for (const auto &[path, entry] : m_present) {
            const ManifestEntry *next = m_next.find(path);
            const bool hasToGo = isInTheWay(path) || (next && next->type != EntryType::Directory);
            if (entry.type == EntryType::Directory && (isShipped(entry) || hasToGo))
                m_plan.m_oldFolders[path] = entry.mode;
        }
        for (const ManifestEntry &entry : m_next.entries) {
            if (entry.type == EntryType::Directory)
                m_plan.m_newFolders[entry.path] = entry.mode;
        }
    }

    const Layout &m_layout;
    Pieces m_plan;
    std::optional<Manifest> m_installed;
    Manifest m_next;
    std::map<std::string, std::string> m_intact;
    std::map<std::string, TreeEntry> m_present;
};

Result<void> Pieces::plan(const Layout &layout, const fs::path &tree)
{
    const auto plan = PiecesPlanner(layout, tree).run();
    return plan ? plan->write() : failure(plan);
}

} // namespace Freshen::Install
