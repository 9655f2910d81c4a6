// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/journal.h"

#include "updater-helper/install/record.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/manifest.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace Freshen::Install {

namespace {

constexpr std::string_view recordKind = "freshen-journal 2";
constexpr std::array<std::string_view, 3> stateNames = {"ready", "committed", "back"};
constexpr std::array<std::string_view, 3> kindNames = {"update", "rollback", "repair"};
constexpr std::array<std::string_view, 2> methodNames = {"at-once", "pieces"};
constexpr std::array<std::string_view, 5> phaseNames = {"old", "aside", "in", "out", "new"};

template<typename Enum, std::size_t Size>
bool read(const Record &record, std::string_view name,
          const std::array<std::string_view, Size> &names, Enum &value)
{
    const auto found = std::find(names.begin(), names.end(), record.value(name));
    if (found != names.end())
        value = static_cast<Enum>(found - names.begin());
    return found != names.end();
}

int readNumber(const Record &record, std::string_view name)
{
    const std::string text = record.value(name);
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace

Result<void> Journal::write(const Layout &layout) const
{
    Record record{std::string(recordKind)};
    record.add("state", stateNames[std::size_t(state)]);
    record.add("kind", kindNames[std::size_t(kind)]);
    record.add("method", methodNames[std::size_t(method)]);
    record.add("phase", phaseNames[std::size_t(phase)]);
    record.add("old", oldIdentity);
    record.add("new", newIdentity);
    record.add("new-manifest", newManifest);
    record.add("from", fromVersion);
    record.add("to", toVersion);
    record.add("ready", ready.toText());
    record.add("may-go-back", mayGoBack ? "yes" : "no");
    record.add("refused", isRefused ? "yes" : "no");
    record.add("guard", guard);
    record.add("keeps", std::to_string(keeps));
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
    Journal journal;
    if (!Install::read(*record, "state", stateNames, journal.state)
        || !Install::read(*record, "kind", kindNames, journal.kind)
        || !Install::read(*record, "method", methodNames, journal.method)
        || !Install::read(*record, "phase", phaseNames, journal.phase))
        return failure(ErrorCode::IO, "The file " + layout.journal().string() + " is damaged.");
    journal.oldIdentity = record->value("old");
    journal.newIdentity = record->value("new");
    journal.newManifest = record->value("new-manifest");
    journal.fromVersion = record->value("from");
    journal.toVersion = record->value("to");
    journal.ready = ReadyCheck::fromText(record->value("ready"));
    journal.mayGoBack = record->value("may-go-back") != "no";
    journal.isRefused = record->value("refused") == "yes";
    journal.guard = record->value("guard");
    journal.keeps = readNumber(*record, "keeps");
    journal.starts = readNumber(*record, "starts");
    return std::optional<Journal>(std::move(journal));
}

Result<void> Journal::remove(const Layout &layout)
{
    if (auto removed = Platform::removeFile(layout.journal()); !removed)
        return removed;
    return Platform::syncDirectory(layout.folder());
}

// The number of a device may be another one after a restart.
std::string Journal::identityOf(const std::filesystem::path &folder)
{
    const std::string identity = Platform::identityOf(folder);
    return identity.substr(identity.find(':') + 1);
}

std::filesystem::path Journal::tree(const Layout &layout) const
{
    return kind == ChangeKind::Rollback ? layout.previous() : layout.staged();
}

Journal::Place Journal::place(const Layout &layout) const
{
    if (method == Method::AtOnce)
        return isExchanged(layout) ? Place::New : Place::Old;
    return phase == Phase::Old ? Place::Old : phase == Phase::New ? Place::New : Place::Between;
}

bool Journal::isExchanged(const Layout &layout) const
{
    const std::string app = identityOf(layout.app());
    const std::string other = identityOf(tree(layout));
    if (app == newIdentity)
        return true;
    // Neither of both: somebody installed the app anew by hand.
    if (app == oldIdentity || other == oldIdentity || other == newIdentity)
        return false;
    // Some file systems give new numbers at every mount. Copies of one version need no telling
    // apart.
    const auto hash = Trust::sha256OfFile(layout.app() / Trust::Manifest::fileName);
    return hash && *hash == newManifest;
}

} // namespace Freshen::Install
