// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/keptfiles.h"

#include "lib/common/convert.h"
#include "updater-helper/install/history.h"

#include <QJsonArray>

namespace Freshen {

using namespace Qt::StringLiterals;

void tellKeptFiles(Answer &answer, const Installation &installation)
{
    const auto last = Install::LastResult::read(installation.layout);
    if (!last || last->kept.empty())
        return;
    QStringList names;
    for (const std::string &path : last->kept)
        names += toQString(path);
    answer.json.insert(u"kept"_s, QJsonArray::fromStringList(names));
    answer.warnings += u"Files of yours that could not stay in the app are in %1 now: %2."_s.arg(
        toQString(installation.layout.kept()), shown(names.join(u", "_s)));
}

} // namespace Freshen
