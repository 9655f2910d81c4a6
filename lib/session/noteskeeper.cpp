// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/noteskeeper.h"

#include "lib/common/convert.h"
#include "lib/common/filename.h"
#include "platform/file.h"
#include "platform/paths.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t maximumSize = 16u << 20;

std::filesystem::path folder()
{
    return Platform::cacheDirectory() / "notes";
}

std::filesystem::path fileOf(const QString &product)
{
    return folder() / toPath(fileNamePart(product) + u".json"_s);
}

} // namespace

// Notes that cannot be kept are no reason for anything.
void keepNotes(const QString &product, const Release &release)
{
    const QJsonObject object{{u"version"_s, release.version()},
                             {u"displayVersion"_s, release.displayVersion()},
                             {u"format"_s, int(release.notesFormat())},
                             {u"fullNotesUrl"_s, release.fullNotesUrl().toString()},
                             {u"notes"_s, release.notes()}};
    if (Platform::makeDirectories(folder(), 0700))
        (void)Platform::writeFileDurably(fileOf(product), toView(QJsonDocument(object).toJson()),
                                         0600);
}

Release takeKeptNotes(const QString &product, const QString &version)
{
    Release release;
    release.setVersion(version);
    const auto content = Platform::readFile(fileOf(product), maximumSize);
    if (!content)
        return release;
    (void)Platform::removeFile(fileOf(product));
    const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(*content)).object();
    if (object.value("version"_L1).toString() != version)
        return release;
    release.setDisplayVersion(object.value("displayVersion"_L1).toString());
    release.setFullNotesUrl(QUrl(object.value("fullNotesUrl"_L1).toString()));
    release.setNotes(object.value("notes"_L1).toString(),
                     Release::NotesFormat(qBound(0, object.value("format"_L1).toInt(), 2)));
    return release;
}

} // namespace Freshen
