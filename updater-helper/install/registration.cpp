// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/registration.h"

#include "platform/paths.h"
#include "platform/safefolder.h"
#include "platform/tree.h"
#include "updater-helper/install/installed.h"
#include "updater-helper/install/record.h"
#include "updater-helper/trust/digest.h"

#include <algorithm>

namespace Freshen::Install {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view recordKind = "freshen-registration 1";
constexpr std::string_view floorKind = "freshen-floor 1";
constexpr std::size_t maximumRecord = 256 * 1024;
constexpr std::size_t maximumId = 128;
constexpr std::size_t hashDigits = 8;

fs::path recordFolder()
{
    return Platform::systemConfiguration() / "installs";
}

fs::path stateFolder(const std::string &id)
{
    return Platform::systemState() / id;
}

fs::path floorFile(const Registration &registration)
{
    return stateFolder(registration.id) / "floor";
}

Result<Registration> fromRecord(const Record &record, const fs::path &file)
{
    Registration registration;
    registration.id = record.value("id");
    registration.app = record.value("app");
    registration.product = record.value("product");
    registration.version = record.value("version");
    registration.versioning = Trust::versioningFromName(record.value("versioning"));
    registration.root = record.value("root");
    for (const std::string &text : record.values("key")) {
        auto key = Trust::PublicKey::parse(text);
        if (!key)
            return failure(key);
        registration.keys.push_back(std::move(*key));
    }
    if (!registration.app.is_absolute() || registration.product.empty()
        || registration.version.empty() || registration.keys.empty()
        || registration.id != file.filename().string())
        return failure(ErrorCode::CONFIG, "The registration " + file.string()
                                              + " is incomplete. Register the app again.");
    return registration;
}

Result<Registration> parse(const std::string &text, const fs::path &file)
{
    const auto record = Record::parse(text, recordKind, file);
    return record ? fromRecord(*record, file) : failure(record);
}

Result<Floor> readFloor(const Registration &registration)
{
    const fs::path file = floorFile(registration);
    if (Platform::identityOf(file).empty())
        return Floor{registration.version, registration.root};
    const auto text = Platform::readProtectedFile(file, maximumRecord);
    if (!text)
        return failure(text);
    const auto record = Record::parse(*text, floorKind, file);
    if (!record)
        return failure(record);
    return Floor{record->value("version"), record->value("root")};
}

} // namespace

std::string Registration::idFor(const std::string &product, const fs::path &app)
{
    return product + "-" + Trust::sha256Hex(app.string()).substr(0, hashDigits);
}

bool Registration::isId(std::string_view text)
{
    const bool isPlain = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '.' || c == '-' || c == '_';
    });
    return !text.empty() && text.size() <= maximumId && isPlain && text.front() != '.'
        && text.front() != '-';
}

Result<Registration> Registration::read(const std::string &id)
{
    const fs::path file = recordFolder() / id;
    if (!isId(id) || Platform::identityOf(file).empty())
        return failure(ErrorCode::NEEDS_RIGHTS,
                       "No such app is registered on this computer. An administrator can run "
                       "\"freshen register\" for it.");
    const auto text = Platform::readProtectedFile(file, maximumRecord);
    if (!text)
        return failure(text);
    auto registration = parse(*text, file);
    if (!registration)
        return registration;
    if (auto isProtected = Platform::requireProtected(registration->app); !isProtected)
        return failure(isProtected);
    return registration;
}

std::optional<Registration> Registration::find(const fs::path &app)
{
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(recordFolder(), error)) {
        const auto text = Platform::readFile(entry.path(), maximumRecord);
        auto registration = text ? parse(*text, entry.path()) : failure(text);
        if (registration && registration->app == app)
            return std::move(*registration);
    }
    return {};
}

Result<void> Registration::write() const
{
    Record record{std::string(recordKind)};
    record.add("id", id);
    record.add("app", app.string());
    record.add("product", product);
    record.add("version", version);
    record.add("versioning", Trust::versioningName(versioning));
    for (const Trust::PublicKey &key : keys)
        record.add("key", key.toMinisign());
    record.add("root", root);
    for (const fs::path &folder : {recordFolder(), stateFolder(id)}) {
        if (auto made = Platform::makeDirectories(folder, 0755); !made)
            return made;
        if (auto isProtected = Platform::requireProtected(folder); !isProtected)
            return isProtected;
    }
    return record.write(recordFolder() / id);
}

Result<void> Registration::remove() const
{
    if (auto removed = Platform::removeFile(recordFolder() / id); !removed)
        return removed;
    return Platform::removeTree(stateFolder(id));
}

Result<Floor> Floor::read(const Registration &registration)
{
    auto floor = readFloor(registration);
    if (!floor)
        return floor;
    // An administrator may have installed a newer one without asking the helper.
    const auto release = installedRelease(registration.layout(), registration.keys);
    if (release && Trust::compareVersions(release->manifest.version, floor->version,
                                          registration.versioning) > 0)
        floor->version = release->manifest.version;
    return floor;
}

Result<void> Floor::write(const Registration &registration) const
{
    Record record{std::string(floorKind)};
    record.add("version", version);
    record.add("root", root);
    return record.write(floorFile(registration));
}

fs::path registeredHelper()
{
    return Platform::systemState() / "freshen-helper";
}

} // namespace Freshen::Install
