// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/weakdisk.h"

#include "platform/file.h"
#include "updater-helper/install/journal.h"

#include <regex>

namespace Freshen {

namespace fs = std::filesystem;
using Platform::EntryType;
using Platform::FileCall;

namespace {

using Kind = FileCall::Kind;

const std::map<Kind, std::string> kindNames = {
    {Kind::CreateFile, "create"},     {Kind::Write, "write"},
    {Kind::SetMode, "chmod"},         {Kind::SetOwner, "chown"},
    {Kind::SetAttribute, "setxattr"}, {Kind::Close, "close"},
    {Kind::SyncFile, "fsync"},        {Kind::SyncFolder, "fsync folder"},
    {Kind::SyncFileSystem, "syncfs"}, {Kind::Rename, "rename"},
    {Kind::Exchange, "exchange"},     {Kind::HardLink, "link"},
    {Kind::SymbolicLink, "symlink"},  {Kind::MakeFolder, "mkdir"},
    {Kind::RemoveFile, "unlink"},     {Kind::RemoveFolder, "rmdir"},
};

} // namespace

WeakDisk::WeakDisk(fs::path folder, FaultRule rule)
    : FaultyFiles(std::move(rule))
    , m_folder(std::move(folder))
{
    m_now.nodes.push_back({EntryType::Directory, {}, 0700});
    m_nodes[Install::Journal::identityOf(m_folder)] = 0;
    look(0, m_folder);
    for (Node &node : m_now.nodes)
        node.content = withoutIdentities(node.content);
    m_first = m_now;
    m_steps.emplace_back("nothing");
}

void WeakDisk::look(int folder, const fs::path &path)
{
    for (const auto &entry : fs::directory_iterator(path)) {
        const auto found = Platform::entryAt(entry.path(), {});
        const std::string content = found->type == EntryType::File
            ? *Platform::readFile(entry.path())
            : found->target;
        const int node = add(entry.path(), found->type, content, found->mode);
        m_now.entries[{folder, entry.path().filename().string()}] = node;
        if (found->type == EntryType::Directory)
            look(node, entry.path());
    }
}

int WeakDisk::add(const fs::path &path, EntryType type, const std::string &content,
                  std::uint32_t mode)
{
    m_now.nodes.push_back({type, content, mode});
    if (!m_steps.empty())
        m_first.nodes.push_back(m_now.nodes.back());
    const int node = int(m_now.nodes.size()) - 1;
    m_nodes[Install::Journal::identityOf(path)] = node;
    return node;
}

bool WeakDisk::contains(const fs::path &path) const
{
    return (path.string() + "/").starts_with(m_folder.string() + "/");
}

std::optional<int> WeakDisk::find(const fs::path &path) const
{
    if (!contains(path))
        return {};
    int node = 0;
    for (const fs::path &part : path.lexically_relative(m_folder)) {
        if (part == ".")
            continue;
        const auto entry = m_now.entries.find({node, part.string()});
        if (entry == m_now.entries.end())
            return {};
        node = entry->second;
    }
    return node;
}

WeakDisk::Place WeakDisk::place(const fs::path &path) const
{
    return {find(path.parent_path()).value(), path.filename().string()};
}

std::string WeakDisk::withoutIdentities(const std::string &text)
{
    static const std::regex identities("(^|\n)(old|new) ([0-9]+)(?=\n)");
    std::string result;
    auto at = text.cbegin();
    for (std::sregex_iterator i(text.begin(), text.end(), identities), end; i != end; ++i) {
        const auto node = m_nodes.find((*i)[3]);
        if (node == m_nodes.end())
            continue;
        m_noted.insert(node->second);
        result.append(at, (*i)[3].first);
        result += mark + std::to_string(node->second) + mark;
        at = (*i)[3].second;
    }
    return result.append(at, text.cend());
}

WeakDisk::Change WeakDisk::changeOf(const FileCall &call)
{
    const std::string bytes(call.bytes.begin(), call.bytes.end());
    switch (call.kind) {
    case Kind::CreateFile:
        return {.kind = Change::Kind::Enter,
                .node = add(call.path, EntryType::File, {}, call.mode),
                .at = place(call.path)};
    case Kind::MakeFolder:
        return {.kind = Change::Kind::Enter,
                .node = add(call.path, EntryType::Directory, {}, call.mode),
                .at = place(call.path)};
    case Kind::SymbolicLink:
        return {.kind = Change::Kind::Enter,
                .node = add(call.path, EntryType::Link, call.other.string(), 0777),
                .at = place(call.path)};
    case Kind::HardLink:
        return {
            .kind = Change::Kind::Enter, .node = find(call.path).value(), .at = place(call.other)};
    case Kind::Write: {
        const int node = find(call.path).value();
        return {.kind = Change::Kind::Write,
                .node = node,
                .offset = m_now.nodes[std::size_t(node)].content.size(),
                .bytes = withoutIdentities(bytes)};
    }
    case Kind::Rename:
        return {.kind = Change::Kind::Move,
                .node = find(call.path).value(),
                .at = place(call.path),
                .to = place(call.other)};
    case Kind::Exchange:
        return {.kind = Change::Kind::Exchange,
                .node = find(call.path).value(),
                .at = place(call.path),
                .to = place(call.other),
                .other = find(call.other).value()};
    case Kind::RemoveFile:
    case Kind::RemoveFolder:
        return {
            .kind = Change::Kind::Leave, .node = find(call.path).value(), .at = place(call.path)};
    default:
        return {.kind = Change::Kind::SetMode, .node = find(call.path).value(), .mode = call.mode};
    }
}

void WeakDisk::keep(const std::function<bool(const Change &)> &isKept)
{
    const std::size_t number = m_steps.size() - 1;
    std::set<int> emptied; // with a folder that went goes what emptied it
    for (auto change = m_changes.rbegin(); change != m_changes.rend(); ++change) {
        const bool isContent = change->kind == Change::Kind::Write
            || change->kind == Change::Kind::SetMode;
        if (!isKept(*change) && (isContent || !emptied.contains(change->at.folder)))
            continue;
        change->kept = std::min(change->kept, number);
        if (change->kind == Change::Kind::Leave)
            emptied.insert(change->node);
    }
}

void WeakDisk::after(const FileCall &call)
{
    FaultyFiles::after(call);
    const bool isHere = contains(call.path);
    if (!isHere || call.kind == Kind::Close || call.kind == Kind::SetOwner
        || call.kind == Kind::SetAttribute)
        return;
    std::string step = kindNames.at(call.kind) + " "
        + call.path.lexically_relative(m_folder).string();
    if (!call.other.empty())
        step += " -> "
            + (contains(call.other) ? call.other.lexically_relative(m_folder).string()
                                    : call.other.string());
    m_steps.push_back(step);
    const int synced = find(call.path).value_or(-1);
    const auto isContent = [](const Change &change) {
        return change.kind == Change::Kind::Write || change.kind == Change::Kind::SetMode;
    };
    if (call.kind == Kind::SyncFileSystem)
        return keep([](const Change &) { return true; });
    if (call.kind == Kind::SyncFile)
        return keep([&](const Change &c) { return isContent(c) && c.node == synced; });
    if (call.kind == Kind::SyncFolder)
        return keep([&](const Change &c) {
            return isContent(c) ? c.node == synced
                                : c.at.folder == synced
                    || ((c.kind == Change::Kind::Move || c.kind == Change::Kind::Exchange)
                        && c.to.folder == synced);
        });
    Change change = changeOf(call);
    change.description = step;
    change.made = m_steps.size() - 1;
    apply(m_now, change, Fate::Kept, true);
    m_changes.push_back(std::move(change));
}

} // namespace Freshen
