// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/notes/simplehtml.h"

#include "ui/widgets/notes/htmlscanner.h"

#include <QSet>
#include <QStringList>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype deepest = 16;
constexpr int mostCells = 2000;
constexpr int mostImages = 20;

QSet<QString> names(const char *words)
{
    const QStringList list = QString::fromLatin1(words).split(u' ');
    return {list.begin(), list.end()};
}

const QSet<QString> kept = names("p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table "
                                 "tr td th b strong i em u s del code kbd tt sub sup small big a");
const QSet<QString> alone = names("br hr img");
const QSet<QString> withContentDropped = names("script style title iframe object embed noscript "
                                               "template svg math select textarea audio video");

// What a start tag closes when its writer did not, and how far up that may reach.
struct Sibling {
    QSet<QString> name;
    QSet<QString> closes;
    QSet<QString> scope;
};
const QList<Sibling> siblings = {
    {names("li"), names("li"), names("ul ol td th")},
    {names("dt dd"), names("dt dd"), names("dl td th")},
    {names("td th"), names("td th"), names("table tr")},
    {names("tr"), names("tr"), names("table")},
    {names("p h1 h2 h3 h4 h5 h6 ul ol div table blockquote pre dl"), names("p"),
     names("li dd td th div blockquote")},
};

class Writer
{
public:
    explicit Writer(qsizetype maximum)
        : m_left(maximum)
    {
    }

    bool isFull() const { return m_left <= 0; }
    void addText(QStringView text);
    void addTag(const HtmlTag &tag);
    QString result();

private:
    void write(const QString &html);
    void addImage(const HtmlTag &tag);
    void open(const HtmlTag &tag);
    void close(qsizetype depth);
    void closeSiblings(const QString &name);
    bool mayOpen(const QString &name) const;

    QString m_html;
    QStringList m_open;
    qsizetype m_left;
    int m_cells = 0;
    int m_images = 0;
};

void Writer::write(const QString &html)
{
    m_html += html;
    m_left -= html.size();
}

void Writer::addText(QStringView text)
{
    // Entities stay what they are.
    write(text.left(m_left).toString().replace(u'<', "&lt;"_L1).replace(u'>', "&gt;"_L1));
}

void Writer::addTag(const HtmlTag &tag)
{
    if (tag.name == "img"_L1) {
        addImage(tag);
    } else if (alone.contains(tag.name)) {
        write("<%1>"_L1.arg(tag.name));
    } else if (kept.contains(tag.name) && tag.isEnd) {
        if (const qsizetype depth = m_open.lastIndexOf(tag.name); depth >= 0)
            close(depth);
    } else if (kept.contains(tag.name)) {
        open(tag);
    }
}

void Writer::addImage(const HtmlTag &tag)
{
    const QString description = tag.attribute("alt"_L1).toHtmlEscaped();
    const QString source = tag.attribute("src"_L1);
    if (!source.startsWith("data:"_L1) || ++m_images > mostImages)
        return write(description);
    m_html += "<img src=\"%1\">"_L1.arg(source.toHtmlEscaped());
}

void Writer::open(const HtmlTag &tag)
{
    closeSiblings(tag.name);
    if (!mayOpen(tag.name))
        return;
    m_open += tag.name;
    if (tag.name == "td"_L1 || tag.name == "th"_L1)
        ++m_cells;
    if (tag.name == "a"_L1)
        write("<a href=\"%1\">"_L1.arg(tag.attribute("href"_L1).toHtmlEscaped()));
    else if (tag.name == "table"_L1)
        write(u"<table border=\"1\" cellpadding=\"4\" style=\"border-collapse: collapse\">"_s);
    else
        write("<%1>"_L1.arg(tag.name));
}

bool Writer::mayOpen(const QString &name) const
{
    if (m_open.size() >= deepest || m_cells >= mostCells)
        return false;
    if (name == "table"_L1)
        return !m_open.contains(name);
    if (name == "tr"_L1)
        return !m_open.isEmpty() && m_open.last() == "table"_L1;
    if (name == "td"_L1 || name == "th"_L1)
        return !m_open.isEmpty() && m_open.last() == "tr"_L1;
    return name != "a"_L1 || !m_open.contains(name);
}

void Writer::close(qsizetype depth)
{
    while (m_open.size() > depth)
        write("</%1>"_L1.arg(m_open.takeLast()));
}

void Writer::closeSiblings(const QString &name)
{
    for (const Sibling &sibling : siblings) {
        if (!sibling.name.contains(name))
            continue;
        for (qsizetype i = m_open.size() - 1; i >= 0; --i) {
            if (sibling.closes.contains(m_open.at(i)))
                return close(i);
            if (sibling.scope.contains(m_open.at(i)))
                return;
        }
    }
}

QString Writer::result()
{
    close(0);
    return m_html;
}

} // namespace

QString simpleHtml(const QString &html, qsizetype maximum)
{
    Writer writer(maximum);
    HtmlScanner scanner(html);
    while (!scanner.atEnd() && !writer.isFull()) {
        writer.addText(scanner.text());
        const HtmlTag tag = scanner.tag();
        if (withContentDropped.contains(tag.name)) {
            if (!tag.isEnd)
                scanner.skipTo(tag.name);
        } else {
            writer.addTag(tag);
        }
    }
    return writer.result();
}

} // namespace Freshen
