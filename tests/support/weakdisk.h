// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A disk that keeps nothing unless it has to: from the calls of one run, every state in which a
// power cut could leave a folder.
//
// What was written to a file, its mode, and each change of a folder's entries is kept for sure only
// after a sync: of the file, of the folder (of a rename, of either folder), or of the whole file
// system. Until then each of them may be missing, whatever came after it, and of what was written a
// part. A change of entries happens as a whole or not at all, nothing gets two names by a move, and
// a folder goes only when it is empty, and what emptied it with it.
//
// What is built has other identities and times than what was there. The identities in journals are
// put right; a file that is known by its times is one that may have changed.

#pragma once

#include "platform/tree.h"
#include "tests/support/faultyfiles.h"

#include <functional>
#include <map>
#include <set>

namespace Freshen {

struct CrashState {
    std::string description; // where the power was cut, and what is missing
    bool isAtTheEnd = false; // after the last call
};

class WeakDisk : public FaultyFiles
{
public:
    // In a journal, where an identity stands: the number of the node between two of these.
    static constexpr char mark = '\1';

    // Looks at the folder, which may not be replaced itself, and notes what is done in it from now
    // on.
    explicit WeakDisk(std::filesystem::path folder, FaultRule rule = {});

    void after(const Platform::FileCall &call) override;

    // Ends the recording. Builds each different state in the folder and lets `check` look at it.
    // Returns how many there were.
    std::size_t eachState(const std::function<void(const CrashState &)> &check);

private:
    struct Node {
        Platform::EntryType type;
        std::string content; // of a link, its target
        std::uint32_t mode = 0;
    };
    struct Place {
        int folder = 0;
        std::string name;
        auto operator<=>(const Place &) const = default;
    };
    struct Tree {
        std::vector<Node> nodes; // the first is the folder itself
        std::map<Place, int> entries;
    };
    struct Change {
        enum class Kind { Write, SetMode, Enter, Leave, Move, Exchange };
        Kind kind;
        int node = 0;
        Place at;
        Place to; // of Move and Exchange
        int other = 0; // what Exchange brings to `at`
        std::size_t offset = 0; // of Write
        std::string bytes;
        std::uint32_t mode = 0;
        std::string description;
        std::size_t made = 0; // number of the call
        std::size_t kept = std::size_t(-1); // number of the call that makes it last
    };
    enum class Fate { Kept, Missing, Cut };
    using Fates = std::vector<Fate>;

    void look(int folder, const std::filesystem::path &path);
    int add(const std::filesystem::path &path, Platform::EntryType type, const std::string &content,
            std::uint32_t mode);
    bool contains(const std::filesystem::path &path) const;
    std::optional<int> find(const std::filesystem::path &path) const;
    Place place(const std::filesystem::path &path) const;
    Change changeOf(const Platform::FileCall &call);
    void keep(const std::function<bool(const Change &)> &isKept);
    std::string withoutIdentities(const std::string &text);

    static bool isEmptyFolder(const Tree &tree, int node);
    static void move(Tree &tree, const Change &change, bool isKept);
    static void apply(Tree &tree, const Change &change, Fate fate, bool isKept);
    std::vector<const Change *> pendingAt(std::size_t cut) const;
    std::vector<Fates> fatesOf(const std::vector<const Change *> &pending, std::size_t cut) const;
    Tree treeAt(std::size_t cut, const Fates &fates) const;
    std::string describe(std::size_t cut, const Fates &fates) const;
    void print(const Tree &tree, int folder, const std::string &prefix, std::string &text) const;
    void build(const Tree &tree) const;

    std::filesystem::path m_folder;
    Tree m_first;
    Tree m_now;
    std::map<std::string, int> m_nodes; // by Journal::identityOf()
    std::set<int> m_noted; // whose identities stand in files
    std::vector<Change> m_changes;
    std::vector<std::string> m_steps; // what each call was
};

} // namespace Freshen
