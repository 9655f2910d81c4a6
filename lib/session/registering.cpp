// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/registering.h"

#include "lib/common/convert.h"
#include "lib/session/helperrun.h"
#include "platform/paths.h"
#include "platform/privilege.h"
#include "platform/safefolder.h"
#include "updater-helper/install/installed.h"

namespace Freshen {

namespace {

Result<void> requireAdministrator()
{
    if (Platform::isAdministrator())
        return {};
    return failure(ErrorCode::NEEDS_RIGHTS,
                   "Only an administrator may do this. Run it with sudo or as root.");
}

// Beside the place first, then over it: a helper that is at work goes on with its own copy.
Result<void> placeHelper()
{
    const auto found = HelperRun::findHelper();
    if (!found)
        return failure(found);
    std::error_code error;
    const auto helper = std::filesystem::canonical(toPath(*found), error);
    if (auto isProtected = Platform::requireProtected(helper); !isProtected)
        return isProtected;
    const auto target = Install::registeredHelper();
    const auto fresh = std::filesystem::path(target).concat(".new");
    auto done = Platform::removeFile(fresh);
    if (done)
        done = Platform::copyFile(helper, fresh, 0755);
    if (done)
        done = Platform::syncFileSystem(fresh);
    if (done)
        done = Platform::rename(fresh, target);
    return done ? Platform::syncDirectory(target.parent_path()) : done;
}

bool isAnyRegistered()
{
    std::error_code error;
    const auto folder = Platform::systemConfiguration() / "installs";
    return std::filesystem::directory_iterator(folder, error)
        != std::filesystem::directory_iterator();
}

} // namespace

Result<Install::Registration> registerInstall(const Installation &installation)
{
    if (auto allowed = requireAdministrator(); !allowed)
        return failure(allowed);
    const auto &app = installation.layout.app();
    auto isProtected = Platform::requireProtected(app);
    if (isProtected)
        isProtected = Platform::requireProtectedTree(installation.layout.descriptionFolder());
    if (!isProtected)
        return failure(isProtected);
    const auto release = Install::installedRelease(installation.layout, installation.knownKeys);
    if (!release)
        return failure(release);
    Install::Registration registration;
    registration.product = release->manifest.product;
    registration.id = Install::Registration::idFor(registration.product, app);
    registration.app = app;
    registration.version = release->manifest.version;
    registration.versioning = Trust::versioningFromName(
        toStdString(installation.description.versioning));
    registration.keys = installation.knownKeys;
    if (installation.description.root)
        registration.root = installation.description.root->text;
    auto done = registration.write();
    if (done)
        done = placeHelper();
    if (!done)
        return failure(done);
    return registration;
}

Result<std::optional<Install::Registration>> unregisterInstall(
    const std::filesystem::path &app)
{
    if (auto allowed = requireAdministrator(); !allowed)
        return failure(allowed);
    auto registration = Install::Registration::find(Install::Layout(app).app());
    if (!registration)
        return registration;
    auto done = registration->remove();
    if (done && !isAnyRegistered())
        done = Platform::removeFile(Install::registeredHelper());
    if (!done)
        return failure(done);
    return registration;
}

} // namespace Freshen
