// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/journal.h"

#include "updater-helper/install/record.h"

#include <algorithm>
#include <array>

namespace Freshen::Install {

namespace {

constexpr std::string_view recordKind = "freshen-journal 1";
constexpr std::array<std::string_view, 4> stateNames = {"ready", "swapped", "committed", "back"};

} // namespace

Result<void> Journal::write(const Layout &layout) const
{
    Record record{std::string(recordKind)};
    record.add("state", stateNames[std::size_t(state)]);
    record.add("kind", kind == ChangeKind::Update ? "update" : "rollback");
    record.add("old", oldIdentity);
    record.add("new", newIdentity);
    record.add("from", fromVersion);
    record.add("to", toVersion);
    record.add("ready", ready.toText());
    record.add("may-go-back", mayGoBack ? "yes" : "no");
    record.add("refused", isRefused ? "yes" : "no");
    record.add("starts", std::to_string(starts));
    return record.write(layout.journal());
}

Result<std::optional<Journal>> Journal::read(const Layout &layout)
{
    if (Platform::identityOf(layout.journal()).empty())
        return std::optional<Journal>();
    const auto record = Record::read(layout.journal(), recordKind);
    if (!record)
        return failure(record);
    const auto state = std::find(stateNames.begin(), stateNames.end(), record->value("state"));
    if (state == stateNames.end())
        return failure(ErrorCode::IO, "The file " + layout.journal().string() + " is damaged.");
    Journal journal;
    journal.state = static_cast<State>(state - stateNames.begin());
    journal.kind = record->value("kind") == "rollback" ? ChangeKind::Rollback : ChangeKind::Update;
    journal.oldIdentity = record->value("old");
    journal.newIdentity = record->value("new");
    journal.fromVersion = record->value("from");
    journal.toVersion = record->value("to");
    journal.ready = ReadyCheck::fromText(record->value("ready"));
    journal.mayGoBack = record->value("may-go-back") != "no";
    journal.isRefused = record->value("refused") == "yes";
    journal.starts = record->value("starts") == "0" ? 0 : 1;
    return std::optional<Journal>(std::move(journal));
}

Result<void> Journal::remove(const Layout &layout)
{
    if (auto removed = Platform::removeFile(layout.journal()); !removed)
        return removed;
    return Platform::syncDirectory(layout.folder());
}

std::filesystem::path Journal::tree(const Layout &layout) const
{
    return kind == ChangeKind::Update ? layout.staged() : layout.previous();
}

bool Journal::isSwapped(const Layout &layout) const
{
    return Platform::identityOf(layout.app()) == newIdentity;
}

} // namespace Freshen::Install
