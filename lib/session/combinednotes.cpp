// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/combinednotes.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

using Format = Release::NotesFormat;

// Of a whole page only what it shows.
QString bodyOf(const QString &html)
{
    static const QRegularExpression body(u"<body[^>]*>(.*?)(</body\\s*>|$)"_s,
                                         QRegularExpression::CaseInsensitiveOption
                                             | QRegularExpression::DotMatchesEverythingOption);
    const auto match = body.match(html);
    return match.hasMatch() ? match.captured(1) : html;
}

QString plainToHtml(const QString &text)
{
    return u"<p>"_s + text.toHtmlEscaped().replace(u'\n', u"<br>"_s) + u"</p>"_s;
}

QString heading(const QString &version, Format format)
{
    const QString text = QCoreApplication::translate("Freshen::Updater", "Version %1").arg(version);
    switch (format) {
    case Format::Html:
        return u"<h2>%1</h2>\n"_s.arg(text.toHtmlEscaped());
    case Format::Markdown:
        return u"## %1\n\n"_s.arg(text);
    case Format::PlainText:
        break;
    }
    return text + u"\n\n"_s;
}

// Empty when it cannot be said in that format.
QString inFormat(const VersionNotes &notes, Format format)
{
    if (notes.format == Format::PlainText && format == Format::Html)
        return plainToHtml(notes.notes);
    if (notes.format != format)
        return {};
    return format == Format::Html ? bodyOf(notes.notes) : notes.notes;
}

} // namespace

VersionNotes combinedNotes(const QList<VersionNotes> &newestFirst)
{
    if (newestFirst.size() < 2)
        return newestFirst.value(0);
    VersionNotes combined = newestFirst.constFirst();
    QStringList sections;
    for (const VersionNotes &notes : newestFirst) {
        const QString text = inFormat(notes, combined.format).trimmed();
        if (!text.isEmpty())
            sections.append(heading(notes.version, combined.format) + text);
    }
    combined.notes = sections.join(u"\n\n"_s);
    return combined;
}

} // namespace Freshen
