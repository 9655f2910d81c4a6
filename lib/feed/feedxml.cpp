// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/feedxml.h"

#include "lib/common/convert.h"
#include "lib/feed/feednames.h"
#include "updater-helper/trust/text.h"

#include <QUtf8StringView>

#include <algorithm>
#include <iterator>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int itemDepth = 3; // rss, channel, item
constexpr int maximumParts = 1'000;

// Feeds exist that bind the prefix "sparkle" to a mistyped address, or to none; every client reads
// them, so the prefix itself counts as well as the address.
QString commonName(QStringView address, QStringView prefix, QStringView localName)
{
    if (address == sparkleNamespace || prefix == "sparkle"_L1)
        return u"sparkle:"_s.append(localName);
    if (address == freshenNamespace)
        return u"freshen:"_s.append(localName);
    if (prefix == "xml"_L1)
        return u"xml:"_s.append(localName);
    return prefix.isEmpty() ? localName.toString() : QString();
}

QString withoutFullStop(const QString &sentence)
{
    return sentence.endsWith(u'.') ? sentence.chopped(1) : sentence;
}

// Carriage returns get this far as "&#13;" alone, and text with one cannot be written again.
QString withPlainLineEnds(QString text)
{
    if (text.contains(u'\r'))
        text.replace("\r\n"_L1, "\n"_L1).replace(u'\r', u'\n');
    return text;
}

} // namespace

QString FeedXml::EntityWatch::resolveUndeclaredEntity(const QString &name)
{
    entity = name;
    return {};
}

FeedXml::FeedXml(const QByteArray &bytes, const QString &where)
    : m_where(where)
    , m_hazard(FeedHazard::find(toView(bytes)))
{
    const QByteArray content = bytes.left(qsizetype(m_hazard.place));
    // After a QString the parser takes all for Unicode, whatever the feed says of its encoding.
    m_xml.addData(QString());
    m_xml.addData(content);
    m_xml.setEntityResolver(&m_watch);
    m_xml.addExtraNamespaceDeclaration({u"sparkle"_s, sparkleNamespace});
    if (!QUtf8StringView(content).isValidUtf8() || content.contains('\0'))
        fail(ErrorCode::FEED_FORBIDDEN_XML, u"is not in UTF-8"_s);
    else if (m_hazard.kind == FeedHazard::DocumentType)
        failForDocumentType(bytes.mid(qsizetype(m_hazard.place)));
}

bool FeedXml::nextChild()
{
    while (step()) {
        if (m_xml.isStartElement())
            return true;
        if (m_xml.isEndElement())
            return false;
    }
    return false;
}

void FeedXml::skip()
{
    const int outside = m_depth - 1;
    while (m_depth > outside && step()) {}
}

QString FeedXml::text()
{
    QString text;
    const int outside = m_depth - 1;
    while (m_depth > outside && step()) {
        if (m_xml.isCharacters())
            text += m_xml.text();
    }
    return withPlainLineEnds(std::move(text));
}

QString FeedXml::name() const
{
    return commonName(m_xml.namespaceUri(), m_xml.prefix(), m_xml.name());
}

FeedXml::Attributes FeedXml::attributes()
{
    if (m_attributes)
        return *m_attributes;
    m_attributes.emplace();
    const QXmlStreamAttributes found = m_xml.attributes();
    m_attributes->m_all.reserve(found.size());
    for (const QXmlStreamAttribute &attribute : found) {
        m_attributes->m_all.append(
            {commonName(attribute.namespaceUri(), attribute.prefix(), attribute.name()),
             withPlainLineEnds(attribute.value().toString())});
    }
    return *m_attributes;
}

// Two prefixes can make one name of two; the last one counts.
QList<FeedXml::Attributes::Attribute>::const_iterator
FeedXml::Attributes::find(const QString &name) const
{
    const auto isIt = [&name](const Attribute &attribute) { return attribute.name == name; };
    const auto found = std::find_if(m_all.rbegin(), m_all.rend(), isIt);
    return found == m_all.rend() ? m_all.end() : std::prev(found.base());
}

void FeedXml::fail(ErrorCode code, const QString &cause)
{
    if (m_error)
        return;
    m_error = Error{code,
                    "The feed " + Trust::escaped(toStdString(m_where)) + ' '
                        + Trust::escaped(toStdString(cause)) + '.'};
}

bool FeedXml::step()
{
    if (m_error || m_xml.atEnd())
        return false;
    m_attributes.reset();
    m_xml.readNext();
    judgeToken();
    return !m_error;
}

void FeedXml::judgeToken()
{
    switch (m_xml.tokenType()) {
    case QXmlStreamReader::StartDocument:
        if (const auto encoding = m_xml.documentEncoding();
            !encoding.isEmpty() && encoding.compare("utf-8"_L1, Qt::CaseInsensitive) != 0)
            fail(ErrorCode::FEED_FORBIDDEN_XML, u"is not in UTF-8, but in %1"_s.arg(encoding));
        break;
    case QXmlStreamReader::StartElement:
        enterElement();
        break;
    case QXmlStreamReader::EndElement:
        --m_depth;
        break;
    case QXmlStreamReader::DTD:
        failForDocumentType({});
        break;
    case QXmlStreamReader::Invalid:
        failAsParserSays();
        break;
    default:
        break;
    }
}

// How many items a channel has is its reader's to judge.
void FeedXml::enterElement()
{
    if (++m_depth > maximumDepth)
        return fail(ErrorCode::FEED_TOO_LARGE, u"nests elements too deeply"_s);
    m_parts[m_depth] = 0;
    if (m_depth > itemDepth && ++m_parts[m_depth - 1] > maximumParts)
        fail(ErrorCode::FEED_TOO_LARGE, u"has an element with more than 1000 parts"_s);
}

void FeedXml::failAsParserSays()
{
    const bool endedEarly = m_xml.error() == QXmlStreamReader::PrematureEndOfDocumentError;
    if (endedEarly && m_hazard.kind == FeedHazard::OverfullTag)
        fail(ErrorCode::FEED_TOO_LARGE, u"has an element with more than 100 attributes"_s);
    else if (!m_watch.entity.isEmpty())
        fail(ErrorCode::FEED_FORBIDDEN_XML, u"refers to the entity '%1'"_s.arg(m_watch.entity));
    else
        fail(ErrorCode::FEED_PARSE,
             u"is not an update feed, or damaged: line %1: %2"_s.arg(m_xml.lineNumber())
                 .arg(withoutFullStop(m_xml.errorString())));
}

void FeedXml::failForDocumentType(const QByteArray &declaration)
{
    const QByteArray name = declaration.mid(FeedHazard::documentType.size()).trimmed().left(4);
    if (name.compare("html", Qt::CaseInsensitive) == 0)
        fail(ErrorCode::FEED_PARSE, u"is not an update feed but a web page; check its address"_s);
    else
        fail(ErrorCode::FEED_FORBIDDEN_XML, u"has a document type, which feeds may not have"_s);
}

} // namespace Freshen
