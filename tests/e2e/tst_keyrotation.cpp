// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The release key is retired between two versions, through the real programs.

#include "tests/auto/conformance/scene.h"
#include "tests/support/workshop.h"

#include "lib/common/convert.h"
#include "lib/feed/appcastwriter.h"
#include "lib/package/packagewriter.h"
#include "platform/paths.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"

#include <QFile>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr int releaseA = 2;
constexpr int releaseB = 3;

// Root 1 trusts A for releases, root 2 trusts B instead.
RootPlan rootPlan(quint64 version)
{
    RootPlan plan;
    plan.version = version;
    plan.product = "org.example.sample";
    plan.release = {{version == 1 ? releaseA : releaseB}};
    plan.expires = "2099-01-01T00:00:00Z";
    return plan;
}

AppcastFile announced(const Workshop &shop, const QString &name)
{
    const QByteArray content = readAll(shop.host() + u'/' + name);
    return {QUrl(shop.url(name)), content.size(), toQString(Trust::sha256Hex(toView(content)))};
}

} // namespace

class TestKeyRotation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_shop = std::make_unique<Workshop>(); }
    void whatWasInstalledOutlivesItsKey();
    void retiredKeySignsNothingNew();
    void unusedInstallOutlivesItsKey();
    void rootOfTheCommandLine();

private:
    void publish(const QString &version, int releaseKey, quint64 shippedRoot = 1);
    void publishFeed(const QString &version, int releaseKey);
    void publishRoot(quint64 version);
    void installFirst();
    bool verifies() { return m_shop->freshen(u"verify"_s).status == 0; }

    std::unique_ptr<Workshop> m_shop;
    quint64 m_counter = 0;
};

// A package with the root in its freshen.json, and a feed that offers it alone.
void TestKeyRotation::publish(const QString &version, int releaseKey, quint64 shippedRoot)
{
    Workshop &shop = *m_shop;
    PackRequest request;
    request.description.product = u"org.example.sample"_s;
    request.description.version = version;
    request.description.feed = shop.url(u"appcast.xml"_s);
    request.description.executable = shop.executable;
    request.description.root = *Trust::firstRoot(toView(rootText(rootPlan(shippedRoot))));
    request.os = toQString(Platform::systemName());
    request.arch = toQString(Platform::processorName());
    request.tree = shop.makeTree(version);
    request.package = shop.host() + u'/' + shop.packageName(version);
    const auto packed = packTree(request, keyNumber(releaseKey));
    if (!packed)
        qFatal("%s", packed.error().message.c_str());
    publishFeed(version, releaseKey);
}

void TestKeyRotation::publishFeed(const QString &version, int releaseKey)
{
    AppcastItem item;
    item.version = version;
    const QString package = m_shop->packageName(version);
    AppcastEnclosure enclosure;
    static_cast<AppcastFile &>(enclosure) = announced(*m_shop, package);
    enclosure.os = toQString(Platform::systemName());
    enclosure.arch = toQString(Platform::processorName());
    const QByteArray content = readAll(m_shop->host() + u'/' + package);
    const auto signature = keyNumber(releaseKey).sign(toBytes(content));
    enclosure.edSignature = toQString(Trust::toBase64(signature.data(), signature.size()));
    item.enclosure = enclosure;
    item.manifest = announced(*m_shop, packageBaseName(package) + u".manifest"_s);
    Appcast feed;
    const auto now = QDateTime::currentDateTimeUtc();
    feed.stamp = FeedStamp{u"org.example.sample"_s, ++m_counter, now, now.addDays(30), 0};
    feed.items = {item};
    writeAll(m_shop->host() + u"/appcast.xml"_s, signFeed(writeAppcast(feed), keyNumber(1)));
}

void TestKeyRotation::publishRoot(quint64 version)
{
    writeAll(m_shop->host() + u"/%1.root"_s.arg(version), rootText(rootPlan(version)));
}

// 1.0 by key A; then A is retired.
void TestKeyRotation::installFirst()
{
    publish(u"1.0"_s, releaseA);
    m_shop->install(u"1.0"_s);
    publishRoot(2);
}

void TestKeyRotation::whatWasInstalledOutlivesItsKey()
{
    installFirst();
    publish(u"2.0"_s, releaseB, 2);
    const Outcome updated = m_shop->freshen(u"update"_s);
    QVERIFY2(updated.status == 0, updated.output + updated.errors);
    QCOMPARE(m_shop->runningVersion(), u"2.0"_s);
    QVERIFY(verifies());
    QCOMPARE(m_shop->freshen(u"status"_s).json[u"previous"_s].toString(), u"1.0"_s);

    const Outcome back = m_shop->freshen(u"rollback"_s);
    QVERIFY2(back.status == 0, back.output + back.errors);
    QCOMPARE(m_shop->runningVersion(), u"1.0"_s);
    QVERIFY(verifies());

    const Outcome again = m_shop->freshen(u"update"_s, {u"--retry"_s});
    QVERIFY2(again.status == 0, again.output + again.errors);
    QCOMPARE(m_shop->runningVersion(), u"2.0"_s);
    QVERIFY(verifies());
    QCOMPARE(m_shop->freshen(u"check"_s).json[u"root"_s][u"version"_s].toInt(), 2);
}

void TestKeyRotation::retiredKeySignsNothingNew()
{
    installFirst();
    publish(u"3.0"_s, releaseA);
    const Outcome updated = m_shop->freshen(u"update"_s);
    QCOMPARE(updated.status, 4);
    QCOMPARE(updated.errorCode(), u"SIGNATURE"_s);
    QCOMPARE(m_shop->runningVersion(), u"1.0"_s);
    QCOMPARE(m_shop->leftovers(), QStringList());
}

// Nothing was ever accepted here; what the app came with says whose it is.
void TestKeyRotation::unusedInstallOutlivesItsKey()
{
    installFirst();
    const Outcome checked = m_shop->freshen(u"check"_s);
    QCOMPARE(checked.json[u"root"_s][u"version"_s].toInt(), 2);
    QVERIFY(verifies());
    writeAll(m_shop->app() + u"/version"_s, "9.9\n");
    QVERIFY(!verifies());
}

// In place of the app's own; nothing is asked of the server for one that cannot be trusted.
void TestKeyRotation::rootOfTheCommandLine()
{
    installFirst();
    const QString file = m_shop->path(u"given.root"_s);
    const auto checkWith = [&](const QByteArray &root) {
        writeAll(file, root);
        return m_shop->freshen(u"check"_s, {u"--root"_s, file});
    };
    const Outcome followed = checkWith(rootText(rootPlan(1)));
    QCOMPARE(followed.status, 3);
    QCOMPARE(followed.json[u"root"_s][u"version"_s].toInt(), 2);
    QCOMPARE(followed.json[u"root"_s][u"expires"_s].toString(), u"2099-01-01T00:00:00Z"_s);
    RootPlan strange = rootPlan(1);
    strange.root = {{7}};
    QCOMPARE(checkWith(rootText(strange)).errorCode(), u"CONFIG"_s); // not signed by its own
    strange.signers = {7};
    QCOMPARE(checkWith(rootText(strange)).errorCode(), u"ROOT_CHAIN"_s); // of another chain
    strange.product = "org.example.other";
    QCOMPARE(checkWith(rootText(strange)).errorCode(), u"CONFIG"_s);
    const Outcome keyed = m_shop->freshen(
        u"check"_s,
        {u"--public-key"_s, toQString(std::string_view(keyNumber(1).publicKey().toSparkle()))});
    QCOMPARE(keyed.status, 3);
    QVERIFY(keyed.json[u"root"_s].isNull());
}

QTEST_GUILESS_MAIN(TestKeyRotation)
#include "tst_keyrotation.moc"
