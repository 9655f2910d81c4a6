// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/notessignature.h"

#include "lib/common/convert.h"
#include "lib/transfer/urlpolicy.h"

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

Result<void> verifyNotes(const QByteArray &notes, const AppcastItem &item,
                         const std::vector<Trust::PublicKey> &keys)
{
    const QString place = displayUrl(item.notesUrl);
    if (item.notesLength > 0 && item.notesLength != notes.size())
        return failure(ErrorCode::SIZE,
                       u"The release notes %1 have %2 bytes, not %3 as the feed says."_s.arg(place)
                           .arg(notes.size())
                           .arg(item.notesLength));
    if (item.notesSignature.isEmpty())
        return {};
    const auto signature = Trust::parseSignature(toStdString(item.notesSignature));
    const bool isGenuine = signature
        && std::any_of(keys.begin(), keys.end(), [&](const Trust::PublicKey &key) {
                               return key.verify(toBytes(notes), *signature);
                           });
    if (isGenuine)
        return {};
    return failure(ErrorCode::SIGNATURE,
                   u"The release notes %1 are not what the publisher signed. Tell the "
                   "publisher."_s.arg(place));
}

QByteArray withoutSignWarning(const QByteArray &notes, Release::NotesFormat format)
{
    constexpr QByteArrayView opening = "<!-- sparkle-sign-warning:";
    constexpr QByteArrayView closing = "-->";
    const bool mayHaveComment = format != Release::NotesFormat::PlainText;
    const qsizetype end = notes.indexOf(closing);
    if (!mayHaveComment || !notes.startsWith(opening) || end < 0)
        return notes;
    const QByteArray rest = notes.mid(end + closing.size());
    return rest.startsWith('\n') ? rest.mid(1) : rest;
}

} // namespace Freshen
