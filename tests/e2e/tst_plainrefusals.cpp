// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What is wrong with a feed or archive that was made for Sparkle: one clear error, and the old
// version is untouched and starts.

#include "tests/support/plainshop.h"
#include "tests/support/tarbuilder.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTest>

#include <functional>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

using Damage = std::function<void(PlainShop &)>;

const QString package = u"sample-2.0.zip"_s;

// The release again, from what now lies in its tree.
void archiveAgain(PlainShop &shop)
{
    shop.archive(shop.path(u"trees/2.0"_s), package);
    shop.writeFeed(u"2.0"_s, package, shop.signatureOf(package));
}

void addFile(PlainShop &shop, const QString &name, const QByteArray &content)
{
    const QString file = shop.path(u"trees/2.0/"_s) + name;
    QDir().mkpath(QFileInfo(file).path());
    writeAll(file, content);
    archiveAgain(shop);
}

// A tar archive with the program and one more entry.
void releaseWith(PlainShop &shop, const TarEntry &entry)
{
    const QByteArray program = readAll(shop.path(u"trees/2.0/bin/sample"_s));
    writeAll(shop.host() + u"/sample.tar"_s,
             makeTar({{"sample/bin/sample", '0', program, {}, 0755}, entry}));
    shop.writeFeed(u"2.0"_s, u"sample.tar"_s, shop.signatureOf(u"sample.tar"_s));
}

// The same file under a name that says something else.
void offerAs(PlainShop &shop, const QString &name, const QString &attributes = {})
{
    QFile::rename(shop.host() + u'/' + package, shop.host() + u'/' + name);
    shop.writeFeed(u"2.0"_s, name, shop.signatureOf(name) + u' ' + attributes);
}

// What the enclosure says, with some of it replaced.
void changeFeed(PlainShop &shop, const QByteArray &before, const QByteArray &after)
{
    const QString feed = shop.host() + u"/appcast.xml"_s;
    const QByteArray content = readAll(feed);
    QVERIFY(content.contains(before));
    writeAll(feed, QByteArray(content).replace(before, after));
}

void signFeed(PlainShop &shop)
{
    shop.run(u"freshen-appcast"_s,
             {u"sign"_s, u"--key"_s, shop.key(), shop.host() + u"/appcast.xml"_s});
}

void demandSignedFeed(PlainShop &shop)
{
    const QString file = shop.app() + u"/freshen.json"_s;
    writeAll(file, readAll(file).replace("false", "true"));
}

QByteArray stamp(const QByteArray &version)
{
    return "</title><freshen:feed product=\"org.example.sample\" version=\"" + version
        + "\" issued=\"2026-01-01T00:00:00Z\" expires=\"2036-01-01T00:00:00Z\"/>\n<item>";
}

} // namespace

Q_DECLARE_METATYPE(Damage)

class TestPlainRefusals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void acc071_diskFull();
    void installersAddressIsTold();
    void missingSignatureIsTold();

private:
    static void addFeedRows();
    static void addContentRows();
    static void verifyUntouched(PlainShop &shop);
};

void TestPlainRefusals::verifyUntouched(PlainShop &shop)
{
    QCOMPARE(shop.runningVersion(), u"1.0"_s);
    QCOMPARE(shop.leftovers(), QStringList());
    QVERIFY(!QFile::exists(shop.app() + u"/freshen.manifest"_s));
}

void TestPlainRefusals::refuses_data()
{
    QTest::addColumn<Damage>("damage");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    addFeedRows();
    addContentRows();
}

void TestPlainRefusals::addFeedRows()
{
    const auto row = [](const char *name, int status, const char *code, const Damage &damage) {
        QTest::newRow(name) << damage << status << QString::fromLatin1(code);
    };
    row("no signature", 4, "SIGNATURE",
        [](PlainShop &s) { changeFeed(s, "sparkle:edSignature", "sparkle:other"); });
    row("DSA signature alone", 4, "SIGNATURE",
        [](PlainShop &s) { changeFeed(s, "sparkle:edSignature", "sparkle:dsaSignature"); });
    row("signature that is none", 4, "SIGNATURE",
        [](PlainShop &s) { changeFeed(s, "edSignature=\"", "edSignature=\"AAAA"); });
    row("foreign key", 4, "SIGNATURE", [](PlainShop &s) {
        s.run(u"freshen-appcast"_s, {u"keygen"_s, u"--out"_s, s.path(u"other"_s)});
        const Outcome other = s.run(
            u"freshen-appcast"_s,
            {u"sign"_s, u"--key"_s, s.path(u"other.key"_s), s.host() + u'/' + package});
        s.writeFeed(u"2.0"_s, package, QString::fromUtf8(other.output).trimmed());
    });
    row("changed byte", 4, "SIGNATURE", [](PlainShop &s) { flipBit(s.host() + u'/' + package); });
    row("empty file", 4, "SIGNATURE",
        [](PlainShop &s) { writeAll(s.host() + u'/' + package, {}); });
    const auto change = [](PlainShop &s, const std::function<QByteArray(QByteArray)> &how) {
        writeAll(s.host() + u'/' + package, how(readAll(s.host() + u'/' + package)));
    };
    row("truncated", 4, "SIGNATURE", [change](PlainShop &s) {
        change(s, [](const QByteArray &all) { return all.chopped(100); });
    });
    row("truncated, in a feed of ours", 4, "SIZE", [change](PlainShop &s) {
        changeFeed(s, "</title>\n<item>", stamp("2"));
        change(s, [](const QByteArray &all) { return all.chopped(100); });
    });
    row("acc045 longer than announced", 4, "SIZE",
        [change](PlainShop &s) { change(s, [](const QByteArray &all) { return all + 'x'; }); });
    row("not found", 1, "HTTP_STATUS",
        [](PlainShop &s) { QFile::remove(s.host() + u'/' + package); });
    row("plain http", 4, "URL_SCHEME",
        [](PlainShop &s) { changeFeed(s, "http://127.0.0.1", "http://example.org"); });
    row("signed feed needed", 4, "FEED_UNSIGNED", demandSignedFeed);
    row("manifest needed, too", 4, "MANIFEST", [](PlainShop &s) {
        changeFeed(s, "</title>\n<item>", stamp("2"));
        signFeed(s);
        demandSignedFeed(s);
    });
    row("unknown kind", 4, "ARCHIVE", [](PlainShop &s) { offerAs(s, u"sample.7z"_s); });
    for (const char *name : {"sample.exe", "sample.MSI", "sample.pkg", "sample.dmg", "sample.deb",
                             "sample.rpm", "Sample.AppImage"})
        row(name, 5, "INSTALLER", [name](PlainShop &s) { offerAs(s, QString::fromLatin1(name)); });
    row("installation type", 5, "INSTALLER",
        [](PlainShop &s) { offerAs(s, package, u"sparkle:installationType=\"package\""_s); });
}

void TestPlainRefusals::addContentRows()
{
    const auto row = [](const char *name, const char *code, const Damage &damage) {
        QTest::newRow(name) << damage << 4 << QString::fromLatin1(code);
    };
    row("acc053 name that leads up", "ARCHIVE_NAME", [](PlainShop &s) {
        releaseWith(s, {"sample/../../evil", '0', "evil"});
    });
    row("acc053 absolute name", "ARCHIVE_NAME", [](PlainShop &s) {
        releaseWith(s, {"/sample/evil", '0', "evil"});
    });
    row("acc053 name that stands twice", "ARCHIVE_NAME", [](PlainShop &s) {
        releaseWith(s, {"./sample/bin/sample", '0', "evil", {}, 0755});
    });
    row("acc054 link that leads out", "ARCHIVE_NAME", [](PlainShop &s) {
        releaseWith(s, {"sample/link", '2', {}, "../../evil"});
    });
    row("acc054 link out of the folder around", "ARCHIVE_NAME", [](PlainShop &s) {
        releaseWith(s, {"sample/link", '2', {}, "../evil"});
    });
    row("acc054 file below a file", "ARCHIVE", [](PlainShop &s) {
        releaseWith(s, {"sample/bin/sample/more", '0', "evil"});
    });
    row("acc054 hard link", "ARCHIVE_NAME", [](PlainShop &s) {
        releaseWith(s, {"sample/link", '1', {}, "sample/bin/sample"});
    });
    row("acc057 truncated, but signed", "ARCHIVE", [](PlainShop &s) {
        const QString file = s.host() + u'/' + package;
        writeAll(file, readAll(file).chopped(100));
        s.writeFeed(u"2.0"_s, package, s.signatureOf(package));
    });
    row("acc058 no executable", "MANIFEST", [](PlainShop &s) {
        QFile::remove(s.path(u"trees/2.0/bin/sample"_s));
        archiveAgain(s);
    });
    row("program that may not be executed", "MANIFEST", [](PlainShop &s) {
        QFile::setPermissions(s.path(u"trees/2.0/bin/sample"_s), QFile::Permissions(0x6644));
        archiveAgain(s);
    });
    row("acc038 another product", "WRONG_PRODUCT", [](PlainShop &s) {
        addFile(s, u"freshen.json"_s, s.description(u"2.0"_s, u"org.example.other"_s));
    });
    row("acc037 older version inside", "DOWNGRADE",
        [](PlainShop &s) { addFile(s, u"freshen.json"_s, s.description(u"1.5"_s)); });
    row("acc037 older bundle inside", "DOWNGRADE", [](PlainShop &s) {
        addFile(s, u"Contents/Info.plist"_s,
                "<?xml version=\"1.0\"?><!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\""
                " \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\"><plist version=\"1.0\"><dict>"
                "<key>CFBundleName</key><string>CFBundleVersion</string><key>LSUIElement</key>"
                "<true/><key>CFBundleVersion</key><string>1.5</string></dict></plist>");
    });
    row("description that is a link", "MANIFEST", [](PlainShop &s) {
        releaseWith(s, {"sample/freshen.json", '2', {}, "bin/sample"});
    });
    row("manifest that nobody signed", "SIGNATURE",
        [](PlainShop &s) { addFile(s, u"freshen.manifest"_s, "freshen-manifest 1\n"); });
    row("acc039 manifest that does not list everything", "MANIFEST", [](PlainShop &s) {
        QDir(s.path(u"trees/2.0"_s)).removeRecursively();
        QFile::remove(s.host() + u'/' + package);
        s.release(u"2.0"_s);
        const QString tree = s.path(u"trees/packed"_s);
        QDir().mkpath(tree);
        s.run(u"tar"_s, {u"-xzf"_s, s.host() + u'/' + s.packageName(u"2.0"_s), u"-C"_s, tree});
        writeAll(tree + u"/extra"_s, "extra");
        s.archive(tree, package);
        s.writeFeed(u"2.0"_s, package, s.signatureOf(package));
    });
}

void TestPlainRefusals::refuses()
{
    QFETCH(Damage, damage);
    QFETCH(int, status);
    QFETCH(QString, code);
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s);
    damage(shop);
    const Outcome outcome = shop.freshen(u"update"_s);
    QVERIFY2(outcome.errorCode() == code && outcome.status == status,
             outcome.output + outcome.errors);
    const QString message = outcome.errorMessage();
    QVERIFY2(message.size() > 20 && message.endsWith(u'.') && !message.contains(u'\n'),
             qPrintable(message));
    verifyUntouched(shop);
}

// Its size shows only when the package is there.
void TestPlainRefusals::acc071_diskFull()
{
    PlainShop shop;
    const QString folder = shop.path(u"apps"_s);
    if (shop.run(u"mount"_s, {u"-t"_s, u"tmpfs"_s, u"-o"_s, u"size=24m"_s, u"none"_s, folder})
            .status
        != 0)
        QSKIP("cannot mount a small disk");
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s, {{u"big"_s, QByteArray(40 << 20, 'x')}});
    const Outcome updated = shop.freshen(u"update"_s);
    const QString version = shop.runningVersion();
    const QStringList leftovers = shop.leftovers();
    shop.run(u"umount"_s, {u"-l"_s, folder});
    QCOMPARE(updated.errorCode(), u"NO_SPACE"_s);
    QVERIFY2(updated.errorMessage().contains(u"needs"_s), qPrintable(updated.errorMessage()));
    QCOMPARE(version, u"1.0"_s);
    QCOMPARE(leftovers, QStringList());
}

void TestPlainRefusals::installersAddressIsTold()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s);
    offerAs(shop, u"sample.deb"_s);
    QVERIFY(shop.freshen(u"update"_s).errorMessage().contains(shop.url(u"sample.deb"_s)));
    shop.writeFeed(u"2.0"_s, u"sample.deb"_s, shop.signatureOf(u"sample.deb"_s),
                   u"<link>https://example.org/get</link>"_s);
    QVERIFY(shop.freshen(u"update"_s).errorMessage().contains(u"https://example.org/get"_s));
    verifyUntouched(shop);
}

void TestPlainRefusals::missingSignatureIsTold()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s);
    changeFeed(shop, "sparkle:edSignature", "sparkle:dsaSignature");
    const QString message = shop.freshen(u"update"_s).errorMessage();
    QVERIFY2(message.contains(u"DSA signature does not count"_s), qPrintable(message));
    verifyUntouched(shop);
}

QTEST_GUILESS_MAIN(TestPlainRefusals)
#include "tst_plainrefusals.moc"
