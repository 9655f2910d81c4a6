// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/notes/notesdocument.h"

#include "ui/widgets/notes/notescleaner.h"
#include "ui/widgets/notes/simplehtml.h"

#include <QFontMetricsF>
#include <QImage>

namespace Freshen {

namespace {

constexpr qsizetype longestSource = 4'000'000;
constexpr qsizetype longestNotes = 100'000;

} // namespace

NotesDocument::NotesDocument(const QString &notes, Release::NotesFormat format,
                             const NotesStyle &style, QObject *parent)
    : QTextDocument(parent)
{
    setUndoRedoEnabled(false);
    setDefaultFont(style.font);
    setIndentWidth(1.5 * QFontMetricsF(style.font).height());
    read(notes, format);
    NotesCleaner(this, style).clean();
}

void NotesDocument::read(const QString &notes, Release::NotesFormat format)
{
    switch (format) {
    case Release::NotesFormat::Html:
        return setHtml(simpleHtml(notes.left(longestSource), longestNotes));
    case Release::NotesFormat::Markdown:
        return setMarkdown(notes.left(longestNotes),
                           MarkdownFeatures(MarkdownDialectGitHub) | MarkdownNoHTML);
    case Release::NotesFormat::PlainText:
        return setPlainText(notes.left(longestNotes));
    }
}

QVariant NotesDocument::loadResource(int type, const QUrl &)
{
    if (type != ImageResource)
        return QByteArray("");
    QImage nothing(1, 1, QImage::Format_ARGB32_Premultiplied);
    nothing.fill(Qt::transparent);
    return nothing;
}

} // namespace Freshen
