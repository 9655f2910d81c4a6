// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/freshness/freshnessstore.h"

#include "lib/common/convert.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class tst_FreshnessStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void nothingKept();
    void keptAcrossRestarts();
    void productsAndKeysAreApart_data();
    void productsAndKeysAreApart();
    void keepingFails();
    void acc029_damagedState_data();
    void acc029_damagedState();
    void acc029_unreadableState();
    void defaultFolder();

    void firstFeedIsAccepted();
    void judged_data();
    void judged();
    void acc024_rollbackAfterRestart();
    void acc025_changedFeedIsNotKept();
    void acc027_expiredStateFreshFeed();
    void acc028_clockIsPutRight();

private:
    QString onlyFile() const;
    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

const QString product = u"org.example.notes"_s;
const QByteArray signer(32, 's');
const QByteArray bytes = "<rss/>";

QDateTime day(int number)
{
    return QDateTime({2026, 11, number}, {10, 0}, Qt::UTC);
}

FeedStamp stampOf(quint64 counter)
{
    return {product, counter, day(10), day(20)};
}

FreshnessRecord recordOf(quint64 counter, const QByteArray &feed = bytes)
{
    const QByteArray hash = QCryptographicHash::hash(feed, QCryptographicHash::Sha256).toHex();
    return {counter, QString::fromLatin1(hash), day(10)};
}

QString codeOf(const Result<FreshnessRecord> &judged)
{
    return judged ? u"fresh"_s : toQString(errorCodeName(judged.error().code));
}

void writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

} // namespace

Q_DECLARE_METATYPE(Freshen::FeedStamp)
Q_DECLARE_METATYPE(Freshen::FreshnessRecord)

void tst_FreshnessStore::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QTest::failOnWarning(QRegularExpression(u".*"_s));
}

QString tst_FreshnessStore::onlyFile() const
{
    const QStringList names = QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden);
    return names.size() == 1 ? m_folder->filePath(names[0]) : u"not one file"_s;
}

void tst_FreshnessStore::nothingKept()
{
    const FreshnessRecord record = FreshnessStore(m_folder->path()).record(product, signer);
    QCOMPARE(record.counter, 0u);
    QVERIFY(record.feedSha256.isEmpty());
    QVERIFY(!record.issued.isValid());
}

void tst_FreshnessStore::keptAcrossRestarts()
{
    const QString folder = m_folder->filePath(u"not/there/yet"_s);
    constexpr quint64 large = 18446744073709551615ull;
    QVERIFY(FreshnessStore(folder).keep(product, signer, recordOf(1)));
    QVERIFY(FreshnessStore(folder).keep(product, signer, recordOf(large)));
    const FreshnessRecord record = FreshnessStore(folder).record(product, signer);
    QCOMPARE(record.counter, large);
    QCOMPARE(record.feedSha256, recordOf(large).feedSha256);
    QCOMPARE(record.issued, day(10));
    QCOMPARE(QDir(folder).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void tst_FreshnessStore::productsAndKeysAreApart_data()
{
    QTest::addColumn<QString>("product");
    QTest::addColumn<QByteArray>("signer");
    QTest::newRow("other key") << product << QByteArray(32, 't');
    QTest::newRow("no key") << product << QByteArray();
    QTest::newRow("other product") << u"org.example.note"_s << signer;
    QTest::newRow("case") << u"org.example.Notes"_s << signer;
    QTest::newRow("climbing") << u"../../notes"_s << signer;
    QTest::newRow("absolute") << u"/etc/notes"_s << signer;
    QTest::newRow("Windows") << u"C:\\notes:stream"_s << signer;
    QTest::newRow("dots") << u".."_s << signer;
    QTest::newRow("empty") << QString() << signer;
    QTest::newRow("umlaut") << u"größe"_s << signer;
    QTest::newRow("long") << QString(5000, u'x') << signer;
}

void tst_FreshnessStore::productsAndKeysAreApart()
{
    QFETCH(QString, product);
    QFETCH(QByteArray, signer);
    const FreshnessStore store(m_folder->path());
    QVERIFY(store.keep(::product, ::signer, recordOf(7)));
    QCOMPARE(store.record(product, signer).counter, 0u);
    QVERIFY(store.keep(product, signer, recordOf(8)));
    QCOMPARE(store.record(product, signer).counter, 8u);
    QCOMPARE(store.record(::product, ::signer).counter, 7u);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 2);
}

void tst_FreshnessStore::keepingFails()
{
    const QString inTheWay = m_folder->filePath(u"file"_s);
    writeFile(inTheWay, "x");
    const auto kept = FreshnessStore(inTheWay + u"/folder"_s).keep(product, signer, recordOf(1));
    QVERIFY(!kept);
    QCOMPARE(kept.error().code, ErrorCode::IO);
}

void tst_FreshnessStore::acc029_damagedState_data()
{
    QTest::addColumn<QByteArray>("content");
    const auto json = [](const QByteArray &schema, const QByteArray &counter,
                         const QByteArray &hash, const QByteArray &issued) {
        return "{\"schema\":" + schema + ",\"counter\":" + counter + ",\"feedSha256\":\"" + hash
            + "\",\"issued\":\"" + issued + "\"}";
    };
    const QByteArray hash(64, 'a');
    const QByteArray time = "2026-11-22T10:00:00Z";
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("garbage") << QByteArray("\0\1\2\xff garbage", 12);
    QTest::newRow("array") << QByteArray("[1,2]");
    QTest::newRow("later schema") << json("2", "\"7\"", hash, time);
    QTest::newRow("no schema") << json("null", "\"7\"", hash, time);
    QTest::newRow("counter as number") << json("1", "7", hash, time);
    QTest::newRow("negative counter") << json("1", "\"-7\"", hash, time);
    QTest::newRow("short hash") << json("1", "\"7\"", "aa", time);
    QTest::newRow("no time") << json("1", "\"7\"", hash, "once");
    QTest::newRow("cut") << json("1", "\"7\"", hash, time).chopped(1);
    QTest::newRow("huge") << QByteArray(1 << 20, ' ') + json("1", "\"7\"", hash, time);
}

// A file that cannot be understood counts as none, is told about, and is replaced.
void tst_FreshnessStore::acc029_damagedState()
{
    QFETCH(QByteArray, content);
    const FreshnessStore store(m_folder->path());
    QVERIFY(store.keep(product, signer, recordOf(7)));
    writeFile(onlyFile(), content);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"org\\.example\\.notes-.*\\.json"_s));
    const FreshnessRecord record = store.record(product, signer);
    QCOMPARE(record.counter, 0u);
    QCOMPARE(codeOf(judgeFreshness(stampOf(3), bytes, product, record, day(12), {})), u"fresh"_s);
    QVERIFY(store.keep(product, signer, recordOf(9)));
    QCOMPARE(store.record(product, signer).counter, 9u);
}

void tst_FreshnessStore::acc029_unreadableState()
{
    const FreshnessStore store(m_folder->path());
    QVERIFY(store.keep(product, signer, recordOf(7)));
    const QString file = onlyFile();
    QVERIFY(QFile::remove(file));
    QVERIFY(QDir().mkpath(file));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"org\\.example\\.notes-.*\\.json"_s));
    QCOMPARE(store.record(product, signer).counter, 0u);
}

void tst_FreshnessStore::defaultFolder()
{
    const QByteArray before = qgetenv("XDG_STATE_HOME");
    qputenv("XDG_STATE_HOME", m_folder->path().toUtf8());
    const auto kept = FreshnessStore().keep(product, signer, recordOf(7));
    qputenv("XDG_STATE_HOME", before);
    QVERIFY(kept);
    const QDir folder(m_folder->filePath(u"freshen/freshness"_s));
    QCOMPARE(folder.entryList(QDir::Files).size(), 1);
    const QFile file(folder.filePath(folder.entryList(QDir::Files).constFirst()));
    QVERIFY(!(file.permissions() & (QFile::ReadGroup | QFile::ReadOther)));
}

void tst_FreshnessStore::firstFeedIsAccepted()
{
    for (const quint64 counter : {quint64(0), quint64(42)}) {
        const auto judged = judgeFreshness(stampOf(counter), bytes, product, {}, day(12), day(1));
        QCOMPARE(codeOf(judged), u"fresh"_s);
        QCOMPARE(judged->counter, counter);
        QCOMPARE(judged->feedSha256, recordOf(counter).feedSha256);
        QCOMPARE(judged->issued, day(10));
    }
}

void tst_FreshnessStore::judged_data()
{
    QTest::addColumn<FeedStamp>("stamp");
    QTest::addColumn<FreshnessRecord>("known");
    QTest::addColumn<QDateTime>("now");
    QTest::addColumn<QDateTime>("built");
    QTest::addColumn<QString>("code");
    const auto add = [](const char *row, const FeedStamp &stamp, const FreshnessRecord &known,
                        const QDateTime &now, const QString &code,
                        const QDateTime &built = day(1)) {
        QTest::newRow(row) << stamp << known << now << built << code;
    };
    const FeedStamp foreign{u"org.example.other"_s, 42, day(10), day(20)};
    const FreshnessRecord none;
    add("acc018_other product", foreign, none, day(12), u"WRONG_PRODUCT"_s);
    add("acc018_case of product", {u"org.example.Notes"_s, 42, day(10), day(20)}, none, day(12),
        u"WRONG_PRODUCT"_s);
    add("acc018_before all else", foreign, recordOf(43), day(25), u"WRONG_PRODUCT"_s);

    add("newer", stampOf(42), recordOf(41, "other"), day(12), u"fresh"_s);
    add("acc024_older by one", stampOf(42), recordOf(43), day(12), u"ROLLBACK"_s);
    add("acc024_older and expired", stampOf(42), recordOf(43), day(25), u"ROLLBACK"_s);
    add("acc024_largest counters", stampOf(18446744073709551614ull),
        recordOf(18446744073709551615ull), day(12), u"ROLLBACK"_s);
    add("the same again", stampOf(42), recordOf(42), day(12), u"fresh"_s);
    add("acc025_same counter, other bytes", stampOf(42), recordOf(42, "other"), day(12),
        u"FEED_CHANGED"_s);
    add("acc025_counter 0", stampOf(0), recordOf(0, "other"), day(12), u"FEED_CHANGED"_s);

    add("last moment", stampOf(42), none, day(20), u"fresh"_s);
    add("acc026_expired", stampOf(42), none, day(20).addSecs(1), u"STALE"_s);
    add("acc026_expired, seen before", stampOf(42), recordOf(42), day(21), u"STALE"_s);
    FreshnessRecord later = recordOf(41);
    later.issued = day(21);
    add("acc026_expired before what was seen", stampOf(42), later, day(12), u"STALE"_s);

    add("acc028_ten years back", stampOf(42), none, day(12).addYears(-10), u"CLOCK"_s);
    add("acc028_ten years ahead", stampOf(42), none, day(12).addYears(10), u"STALE"_s);
    add("acc028_before build", stampOf(42), none, day(12), u"CLOCK"_s, day(12).addSecs(1));
    add("acc028_at build", stampOf(42), none, day(12), u"fresh"_s, day(12));
    add("acc028_unknown build", stampOf(42), none, day(12).addYears(-60), u"fresh"_s, {});
    add("acc028_clock before expiry", stampOf(42), none, day(25), u"CLOCK"_s, day(26));
}

void tst_FreshnessStore::judged()
{
    QFETCH(FeedStamp, stamp);
    QFETCH(FreshnessRecord, known);
    QFETCH(QDateTime, now);
    QFETCH(QDateTime, built);
    const auto judged = judgeFreshness(stamp, bytes, product, known, now, built);
    QTEST(codeOf(judged), "code");
    if (!judged)
        QVERIFY(judged.error().message.find(toStdString(stamp.product)) != std::string::npos
                || judged.error().code == ErrorCode::CLOCK);
}

void tst_FreshnessStore::acc024_rollbackAfterRestart()
{
    const auto judged = judgeFreshness(stampOf(42), bytes, product, {}, day(12), {});
    QVERIFY(judged);
    QVERIFY(FreshnessStore(m_folder->path()).keep(product, signer, *judged));
    const FreshnessRecord known = FreshnessStore(m_folder->path()).record(product, signer);
    QCOMPARE(codeOf(judgeFreshness(stampOf(41), "x", product, known, day(12), {})), u"ROLLBACK"_s);
    QCOMPARE(codeOf(judgeFreshness(stampOf(42), bytes, product, known, day(12), {})), u"fresh"_s);
}

void tst_FreshnessStore::acc025_changedFeedIsNotKept()
{
    const FreshnessRecord known = recordOf(42);
    QVERIFY(!judgeFreshness(stampOf(42), "other", product, known, day(12), {}));
    QCOMPARE(codeOf(judgeFreshness(stampOf(42), bytes, product, known, day(12), {})), u"fresh"_s);
}

void tst_FreshnessStore::acc027_expiredStateFreshFeed()
{
    const FreshnessRecord yearsOld{7, recordOf(7).feedSha256, day(10).addYears(-5)};
    const auto judged = judgeFreshness(stampOf(8), bytes, product, yearsOld, day(12), {});
    QCOMPARE(codeOf(judged), u"fresh"_s);
    QCOMPARE(judged->issued, day(10));
}

// What is kept comes from the feed, not from the clock, so a wrong clock leaves nothing behind.
void tst_FreshnessStore::acc028_clockIsPutRight()
{
    const FeedStamp generous{product, 42, day(10), day(20).addYears(20)};
    const auto ahead = judgeFreshness(generous, bytes, product, {}, day(12).addYears(10), {});
    QVERIFY(ahead);
    QCOMPARE(codeOf(judgeFreshness(stampOf(43), bytes, product, *ahead, day(12), {})), u"fresh"_s);
}

QTEST_GUILESS_MAIN(tst_FreshnessStore)
#include "tst_freshnessstore.moc"
