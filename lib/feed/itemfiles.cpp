// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What an item says of its files.

#include "lib/feed/announcedfile.h"
#include "lib/feed/feedurl.h"
#include "lib/feed/itemreader.h"
#include "lib/feed/mirrors.h"

#include <algorithm>
#include <limits>

namespace Freshen {

using namespace Qt::StringLiterals;

void ItemReader::readEnclosure()
{
    m_enclosures.append({m_xml.attributes(), languageRank()});
    m_xml.skip();
}

void ItemReader::readSparkleDeltas()
{
    m_item.sparkleDeltas.clear();
    while (m_xml.nextChild()) {
        const Attributes attributes = m_xml.attributes();
        const bool isDelta = m_xml.name() == "enclosure"_L1;
        m_xml.skip();
        if (isDelta)
            addDelta(attributes, u"sparkle:deltaFrom"_s, m_item.sparkleDeltas);
    }
}

void ItemReader::readManifest()
{
    m_manifest = m_xml.attributes();
    m_xml.skip();
}

void ItemReader::readDelta()
{
    const Attributes attributes = m_xml.attributes();
    m_xml.skip();
    addDelta(attributes, u"from"_s, m_item.deltas);
}

void ItemReader::readMirror()
{
    m_mirrors.append(m_xml.attributes().value(u"url"_s));
    m_xml.skip();
}

// A delta that cannot be used costs bytes, never the release. Of two from one version the last
// counts.
void ItemReader::addDelta(const Attributes &attributes, const QString &fromName,
                          QList<AppcastDelta> &deltas)
{
    AppcastDelta delta;
    delta.from = attributes.value(fromName).trimmed();
    const QString objection = readAnnouncedFile(attributes, u"sha256"_s, m_base, delta);
    if (!objection.isEmpty() || delta.from.isEmpty()) {
        m_warnings.append(u"has a delta that "_s
                          + (objection.isEmpty() ? u"names no version"_s : objection));
        return;
    }
    deltas.removeIf([&delta](const AppcastDelta &other) { return other.from == delta.from; });
    deltas.append(delta);
}

// Enclosures that cannot be used are dropped, as long as one can. Without any that names a file,
// the item is a link alone.
QString ItemReader::finishEnclosures()
{
    QStringList objections;
    std::optional<AppcastEnclosure> best;
    int bestRank = std::numeric_limits<int>::max();
    for (const auto &[attributes, rank] : std::as_const(m_enclosures)) {
        if (!attributes.contains(u"url"_s))
            continue;
        const auto enclosure = usableEnclosure(attributes);
        if (!enclosure) {
            objections.append(enclosure.error());
            continue;
        }
        m_item.enclosures.append(*enclosure);
        if (rank < bestRank)
            best = *enclosure;
        bestRank = std::min(rank, bestRank);
    }
    if (best) {
        m_warnings += objections;
        m_item.use(*best);
        return {};
    }
    if (!objections.isEmpty())
        return objections.constFirst();
    if (m_item.link.isEmpty())
        return u"has no file to download and no link"_s;
    return m_item.version.isEmpty() ? u"has no version"_s : QString();
}

tl::expected<AppcastEnclosure, QString>
ItemReader::usableEnclosure(const Attributes &attributes) const
{
    std::optional<QString> itemVersion;
    if (m_languageRanks.contains(u"sparkle:version"_s))
        itemVersion = m_item.version;
    auto enclosure = readAnnouncedEnclosure(attributes, m_base, itemVersion);
    if (!enclosure)
        return enclosure;
    if (!attributes.contains(u"sparkle:shortVersionString"_s))
        enclosure->shortVersion = m_item.shortVersion;
    // WinSparkle reads it from an element, too.
    enclosure->hasDsaSignature |= m_languageRanks.contains(u"sparkle:dsaSignature"_s);
    return enclosure;
}

// A mirror that cannot be used costs nothing but a source.
void ItemReader::finishMirrors()
{
    if (m_mirrors.size() > maximumMirrors) {
        m_warnings.append(
            u"has more mirrors than the first %1, which are used"_s.arg(maximumMirrors));
        m_mirrors.resize(maximumMirrors);
    }
    if (!m_mirrors.isEmpty() && m_item.enclosures.size() != 1) {
        m_warnings.append(u"has mirrors, but not one enclosure that they could be of"_s);
        return;
    }
    for (const QString &address : std::as_const(m_mirrors)) {
        const QUrl url = resolvedFeedUrl(address, m_base);
        if (url.isEmpty())
            m_warnings.append(
                u"has a mirror with an address that is never fetched: '%1'"_s.arg(address));
        else
            m_item.mirrors.append(url);
    }
}

QString ItemReader::finishManifest()
{
    if (!m_manifest)
        return {};
    AppcastFile manifest;
    const QString objection = readAnnouncedFile(*m_manifest, u"sha256"_s, m_base, manifest);
    m_item.manifest = std::move(manifest);
    return objection.isEmpty() ? QString() : u"has a manifest that "_s + objection;
}

} // namespace Freshen
