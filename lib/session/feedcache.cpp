// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/feedcache.h"

#include "lib/common/convert.h"
#include "lib/session/untouched.h"
#include "platform/file.h"
#include "platform/paths.h"

#include <QCryptographicHash>
#include <QDataStream>
#include <QDateTime>
#include <QFile>
#include <QLoggingCategory>

namespace Freshen {

namespace {

Q_LOGGING_CATEGORY(lcFeedCache, "freshen.feedcache", QtWarningMsg)

using namespace std::chrono_literals;

constexpr qint32 schema = 1;
constexpr auto streamVersion = QDataStream::Qt_6_4;
constexpr std::size_t maximumSize = 6 << 20;
constexpr qsizetype hashSize = 32; // what stands before the rest, so that nothing damaged is read

constexpr std::chrono::seconds usefulTime = 60 * 24h;

QString feeds()
{
    return toQString(Platform::cacheDirectory() / "feeds");
}

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

void warnUnless(const Result<void> &done)
{
    if (!done)
        qCWarning(lcFeedCache, "%s", done.error().message.c_str());
}

} // namespace

FeedCache::FeedCache(const QString &product, const QUrl &feed, const QString &folder)
    : m_product(product)
    , m_feed(feed.toEncoded())
    , m_file((folder.isEmpty() ? feeds() : folder) + u'/'
             + QString::fromLatin1(sha256(product.toUtf8() + '\n' + m_feed).toHex()))
{
}

std::optional<CachedFeed> FeedCache::read() const
{
    const Result<std::string> content = Platform::readFile(toPath(m_file), maximumSize);
    if (!content)
        return {};
    const QByteArray file = QByteArray::fromStdString(*content);
    const QByteArray rest = file.mid(hashSize);
    if (file.left(hashSize) != sha256(rest))
        return {};
    QDataStream stream(rest);
    stream.setVersion(streamVersion);
    qint32 fileSchema = 0;
    QString product;
    QByteArray url;
    CachedFeed feed;
    stream >> fileSchema >> product >> url >> feed.validators.url >> feed.validators.etag
        >> feed.validators.lastModified >> feed.bytes;
    const bool isOurs = stream.status() == QDataStream::Ok && fileSchema == schema
        && product == m_product && url == m_feed;
    if (!isOurs)
        return {};
    noteUse();
    return feed;
}

void FeedCache::noteUse() const
{
    QFile file(m_file);
    if (file.open(QIODevice::ReadWrite | QIODevice::ExistingOnly))
        file.setFileTime(QDateTime::currentDateTimeUtc(), QFileDevice::FileModificationTime);
}

void FeedCache::keep(const CachedFeed &feed) const
{
    if (feed.validators.isEmpty())
        return drop();
    QByteArray content;
    QDataStream stream(&content, QIODevice::WriteOnly);
    stream.setVersion(streamVersion);
    stream << schema << m_product << m_feed << feed.validators.url << feed.validators.etag
           << feed.validators.lastModified << feed.bytes;
    content.prepend(sha256(content));
    const auto file = toPath(m_file);
    auto done = Platform::makeDirectories(file.parent_path(), 0700);
    if (done)
        done = Platform::writeFileDurably(file, toView(content), 0600);
    warnUnless(done);
}

void FeedCache::drop() const
{
    warnUnless(Platform::removeFile(toPath(m_file)));
}

void FeedCache::removeForgotten()
{
    removeUntouched(feeds(), usefulTime);
}

} // namespace Freshen
