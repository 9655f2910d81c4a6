// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/feedgenerator.h"

#include "appcast-tools/bridges.h"
#include "appcast-tools/feedfile.h"
#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"
#include "lib/feed/appcastwriter.h"
#include "lib/feed/versionorder.h"

#include <QFileInfo>
#include <QSet>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// An item of the feed: its text, which stays as it is, and what a client reads in it.
struct Entry {
    QString text;
    std::optional<AppcastItem> item; // nothing where a client would skip it
};

// What makes two items the same release for the same system.
QString identity(const AppcastItem &item)
{
    const AppcastEnclosure enclosure = item.enclosure.value_or(AppcastEnclosure());
    return item.version + u'\n' + enclosure.os + u'\n' + enclosure.arch;
}

bool isNewer(const Entry &left, const Entry &right)
{
    if (!left.item || !right.item)
        return left.item && !right.item;
    return compareVersions(left.item->version, right.item->version) > 0;
}

class Generator
{
public:
    Generator(const FeedRequest &request, const SigningKeys &keys,
              const SigningAuthority &authority)
        : m_request(request)
        , m_keys(keys)
        , m_authority(authority)
        , m_path(request.folder + u"/appcast.xml"_s)
    {
    }

    Result<Answer> run()
    {
        for (const auto step : {&Generator::readExisting, &Generator::readPrevious,
                                &Generator::readEntries, &Generator::addPackages}) {
            if (auto done = (this->*step)(); !done)
                return failure(done);
        }
        std::stable_sort(m_entries.begin(), m_entries.end(), isNewer);
        if (m_request.maximumVersions)
            prune(*m_request.maximumVersions);
        return isUnchanged() ? unchanged() : write();
    }

private:
    Result<void> readExisting();
    Result<void> readPrevious();
    Result<void> readEntries();
    Result<void> adopt(const QByteArray &content);
    Result<void> addPackages();
    Result<void> addPackage(const FoundPackage &package);
    Result<bool> isKnown(const FoundPackage &package) const;
    Result<void> addNewItem(const FoundPackage &package);
    Result<const Bridges *> readBridges();
    Result<void> requireBridges();
    Result<void> checkProduct(const FoundPackage &package);
    void warnOfMissing(const QList<FoundPackage> &packages);
    void prune(int maximum);
    bool isUnchanged() const;
    Answer unchanged() const;
    Result<Answer> write();
    Result<Appcast> read(const QByteArray &content) const;

    const FeedRequest &m_request;
    const SigningKeys &m_keys;
    const SigningAuthority &m_authority;
    const QString m_path;

    std::optional<FeedDocument> m_document; // what there was before
    std::optional<FeedStamp> m_stamp; // the highest one that there was before
    bool m_isSigned = false; // whether the feed in the folder can stay as it is
    QString m_product;
    QList<FoundPackage> m_packages;
    std::optional<Bridges> m_bridges;
    QList<Entry> m_entries;
    Answer m_answer;
};

Result<Appcast> Generator::read(const QByteArray &content) const
{
    return readAppcast(content, addressIn(m_request.wishes.baseUrl, u"appcast.xml"_s));
}

// What stood before: its text, its stamp, and its items as they are.
Result<void> Generator::adopt(const QByteArray &content)
{
    auto document = FeedDocument::parse(content);
    if (!document)
        return failure(document);
    const auto appcast = read(document->withOnly({}).toXml());
    if (!appcast)
        return failure(appcast);
    if (appcast->stamp && (!m_stamp || appcast->stamp->version > m_stamp->version))
        m_stamp = appcast->stamp;
    if (!m_document)
        m_document = std::move(*document);
    return {};
}

// The feed in the folder is the publisher's own: it may have been edited since it was signed.
Result<void> Generator::readExisting()
{
    if (!QFileInfo::exists(m_path))
        return {};
    const auto bytes = readFeedFile(m_path);
    if (!bytes)
        return failure(bytes);
    m_isSigned = verifyFeed(*bytes, m_authority.feed.keys, FeedTrust::Required,
                            m_authority.feed.threshold)
                     .has_value();
    return adopt(withoutTrailers(*bytes));
}

// A feed from elsewhere may be anybody's: its items get signed only if they were ours before.
Result<void> Generator::readPrevious()
{
    const QString path = m_request.previous;
    if (path.isEmpty())
        return {};
    const auto verified = readSignedFeed(path, m_authority.formerFeeds);
    if (!verified)
        return failure(verified);
    return adopt(verified->content);
}

Result<void> Generator::readEntries()
{
    if (!m_document)
        return {};
    // Without the stamp, which makes the reader stricter: an item is the same with and without.
    FeedDocument bare = *m_document;
    bare.stamp.clear();
    for (const QString &text : std::as_const(m_document->items)) {
        const auto appcast = read(bare.withOnly(text).toXml());
        Entry entry{text, {}};
        if (appcast && !appcast->items.isEmpty())
            entry.item = appcast->items.constFirst();
        else
            m_answer.warnings += u"An item of the feed is kept, but no client can use it: %1"_s.arg(
                appcast ? appcast->warnings.join(u' ') : toQString(appcast.error().message));
        m_entries += entry;
    }
    return {};
}

Result<void> Generator::addPackages()
{
    const auto packages = findPackages(m_request.folder, m_authority.packages,
                                       SecretSearch(m_keys.all()));
    if (!packages)
        return failure(packages);
    m_packages = *packages;
    if (packages->isEmpty() && !m_document)
        return failure(
            ErrorCode::CONFIG,
            u"%1 holds no package. Make one with freshen-appcast pack."_s.arg(m_request.folder));
    m_product = m_stamp ? m_stamp->product : QString();
    for (const FoundPackage &package : *packages) {
        if (auto added = addPackage(package); !added)
            return added;
    }
    if (m_product.isEmpty())
        return failure(ErrorCode::CONFIG,
                       u"%1 names no product, and %2 holds no package that would."_s.arg(
                           m_path, m_request.folder));
    warnOfMissing(*packages);
    return {};
}

Result<void> Generator::checkProduct(const FoundPackage &package)
{
    const QString product = toQString(package.manifest.product);
    if (m_product.isEmpty())
        m_product = product;
    if (m_product == product)
        return {};
    return failure(
        ErrorCode::WRONG_PRODUCT,
        u"%1 is of the product %2, but the feed is for %3. One feed serves one product."_s.arg(
            package.path, product, shown(m_product)));
}

Result<void> Generator::addPackage(const FoundPackage &package)
{
    if (auto checked = checkProduct(package); !checked)
        return checked;
    const auto known = isKnown(package);
    if (!known)
        return failure(known);
    return *known ? Result<void>() : addNewItem(package);
}

// Whether the feed has the package already; if so, it must still be the same.
Result<bool> Generator::isKnown(const FoundPackage &package) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry &entry) {
        return entry.item && entry.item->enclosure
            && entry.item->enclosure->url.fileName() == package.fileName;
    });
    if (found == m_entries.end())
        return false;
    const AppcastEnclosure &known = *found->item->enclosure;
    if (known.length == package.length
        && (known.sha256.isEmpty() || known.sha256 == package.sha256))
        return true;
    return failure(ErrorCode::HASH,
                   u"%1 was changed since it was put into the feed. Published files never "
                   "change: give the new build a new version, or, if nobody has the old one, "
                   "take its item out of %2."_s.arg(package.path, m_path));
}

Result<void> Generator::addNewItem(const FoundPackage &package)
{
    // An item that lost its conditions to a slip of the pen must not come back without them.
    const bool isSpoilt = std::any_of(m_entries.begin(), m_entries.end(), [&](const Entry &entry) {
        return !entry.item && entry.text.contains(package.fileName);
    });
    if (isSpoilt)
        return failure(
            ErrorCode::CONFIG,
            u"The feed's item for %1 cannot be used by any client; `freshen-appcast lint` "
            "says why. Mend it, or take it out."_s.arg(package.path));
    auto item = newItem(package, m_request.wishes, m_keys);
    if (!item)
        return failure(item);
    const auto bridges = readBridges();
    if (!bridges)
        return failure(bridges);
    // Who does not know the new key yet has to see the bridge first.
    item->minimumUpdateVersion = (*bridges)->firstThatKnows(package);
    const bool isTwin = std::any_of(m_entries.begin(), m_entries.end(), [&](const Entry &entry) {
        return entry.item && identity(*entry.item) == identity(*item);
    });
    if (isTwin)
        return failure(ErrorCode::CONFIG,
                       u"%1 is a second package of version %2 for %3. Keep one of them."_s.arg(
                           package.path, item->version, item->enclosure->os));
    // Written by the one writer, then cut out: from here on an item is its text.
    Appcast appcast;
    appcast.items = {*item};
    const auto document = FeedDocument::parse(writeAppcast(appcast));
    if (!document)
        return failure(document);
    m_entries += {document->items.constFirst(), *item};
    return {};
}

// Opens every package, so only where it matters.
Result<const Bridges *> Generator::readBridges()
{
    if (!m_bridges) {
        auto bridges = Bridges::read(m_packages, m_authority.roots);
        if (!bridges)
            return failure(bridges);
        m_bridges = std::move(*bridges);
    }
    return &*m_bridges;
}

Result<void> Generator::requireBridges()
{
    const auto bridges = readBridges();
    if (!bridges)
        return failure(bridges);
    Appcast feed;
    for (const Entry &entry : std::as_const(m_entries)) {
        if (entry.item)
            feed.items += *entry.item;
    }
    auto required = (*bridges)->require(feed, m_keys.feedPublicKeys(), m_request.supportedFrom);
    if (required || !m_request.isForced || required.error().code != ErrorCode::NO_BRIDGE)
        return required;
    m_answer.warnings += toQString(required.error().message);
    return {};
}

void Generator::warnOfMissing(const QList<FoundPackage> &packages)
{
    QSet<QString> names;
    for (const FoundPackage &package : packages)
        names += package.fileName;
    for (const Entry &entry : std::as_const(m_entries)) {
        if (!entry.item || !entry.item->enclosure)
            continue;
        const QString name = entry.item->enclosure->url.fileName();
        if (!names.contains(name))
            m_answer.warnings += u"The feed still offers %1, which is not in %2."_s.arg(
                shown(name), m_request.folder);
    }
}

// Keeps the newest versions of every channel and system.
void Generator::prune(int maximum)
{
    QHash<QString, QSet<QString>> kept;
    m_entries.removeIf([&](const Entry &entry) {
        if (!entry.item || !entry.item->enclosure)
            return false;
        const AppcastEnclosure &enclosure = *entry.item->enclosure;
        QSet<QString>
            &versions = kept[entry.item->channel + u'\n' + enclosure.os + u'\n' + enclosure.arch];
        if (versions.size() < maximum)
            versions += entry.item->version;
        return !versions.contains(entry.item->version);
    });
}

bool Generator::isUnchanged() const
{
    QStringList texts;
    for (const Entry &entry : m_entries)
        texts += entry.text;
    // A higher counter elsewhere would make clients refuse the feed that is here.
    return m_isSigned && m_document && texts == m_document->items
        && m_stamp->root == m_authority.rootVersion()
        && read(m_document->withOnly({}).toXml())->stamp->version == m_stamp->version;
}

Answer Generator::unchanged() const
{
    Answer answer = m_answer;
    answer.text = u"%1 is left alone: nothing changed. %2"_s.arg(m_path, refreshReminder(*m_stamp));
    if (m_stamp->expires <= m_request.wishes.published)
        answer.warnings += u"The feed has expired. Run freshen-appcast refresh."_s;
    answer.json = {{u"result"_s, u"unchanged"_s},
                   {u"feed"_s, m_path},
                   {u"version"_s, qint64(m_stamp->version)},
                   {u"items"_s, m_entries.size()},
                   {u"expires"_s, timeText(m_stamp->expires)}};
    return answer;
}

Result<Answer> Generator::write()
{
    if (auto required = requireBridges(); !required)
        return failure(required);
    const auto stamp = nextStamp(
        m_stamp,
        {m_product, m_request.wishes.published, m_request.validSeconds, m_authority.rootVersion()});
    if (!stamp)
        return failure(stamp);
    if (!m_document) {
        Appcast empty;
        empty.title = m_product;
        const auto document = FeedDocument::parse(writeAppcast(empty));
        if (!document)
            return failure(document);
        m_document = *document;
    }
    m_document->items.clear();
    for (const Entry &entry : std::as_const(m_entries))
        m_document->items += entry.text;
    if (auto written = writeFeedFile(m_path, *m_document, *stamp, m_keys, m_authority); !written)
        return failure(written);
    m_answer.warnings += signatureWarnings(m_authority, m_keys);
    m_answer.text = u"%1: version %2 with %3 items. %4"_s.arg(m_path)
                        .arg(stamp->version)
                        .arg(m_entries.size())
                        .arg(refreshReminder(*stamp));
    m_answer.json = {{u"result"_s, u"written"_s},
                     {u"feed"_s, m_path},
                     {u"version"_s, qint64(stamp->version)},
                     {u"items"_s, m_entries.size()},
                     {u"expires"_s, timeText(stamp->expires)}};
    return m_answer;
}

} // namespace

Result<Answer> generateFeed(const FeedRequest &request, const SigningKeys &keys,
                            const SigningAuthority &authority)
{
    return Generator(request, keys, authority).run();
}

} // namespace Freshen
