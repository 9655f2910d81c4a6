// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/preflight.h"

#include "lib/common/convert.h"
#include "platform/exchange.h"
#include "platform/mountpoint.h"
#include "platform/paths.h"
#include "updater-helper/install/installed.h"
#include "updater-helper/trust/text.h"

#include <QFile>
#include <QLocale>

#include <tuple>

namespace Freshen {

namespace {

Result<void> checkRoom(const std::filesystem::path &folder, quint64 needed)
{
    const auto free = Platform::freeSpace(folder);
    if (!free)
        return failure(free);
    // A tenth more, for folders and what others write meanwhile.
    needed += needed / 10;
    if (*free >= needed)
        return {};
    return failure(ErrorCode::NO_SPACE,
                   QStringLiteral("The update needs %1 in %2, but only %3 are free. Free some "
                                  "space and try again.")
                       .arg(QLocale().formattedDataSize(qint64(needed)), toQString(folder),
                            QLocale().formattedDataSize(qint64(*free))));
}

tl::unexpected<Error> mismatch(ErrorCode code, std::string_view what, const std::string &found,
                               const QString &wanted)
{
    return failure(code,
                   QStringLiteral("The release's %1 is \"%2\", but \"%3\" was expected.")
                       .arg(toQString(what), toQString(Trust::escaped(found)), wanted));
}

} // namespace

Result<void> checkRights(const Installation &installation)
{
    const Install::Layout &layout = installation.layout;
    if (installation.rights != Install::Rights::OwnOnly)
        return {};
    std::vector<std::filesystem::path> folders = {layout.app().parent_path()};
    if (!layout.isSingleFile())
        folders.push_back(layout.app());
    for (const auto &folder : folders) {
        if (const auto objection = Platform::objectionToWriting(folder); !objection.empty())
            return failure(ErrorCode::NEEDS_RIGHTS,
                           "You may not write to " + folder.string() + " (" + objection + "), so " +
                           layout.app().filename().string() + " cannot be updated by you. Ask "
                           "an administrator to update it or to run \"freshen register --app "
                           + layout.app().string() + "\", or install it in a folder of your own.");
    }
    return {};
}

// With an administrator's rights, the helper looks at the place itself.
Result<void> checkPlace(const Installation &installation)
{
    const auto allowed = checkRights(installation);
    if (!allowed || installation.rights != Install::Rights::OwnOnly)
        return allowed;
    return Platform::requireNotMounted(installation.layout.app());
}

Result<void> checkSpace(const Install::Layout &layout, const QString &downloadFolder,
                        quint64 treeSize, quint64 packageSize)
{
    const auto downloads = toPath(downloadFolder);
    if (auto made = Platform::makeDirectories(downloads, 0700); !made)
        return made;
    const auto deviceOf = [](const std::filesystem::path &path) {
        const std::string identity = Platform::identityOf(path);
        return identity.substr(0, identity.find(':'));
    };
    if (deviceOf(downloads) == deviceOf(layout.folder()))
        return checkRoom(layout.folder(), treeSize + packageSize);
    if (auto room = checkRoom(layout.folder(), treeSize); !room)
        return room;
    return checkRoom(downloads, packageSize);
}

Result<void> checkManifest(const Trust::Manifest &manifest, const AppcastItem &item,
                           const Installation &installation)
{
    if (auto fits = Install::checkForm(installation.layout, manifest); !fits)
        return fits;
    const AppDescription &app = installation.description;
    const QString itemChannel = item.channel.isEmpty() ? QStringLiteral("stable") : item.channel;
    if (toQString(manifest.product) != app.product)
        return mismatch(ErrorCode::WRONG_PRODUCT, "product", manifest.product, app.product);
    if (toQString(manifest.channel) != itemChannel)
        return mismatch(ErrorCode::WRONG_CHANNEL, "channel", manifest.channel, itemChannel);
    if (manifest.os != Platform::systemName())
        return mismatch(ErrorCode::WRONG_PLATFORM, "system", manifest.os,
                        toQString(Platform::systemName()));
    if (manifest.arch != Platform::processorName())
        return mismatch(ErrorCode::WRONG_PLATFORM, "processor", manifest.arch,
                        toQString(Platform::processorName()));
    if (toQString(manifest.version) != item.version)
        return mismatch(ErrorCode::DOWNGRADE, "version", manifest.version, item.version);
    const int order = installation.order(toQString(manifest.version), app.version);
    if (installation.isRepaired && order != 0)
        return failure(ErrorCode::DOWNGRADE,
                       QStringLiteral("Version %1 is not the installed %2, which is to be "
                                      "repaired.").arg(item.version, app.version));
    if (!installation.isRepaired && order <= 0)
        return failure(ErrorCode::DOWNGRADE,
                       QStringLiteral("Version %1 is not newer than the installed %2.")
                           .arg(item.version, app.version));
    return {};
}

Result<void> checkDescription(const std::filesystem::path &tree, const Trust::Manifest &manifest)
{
    const auto app = AppDescription::read(toQString(tree));
    if (!app)
        return failure(app);
    const std::tuple<const char *, QString, const std::string &> members[] = {
        {"product", app->product, manifest.product},
        {"version", app->version, manifest.version},
        {"channel", app->channel, manifest.channel},
        {"executable", app->executable, manifest.executable},
    };
    for (const auto &[name, said, listed] : members) {
        if (said != toQString(listed))
            return mismatch(ErrorCode::MANIFEST, std::string(name) + " in freshen.json",
                            said.toStdString(), toQString(listed));
    }
    return {};
}

Result<void> checkPackageSignature(const QString &package, const AppcastItem &item,
                                   const std::vector<Trust::PublicKey> &keys)
{
    const auto signature = Trust::parseSignature(item.enclosure->edSignature.toStdString());
    if (!signature)
        return failure(signature);
    QFile file(package);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::IO,
                       QStringLiteral("Cannot read %1: %2.").arg(package, file.errorString()));
    // Pure Ed25519 needs the whole message at once.
    const uchar *bytes = file.map(0, file.size());
    if (!bytes && file.size() > 0)
        return failure(ErrorCode::IO,
                       QStringLiteral("Cannot read %1: %2.").arg(package, file.errorString()));
    for (const Trust::PublicKey &key : keys) {
        if (key.verify({bytes, std::size_t(file.size())}, *signature))
            return {};
    }
    return failure(ErrorCode::SIGNATURE,
                   QStringLiteral("The package's signature fits none of the keys that this app "
                                  "trusts. Nothing was changed; tell the publisher."));
}

} // namespace Freshen
