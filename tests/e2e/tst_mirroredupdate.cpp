// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A release with several addresses: what one does not have, or has wrongly, another one has.

#include "tests/support/plainshop.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QTest>

#include <functional>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

const QString nowhere = u"http://127.0.0.1:1/"_s;
const QString packageEnding = u".tar.gz"_s;
const QString manifestEnding = u".manifest"_s;
const QString signatureEnding = u".manifest.minisig"_s;

// A publisher whose files are on a mirror, too.
class MirroredShop : public Workshop
{
public:
    MirroredShop()
    {
        release(u"1.0"_s);
        install(u"1.0"_s);
        release(u"2.0"_s);
        QDir().mkpath(host() + u"/mirror"_s);
        for (const QString &ending : {packageEnding, manifestEnding, signatureEnding})
            QFile::copy(origin(ending), mirror(ending));
        addMirror(mirrorUrl(packageEnding));
    }

    QString name(const QString &ending) const { return packageName(u"2.0"_s, ending); }
    QString origin(const QString &ending) const { return host() + u'/' + name(ending); }
    QString mirror(const QString &ending) const { return host() + u"/mirror/"_s + name(ending); }
    QString originUrl(const QString &ending) const { return url(name(ending)); }
    QString mirrorUrl(const QString &ending) const { return url(u"mirror/"_s + name(ending)); }
    void addMirror(const QString &address)
    {
        changeItem([&](AppcastItem &item) { item.mirrors += QUrl(address); });
    }
    void changeItem(const std::function<void(AppcastItem &)> &change)
    {
        editFeed([&](Appcast &feed) {
            for (AppcastItem &item : feed.items) {
                if (item.version == u"2.0"_s)
                    change(item);
            }
        });
    }
};

// "CODE URL" for each address that failed.
QStringList failuresOf(const Outcome &outcome)
{
    QStringList failures;
    for (const QJsonValue &failure : outcome.json[u"sourceFailures"_s].toArray())
        failures += failure[u"error"_s][u"code"_s].toString() + u' ' + failure[u"url"_s].toString();
    return failures;
}

void verifyUpdated(MirroredShop &shop, const Outcome &outcome, const QStringList &failures)
{
    QVERIFY2(outcome.status == 0, outcome.output + outcome.errors);
    QCOMPARE(failuresOf(outcome), failures);
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
    QCOMPARE(shop.leftovers(), QStringList());
}

} // namespace

class TestMirroredUpdate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mirrorIsNotNeeded();
    void filesAreMissing_data();
    void filesAreMissing();
    void bytesAreWrong_data();
    void bytesAreWrong();
    void serverIsGone();
    void secondMirror();
    void nobodyHasIt();
    void nobodyHasTheRightBytes();
    void saysItToPeople();
    void plainPackage();
    void patience_data();
    void patience();
    void otherDownloadsGiveWay();
};

void TestMirroredUpdate::mirrorIsNotNeeded()
{
    MirroredShop shop;
    const Outcome updated = shop.freshen(u"update"_s);
    verifyUpdated(shop, updated, {});
    QVERIFY(!updated.json.contains(u"sourceFailures"_s));
}

void TestMirroredUpdate::filesAreMissing_data()
{
    QTest::addColumn<QStringList>("missing"); // at the origin
    QTest::addColumn<QStringList>("asked"); // in vain
    QTest::newRow("package") << QStringList{packageEnding} << QStringList{packageEnding};
    QTest::newRow("manifest") << QStringList{manifestEnding} << QStringList{manifestEnding};
    QTest::newRow("signature") << QStringList{signatureEnding} << QStringList{signatureEnding};
    // The signature is asked for where the manifest was.
    QTest::newRow("all") << QStringList{packageEnding, manifestEnding, signatureEnding}
                         << QStringList{manifestEnding, packageEnding};
}

void TestMirroredUpdate::filesAreMissing()
{
    QFETCH(QStringList, missing);
    QFETCH(QStringList, asked);
    MirroredShop shop;
    for (const QString &ending : missing)
        QVERIFY(QFile::remove(shop.origin(ending)));
    QStringList failures;
    for (const QString &ending : asked)
        failures += u"HTTP_STATUS "_s + shop.originUrl(ending);
    verifyUpdated(shop, shop.freshen(u"update"_s), failures);
}

void TestMirroredUpdate::bytesAreWrong_data()
{
    QTest::addColumn<QString>("ending");
    QTest::newRow("package") << packageEnding;
    QTest::newRow("manifest") << manifestEnding;
}

void TestMirroredUpdate::bytesAreWrong()
{
    QFETCH(QString, ending);
    MirroredShop shop;
    flipBit(shop.origin(ending));
    verifyUpdated(shop, shop.freshen(u"update"_s), {u"HASH "_s + shop.originUrl(ending)});
}

void TestMirroredUpdate::serverIsGone()
{
    MirroredShop shop;
    shop.changeItem([&](AppcastItem &item) {
        item.enclosure->url = QUrl(nowhere + shop.name(packageEnding) + u"?key=secret"_s);
        item.manifest->url = QUrl(nowhere + shop.name(manifestEnding));
    });
    const Outcome updated = shop.freshen(u"update"_s);
    verifyUpdated(shop, updated,
                  {u"NETWORK "_s + nowhere + shop.name(manifestEnding),
                   u"NETWORK "_s + nowhere + shop.name(packageEnding)});
    QVERIFY(!updated.output.contains("secret"));
}

void TestMirroredUpdate::secondMirror()
{
    MirroredShop shop;
    shop.changeItem([&](AppcastItem &item) {
        item.mirrors.prepend(QUrl(u"http://192.0.2.1/never-asked"_s));
        item.mirrors.prepend(QUrl(shop.url(u"empty/"_s)));
    });
    QVERIFY(QFile::remove(shop.origin(packageEnding)));
    verifyUpdated(shop, shop.freshen(u"update"_s),
                  {u"HTTP_STATUS "_s + shop.originUrl(packageEnding),
                   u"HTTP_STATUS "_s + shop.url(u"empty/"_s + shop.name(packageEnding)),
                   u"URL_SCHEME http://192.0.2.1/never-asked"_s});
}

void TestMirroredUpdate::nobodyHasIt()
{
    MirroredShop shop;
    for (const QString &file : {shop.origin(packageEnding), shop.mirror(packageEnding)})
        QVERIFY(QFile::remove(file));
    const Outcome failed = shop.freshen(u"update"_s);
    QCOMPARE(failed.status, 1);
    QCOMPARE(failed.errorCode(), u"HTTP_STATUS"_s);
    QCOMPARE(failuresOf(failed),
             (QStringList{u"HTTP_STATUS "_s + shop.originUrl(packageEnding),
                          u"HTTP_STATUS "_s + shop.mirrorUrl(packageEnding)}));
    QCOMPARE(shop.runningVersion(), u"1.0"_s);
}

void TestMirroredUpdate::nobodyHasTheRightBytes()
{
    MirroredShop shop;
    for (const QString &file : {shop.origin(packageEnding), shop.mirror(packageEnding)})
        flipBit(file);
    const Outcome failed = shop.freshen(u"update"_s);
    QCOMPARE(failed.status, 4);
    QCOMPARE(failed.errorCode(), u"HASH"_s);
    QCOMPARE(failuresOf(failed),
             (QStringList{u"HASH "_s + shop.originUrl(packageEnding),
                          u"HASH "_s + shop.mirrorUrl(packageEnding)}));
    QCOMPARE(shop.runningVersion(), u"1.0"_s);
    QCOMPARE(shop.leftovers(), QStringList());
}

void TestMirroredUpdate::saysItToPeople()
{
    MirroredShop shop;
    QVERIFY(QFile::remove(shop.origin(packageEnding)));
    const Outcome updated = shop.run(u"freshen"_s, {u"update"_s, u"--app"_s, shop.app()});
    QCOMPARE(updated.status, 0);
    const QByteArray line = "freshen: warning: " + shop.originUrl(packageEnding).toUtf8()
        + " failed: ";
    QVERIFY2(updated.errors.count(line) == 1, updated.errors.constData());
    QVERIFY(updated.output.startsWith("Updated from 1.0 to 2.0"));
}

// Whose mirrors nothing but its signature judges.
void TestMirroredUpdate::plainPackage()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s);
    const QString feed = shop.host() + u"/appcast.xml"_s;
    QByteArray text = readAll(feed);
    const qsizetype begin = text.indexOf("url=\"") + 5;
    const QByteArray url = text.mid(begin, text.indexOf('"', begin) - begin);
    const QString gone = nowhere + QUrl(QString::fromUtf8(url)).fileName();
    text.replace(url, gone.toUtf8());
    text.replace("</item>", "<freshen:mirror url=\"" + url + "\"/></item>");
    writeAll(feed, text);
    const Outcome updated = shop.freshen(u"update"_s);
    QVERIFY2(updated.status == 0, updated.output + updated.errors);
    QCOMPARE(failuresOf(updated), QStringList{u"NETWORK "_s + gone});
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
}

void TestMirroredUpdate::patience_data()
{
    QTest::addColumn<QString>("seconds");
    QTest::addColumn<QString>("code");
    QTest::newRow("none") << u"0"_s << u"NETWORK"_s;
    QTest::newRow("two seconds") << u"2"_s << u"NETWORK"_s;
    QTest::newRow("less than none") << u"-1"_s << u"USAGE"_s;
    QTest::newRow("no number") << u"long"_s << u"USAGE"_s;
}

void TestMirroredUpdate::patience()
{
    QFETCH(QString, seconds);
    QFETCH(QString, code);
    MirroredShop shop;
    shop.changeItem([&](AppcastItem &item) {
        item.enclosure->url = QUrl(nowhere + shop.name(packageEnding));
        item.mirrors.clear();
    });
    QElapsedTimer timer;
    timer.start();
    const Outcome failed = shop.freshen(u"update"_s, {u"--patience="_s + seconds});
    QCOMPARE(failed.errorCode(), code);
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    if (seconds == u"2"_s)
        QVERIFY(timer.elapsed() > 500); // the shortest pauses leave less than this of it
}

// What was begun for an earlier release is of no use any more.
void TestMirroredUpdate::otherDownloadsGiveWay()
{
    MirroredShop shop;
    const QString old = shop.downloads() + u"/org.example.sample/old.tar.gz.part"_s;
    QDir().mkpath(QFileInfo(old).path());
    writeAll(old, "old");
    const QString other = shop.downloads() + u"/org.example.other/new.tar.gz.part"_s;
    QDir().mkpath(QFileInfo(other).path());
    writeAll(other, "new");
    const Outcome updated = shop.freshen(u"update"_s);
    QCOMPARE(updated.status, 0);
    QCOMPARE(shop.leftovers(), QStringList{other});
}

QTEST_GUILESS_MAIN(TestMirroredUpdate)
#include "tst_mirroredupdate.moc"
