// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/publisher/publishing.h"
#include "tests/support/resultcheck.h"

#include "lib/common/convert.h"
#include "lib/package/appdescription.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

const QByteArray minimal =
    "{\"product\":\"org.example.notes\",\"version\":\"1.0\","
    "\"feed\":\"https://example.org/appcast.xml\",\"executable\":\"bin/notes\","
    "\"publicKeys\":[\"rhHib+w769W2/6/t+oM1ZxgjBB93BfBKMLO0Qo1etQs=\"]}";

QByteArray changed(const QString &member, const QJsonValue &value)
{
    QJsonObject object = QJsonDocument::fromJson(minimal).object();
    if (value.isUndefined())
        object.remove(member);
    else
        object.insert(member, value);
    return QJsonDocument(object).toJson();
}

// A root whose root key is 'a' and whose release key is 'r'.
QByteArray testRoot(const std::string &product, const QByteArray &signers)
{
    Trust::SignedRoot root;
    root.root.product = product;
    root.root.issued = "2026-11-22T10:00:00Z";
    root.root.expires = "2027-11-22T10:00:00Z";
    root.root.root.keys = {testKey('a').publicKey()};
    root.root.feed.keys = {testKey('f').publicKey()};
    root.root.release.keys = {testKey('r').publicKey()};
    const QByteArray message = QByteArray::fromStdString(root.message());
    for (const char seed : signers)
        root.signatures.push_back(
            {testKey(seed).publicKey().idHex(), testKey(seed).sign(toBytes(message))});
    return QByteArray::fromStdString(root.signedText());
}

} // namespace

class TestAppDescription : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void minimalHasDefaults();
    void everythingIsReadBack();
    void wrongMembers_data();
    void wrongMembers();
    void wrongDocuments_data();
    void wrongDocuments();
    void readyRules_data();
    void readyRules();
    void missingFile();
    void acc036_badKeys();
    void rootIsReadBack();
    void wrongRoots_data();
    void wrongRoots();
};

void TestAppDescription::minimalHasDefaults()
{
    const auto app = AppDescription::parse(minimal);
    VERIFY_RESULT(app);
    QCOMPARE(app->product, u"org.example.notes"_s);
    QCOMPARE(app->channel, u"stable"_s);
    QVERIFY(app->requireSignedFeed);
    QCOMPARE(app->ready.toText(), u"signal"_s);
    QCOMPARE(app->versioning, u"sparkle"_s);
    QVERIFY(!app->allowHttp);
    QVERIFY(app->rollback);
    const auto keys = app->keys();
    VERIFY_RESULT(keys);
    QCOMPARE(keys->size(), std::size_t(1));
}

void TestAppDescription::everythingIsReadBack()
{
    AppDescription app = AppDescription::parse(minimal).value();
    app.channel = u"beta"_s;
    app.requireSignedFeed = false;
    app.ready = {ReadyRule::Kind::Alive, 12};
    app.versioning = u"semver"_s;
    app.allowHttp = true;
    app.rollback = false;
    const auto again = AppDescription::parse(app.toJson());
    VERIFY_RESULT(again);
    QCOMPARE(again->toJson(), app.toJson());
    QCOMPARE(again->channel, app.channel);
    QCOMPARE(again->requireSignedFeed, false);
    QVERIFY(again->ready == app.ready);
    QCOMPARE(again->versioning, app.versioning);
    QCOMPARE(again->allowHttp, true);
    QCOMPARE(again->rollback, false);
    QCOMPARE(again->publicKeys, app.publicKeys);
}

void TestAppDescription::wrongMembers_data()
{
    QTest::addColumn<QString>("member");
    QTest::addColumn<QJsonValue>("value");
    const QStringList needed = {u"product"_s, u"version"_s, u"feed"_s, u"publicKeys"_s,
                                u"executable"_s};
    for (const QString &member : needed) {
        QTest::newRow(qPrintable(u"no "_s + member)) << member << QJsonValue(QJsonValue::Undefined);
        QTest::newRow(qPrintable(u"number "_s + member)) << member << QJsonValue(1);
        QTest::newRow(qPrintable(u"empty "_s + member)) << member << QJsonValue(QString());
    }
    QTest::newRow("vuln016 no keys") << u"publicKeys"_s << QJsonValue(QJsonArray());
    QTest::newRow("null key") << u"publicKeys"_s << QJsonValue(QJsonArray{QJsonValue()});
    QTest::newRow("channel") << u"channel"_s << QJsonValue(true);
    QTest::newRow("requireSignedFeed") << u"requireSignedFeed"_s << QJsonValue(u"no"_s);
    QTest::newRow("allowHttp") << u"allowHttp"_s << QJsonValue(1);
    QTest::newRow("rollback") << u"rollback"_s << QJsonValue(u"false"_s);
    QTest::newRow("versioning") << u"versioning"_s << QJsonValue(u"calver"_s);
    QTest::newRow("ready") << u"ready"_s << QJsonValue(u"soon"_s);
}

void TestAppDescription::wrongMembers()
{
    QFETCH(QString, member);
    QFETCH(QJsonValue, value);
    const auto app = AppDescription::parse(changed(member, value));
    VERIFY_ERROR(app, ErrorCode::CONFIG);
    QVERIFY2(app.error().message.find('"' + member.toStdString() + '"') != std::string::npos,
             app.error().message.c_str());
}

void TestAppDescription::wrongDocuments_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("list") << QByteArray("[]");
    QTest::newRow("cut") << minimal.chopped(1);
    QTest::newRow("html") << QByteArray("<html>");
}

void TestAppDescription::wrongDocuments()
{
    QFETCH(QByteArray, json);
    VERIFY_ERROR(AppDescription::parse(json), ErrorCode::CONFIG);
}

void TestAppDescription::readyRules_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isRule");
    QTest::newRow("signal") << u"signal"_s << true;
    QTest::newRow("none") << u"none"_s << true;
    QTest::newRow("alive") << u"alive:5"_s << true;
    QTest::newRow("alive for an hour") << u"alive:3600"_s << true;
    QTest::newRow("alive for longer") << u"alive:3601"_s << false;
    QTest::newRow("alive for no time") << u"alive:0"_s << false;
    QTest::newRow("alive without a number") << u"alive:"_s << false;
    QTest::newRow("negative") << u"alive:-1"_s << false;
    QTest::newRow("word") << u"alive:x"_s << false;
    QTest::newRow("capitals") << u"Signal"_s << false;
    QTest::newRow("empty") << QString() << false;
}

void TestAppDescription::readyRules()
{
    QFETCH(QString, text);
    QFETCH(bool, isRule);
    const auto rule = ReadyRule::parse(text);
    QCOMPARE(rule.has_value(), isRule);
    if (rule)
        QCOMPARE(rule->toText(), text);
    else
        QVERIFY(rule.error().code == ErrorCode::CONFIG);
}

void TestAppDescription::missingFile()
{
    const QTemporaryDir place;
    const auto app = AppDescription::read(place.path());
    VERIFY_ERROR(app, ErrorCode::CONFIG);
    QVERIFY(app.error().message.find(place.path().toStdString()) != std::string::npos);
    writeTextFile(place.filePath(u"freshen.json"_s), minimal);
    VERIFY_RESULT(AppDescription::read(place.path()));
}

void TestAppDescription::acc036_badKeys()
{
    AppDescription app;
    VERIFY_ERROR(app.keys(), ErrorCode::CONFIG);
    app.publicKeys = {u"YOUR KEY HERE"_s};
    VERIFY_ERROR(app.keys(), ErrorCode::KEY);
    // A key of small order, to which forged signatures fit.
    app.publicKeys = {QString::fromLatin1(QByteArray(32, '\0').toBase64())};
    VERIFY_ERROR(app.keys(), ErrorCode::KEY);
}

void TestAppDescription::rootIsReadBack()
{
    // Strangers' signatures and all, as published.
    const QByteArray root = testRoot("org.example.notes", "xay");
    const QJsonValue text = QString::fromLatin1(root.toBase64());
    QJsonObject object = QJsonDocument::fromJson(changed(u"root"_s, text)).object();
    const auto both = AppDescription::parse(QJsonDocument(object).toJson());
    VERIFY_RESULT(both);
    QCOMPARE(both->publicKeys.size(), 1);
    object.remove(u"publicKeys"_s);
    const auto alone = AppDescription::parse(QJsonDocument(object).toJson());
    VERIFY_RESULT(alone);
    for (const auto &app : {both, alone}) {
        QVERIFY(app->root);
        QCOMPARE(QByteArray::fromStdString(app->root->text), root);
        QVERIFY(app->keys() == std::vector{testKey('r').publicKey()});
        QCOMPARE(AppDescription::parse(app->toJson())->toJson(), app->toJson());
    }
    QVERIFY(!alone->toJson().contains("publicKeys"));
}

void TestAppDescription::wrongRoots_data()
{
    QTest::addColumn<QJsonValue>("root");
    const auto text = [](const QByteArray &root) { return QJsonValue(QString::fromLatin1(root)); };
    QTest::newRow("no text") << QJsonValue(1);
    QTest::newRow("empty") << QJsonValue(QString());
    QTest::newRow("not in base64") << text(testRoot("org.example.notes", "a"));
    QTest::newRow("no root") << text(QByteArray("<rss/>\n").toBase64());
    QTest::newRow("unsigned") << text(testRoot("org.example.notes", "").toBase64());
    QTest::newRow("signed by a stranger") << text(testRoot("org.example.notes", "x").toBase64());
    QTest::newRow("other product") << text(testRoot("org.example.other", "a").toBase64());
}

void TestAppDescription::wrongRoots()
{
    QFETCH(QJsonValue, root);
    const auto app = AppDescription::parse(changed(u"root"_s, root));
    VERIFY_ERROR(app, ErrorCode::CONFIG);
    QVERIFY(app.error().message.find("\"root\"") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestAppDescription)
#include "tst_appdescription.moc"
