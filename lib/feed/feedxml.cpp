// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/feedxml.h"

#include "lib/common/convert.h"
#include "updater-helper/trust/text.h"

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int maximumDepth = 16;
constexpr auto documentType = "<!DOCTYPE"_L1;
constexpr auto sparkleNamespace = "http://www.andymatuschak.org/xml-namespaces/sparkle"_L1;
constexpr auto freshenNamespace = "urn:freshen:appcast:1"_L1;

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

} // namespace

QString FeedXml::EntityWatch::resolveUndeclaredEntity(const QString &name)
{
    entity = name;
    return {};
}

FeedXml::FeedXml(const QByteArray &bytes, const QString &where)
    : m_where(where)
    , m_content(QString::fromUtf8(bytes))
    , m_xml(m_content)
{
    m_xml.setEntityResolver(&m_watch);
    m_xml.addExtraNamespaceDeclaration({u"sparkle"_s, sparkleNamespace});
    if (bytes.contains('\0') || !Trust::isValidUtf8(toView(bytes)))
        fail(ErrorCode::FEED_FORBIDDEN_XML, u"is not in UTF-8"_s);
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
    text();
}

QString FeedXml::text()
{
    QString text;
    const int outside = m_depth - 1;
    while (m_depth > outside && step()) {
        if (m_xml.isCharacters())
            text += m_xml.text();
    }
    return text;
}

QString FeedXml::name() const
{
    return commonName(m_xml.namespaceUri(), m_xml.prefix(), m_xml.name());
}

FeedXml::Attributes FeedXml::attributes() const
{
    Attributes attributes;
    for (const QXmlStreamAttribute &attribute : m_xml.attributes()) {
        attributes.insert(
            commonName(attribute.namespaceUri(), attribute.prefix(), attribute.name()),
            attribute.value().toString());
    }
    return attributes;
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
        m_rootWasSeen = true;
        if (++m_depth > maximumDepth)
            fail(ErrorCode::FEED_TOO_LARGE, u"nests elements too deeply"_s);
        break;
    case QXmlStreamReader::EndElement:
        --m_depth;
        break;
    case QXmlStreamReader::DTD:
        failForDocumentType();
        break;
    case QXmlStreamReader::Invalid:
        failAsParserSays();
        break;
    default:
        break;
    }
}

void FeedXml::failAsParserSays()
{
    // A document type that the parser stumbled over is refused for what it is.
    if (!m_rootWasSeen && m_content.contains(documentType, Qt::CaseInsensitive))
        failForDocumentType();
    else if (!m_watch.entity.isEmpty())
        fail(ErrorCode::FEED_FORBIDDEN_XML, u"refers to the entity '%1'"_s.arg(m_watch.entity));
    else
        fail(ErrorCode::FEED_PARSE,
             u"is not an update feed, or damaged: line %1: %2"_s.arg(m_xml.lineNumber())
                 .arg(withoutFullStop(m_xml.errorString())));
}

void FeedXml::failForDocumentType()
{
    const auto begin = m_content.indexOf(documentType, 0, Qt::CaseInsensitive);
    const auto name = QStringView(m_content).mid(begin + documentType.size()).trimmed();
    if (name.startsWith("html"_L1, Qt::CaseInsensitive))
        fail(ErrorCode::FEED_PARSE, u"is not an update feed but a web page; check its address"_s);
    else
        fail(ErrorCode::FEED_FORBIDDEN_XML, u"has a document type, which feeds may not have"_s);
}

} // namespace Freshen
