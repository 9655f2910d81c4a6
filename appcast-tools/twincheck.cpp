// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/twincheck.h"

#include "lib/commandline/program.h"
#include "lib/common/convert.h"
#include "updater-helper/trust/manifest.h"
#include "updater-helper/trust/nametwins.h"

#include <QDir>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// Of the first pair; empty when there is none.
QString twinsOf(const Trust::Manifest &manifest)
{
    Trust::NameTwins twins("macos");
    for (const Trust::ManifestEntry &entry : manifest.entries) {
        if (const auto objection = twins.add(entry.path))
            return u"\"%1\" %2"_s.arg(shown(toQString(entry.path)), toQString(*objection));
    }
    return {};
}

} // namespace

QStringList twinWarnings(const QString &folder)
{
    QStringList warnings;
    for (const QString &name : QDir(folder).entryList({u"*.manifest"_s}, QDir::Files)) {
        const auto text = Platform::readFile(toPath(folder + u'/' + name),
                                             Trust::Manifest::maximumSize);
        const auto manifest = text ? Trust::Manifest::parse(*text)
                                   : Result<Trust::Manifest>(failure(text));
        const QString twins = manifest ? twinsOf(*manifest) : QString();
        if (!twins.isEmpty())
            warnings += u"%1: %2, if that took no notice of case; people who unpack it there lose "
                        "one of them."_s.arg(shown(name), twins);
    }
    return warnings;
}

} // namespace Freshen
