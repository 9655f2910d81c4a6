// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/notes/htmlscanner.h"

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

bool isAsciiLetter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

// The few entities that stand in addresses and picture descriptions.
QString withoutEntities(QStringView value)
{
    QString result = value.toString();
    result.replace("&lt;"_L1, "<"_L1).replace("&gt;"_L1, ">"_L1).replace("&quot;"_L1, "\""_L1);
    return result.replace("&#39;"_L1, "'"_L1).replace("&amp;"_L1, "&"_L1);
}

} // namespace

HtmlScanner::HtmlScanner(const QString &html)
    : m_html(html)
{
}

bool HtmlScanner::atEnd() const
{
    return m_position >= m_html.size();
}

bool HtmlScanner::isTagAt(qsizetype position) const
{
    if (position + 1 >= m_html.size() || m_html.at(position) != u'<')
        return false;
    const QChar next = m_html.at(position + 1);
    return isAsciiLetter(next) || next == u'/' || next == u'!' || next == u'?';
}

QStringView HtmlScanner::text()
{
    const qsizetype start = m_position;
    while (!atEnd() && !isTagAt(m_position))
        ++m_position;
    return m_html.mid(start, m_position - start);
}

HtmlTag HtmlScanner::tag()
{
    HtmlTag tag;
    if (atEnd())
        return tag;
    if (m_html.mid(m_position).startsWith("<!--"_L1)) {
        const qsizetype end = m_html.indexOf("-->"_L1, m_position + 4);
        m_position = end < 0 ? m_html.size() : end + 3;
        return tag;
    }
    ++m_position;
    tag.isEnd = m_html.at(m_position) == u'/';
    if (!isAsciiLetter(m_html.at(m_position)))
        ++m_position;
    tag.name = name().toLower();
    while (skipSpace(), !atEnd() && m_html.at(m_position) != u'>') {
        const QString key = name().toLower();
        const QString content = value();
        if (!key.isEmpty())
            tag.attributes.insert(key, content);
    }
    ++m_position;
    return tag;
}

void HtmlScanner::skipTo(const QString &name)
{
    const qsizetype end = m_html.indexOf("</"_L1 + name, m_position, Qt::CaseInsensitive);
    m_position = end < 0 ? m_html.size() : end;
}

void HtmlScanner::skipSpace()
{
    while (!atEnd() && (m_html.at(m_position).isSpace() || m_html.at(m_position) == u'/'))
        ++m_position;
}

QString HtmlScanner::name()
{
    const qsizetype start = m_position;
    while (!atEnd() && !m_html.at(m_position).isSpace()
           && !"=>/"_L1.contains(m_html.at(m_position)))
        ++m_position;
    return m_html.mid(start, m_position - start).toString();
}

QString HtmlScanner::value()
{
    skipSpace();
    if (atEnd() || m_html.at(m_position) != u'=')
        return {};
    ++m_position;
    while (!atEnd() && m_html.at(m_position).isSpace())
        ++m_position;
    if (atEnd())
        return {};
    const QChar quote = m_html.at(m_position);
    const bool quoted = quote == u'"' || quote == u'\'';
    qsizetype start = quoted ? m_position + 1 : m_position;
    qsizetype end = start;
    if (quoted) {
        end = m_html.indexOf(quote, start);
        end = end < 0 ? m_html.size() : end;
    } else {
        while (end < m_html.size() && !m_html.at(end).isSpace() && m_html.at(end) != u'>')
            ++end;
    }
    m_position = qMin(m_html.size(), quoted ? end + 1 : end);
    return withoutEntities(m_html.mid(start, end - start));
}

} // namespace Freshen
