// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>
#include <QTextCharFormat>

class QTextDocument;
class QTextFragment;

namespace Freshen {

struct NotesStyle;

// Goes through a document that was read and not yet laid out: pictures become ones that the
// document itself holds, or their description; links lead to the web or nowhere; headings keep a
// modest size; steering characters go, endless words get places to break.
class NotesCleaner
{
public:
    // Both must outlive the cleaner.
    NotesCleaner(QTextDocument *document, const NotesStyle &style);
    void clean();

private:
    struct Reformat {
        int position;
        int length;
        QTextCharFormat format;
    };
    struct Rewrite {
        int position;
        int length;
        QString text;
    };

    void look(const QTextFragment &fragment, int headingLevel);
    void lookAtImage(const QTextFragment &fragment);
    void lookAtText(const QTextFragment &fragment);
    QTextCharFormat linkFormat(QTextCharFormat format) const;
    void apply();

    QTextDocument *m_document;
    const NotesStyle &m_style;
    QList<Reformat> m_reformats;
    QList<Rewrite> m_rewrites; // in the order of their positions
    int m_images = 0;
    int m_wordLength = 0;
};

} // namespace Freshen
