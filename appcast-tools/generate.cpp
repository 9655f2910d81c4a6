// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/commands.h"

#include "appcast-tools/feedfile.h"
#include "appcast-tools/newitem.h"
#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"
#include "lib/feed/appcastwriter.h"
#include "lib/feed/versionorder.h"
#include "lib/transfer/urlpolicy.h"

#include <QFileInfo>
#include <QSet>

#include <algorithm>
#include <limits>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 secondsPerDay = 24 * 60 * 60;
constexpr int maximumDays = 366;

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
    Generator(const CommandLine &line, SecretKey key)
        : m_line(line)
        , m_key(std::move(key))
        , m_folder(line.arguments().constFirst())
        , m_path(m_folder + u"/appcast.xml"_s)
    {
    }

    Result<Answer> run()
    {
        for (const auto step : {&Generator::readWishes, &Generator::readExisting,
                                &Generator::readPrevious, &Generator::readEntries,
                                &Generator::addPackages}) {
            if (auto done = (this->*step)(); !done)
                return failure(done);
        }
        std::stable_sort(m_entries.begin(), m_entries.end(), isNewer);
        if (m_line.isSet(u"maximum-versions"_s)) {
            if (auto pruned = prune(); !pruned)
                return failure(pruned);
        }
        return isUnchanged() ? unchanged() : write();
    }

private:
    Result<void> readWishes();
    Result<void> readNotesPrefix();
    Result<void> readExisting();
    Result<void> readPrevious();
    Result<void> readEntries();
    Result<void> adopt(const QByteArray &content);
    Result<void> addPackages();
    Result<void> addPackage(const FoundPackage &package);
    Result<void> checkProduct(const FoundPackage &package);
    void warnOfMissing(const QList<FoundPackage> &packages);
    Result<void> prune();
    bool isUnchanged() const;
    Answer unchanged() const;
    Result<Answer> write();
    Result<Appcast> read(const QByteArray &content) const;
    Result<QUrl> folderAddress(const QString &option) const;

    const CommandLine &m_line;
    const SecretKey m_key;
    const QString m_folder;
    const QString m_path;
    ItemWishes m_wishes;
    qint64 m_validSeconds = 0;

    std::optional<FeedDocument> m_document; // what there was before
    std::optional<FeedStamp> m_stamp; // the highest one that there was before
    bool m_isSigned = false; // whether the feed in the folder can stay as it is
    QString m_product;
    QList<Entry> m_entries;
    Answer m_answer;
};

Result<void> Generator::readWishes()
{
    const auto now = publishingTime();
    if (!now)
        return failure(now);
    const auto days = m_line.number(u"expires"_s, 1, maximumDays);
    if (!days)
        return failure(days);
    const auto baseUrl = folderAddress(u"base-url"_s);
    if (!baseUrl)
        return failure(baseUrl);
    if (!checkUrl(*baseUrl, {false, true}))
        m_answer.warnings += u"Clients fetch over plain http only where the app allows it."_s;
    m_validSeconds = *days * secondsPerDay;
    m_wishes.published = *now;
    m_wishes.baseUrl = *baseUrl;
    m_wishes.channel = m_line.value(u"channel"_s);
    m_wishes.isCritical = m_line.isSet(u"critical-update-version"_s);
    m_wishes.criticalBelow = m_line.value(u"critical-update-version"_s);
    m_wishes.majorVersion = m_line.value(u"major-version"_s);
    if (m_line.isSet(u"phased-rollout-interval"_s)) {
        const auto interval = m_line.number(u"phased-rollout-interval"_s, 1,
                                            std::numeric_limits<int>::max());
        if (!interval)
            return failure(interval);
        m_wishes.phasedRolloutInterval = *interval;
    }
    return readNotesPrefix();
}

Result<void> Generator::readNotesPrefix()
{
    if (!m_line.isSet(u"release-notes-url-prefix"_s) || m_line.isSet(u"embed-release-notes"_s))
        return {};
    const auto prefix = folderAddress(u"release-notes-url-prefix"_s);
    if (!prefix)
        return failure(prefix);
    m_wishes.notesPrefix = *prefix;
    return {};
}

Result<QUrl> Generator::folderAddress(const QString &option) const
{
    QUrl url(m_line.value(option), QUrl::StrictMode);
    if (!checkUrl(url, {true, true}) || url.hasQuery() || url.hasFragment())
        return failure(ErrorCode::USAGE, u"--%1 has to be the address of a folder, such as "
                                         "https://example.org/updates/."_s.arg(option));
    if (!url.path().endsWith(u'/'))
        url.setPath(url.path() + u'/');
    return url;
}

Result<Appcast> Generator::read(const QByteArray &content) const
{
    return readAppcast(content, addressIn(m_wishes.baseUrl, u"appcast.xml"_s));
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
    m_isSigned = verifyFeed(*bytes, {m_key.publicKey()}, FeedTrust::Required).has_value();
    return adopt(withoutTrailers(*bytes));
}

// A feed from elsewhere may be anybody's: its items get signed only if they were ours before.
Result<void> Generator::readPrevious()
{
    const QString path = m_line.value(u"previous"_s);
    if (path.isEmpty())
        return {};
    const auto verified = readSignedFeed(path, m_key.publicKey());
    if (!verified)
        return failure(verified);
    return adopt(verified->content);
}

Result<void> Generator::readEntries()
{
    if (!m_document)
        return {};
    for (const QString &text : std::as_const(m_document->items)) {
        const auto appcast = read(m_document->withOnly(text).toXml());
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
    const auto packages = findPackages(m_folder, m_key);
    if (!packages)
        return failure(packages);
    if (packages->isEmpty() && !m_document)
        return failure(ErrorCode::CONFIG,
                       u"%1 holds no package. Make one with freshen-appcast pack."_s.arg(m_folder));
    m_product = m_stamp ? m_stamp->product : QString();
    for (const FoundPackage &package : *packages) {
        if (auto added = addPackage(package); !added)
            return added;
    }
    if (m_product.isEmpty())
        return failure(ErrorCode::CONFIG,
                       u"%1 names no product, and %2 holds no package that would."_s.arg(m_path,
                                                                                       m_folder));
    warnOfMissing(*packages);
    return {};
}

Result<void> Generator::checkProduct(const FoundPackage &package)
{
    const QString product = toQString(std::string_view(package.manifest.product));
    if (m_product.isEmpty())
        m_product = product;
    if (m_product == product)
        return {};
    return failure(ErrorCode::WRONG_PRODUCT,
                   u"%1 is of the product %2, but the feed is for %3. One feed serves one product."_s
                       .arg(package.path, product, shown(m_product)));
}

Result<void> Generator::addPackage(const FoundPackage &package)
{
    if (auto checked = checkProduct(package); !checked)
        return checked;
    for (const Entry &entry : std::as_const(m_entries)) {
        if (!entry.item || !entry.item->enclosure
            || entry.item->enclosure->url.fileName() != package.fileName)
            continue;
        const AppcastEnclosure &known = *entry.item->enclosure;
        if (known.length == package.length
            && (known.sha256.isEmpty() || known.sha256 == package.sha256))
            return {};
        return failure(ErrorCode::HASH,
                       u"%1 was changed since it was put into the feed. Published files never "
                       "change: give the new build a new version, or, if nobody has the old one, "
                       "take its item out of %2."_s.arg(package.path, m_path));
    }
    const auto item = newItem(package, m_wishes, m_key);
    if (!item)
        return failure(item);
    const bool isTwin =
        std::any_of(m_entries.begin(), m_entries.end(), [&](const Entry &entry) {
            return entry.item && identity(*entry.item) == identity(*item);
        });
    if (isTwin)
        return failure(ErrorCode::CONFIG,
                       u"%1 is a second package of version %2 for %3. Keep one of them."_s.arg(
                           package.path, item->version, item->enclosure->os));
    Appcast appcast;
    appcast.items = {*item};
    const auto document = FeedDocument::parse(writeAppcast(appcast));
    if (!document)
        return failure(document);
    m_entries += {document->items.constFirst(), *item};
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
                shown(name), m_folder);
    }
}

// Keeps the newest versions of every channel and system.
Result<void> Generator::prune()
{
    const auto maximum = m_line.number(u"maximum-versions"_s, 1, 10'000);
    if (!maximum)
        return failure(maximum);
    QHash<QString, QSet<QString>> kept;
    m_entries.removeIf([&](const Entry &entry) {
        if (!entry.item || !entry.item->enclosure)
            return false;
        const AppcastEnclosure &enclosure = *entry.item->enclosure;
        QSet<QString> &versions =
            kept[entry.item->channel + u'\n' + enclosure.os + u'\n' + enclosure.arch];
        if (versions.size() < *maximum)
            versions += entry.item->version;
        return !versions.contains(entry.item->version);
    });
    return {};
}

bool Generator::isUnchanged() const
{
    QStringList texts;
    for (const Entry &entry : m_entries)
        texts += entry.text;
    // A higher counter elsewhere would make clients refuse the feed that is here.
    return m_isSigned && m_document && texts == m_document->items
        && read(m_document->withOnly({}).toXml())->stamp->version == m_stamp->version;
}

Answer Generator::unchanged() const
{
    Answer answer = m_answer;
    answer.text = u"%1 is left alone: nothing changed. %2"_s.arg(m_path, refreshReminder(*m_stamp));
    if (m_stamp->expires <= m_wishes.published)
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
    const auto stamp = nextStamp(m_stamp, m_product, m_wishes.published, m_validSeconds);
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
    if (auto written = writeFeedFile(m_path, *m_document, *stamp, m_key); !written)
        return failure(written);
    m_answer.text = u"%1: version %2 with %3 items. %4"_s.arg(m_path).arg(stamp->version)
                        .arg(m_entries.size()).arg(refreshReminder(*stamp));
    m_answer.json = {{u"result"_s, u"written"_s},
                     {u"feed"_s, m_path},
                     {u"version"_s, qint64(stamp->version)},
                     {u"items"_s, m_entries.size()},
                     {u"expires"_s, timeText(stamp->expires)}};
    return m_answer;
}

Result<Answer> run(const CommandLine &line)
{
    auto key = line.secretKey();
    if (!key)
        return failure(key);
    return Generator(line, std::move(*key)).run();
}

} // namespace

Command generateCommand()
{
    Command command;
    command.name = u"generate"_s;
    command.summary = u"Puts the packages in DIR into the signed feed DIR/appcast.xml. Items that "
                      "are there already stay as they are."_s;
    command.example = u"generate --key release.key --base-url https://example.org/updates/ site/"_s;
    command.arguments = u"DIR"_s;
    command.minimumArguments = command.maximumArguments = 1;
    command.options = {
        keyOption(),
        {u"base-url"_s, u"Where the files of DIR will be."_s, u"URL"_s},
        {u"expires"_s, u"After how many days clients mistrust the feed (90)."_s, u"DAYS"_s,
         u"90"_s},
        {u"previous"_s, u"The feed that was published last, where DIR has none."_s, u"FEED"_s},
        {u"maximum-versions"_s, u"Keeps only the N newest versions of each channel and system."_s,
         u"N"_s},
        {u"channel"_s, u"New packages must be of this channel."_s, u"C"_s},
        {u"critical-update-version"_s, u"New items are critical for versions below V; an empty V "
                                       "means all."_s, u"V"_s},
        {u"phased-rollout-interval"_s, u"New items reach one of seven groups every S seconds."_s,
         u"S"_s},
        {u"major-version"_s, u"New items are a major upgrade for versions below V."_s, u"V"_s},
        {u"release-notes-url-prefix"_s, u"New items name the address of their release notes "
                                        "(NAME.html, NAME.md or NAME.txt), beginning with U."_s,
         u"U"_s},
        {u"embed-release-notes"_s, u"New items hold their release notes even so."_s},
    };
    command.required = {u"key"_s, u"base-url"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
