// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/weakdisk.h"

#include "platform/file.h"
#include "platform/safefolder.h"
#include "updater-helper/install/journal.h"
#include "updater-helper/trust/digest.h"

#include <fstream>
#include <random>

namespace Freshen {

namespace fs = std::filesystem;
using Platform::EntryType;

namespace {

constexpr std::size_t few = 6; // pending changes, of which every combination is tried
constexpr int randomStates = 24; // of more, at each cut

void require(const Result<void> &result)
{
    if (!result)
        throw std::runtime_error(result.error().message);
}

} // namespace

bool WeakDisk::isEmptyFolder(const Tree &tree, int node)
{
    const auto first = tree.entries.lower_bound({node, {}});
    return first == tree.entries.end() || first->first.folder != node;
}

// A change that is not kept for sure is left out where what it builds on is missing.
void WeakDisk::move(Tree &tree, const Change &change, bool isKept)
{
    const auto isIt = [&](const auto &entry) { return entry.second == change.node; };
    const auto source = tree.entries.find(change.at);
    const bool isThere = source != tree.entries.end() && isIt(*source);
    const auto target = tree.entries.find(change.to);
    const bool isTaken = target != tree.entries.end() && !isEmptyFolder(tree, target->second);
    const bool isNamed = std::any_of(tree.entries.begin(), tree.entries.end(), isIt);
    if (!isKept && (isTaken || (!isThere && isNamed)))
        return;
    if (isThere)
        tree.entries.erase(source);
    else if (tree.nodes[std::size_t(change.node)].type == EntryType::Directory)
        std::erase_if(tree.entries, isIt);
    tree.entries[change.to] = change.node;
}

void WeakDisk::apply(Tree &tree, const Change &change, Fate fate, bool isKept)
{
    if (fate == Fate::Missing)
        return;
    Node &node = tree.nodes[std::size_t(change.node)];
    const auto holds = [&](const Place &place, int held) {
        const auto entry = tree.entries.find(place);
        return entry != tree.entries.end() && entry->second == held;
    };
    switch (change.kind) {
    case Change::Kind::Write: {
        const std::size_t size = fate == Fate::Cut ? change.bytes.size() / 2 : change.bytes.size();
        node.content.resize(std::max(node.content.size(), change.offset + size));
        node.content.replace(change.offset, size, change.bytes, 0, size);
        return;
    }
    case Change::Kind::SetMode:
        node.mode = change.mode;
        return;
    case Change::Kind::Enter:
        if (isKept || !tree.entries.contains(change.at))
            tree.entries[change.at] = change.node;
        return;
    case Change::Kind::Leave:
        if (holds(change.at, change.node) && (isKept || isEmptyFolder(tree, change.node)))
            tree.entries.erase(change.at);
        return;
    case Change::Kind::Move:
        return move(tree, change, isKept);
    case Change::Kind::Exchange:
        if (!isKept && !(holds(change.at, change.node) && holds(change.to, change.other)))
            return;
        std::erase_if(tree.entries, [&](const auto &entry) {
            return entry.second == change.node || entry.second == change.other;
        });
        tree.entries[change.at] = change.other;
        tree.entries[change.to] = change.node;
        return;
    }
}

std::vector<const WeakDisk::Change *> WeakDisk::pendingAt(std::size_t cut) const
{
    std::vector<const Change *> pending;
    for (const Change &change : m_changes) {
        if (change.made <= cut && change.kept > cut)
            pending.push_back(&change);
    }
    return pending;
}

std::vector<WeakDisk::Fates> WeakDisk::fatesOf(const std::vector<const Change *> &pending,
                                               std::size_t cut) const
{
    const std::size_t count = pending.size();
    std::vector<Fates> all = {Fates(count, Fate::Kept), Fates(count, Fate::Missing)};
    const auto add = [&](const std::function<bool(std::size_t)> &isMissing) {
        all.emplace_back();
        for (std::size_t i = 0; i < count; ++i)
            all.back().push_back(isMissing(i) ? Fate::Missing : Fate::Kept);
    };
    for (std::size_t i = 0; i < count; ++i) {
        add([&](std::size_t j) { return j == i; });
        add([&](std::size_t j) { return j != i; });
        add([&](std::size_t j) { return j > i; });
        add([&](std::size_t j) { return j <= i; });
        if (pending[i]->kind == Change::Kind::Write) {
            all.emplace_back(count, Fate::Kept);
            all.back()[i] = Fate::Cut;
        }
    }
    if (count <= few) {
        for (std::size_t bits = 0; bits < std::size_t(1) << count; ++bits)
            add([&](std::size_t j) { return bool(bits >> j & 1); });
        return all;
    }
    std::minstd_rand random(std::minstd_rand::result_type(cut + 1));
    for (int i = 0; i < randomStates; ++i) {
        const auto share = random() % 8 + 1; // of ten, which are missing
        add([&](std::size_t) { return random() % 10 < share; });
    }
    return all;
}

WeakDisk::Tree WeakDisk::treeAt(std::size_t cut, const Fates &fates) const
{
    Tree tree = m_first;
    std::size_t next = 0;
    for (const Change &change : m_changes) {
        if (change.made > cut)
            break;
        const bool isKept = change.kept <= cut;
        apply(tree, change, isKept ? Fate::Kept : fates[next++], isKept);
    }
    return tree;
}

std::string WeakDisk::describe(std::size_t cut, const Fates &fates) const
{
    std::string text = "cut after " + std::to_string(cut) + " (" + m_steps[cut] + ")";
    const auto pending = pendingAt(cut);
    for (std::size_t i = 0; i < pending.size(); ++i) {
        if (fates[i] != Fate::Kept)
            text += std::string(fates[i] == Fate::Cut ? ", cut short: " : ", without: ")
                + pending[i]->description;
    }
    return text;
}

void WeakDisk::print(const Tree &tree, int folder, const std::string &prefix,
                     std::string &text) const
{
    for (auto entry = tree.entries.lower_bound({folder, {}});
         entry != tree.entries.end() && entry->first.folder == folder; ++entry) {
        const Node &node = tree.nodes[std::size_t(entry->second)];
        const std::string path = prefix + "/" + entry->first.name;
        text += path + '\0' + std::to_string(int(node.type)) + std::to_string(node.mode);
        if (m_noted.contains(entry->second))
            text += ' ' + std::to_string(entry->second);
        text += '\0' + node.content + '\0';
        print(tree, entry->second, path, text);
    }
}

namespace {

// The marks of withoutIdentities() become what the built nodes are known by.
std::string withIdentities(const std::string &text, const std::map<int, fs::path> &built)
{
    std::string result;
    std::size_t at = 0;
    for (std::size_t begin = text.find(WeakDisk::mark); begin != std::string::npos;
         begin = text.find(WeakDisk::mark, at)) {
        result.append(text, at, begin - at);
        const std::size_t end = text.find(WeakDisk::mark, begin + 1);
        if (end == std::string::npos)
            return result; // cut short here
        const auto node = built.find(std::stoi(text.substr(begin + 1, end - begin - 1)));
        result += node == built.end() ? "0" : Install::Journal::identityOf(node->second);
        at = end + 1;
    }
    return result.append(text, at);
}

void write(const fs::path &path, const std::string &content, std::uint32_t mode)
{
    std::ofstream(path, std::ios::binary) << content;
    fs::permissions(path, fs::perms(mode));
}

} // namespace

void WeakDisk::build(const Tree &tree) const
{
    for (const auto &entry : fs::directory_iterator(m_folder))
        require(Platform::removeTree(entry.path()));
    std::map<int, fs::path> built = {{0, m_folder}};
    std::vector<std::pair<fs::path, const Node *>> files, folders;
    const std::function<void(int)> fill = [&](int folder) {
        for (auto entry = tree.entries.lower_bound({folder, {}});
             entry != tree.entries.end() && entry->first.folder == folder; ++entry) {
            const Node &node = tree.nodes[std::size_t(entry->second)];
            const fs::path path = built.at(folder) / entry->first.name;
            if (built.contains(entry->second))
                fs::create_hard_link(built.at(entry->second), path);
            else if (node.type == EntryType::Link)
                require(Platform::makeLink(node.content, path));
            else if (node.type == EntryType::Directory)
                require(Platform::makeDirectory(path, 0700));
            else
                std::ofstream(path).flush();
            if (!built.emplace(entry->second, path).second || node.type == EntryType::Link)
                continue;
            (node.type == EntryType::File ? files : folders).emplace_back(path, &node);
            if (node.type == EntryType::Directory)
                fill(entry->second);
        }
    };
    fill(0);
    for (const auto &[path, node] : files)
        write(path, withIdentities(node->content, built), node->mode);
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder)
        require(Platform::setFolderMode(folder->first, folder->second->mode));
}

std::size_t WeakDisk::eachState(const std::function<void(const CrashState &)> &check)
{
    Platform::setFileSeam(nullptr);
    std::set<std::string> seen;
    // From the end, so that a state is known to be the last one wherever it occurs first.
    for (std::size_t cut = m_steps.size(); cut-- > 0;) {
        for (const Fates &fates : fatesOf(pendingAt(cut), cut)) {
            const Tree tree = treeAt(cut, fates);
            std::string text;
            print(tree, 0, {}, text);
            if (!seen.insert(Trust::sha256Hex(text)).second)
                continue;
            build(tree);
            check({describe(cut, fates), cut + 1 == m_steps.size()});
        }
    }
    return seen.size();
}

} // namespace Freshen
