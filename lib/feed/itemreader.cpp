// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/itemreader.h"

#include "lib/feed/announcedfile.h"
#include "lib/feed/feeddate.h"
#include "lib/feed/feedurl.h"
#include "lib/feed/rollout.h"

#include <QRegularExpression>

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
    TextRow{"sparkle:shortVersionString"_L1, &AppcastItem::shortVersion},
    // Versions that are compared, from here on.
    TextRow{"sparkle:version"_L1, &AppcastItem::version},
    TextRow{"sparkle:minimumSystemVersion"_L1, &AppcastItem::minimumSystemVersion},
    TextRow{"sparkle:maximumSystemVersion"_L1, &AppcastItem::maximumSystemVersion},
    TextRow{"sparkle:minimumAutoupdateVersion"_L1, &AppcastItem::minimumAutoupdateVersion},
    TextRow{"sparkle:minimumUpdateVersion"_L1, &AppcastItem::minimumUpdateVersion},
    TextRow{"sparkle:ignoreSkippedUpgradesBelowVersion"_L1,
            &AppcastItem::ignoreSkippedUpgradesBelow},
};

constexpr qsizetype maximumVersion = 200;

struct LinkRow {
    QLatin1StringView name;
    QUrl AppcastItem::*value;
};

constexpr std::array links = {
    LinkRow{"link"_L1, &AppcastItem::link},
    LinkRow{"sparkle:fullReleaseNotesLink"_L1, &AppcastItem::fullNotesUrl},
};

struct ElementRow {
    QLatin1StringView name;
    void (ItemReader::*read)();
};

constexpr std::array elements = {
    ElementRow{"description"_L1, &ItemReader::readDescription},
    ElementRow{"pubDate"_L1, &ItemReader::readPublicationDate},
    ElementRow{"sparkle:channel"_L1, &ItemReader::readChannel},
    ElementRow{"sparkle:criticalUpdate"_L1, &ItemReader::readCriticalUpdate},
    ElementRow{"sparkle:deltas"_L1, &ItemReader::readSparkleDeltas},
    ElementRow{"sparkle:hardwareRequirements"_L1, &ItemReader::readHardwareRequirements},
    ElementRow{"sparkle:informationalUpdate"_L1, &ItemReader::readInformationalUpdate},
    ElementRow{"sparkle:phasedRolloutInterval"_L1, &ItemReader::readPhasedRolloutInterval},
    ElementRow{"sparkle:releaseNotesLink"_L1, &ItemReader::readReleaseNotesLink},
    ElementRow{"sparkle:tags"_L1, &ItemReader::readTags},
    ElementRow{"freshen:deadline"_L1, &ItemReader::readDeadline},
    ElementRow{"freshen:delta"_L1, &ItemReader::readDelta},
    ElementRow{"freshen:manifest"_L1, &ItemReader::readManifest},
    ElementRow{"freshen:mirror"_L1, &ItemReader::readMirror},
    ElementRow{"freshen:mustUnderstand"_L1, &ItemReader::readMustUnderstand},
    ElementRow{"freshen:rollout"_L1, &ItemReader::readRollout},
};

template<typename Rows>
auto findRow(const Rows &rows, const QString &name)
{
    const auto isIt = [&name](const auto &row) { return row.name == name; };
    const auto row = std::find_if(rows.begin(), rows.end(), isIt);
    return row == rows.end() ? nullptr : &*row;
}

// Whether there is a row for the local name in Sparkle's or Freshen's vocabulary.
bool hasRule(const QString &localName)
{
    const QStringList names = {u"sparkle:"_s + localName, u"freshen:"_s + localName};
    return std::any_of(names.begin(), names.end(), [](const QString &name) {
        return findRow(texts, name) || findRow(links, name) || findRow(elements, name);
    });
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

QString baseLanguage(const QString &language)
{
    static const QRegularExpression separator(u"[-_]"_s);
    return language.left(language.indexOf(separator)).toLower();
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
    if (const QString objection = finishEnclosures(); !objection.isEmpty())
        return objection;
    if (hasEndlessVersion())
        return u"has a version that is longer than any honest one"_s;
    finishMirrors();
    const QString objection = finishManifest();
    return objection.isEmpty() ? m_rolloutObjection : objection;
}

// Versions are compared again and again, and each time from their beginning.
bool ItemReader::hasEndlessVersion() const
{
    const auto isEndless = [](const QString &text) { return text.size() > maximumVersion; };
    const auto isEndlessRow = [&](const TextRow &row) { return isEndless(m_item.*row.value); };
    return std::any_of(texts.begin() + 2, texts.end(), isEndlessRow)
        || isEndless(m_item.criticalBelow) || isEndless(m_item.informationalBelow)
        || std::any_of(m_item.enclosures.begin(), m_item.enclosures.end(),
                       [&](const AppcastEnclosure &file) { return isEndless(file.version); });
}

void ItemReader::readElement()
{
    const QString name = m_xml.name();
    if (name == "enclosure"_L1 || name == "sparkle:enclosure"_L1)
        readEnclosure();
    else if (!isBestLanguage(name))
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

// The lower the better: the client's languages, English, all others. No language is English.
int ItemReader::languageRank() const
{
    const QString language = m_xml.attributes().value(u"xml:lang"_s);
    const QString base = language.isEmpty() ? u"en"_s : baseLanguage(language);
    const auto rank = int(m_languages.indexOf(base));
    if (rank >= 0)
        return rank;
    return int(m_languages.size()) + (base == "en"_L1 ? 0 : 1);
}

// Siblings of one name are the same thing in several languages; of equals the first is taken.
// Freshen's own elements just repeat.
bool ItemReader::isBestLanguage(const QString &name)
{
    const int rank = languageRank();
    const auto known = m_languageRanks.constFind(name);
    const bool isBest = known == m_languageRanks.constEnd() || rank < *known;
    if (isBest)
        m_languageRanks.insert(name, rank);
    return isBest || name.startsWith("freshen:"_L1);
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

// Words that nobody knows yet are no requirement.
void ItemReader::readHardwareRequirements()
{
    static const QRegularExpression separator(u"[,\\s]+"_s);
    m_item.needsArm64 = m_xml.text().toLower().split(separator).contains("arm64"_L1);
}

void ItemReader::readInformationalUpdate()
{
    m_item.isInformational = true;
    m_item.informationalVersions.clear();
    m_item.informationalBelow.clear();
    while (m_xml.nextChild()) {
        const QString name = m_xml.name();
        const QString text = m_xml.text().trimmed();
        if (name == "sparkle:version"_L1)
            m_item.informationalVersions.append(text);
        else if (name == "sparkle:belowVersion"_L1)
            m_item.informationalBelow = text;
    }
}

void ItemReader::readReleaseNotesLink()
{
    const Attributes attributes = m_xml.attributes();
    m_item.notesUrl = resolvedFeedUrl(m_xml.text(), m_base);
    m_item.notesSignature = announcedSignature(attributes);
    m_item.notesLength = announcedLength(attributes.value(u"sparkle:length"_s));
}

void ItemReader::readPhasedRolloutInterval()
{
    m_item.phasedRolloutInterval = std::max(m_xml.text().trimmed().toInt(), 0);
}

// Who lacks a rule has to stay away, so the names add up.
void ItemReader::readMustUnderstand()
{
    const QStringList names = m_xml.text().simplified().split(u' ', Qt::SkipEmptyParts);
    m_item.mustUnderstand += names;
    for (const QString &name : names) {
        if (hasRule(name))
            continue;
        m_item.notUnderstood += name;
        m_warnings += u"is only for clients that understand '%1'"_s.arg(name);
    }
}

void ItemReader::readRollout()
{
    const auto rollout = parseRollout(m_xml.attributes());
    m_xml.skip();
    if (!rollout)
        m_rolloutObjection = rollout.error();
    else if (m_item.rollout)
        m_rolloutObjection = u"has two rollouts"_s;
    else
        m_item.rollout = *rollout;
}

// Without its deadline a critical release is still one.
void ItemReader::readDeadline()
{
    const QString text = m_xml.attributes().value(u"at"_s);
    m_xml.skip();
    m_item.deadline = parseUtcTime(text);
    if (!m_item.deadline.isValid())
        m_warnings += u"has a deadline that is no time: '%1'"_s.arg(text);
}

} // namespace Freshen
