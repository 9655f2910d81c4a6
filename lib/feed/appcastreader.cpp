// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/appcastreader.h"

#include "lib/common/convert.h"
#include "lib/feed/feeddate.h"
#include "lib/feed/itemreader.h"
#include "updater-helper/trust/text.h"

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maximumSize = 5 * 1024 * 1024;
constexpr int maximumItems = 10'000;
constexpr qsizetype maximumWarnings = 1'000;

class AppcastReader
{
public:
    AppcastReader(const QByteArray &bytes, const QUrl &base, const QStringList &languages)
        : m_base(base)
        , m_languages(languages)
        , m_xml(bytes, base.toDisplayString())
    {
    }

    Result<Appcast> read();

private:
    void readRoot();
    void readChannel();
    void readStamp();
    void readWithdrawn();
    void readItem();
    void requireLengths();
    void skip(const QString &sentence);
    void warn(const QString &sentence);

    const QUrl m_base;
    const QStringList m_languages;
    FeedXml m_xml;
    Appcast m_appcast;
    bool m_hasChannel = false;
    int m_itemsSeen = 0;
    QString m_lastSkipped;
};

Result<Appcast> AppcastReader::read()
{
    while (m_xml.nextChild())
        readRoot();
    if (!m_hasChannel)
        m_xml.fail(ErrorCode::FEED_PARSE, u"is not an update feed: it has no channel"_s);
    if (m_appcast.stamp)
        requireLengths();
    if (m_appcast.items.isEmpty() && m_appcast.skippedItems > 0)
        m_xml.fail(ErrorCode::NO_USABLE_ITEM, u"has no usable item: "_s + m_lastSkipped);
    if (m_xml.error())
        return tl::unexpected<Error>(*m_xml.error());
    return std::move(m_appcast);
}

void AppcastReader::readRoot()
{
    const QString root = m_xml.name();
    if (root.compare("html"_L1, Qt::CaseInsensitive) == 0)
        m_xml.fail(ErrorCode::FEED_PARSE,
                   u"is not an update feed but a web page; check its address"_s);
    else if (root != "rss"_L1)
        m_xml.fail(ErrorCode::FEED_PARSE, u"is not an update feed: its root is not <rss>"_s);
    while (m_xml.nextChild()) {
        if (m_xml.name() == "channel"_L1)
            readChannel();
        else
            m_xml.skip();
    }
}

void AppcastReader::readChannel()
{
    m_hasChannel = true;
    while (m_xml.nextChild()) {
        const QString name = m_xml.name();
        if (name == "item"_L1)
            readItem();
        else if (name == "title"_L1)
            m_appcast.title = m_xml.text().trimmed();
        else if (name == "freshen:feed"_L1)
            readStamp();
        else if (name == "freshen:withdrawn"_L1)
            readWithdrawn();
        else
            m_xml.skip();
    }
}

// Freshness hangs on the stamp, so nothing about it is forgiven.
void AppcastReader::readStamp()
{
    const FeedXml::Attributes attributes = m_xml.attributes();
    m_xml.skip();
    const auto counter = Trust::parseNumber(toStdString(attributes.value(u"version"_s)));
    FeedStamp stamp;
    stamp.product = attributes.value(u"product"_s);
    stamp.version = counter.value_or(0);
    stamp.issued = parseUtcTime(attributes.value(u"issued"_s));
    stamp.expires = parseUtcTime(attributes.value(u"expires"_s));
    const QString root = attributes.value(u"root"_s);
    const auto rootVersion = Trust::parseNumber(root.isEmpty() ? "0" : toStdString(root));
    stamp.root = rootVersion.value_or(0);
    const bool isComplete = !stamp.product.isEmpty() && counter && stamp.issued.isValid()
        && stamp.expires.isValid() && rootVersion;
    if (m_appcast.stamp)
        m_xml.fail(ErrorCode::FEED_PARSE, u"has two <freshen:feed> elements"_s);
    else if (!isComplete)
        m_xml.fail(ErrorCode::FEED_PARSE,
                   u"has a <freshen:feed> element that lacks a valid "
                   "product, version, issued or expires"_s);
    m_appcast.stamp = std::move(stamp);
}

void AppcastReader::readWithdrawn()
{
    const QString version = m_xml.attributes().value(u"version"_s).trimmed();
    m_xml.skip();
    if (version.isEmpty())
        warn(u"A <freshen:withdrawn> does not say which version"_s);
    else
        m_appcast.withdrawnVersions.append(version);
}

void AppcastReader::readItem()
{
    if (++m_itemsSeen > maximumItems)
        m_xml.fail(ErrorCode::FEED_TOO_LARGE, u"has more than 10000 items"_s);
    ItemReader reader(m_xml, m_base, m_languages);
    auto item = reader.read();
    const QString name = u"Item %1 "_s.arg(m_itemsSeen);
    for (const QString &warning : reader.warnings())
        warn(name + warning);
    if (item)
        m_appcast.items.append(*std::move(item));
    else
        skip(name + item.error());
}

// Clients of a feed with a stamp hold the server to the announced length.
void AppcastReader::requireLengths()
{
    const auto lacksLength = [](const AppcastItem &item) {
        return item.enclosure && item.enclosure->length == 0;
    };
    for (const AppcastItem &item : std::as_const(m_appcast.items)) {
        if (lacksLength(item))
            skip(u"Version %1 does not say how long its file is"_s.arg(item.version));
    }
    m_appcast.items.removeIf(lacksLength);
}

void AppcastReader::skip(const QString &sentence)
{
    ++m_appcast.skippedItems;
    m_lastSkipped = sentence;
    warn(sentence + u"; it is skipped"_s);
}

void AppcastReader::warn(const QString &sentence)
{
    if (m_appcast.warnings.size() < maximumWarnings)
        m_appcast.warnings.append(toQString(Trust::escaped(toStdString(sentence))));
}

} // namespace

Result<Appcast> readAppcast(const QByteArray &xml, const QUrl &base, const QStringList &languages)
{
    if (xml.size() > maximumSize)
        return failure(ErrorCode::FEED_TOO_LARGE,
                       u"The feed %1 is larger than 5 MiB."_s.arg(base.toDisplayString()));
    return AppcastReader(xml, base, languages).read();
}

} // namespace Freshen
