// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/releasenotes.h"

#include "appcast-tools/newitem.h"
#include "lib/common/convert.h"
#include "updater-helper/trust/text.h"

#include <QFileInfo>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t maximumNotes = 1u << 20;

struct Kind {
    QString ending;
    Release::NotesFormat format;
};

const Kind kinds[] = {
    {u".html"_s, Release::NotesFormat::Html},
    {u".md"_s, Release::NotesFormat::Markdown},
    {u".txt"_s, Release::NotesFormat::PlainText},
};

// Control characters cannot stand in XML.
bool isText(std::string_view text)
{
    return Trust::isValidUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
           });
}

Result<QString> readNotes(const QString &path)
{
    const auto content = Platform::readFile(toPath(path), maximumNotes);
    if (!content)
        return failure(content);
    if (!isText(*content))
        return failure(ErrorCode::CONFIG,
                       u"The release notes %1 are no UTF-8 text. Convert them."_s.arg(path));
    return toQString(*content).replace(u"\r\n"_s, u"\n"_s);
}

} // namespace

Result<void> addReleaseNotes(AppcastItem &item, const QString &basePath, const QUrl &prefix)
{
    const auto kind = std::find_if(std::begin(kinds), std::end(kinds), [&](const Kind &candidate) {
        return QFileInfo::exists(basePath + candidate.ending);
    });
    if (kind == std::end(kinds))
        return {};
    const QString path = basePath + kind->ending;
    if (!prefix.isEmpty()) {
        item.notesUrl = addressIn(prefix, QFileInfo(path).fileName());
        return {};
    }
    const auto notes = readNotes(path);
    if (!notes)
        return failure(notes);
    item.notes = *notes;
    item.notesFormat = kind->format;
    return {};
}

} // namespace Freshen
