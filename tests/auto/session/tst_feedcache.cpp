// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/feedcache.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

const QString product = u"org.example.notes"_s;
const QUrl url(u"https://example.org/appcast.xml?a=%20b"_s);
// Not text, as headers need not be either.
const CachedFeed feed{{QUrl(u"https://cdn.example.org/1.xml"_s), "W/\"\xe4\"", "a date"},
                      QByteArray("\0<rss>\xff", 7)};

} // namespace

class TestFeedCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }
    void keepsWhatItGets();
    void othersCannotRead();
    void defaultFolder();
    void nothingWithoutValidators();
    void dropped();
    void productsAndFeedsAreApart();
    void keepingFails();
    void damageIsNoticed();
    void unusedIsForgotten();

private:
    QString folder() const { return m_home->filePath(u"new/feeds"_s); }
    FeedCache cache() const { return FeedCache(product, url, folder()); }
    QStringList files() const { return QDir(folder()).entryList(QDir::Files | QDir::Hidden); }
    QString onlyFile() const { return folder() + u'/' + files().value(0); }

    std::unique_ptr<QTemporaryDir> m_home;
};

void TestFeedCache::keepsWhatItGets()
{
    QVERIFY(!cache().read().has_value());
    for (const QByteArray &bytes : {feed.bytes, QByteArray(), QByteArray(5 << 20, 'x')}) {
        cache().keep({feed.validators, bytes});
        const auto read = cache().read();
        QVERIFY(read.has_value());
        QCOMPARE(read->bytes, bytes);
        QCOMPARE(read->validators.url, feed.validators.url);
        QCOMPARE(read->validators.etag, feed.validators.etag);
        QCOMPARE(read->validators.lastModified, feed.validators.lastModified);
        QCOMPARE(files().size(), 1);
    }
}

void TestFeedCache::othersCannotRead()
{
    cache().keep(feed);
    for (const QString &path : {folder(), onlyFile()})
        QCOMPARE(QFileInfo(path).permissions() & 0x77, QFile::Permissions());
}

void TestFeedCache::defaultFolder()
{
    qputenv("XDG_CACHE_HOME", QFile::encodeName(m_home->path()));
    FeedCache(product, url).keep(feed);
    QCOMPARE(QDir(m_home->filePath(u"freshen/feeds"_s)).entryList(QDir::Files).size(), 1);
}

void TestFeedCache::nothingWithoutValidators()
{
    cache().keep({{url, {}, {}}, "<rss/>"});
    QCOMPARE(files(), QStringList());
    cache().keep(feed);
    // What is there is no longer the last one.
    cache().keep({{url, {}, {}}, "<rss/>"});
    QCOMPARE(files(), QStringList());
}

void TestFeedCache::dropped()
{
    cache().drop();
    cache().keep(feed);
    cache().drop();
    QVERIFY(!cache().read().has_value());
    QCOMPARE(files(), QStringList());
}

void TestFeedCache::productsAndFeedsAreApart()
{
    const FeedCache otherProduct(u"org.example.other"_s, url, folder());
    const FeedCache otherFeed(product, QUrl(u"https://example.org/appcast.xml"_s), folder());
    cache().keep(feed);
    QVERIFY(!otherProduct.read().has_value());
    QVERIFY(!otherFeed.read().has_value());
    const QString own = onlyFile();
    for (const FeedCache &other : {otherProduct, otherFeed}) {
        other.keep({feed.validators, "other"});
        QCOMPARE(files().size(), 2);
        QCOMPARE(cache().read()->bytes, feed.bytes);
        QCOMPARE(other.read()->bytes, "other");
        // One put in the place of the other is nobody's.
        const QString another = folder() + u'/' + files().value(own.endsWith(files()[0]) ? 1 : 0);
        QVERIFY(QFile::remove(another));
        QVERIFY(QFile::copy(own, another));
        QVERIFY(!other.read().has_value());
        other.drop();
    }
}

void TestFeedCache::keepingFails()
{
    const FeedCache nowhere(product, url, u"/dev/null/feeds"_s);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"/dev/null"_s));
    nowhere.keep(feed);
    QVERIFY(!nowhere.read().has_value());
}

// Unsigned feeds have nothing else that would tell.
void TestFeedCache::damageIsNoticed()
{
    cache().keep(feed);
    QFile file(onlyFile());
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QByteArray whole = file.readAll();
    for (qsizetype bit = 0; bit < 8 * whole.size(); ++bit) {
        QByteArray damaged = whole;
        damaged[bit / 8] = char(damaged[bit / 8] ^ (1 << (bit % 8)));
        QVERIFY(file.seek(0) && file.write(damaged) == damaged.size() && file.flush());
        QVERIFY2(!cache().read().has_value(), qPrintable(QString::number(bit)));
    }
    QVERIFY(file.seek(0) && file.write(whole) == whole.size() && file.flush());
    QVERIFY(cache().read().has_value());
    for (qsizetype size = whole.size() - 1; size >= 0; --size) {
        QVERIFY(file.resize(size));
        QVERIFY2(!cache().read().has_value(), qPrintable(QString::number(size)));
    }
}

// Feeds of apps that are gone would stay for ever.
void TestFeedCache::unusedIsForgotten()
{
    qputenv("XDG_CACHE_HOME", QFile::encodeName(m_home->path()));
    const FeedCache cache(product, url);
    cache.keep(feed);
    const QDir feeds(m_home->filePath(u"freshen/feeds"_s));
    const auto age = [&](double days) {
        QFile file(feeds.filePath(feeds.entryList(QDir::Files).value(0)));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.setFileTime(QDateTime::currentDateTimeUtc().addSecs(-qint64(days * 86400)),
                                 QFileDevice::FileModificationTime));
    };
    age(59.9);
    FeedCache::removeForgotten();
    QVERIFY(cache.read().has_value());
    age(61);
    QVERIFY(cache.read().has_value()); // now it was used
    FeedCache::removeForgotten();
    QVERIFY(cache.read().has_value());
    age(60.1);
    FeedCache::removeForgotten();
    QVERIFY(!cache.read().has_value());
}

QTEST_GUILESS_MAIN(TestFeedCache)
#include "tst_feedcache.moc"
