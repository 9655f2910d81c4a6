// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QHash>
#include <QString>

namespace Freshen {

struct HtmlTag {
    QString name; // lower case; empty for comments and the like
    bool isEnd = false;
    QHash<QString, QString> attributes; // lower-case names, entities replaced

    QString attribute(QLatin1StringView name) const { return attributes.value(name); }
};

// Cuts HTML, however broken, into text and tags, in one pass.
class HtmlScanner
{
public:
    // \a html must outlive the scanner.
    explicit HtmlScanner(const QString &html);

    bool atEnd() const;
    // The text before the next tag, entities as they stand; may be empty.
    QStringView text();
    // The tag at which text() ended.
    HtmlTag tag();
    // Leaves out everything before the end tag of that name, or all when there is none.
    void skipTo(const QString &name);

private:
    bool isTagAt(qsizetype position) const;
    void skipSpace();
    QString name();
    QString value();

    QStringView m_html;
    qsizetype m_position = 0;
};

} // namespace Freshen
