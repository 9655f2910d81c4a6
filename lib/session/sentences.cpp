// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/sentences.h"

#include "lib/common/convert.h"

#include <QCoreApplication>
#include <QHash>

namespace Freshen {

namespace {

struct Sentences {
    Q_DECLARE_TR_FUNCTIONS(Freshen::Updater)

public:
    static QHash<QString, QString> all()
    {
        return {
            //: %1 is the installed version.
            {QStringLiteral("up-to-date"), tr("Version %1 is the newest version.")},
            {QStringLiteral("newer-than-feed"),
             tr("Version %1 is newer than any that is offered.")},
            {QStringLiteral("empty-feed"), tr("No version is offered yet. You have version %1.")},
            {QStringLiteral("os-too-old"),
             tr("There is a newer version, but it needs a newer system. You have version %1.")},
            {QStringLiteral("os-too-new"),
             tr("There is a newer version, but not for a system as new as this one. You have "
                "version %1.")},
            {QStringLiteral("hardware"),
             tr("There is a newer version, but not for this computer's processor. You have "
                "version %1.")},
            {QStringLiteral("skipped"),
             tr("The newest version is one that you chose to skip. You have version %1.")},
            {QStringLiteral("declined"), tr("No update is offered now. You have version %1.")},
            {QStringLiteral("withdrawn"),
             tr("The publisher has withdrawn the newest version. You have version %1.")},
            {QStringLiteral("policy"),
             tr("The administrator of this computer does not allow a newer version. You have "
                "version %1.")},
            {QStringLiteral("failed-before"),
             tr("The newest version did not start on this computer, so it is not offered again. "
                "You have version %1.")},
        };
    }
};

} // namespace

QString managedSentence(const Platform::InstallOrigin &origin)
{
    using Platform::InstallKind;
    const QString name = toQString(origin.name);
    switch (origin.kind) {
    case InstallKind::Plain:
        break;
    case InstallKind::AppImage:
        return Sentences::tr("This app is an AppImage. To update it, get the new AppImage and put "
                             "it in the place of this one.");
    case InstallKind::Flatpak:
        return Sentences::tr("This app was installed with Flatpak, which also updates it.");
    case InstallKind::Snap:
        return Sentences::tr("This app was installed as a snap, and is updated as one.");
    case InstallKind::Debian:
    case InstallKind::Rpm:
        //: %1 is the name of a software package.
        return Sentences::tr("This app is part of the package %1. The system's own software "
                             "management updates it.")
            .arg(name);
    case InstallKind::Store:
        return Sentences::tr("This app was installed from the store, which also updates it.");
    case InstallKind::ReadOnly:
        return Sentences::tr("This app runs from a place that cannot be written. Copy it to this "
                             "computer to have it updated.");
    }
    return {};
}

QString noUpdateSentence(const QString &reason, const QString &version)
{
    const auto sentences = Sentences::all();
    return sentences.value(reason, sentences[QStringLiteral("up-to-date")]).arg(version);
}

} // namespace Freshen
