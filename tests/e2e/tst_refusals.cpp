// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Whatever is wrong with feed, package, disk or rights: one clear error, and the old version is
// untouched, starts, and stands alone.

#include "tests/support/tarbuilder.h"
#include "tests/support/workshop.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <functional>

#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

using Damage = std::function<void(Workshop &)>;

void replaceInFeed(Workshop &shop, const QByteArray &before, const QByteArray &after)
{
    const QString feed = shop.host() + u"/appcast.xml"_s;
    writeAll(feed, readAll(feed).replace(before, after));
}

void signFeedAgain(Workshop &shop)
{
    const QString feed = shop.host() + u"/appcast.xml"_s;
    shop.run(u"freshen-appcast"_s, {u"sign"_s, u"--key"_s, shop.key(), feed});
}

QString package(const Workshop &shop, const QString &ending = {})
{
    return shop.host() + u'/' + shop.packageName(u"2.0"_s, ending);
}

// The good package's files with one more entry, signed by the publisher all the same.
void addToPackage(Workshop &shop, const TarEntry &entry)
{
    const QString tree = shop.path(u"trees/2.0"_s);
    QList<TarEntry> entries = {
        {"freshen.manifest", '0', readAll(package(shop, u".manifest"_s))},
        {"freshen.manifest.minisig", '0', readAll(package(shop, u".manifest.minisig"_s))},
        {"behaviour", '0', readAll(tree + u"/behaviour"_s)},
        {"bin/", '5', {}, {}, 0755},
        {"bin/sample", '0', readAll(tree + u"/bin/sample"_s), {}, 0755},
        entry,
        {"version", '0', readAll(tree + u"/version"_s)},
    };
    const Outcome described = shop.run(u"tar"_s, {u"-xzOf"_s, package(shop), u"freshen.json"_s});
    entries.append({"freshen.json", '0', described.output});
    shop.replacePackage(compressed(makeTar(entries), KCompressionDevice::GZip));
}

void damagePackageWith(Workshop &shop, const std::function<QByteArray(QByteArray)> &change)
{
    writeAll(package(shop), change(readAll(package(shop))));
}

} // namespace

Q_DECLARE_METATYPE(Damage)

class TestRefusals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void acc024_olderFeed();
    void acc081_withoutRights();
    void acc071_diskFull_data();
    void acc071_diskFull();
    void acc083_helperMissing();

private:
    static void verifyUntouched(Workshop &shop);
    static void verifyError(const Outcome &outcome, int status, const QString &code);
};

void TestRefusals::verifyUntouched(Workshop &shop)
{
    QCOMPARE(shop.runningVersion(), u"1.0"_s);
    QCOMPARE(shop.freshen(u"verify"_s).status, 0);
    QCOMPARE(shop.leftovers(), QStringList());
}

void TestRefusals::verifyError(const Outcome &outcome, int status, const QString &code)
{
    QVERIFY2(outcome.errorCode() == code && outcome.status == status,
             outcome.output + outcome.errors + QByteArray::number(outcome.status));
    const QString message = outcome.errorMessage();
    QVERIFY2(message.size() > 20 && message.endsWith(u'.') && !message.contains(u'\n'),
             qPrintable(message));
}

void TestRefusals::refuses_data()
{
    QTest::addColumn<Damage>("damage");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name, int status, const char *code, const Damage &damage) {
        QTest::newRow(name) << damage << status << QString::fromLatin1(code);
    };
    const auto feed = [](const Workshop &shop) { return shop.host() + u"/appcast.xml"_s; };

    row("feed not found", 1, "HTTP_STATUS", [=](Workshop &s) { QFile::remove(feed(s)); });
    row("acc001 empty feed", 1, "FEED_PARSE", [=](Workshop &s) { writeAll(feed(s), {}); });
    row("feed that is not XML", 1, "FEED_PARSE", [=](Workshop &s) { writeAll(feed(s), "no feed"); });
    row("acc002 login page", 1, "FEED_PARSE", [=](Workshop &s) {
        writeAll(feed(s), "<!DOCTYPE html><html><body>Please log in</body></html>");
    });
    row("acc018 other product, same key", 4, "WRONG_PRODUCT", [](Workshop &s) {
        replaceInFeed(s, "product=\"org.example.sample\"", "product=\"org.example.other\"");
        signFeedAgain(s);
    });
    row("acc019 beta sold as stable", 4, "WRONG_CHANNEL", [](Workshop &s) {
        s.packOptions = {u"--channel"_s, u"beta"_s};
        s.release(u"3.0"_s);
        replaceInFeed(s, "<sparkle:channel>beta</sparkle:channel>", "");
        signFeedAgain(s);
    });
    row("acc037 older version sold as newer", 4, "DOWNGRADE", [](Workshop &s) {
        replaceInFeed(s, "<sparkle:version>1.0<", "<sparkle:version>9.0<");
        signFeedAgain(s);
    });
    row("acc038 another system", 4, "WRONG_PLATFORM", [](Workshop &s) {
        s.packOptions = {u"--os"_s, u"macos"_s};
        s.release(u"3.0"_s);
        replaceInFeed(s, "sparkle:os=\"macos\"", "sparkle:os=\"linux\"");
        signFeedAgain(s);
    });
    row("acc020 unsigned feed", 4, "FEED_UNSIGNED", [=](Workshop &s) {
        const QByteArray content = readAll(feed(s));
        writeAll(feed(s), content.left(content.indexOf("<!-- freshen-signatures")));
    });
    row("acc021 changed byte in the feed", 4, "FEED_SIGNATURE", [=](Workshop &s) {
        replaceInFeed(s, "<title>2.0</title>", "<title>2.1</title>");
    });
    row("wrong key", 4, "FEED_SIGNATURE", [=](Workshop &s) {
        s.run(u"freshen-appcast"_s, {u"keygen"_s, u"--out"_s, s.path(u"other"_s)});
        s.run(u"freshen-appcast"_s, {u"sign"_s, u"--key"_s, s.path(u"other.key"_s), feed(s)});
    });
    row("acc026 expired feed", 4, "STALE", [=](Workshop &s) {
        s.environment[u"SOURCE_DATE_EPOCH"_s] = u"1700000000"_s;
        QFile::remove(feed(s));
        s.generate();
    });
    row("changed byte in the manifest", 4, "HASH",
        [](Workshop &s) { flipBit(package(s, u".manifest"_s)); });
    row("changed byte in the manifest's signature", 4, "SIGNATURE", [](Workshop &s) {
        const QString file = package(s, u".manifest.minisig"_s);
        writeAll(file, readAll(file).replace("trusted comment: freshen-manifest",
                                             "trusted comment: freshen-manifesT"));
    });
    row("changed byte in the package", 4, "HASH", [](Workshop &s) { flipBit(package(s)); });
    row("acc045 truncated package", 4, "SIZE", [](Workshop &s) {
        damagePackageWith(s, [](const QByteArray &all) { return all.chopped(100); });
    });
    row("acc045 package that is too long", 4, "SIZE", [](Workshop &s) {
        damagePackageWith(s, [](const QByteArray &all) { return all + 'x'; });
    });
    row("package not found", 1, "HTTP_STATUS", [](Workshop &s) { QFile::remove(package(s)); });
    row("acc057 truncated, but signed", 4, "ARCHIVE",
        [](Workshop &s) { s.replacePackage(readAll(package(s)).chopped(2000)); });
    row("acc057 changed, but signed", 4, "ARCHIVE", [](Workshop &s) {
        QByteArray bytes = readAll(package(s));
        bytes[bytes.size() / 2] = char(bytes[bytes.size() / 2] ^ 1);
        s.replacePackage(bytes);
    });
    row("acc053 name that leads up", 4, "ARCHIVE_NAME",
        [](Workshop &s) { addToPackage(s, {"../evil", '0', "evil"}); });
    row("acc053 absolute name", 4, "ARCHIVE_NAME",
        [](Workshop &s) { addToPackage(s, {"/tmp/evil", '0', "evil"}); });
    row("acc054 link that leads out", 4, "ARCHIVE_NAME",
        [](Workshop &s) { addToPackage(s, {"link", '2', {}, "/etc/passwd"}); });
    row("acc054 device", 4, "ARCHIVE_NAME",
        [](Workshop &s) { addToPackage(s, {"null", '3', {}, {}, 0666}); });
    row("acc053 name that stands twice", 4, "ARCHIVE_NAME",
        [](Workshop &s) { addToPackage(s, {"behaviour", '0', "crashes\n"}); });
    row("acc039 file that is not listed", 4, "MANIFEST",
        [](Workshop &s) { addToPackage(s, {"extra", '0', "extra"}); });
}

void TestRefusals::refuses()
{
    QFETCH(Damage, damage);
    QFETCH(int, status);
    QFETCH(QString, code);
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s);
    damage(shop);
    verifyError(shop.freshen(u"update"_s), status, code);
    verifyUntouched(shop);
}

void TestRefusals::acc024_olderFeed()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    const QByteArray older = readAll(shop.host() + u"/appcast.xml"_s);
    shop.release(u"2.0"_s);
    QCOMPARE(shop.freshen(u"check"_s).status, 0);
    writeAll(shop.host() + u"/appcast.xml"_s, older);
    verifyError(shop.freshen(u"update"_s), 4, u"ROLLBACK"_s);
    verifyUntouched(shop);
}

void TestRefusals::acc081_withoutRights()
{
    if (::geteuid() != 0)
        QSKIP("needs another user to drop to");
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s);
    QFile::setPermissions(shop.path(), QFile::Permissions(0x7755));
    const QString home = shop.path(u"home"_s);
    shop.run(u"chown"_s, {u"-R"_s, u"65534:65534"_s, home});
    const auto asNobody = [&shop](const QStringList &command) {
        return shop.run(u"setpriv"_s, QStringList{u"--reuid=65534"_s, u"--regid=65534"_s,
                                                  u"--clear-groups"_s} + command);
    };
    const QString freshen = QStringLiteral(FRESHEN_BUILD_BIN "/freshen");
    if (asNobody({freshen, u"--version"_s}).status != 0)
        QSKIP("the build folder cannot be read by others");
    verifyError(asNobody({freshen, u"update"_s, u"--app"_s, shop.app(), u"--json"_s}), 5,
                u"NEEDS_RIGHTS"_s);
    verifyUntouched(shop);
}

void TestRefusals::acc071_diskFull_data()
{
    QTest::addColumn<QString>("limit");
    QTest::newRow("known before the first byte") << u"size=24m"_s;
    QTest::newRow("acc073 out of inodes while staging") << u"size=200m,nr_inodes=40"_s;
}

void TestRefusals::acc071_diskFull()
{
    QFETCH(QString, limit);
    Workshop shop;
    QMap<QString, QByteArray> files{{u"big"_s, QByteArray(12 << 20, 'x')}};
    for (int i = 0; i < 15; ++i)
        files[u"many/%1"_s.arg(i)] = "x";
    shop.release(u"1.0"_s, {}, files);
    const QString folder = shop.path(u"apps"_s);
    if (shop.run(u"mount"_s, {u"-t"_s, u"tmpfs"_s, u"-o"_s, limit, u"none"_s, folder}).status != 0)
        QSKIP("cannot mount a small disk");
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s, {}, files);
    const Outcome updated = shop.freshen(u"update"_s);
    const QString version = shop.runningVersion();
    const QStringList leftovers = shop.leftovers();
    shop.run(u"umount"_s, {u"-l"_s, folder});
    verifyError(updated, 1, u"NO_SPACE"_s);
    QCOMPARE(version, u"1.0"_s);
    QCOMPARE(leftovers, QStringList());
}

void TestRefusals::acc083_helperMissing()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s);
    QDir().mkpath(shop.path(u"alone/bin"_s));
    const QString alone = shop.path(u"alone/bin/freshen"_s);
    QVERIFY(QFile::copy(QStringLiteral(FRESHEN_BUILD_BIN "/freshen"), alone));
    verifyError(shop.run(alone, {u"update"_s, u"--app"_s, shop.app(), u"--json"_s}), 1,
                u"HELPER"_s);
    verifyUntouched(shop);
}

QTEST_GUILESS_MAIN(TestRefusals)
#include "tst_refusals.moc"
