// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/itemreader.h"

#include "lib/feed/feeddate.h"
#include "lib/feed/feedurl.h"

#include <QFileInfo>

#include <algorithm>
#include <array>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

struct TextRow {
    QLatin1StringView name;
    QString AppcastItem::*value;
};

constexpr std::array texts = {
    TextRow{"title"_L1, &AppcastItem::title},
    TextRow{"sparkle:version"_L1, &AppcastItem::version},
    TextRow{"sparkle:shortVersionString"_L1, &AppcastItem::shortVersion},
    TextRow{"sparkle:minimumSystemVersion"_L1, &AppcastItem::minimumSystemVersion},
    TextRow{"sparkle:maximumSystemVersion"_L1, &AppcastItem::maximumSystemVersion},
};

struct LinkRow {
    QLatin1StringView name;
    QUrl AppcastItem::*value;
};

constexpr std::array links = {
    LinkRow{"link"_L1, &AppcastItem::link},
    LinkRow{"sparkle:releaseNotesLink"_L1, &AppcastItem::notesUrl},
    LinkRow{"sparkle:fullReleaseNotesLink"_L1, &AppcastItem::fullNotesUrl},
};

struct ElementRow {
    QLatin1StringView name;
    void (ItemReader::*read)();
};

constexpr std::array elements = {
    ElementRow{"description"_L1, &ItemReader::readDescription},
    ElementRow{"enclosure"_L1, &ItemReader::readEnclosure},
    ElementRow{"pubDate"_L1, &ItemReader::readPublicationDate},
    ElementRow{"sparkle:channel"_L1, &ItemReader::readChannel},
    ElementRow{"sparkle:criticalUpdate"_L1, &ItemReader::readCriticalUpdate},
    ElementRow{"sparkle:tags"_L1, &ItemReader::readTags},
    ElementRow{"freshen:delta"_L1, &ItemReader::readDelta},
    ElementRow{"freshen:manifest"_L1, &ItemReader::readManifest},
};

template<typename Rows>
auto findRow(const Rows &rows, const QString &name)
{
    const auto isIt = [&name](const auto &row) { return row.name == name; };
    const auto row = std::find_if(rows.begin(), rows.end(), isIt);
    return row == rows.end() ? nullptr : &*row;
}

Release::NotesFormat notesFormat(const QString &name)
{
    if (name.compare("markdown"_L1, Qt::CaseInsensitive) == 0)
        return Release::NotesFormat::Markdown;
    return name.compare("plain-text"_L1, Qt::CaseInsensitive) == 0 ? Release::NotesFormat::PlainText
                                                                   : Release::NotesFormat::Html;
}

bool isChannelName(const QString &text)
{
    return std::all_of(text.begin(), text.end(), [](QChar c) {
        return (c.unicode() < 128 && c.isLetterOrNumber()) || u"_.-"_s.contains(c);
    });
}

bool isSha256(const QString &text)
{
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](QChar c) {
               return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f');
           });
}

bool isYes(const QString &text)
{
    return text == "true"_L1 || text == "1"_L1 || text == "yes"_L1;
}

// "Notes_1.2.zip" is version 1.2; empty when the name tells none.
QString versionInFileName(const QUrl &url)
{
    const QString name = url.fileName();
    const qsizetype underscore = name.lastIndexOf(u'_');
    return underscore < 0 ? QString() : QFileInfo(name.mid(underscore + 1)).completeBaseName();
}

} // namespace

tl::expected<AppcastItem, QString> ItemReader::read()
{
    while (m_xml.nextChild())
        readElement();
    if (const QString objection = finish(); !objection.isEmpty())
        return tl::unexpected<QString>(objection);
    return std::move(m_item);
}

// Each part answers with its objection to the item, or with nothing.
QString ItemReader::finish()
{
    QString objection = finishEnclosure();
    if (objection.isEmpty())
        objection = finishManifest();
    return objection.isEmpty() ? finishVersion() : objection;
}

void ItemReader::readElement()
{
    const QString name = m_xml.name();
    if (name == "enclosure"_L1 && m_namesInEnglish.contains(name))
        m_warnings.append(u"has several enclosures, of which one is used"_s);
    if (!isBetterLanguage(name))
        m_xml.skip();
    else if (const auto *text = findRow(texts, name))
        m_item.*text->value = m_xml.text().trimmed();
    else if (const auto *link = findRow(links, name))
        m_item.*link->value = resolvedFeedUrl(m_xml.text(), m_base);
    else if (const auto *element = findRow(elements, name))
        (this->*element->read)();
    else
        m_xml.skip();
}

// Siblings of one name are the same thing in several languages: English, or no language, is
// taken, else the first. Freshen's own elements just repeat.
bool ItemReader::isBetterLanguage(const QString &name)
{
    const QString language = m_xml.attributes().value(u"xml:lang"_s);
    const bool isEnglish = language.isEmpty() || language.startsWith("en"_L1, Qt::CaseInsensitive);
    const bool isBetter = !m_namesInEnglish.contains(name)
        || (isEnglish && !m_namesInEnglish.value(name));
    if (isBetter)
        m_namesInEnglish.insert(name, isEnglish);
    return isBetter || name.startsWith("freshen:"_L1);
}

void ItemReader::readChannel()
{
    const QString channel = m_xml.text().trimmed();
    m_item.channel = isChannelName(channel) ? channel : QString();
}

void ItemReader::readCriticalUpdate()
{
    m_item.isCritical = true;
    m_item.criticalBelow = m_xml.attributes().value(u"sparkle:version"_s).trimmed();
    m_xml.skip();
}

void ItemReader::readTags()
{
    while (m_xml.nextChild()) {
        if (m_xml.name() == "sparkle:criticalUpdate"_L1)
            m_item.isCritical = true;
        m_xml.skip();
    }
}

void ItemReader::readDescription()
{
    m_item.notesFormat = notesFormat(m_xml.attributes().value(u"sparkle:format"_s));
    m_item.notes = m_xml.text();
}

void ItemReader::readPublicationDate()
{
    m_item.published = m_xml.text();
    m_item.publishedTime = parsePublicationDate(m_item.published);
}

void ItemReader::readEnclosure()
{
    m_enclosure = m_xml.attributes();
    m_xml.skip();
}

void ItemReader::readManifest()
{
    m_manifest = m_xml.attributes();
    m_xml.skip();
}

// A delta that cannot be used costs bytes, never the release.
void ItemReader::readDelta()
{
    const Attributes attributes = m_xml.attributes();
    m_xml.skip();
    AppcastDelta delta;
    delta.from = attributes.value(u"from"_s).trimmed();
    const QString objection = readFile(attributes, u"sha256"_s, delta);
    if (!objection.isEmpty() || delta.from.isEmpty())
        m_warnings.append(u"has a delta that "_s
                          + (objection.isEmpty() ? u"names no version"_s : objection));
    else
        m_item.deltas.append(delta);
}

QString ItemReader::finishEnclosure()
{
    if (!m_enclosure || !m_enclosure->contains(u"url"_s))
        return m_item.link.isEmpty() ? u"has no file to download and no link"_s : QString();
    const Attributes &attributes = *m_enclosure;
    const QString installation = attributes.value(u"sparkle:installationType"_s);
    if (!installation.isEmpty() && installation != "application"_L1 && installation != "package"_L1)
        return u"wants to be installed as '%1'"_s.arg(installation);
    if (attributes.contains(u"sparkle:deltaFrom"_s))
        return u"is a delta and no release"_s;
    AppcastEnclosure enclosure;
    enclosure.edSignature = attributes.value(u"sparkle:edSignature"_s).trimmed();
    enclosure.os = attributes.value(u"sparkle:os"_s).trimmed();
    enclosure.arch = attributes.value(u"freshen:arch"_s).trimmed();
    enclosure.type = attributes.value(u"type"_s);
    const QString objection = readFile(attributes, u"freshen:sha256"_s, enclosure);
    m_item.enclosure = std::move(enclosure);
    m_item.isCritical |= isYes(attributes.value(u"sparkle:criticalUpdate"_s));
    return objection;
}

QString ItemReader::finishManifest()
{
    if (!m_manifest)
        return {};
    AppcastFile manifest;
    const QString objection = readFile(*m_manifest, u"sha256"_s, manifest);
    m_item.manifest = std::move(manifest);
    return objection.isEmpty() ? QString() : u"has a manifest that "_s + objection;
}

QString ItemReader::finishVersion()
{
    const Attributes attributes = m_enclosure.value_or(Attributes());
    const bool hasElement = m_namesInEnglish.contains(u"sparkle:version"_s);
    if (attributes.contains(u"sparkle:version"_s))
        m_item.version = attributes.value(u"sparkle:version"_s).trimmed();
    else if (!hasElement && m_item.enclosure)
        m_item.version = versionInFileName(m_item.enclosure->url);
    if (attributes.contains(u"sparkle:shortVersionString"_s))
        m_item.shortVersion = attributes.value(u"sparkle:shortVersionString"_s).trimmed();
    return m_item.version.isEmpty() ? u"has no version"_s : QString();
}

// Fills the parts that all announced files have. A length that is no number is none.
QString ItemReader::readFile(const Attributes &attributes, const QString &hashName,
                             AppcastFile &file) const
{
    const QString address = attributes.value(u"url"_s);
    file.url = resolvedFeedUrl(address, m_base);
    file.length = std::max(attributes.value(u"length"_s).trimmed().toLongLong(), 0LL);
    file.sha256 = attributes.value(hashName).toLower();
    if (file.url.isEmpty())
        return u"has an address that is never fetched: '%1'"_s.arg(address);
    if (!file.sha256.isEmpty() && !isSha256(file.sha256))
        return u"has a SHA-256 that is none: '%1'"_s.arg(file.sha256);
    return {};
}

} // namespace Freshen
