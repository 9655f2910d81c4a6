// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/feeddocument.h"

#include "lib/common/convert.h"
#include "lib/feed/feednames.h"

#include <QXmlStreamReader>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

struct Range {
    qsizetype begin = 0;
    qsizetype end = 0;
};

tl::unexpected<Error> noFeed(const QString &why)
{
    return failure(ErrorCode::FEED_PARSE,
                   u"The feed cannot be read: %1. Correct it or remove it."_s.arg(why));
}

// Finds where the parts are.
class Scanner
{
public:
    explicit Scanner(const QString &text)
        : m_text(text)
        , m_xml(text)
    {
        // Every client reads feeds that never declare it.
        m_xml.addExtraNamespaceDeclaration({u"sparkle"_s, sparkleNamespace});
    }

    Result<void> run()
    {
        while (!m_xml.atEnd()) {
            const qsizetype before = tagAt(m_xml.characterOffset());
            m_xml.readNext();
            if (m_xml.isDTD())
                return noFeed(u"it has a document type"_s);
            if (m_xml.isStartElement())
                start(before);
            else if (m_xml.isEndElement())
                end(before);
        }
        if (m_xml.hasError())
            return noFeed(u"%1 (line %2)"_s.arg(m_xml.errorString()).arg(m_xml.lineNumber()));
        return channel.end > 0 ? Result<void>() : noFeed(u"it has no channel"_s);
    }

    Range channel; // from behind its start tag to its end tag
    std::optional<Range> stamp;
    QList<Range> items;
    QList<Range> withdrawals;

private:
    // Behind text the reader has already taken the '<' of the tag that follows.
    qsizetype tagAt(qsizetype offset) const
    {
        return offset > 0 && m_text.at(offset - 1) == u'<' ? offset - 1 : offset;
    }

    bool isIn(const QStringList &path) const { return m_path == path; }

    void start(qsizetype before)
    {
        const QString space = m_xml.namespaceUri().toString();
        const QString name = m_xml.name().toString();
        m_path += space.isEmpty() ? name : space + u' ' + name;
        m_starts += before;
        if (isIn(channelPath))
            channel.begin = m_xml.characterOffset();
    }

    void end(qsizetype before)
    {
        const Range range{m_starts.takeLast(), qsizetype(m_xml.characterOffset())};
        if (isIn(channelPath))
            channel.end = before;
        else if (isIn(channelPath + QStringList{u"item"_s}))
            items += range;
        else if (isIn(channelPath + QStringList{freshenNamespace + u" feed"_s}))
            stamp = range;
        else if (isIn(channelPath + QStringList{freshenNamespace + u" withdrawn"_s}))
            withdrawals += range;
        m_path.removeLast();
    }

    static inline const QStringList channelPath = {u"rss"_s, u"channel"_s};

    const QString &m_text;
    QXmlStreamReader m_xml;
    QStringList m_path;
    QList<qsizetype> m_starts;
};

QString slice(const QString &text, qsizetype begin, qsizetype end)
{
    return text.mid(begin, end - begin);
}

qsizetype blanksBefore(const QString &text, qsizetype position)
{
    while (position > 0 && text.at(position - 1).isSpace())
        --position;
    return position;
}

void cutStamp(FeedDocument &document, const QString &text, const Range &stamp, Range channel)
{
    const qsizetype blanks = blanksBefore(text, stamp.begin);
    document.indent = slice(text, blanks, stamp.begin);
    document.stamp = slice(text, stamp.begin, stamp.end);
    document.preamble = slice(text, channel.begin, blanks) + slice(text, stamp.end, channel.end);
}

// What stands at `place` without those of the ranges that lie there; these go to `removed`.
QString cutOut(const QString &text, Range place, const QList<Range> &ranges, QString &removed)
{
    QString rest;
    for (const Range &range : ranges) {
        if (range.begin < place.begin || range.end > place.end)
            continue;
        const qsizetype blanks = std::max(blanksBefore(text, range.begin), place.begin);
        rest += slice(text, place.begin, blanks);
        removed += slice(text, blanks, range.end);
        place.begin = range.end;
    }
    return rest + slice(text, place.begin, place.end);
}

Result<void> bindPrefix(QString &head, const QString &prefix, const QString &uri)
{
    QXmlStreamReader xml(head);
    xml.readNextStartElement();
    for (const QXmlStreamNamespaceDeclaration &bound : xml.namespaceDeclarations()) {
        if (bound.prefix() == prefix && bound.namespaceUri() == uri)
            return {};
        if (bound.prefix() == prefix)
            return failure(ErrorCode::CONFIG,
                           u"The feed's root binds the prefix \"%1\" to another name than \"%2\". "
                           "Correct that first."_s.arg(prefix, uri));
    }
    // The start tag of the root ends where the reader stands.
    const qsizetype tag = head.lastIndexOf(u"<rss"_s, qsizetype(xml.characterOffset()));
    head.insert(tag + 4, u" xmlns:%1=\"%2\""_s.arg(prefix, uri));
    return {};
}

} // namespace

Result<FeedDocument> FeedDocument::parse(const QByteArray &content)
{
    const QString text = QString::fromUtf8(content);
    Scanner scanner(text);
    if (const auto scanned = scanner.run(); !scanned)
        return failure(scanned);
    FeedDocument document;
    document.head = slice(text, 0, scanner.channel.begin);
    qsizetype firstEnd = scanner.channel.end;
    if (!scanner.items.isEmpty())
        firstEnd = scanner.items.first().begin;
    firstEnd = blanksBefore(text, firstEnd);
    const Range before{scanner.channel.begin, firstEnd};
    if (scanner.stamp && scanner.stamp->begin > firstEnd)
        return noFeed(u"<freshen:feed> does not stand before the items"_s);
    if (scanner.stamp)
        cutStamp(document, text, *scanner.stamp, before);
    else
        document.preamble = slice(text, before.begin, before.end);
    qsizetype end = firstEnd;
    for (const Range &item : std::as_const(scanner.items)) {
        // What withdraws a version counts for the whole feed: it does not go when an item goes.
        document.items += cutOut(text, {end, item.end}, scanner.withdrawals, document.preamble);
        end = item.end;
    }
    document.tail = text.mid(end);
    return document;
}

QByteArray FeedDocument::toXml() const
{
    return (head + indent + stamp + preamble + items.join(QString()) + tail).toUtf8();
}

FeedDocument FeedDocument::withOnly(const QString &item) const
{
    FeedDocument document = *this;
    document.items = item.isEmpty() ? QStringList() : QStringList{item};
    return document;
}

Result<void> FeedDocument::bindPrefixes()
{
    auto bound = bindPrefix(head, u"sparkle"_s, sparkleNamespace);
    return bound ? bindPrefix(head, u"freshen"_s, freshenNamespace) : bound;
}

} // namespace Freshen
