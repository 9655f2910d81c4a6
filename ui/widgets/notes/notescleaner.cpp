// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/notes/notescleaner.h"

#include "ui/widgets/notes/embeddedimage.h"
#include "ui/widgets/notes/notesdocument.h"
#include "ui/widgets/text/displaytext.h"
#include "ui/widgets/text/weblink.h"

#include <QTextBlock>
#include <QTextCursor>

#include <ranges>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostImages = 20;
constexpr int longestWord = 100;

} // namespace

NotesCleaner::NotesCleaner(QTextDocument *document, const NotesStyle &style)
    : m_document(document)
    , m_style(style)
{
}

void NotesCleaner::clean()
{
    for (QTextBlock block = m_document->begin(); block.isValid(); block = block.next()) {
        m_wordLength = 0;
        for (auto it = block.begin(); !it.atEnd(); ++it)
            look(it.fragment(), block.blockFormat().headingLevel());
    }
    apply();
}

void NotesCleaner::look(const QTextFragment &fragment, int headingLevel)
{
    if (fragment.charFormat().isImageFormat())
        return lookAtImage(fragment);
    QTextCharFormat format = fragment.charFormat();
    if (headingLevel > 0)
        format.setProperty(QTextFormat::FontSizeAdjustment, qMax(0, 3 - headingLevel));
    if (format.isAnchor())
        format = linkFormat(format);
    m_reformats.append({fragment.position(), fragment.length(), format});
    lookAtText(fragment);
}

void NotesCleaner::lookAtImage(const QTextFragment &fragment)
{
    const QTextImageFormat found = fragment.charFormat().toImageFormat();
    QImage image;
    if (++m_images <= mostImages)
        image = embeddedImage(found.name(), m_style.maximumImageWidth);
    if (image.isNull()) {
        const QString description = found.property(QTextFormat::ImageAltText).toString();
        m_rewrites.append({fragment.position(), fragment.length(), displayText(description, 100)});
        return;
    }
    // Names in the resource tree, so that the text layout looks for no larger variant on disk.
    const QString name = u":/freshen/notes/%1"_s.arg(m_images);
    m_document->addResource(QTextDocument::ImageResource, QUrl(u"qrc"_s + name), image);
    QTextImageFormat kept;
    kept.setName(name);
    m_reformats.append({fragment.position(), fragment.length(), kept});
}

QTextCharFormat NotesCleaner::linkFormat(QTextCharFormat format) const
{
    if (isWebLink(QUrl(format.anchorHref()))) {
        format.setForeground(m_style.palette.link());
        format.setFontUnderline(true);
        return format;
    }
    for (const int property :
         {QTextFormat::IsAnchor, QTextFormat::AnchorHref, QTextFormat::ForegroundBrush,
          QTextFormat::FontUnderline, QTextFormat::TextUnderlineStyle})
        format.clearProperty(property);
    return format;
}

void NotesCleaner::lookAtText(const QTextFragment &fragment)
{
    int position = fragment.position();
    for (const QChar c : fragment.text()) {
        if (isSteeringCharacter(c) && c != u'\t') {
            m_rewrites.append({position, 1, {}});
        } else if (c.isSpace()) {
            m_wordLength = 0;
        } else if (++m_wordLength >= longestWord && !c.isLowSurrogate() && !c.isMark()) {
            m_rewrites.append({position, 0, QString(QChar(0x200b))});
            m_wordLength = 0;
        }
        ++position;
    }
}

void NotesCleaner::apply()
{
    QTextCursor cursor(m_document);
    cursor.beginEditBlock();
    const auto select = [&cursor](int position, int length) {
        cursor.setPosition(position);
        cursor.setPosition(position + length, QTextCursor::KeepAnchor);
    };
    for (const Reformat &reformat : std::as_const(m_reformats)) {
        select(reformat.position, reformat.length);
        cursor.setCharFormat(reformat.format);
    }
    // From the end, so that positions stay right.
    for (const Rewrite &rewrite : std::as_const(m_rewrites) | std::views::reverse) {
        select(rewrite.position, rewrite.length);
        if (rewrite.text.isEmpty())
            cursor.removeSelectedText();
        else
            cursor.insertText(rewrite.text);
    }
    cursor.endEditBlock();
}

} // namespace Freshen
