// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/notes/notesview.h"

#include "ui/widgets/notes/notesdocument.h"
#include "ui/widgets/text/displaytext.h"
#include "ui/widgets/text/weblink.h"

#include <QEvent>
#include <QScrollBar>

#include <utility>

namespace Freshen {

NotesView::NotesView(QWidget *parent)
    : QTextBrowser(parent)
{
    setObjectName(QStringLiteral("notes"));
    setAccessibleName(tr("Release notes"));
    setOpenLinks(false);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    connect(this, &QTextBrowser::anchorClicked, this, &openWebLink);
    // A link's text says what it likes; where it leads is seen by pointing at it.
    connect(this, &QTextBrowser::highlighted, this, [this](const QUrl &url) {
        const QString address = displayText(url.toDisplayString(), 200).toHtmlEscaped();
        setToolTip(address.isEmpty() ? QString() : QStringLiteral("<p>%1</p>").arg(address));
    });
}

void NotesView::showNotes(const QString &notes, Release::NotesFormat format)
{
    m_notes = notes;
    m_format = format;
    render();
}

void NotesView::render()
{
    const NotesStyle style{palette(), font(), fontMetrics().averageCharWidth() * 60};
    const int scrolled = verticalScrollBar()->value();
    auto *document = new NotesDocument(m_notes, m_format, style, this);
    QTextOption option = document->defaultTextOption();
    option.setWrapMode(wordWrapMode());
    document->setDefaultTextOption(option);
    setDocument(document);
    verticalScrollBar()->setValue(scrolled);
    delete std::exchange(m_document, document);
}

QSize NotesView::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 70, fontMetrics().lineSpacing() * 14};
}

QSize NotesView::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 30, fontMetrics().lineSpacing() * 5};
}

void NotesView::changeEvent(QEvent *event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        render();
}

QVariant NotesView::loadResource(int, const QUrl &)
{
    return QByteArray("");
}

} // namespace Freshen
