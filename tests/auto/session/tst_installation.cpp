// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/installation.h"

#include "lib/common/convert.h"
#include "updater-helper/install/history.h"

#include "tests/support/enginefixture.h"
#include "tests/support/resultcheck.h"
#include "tests/support/singlefile.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScopeGuard>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

class TestInstallation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<EngineFixture>(); }
    void opens();
    void opensThroughALink();
    void refusesWithoutDescription_data();
    void refusesWithoutDescription();
    void acc036_refusesKeys_data();
    void acc036_refusesKeys();
    void knowsWhenItWasBuilt();
    void builtIsUnknownUnlessSigned();
    void conditions();
    void versioning();
    void urlPolicy();
    void findsItselfAround_data();
    void findsItselfAround();
    void opensASingleFile();
    void singleFileWithoutDescription();
    void singleFileFindsItself();
    void appImageFindsItself_data();
    void appImageFindsItself();

private:
    fs::path app() const { return m_fixture->layout().app(); }
    QString folder() const { return toQString(app()); }
    // Replaces a member of freshen.json; an undefined value removes it.
    void change(const QString &member, const QJsonValue &value) const;

    std::unique_ptr<EngineFixture> m_fixture;
};

void TestInstallation::change(const QString &member, const QJsonValue &value) const
{
    QJsonObject json = QJsonDocument::fromJson(readText(app() / "freshen.json")).object();
    if (value.isUndefined())
        json.remove(member);
    else
        json[member] = value;
    writeText(app() / "freshen.json", QJsonDocument(json).toJson().toStdString());
}

void TestInstallation::opens()
{
    const auto opened = Installation::open(folder());
    VERIFY_RESULT(opened);
    QCOMPARE(opened->layout.app(), app());
    QCOMPARE(opened->description.version, u"1.0"_s);
    QCOMPARE(opened->description.product, u"org.example.sample"_s);
    QVERIFY(opened->keys == m_fixture->keys());
    VERIFY_RESULT(Installation::open(folder() + u'/'));
}

void TestInstallation::opensThroughALink()
{
    fs::create_directory_symlink(app(), m_fixture->path("link"));
    const auto opened = Installation::open(toQString(m_fixture->path("link")));
    VERIFY_RESULT(opened);
    QCOMPARE(opened->layout.app(), app());
    QCOMPARE(opened->layout.folder(), m_fixture->layout().folder());
}

void TestInstallation::refusesWithoutDescription_data()
{
    QTest::addColumn<QString>("without");
    for (const char *member : {"product", "version", "feed", "publicKeys", "executable"})
        QTest::newRow(member) << QString::fromLatin1(member);
    QTest::newRow("the file") << QString();
    QTest::newRow("the folder") << u"/"_s;
}

void TestInstallation::refusesWithoutDescription()
{
    QFETCH(QString, without);
    if (without.isEmpty())
        fs::remove(app() / "freshen.json");
    else if (without == u"/")
        fs::remove_all(app());
    else
        change(without, QJsonValue(QJsonValue::Undefined));
    const auto opened = Installation::open(folder());
    VERIFY_ERROR(opened, ErrorCode::CONFIG);
    QVERIFY2(opened.error().message.find("freshen.json") != std::string::npos,
             opened.error().message.c_str());
}

void TestInstallation::acc036_refusesKeys_data()
{
    QTest::addColumn<QJsonArray>("keys");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("none") << QJsonArray() << ErrorCode::CONFIG;
    QTest::newRow("placeholder") << QJsonArray{u"PUT YOUR KEY HERE"_s} << ErrorCode::KEY;
    QTest::newRow("empty") << QJsonArray{QString()} << ErrorCode::KEY;
    QTest::newRow("zeros") << QJsonArray{QString::fromLatin1(QByteArray(32, '\0').toBase64())}
                           << ErrorCode::KEY;
}

void TestInstallation::acc036_refusesKeys()
{
    QFETCH(QJsonArray, keys);
    QFETCH(ErrorCode, code);
    change(u"publicKeys"_s, keys);
    VERIFY_ERROR(Installation::open(folder()), code);
}

void TestInstallation::knowsWhenItWasBuilt()
{
    QVERIFY(!Installation::open(folder())->built.isValid());
    auto release = Trust::readTreeManifest(app(), m_fixture->keys());
    VERIFY_RESULT(release);
    release->manifest.extraLines = {"built 2026-11-22T10:00:00Z"};
    m_fixture->signTree(app(), release->manifest);
    QCOMPARE(Installation::open(folder())->built,
             QDateTime(QDate(2026, 11, 22), QTime(10, 0), Qt::UTC));
}

// Else somebody could make every clock look wrong.
void TestInstallation::builtIsUnknownUnlessSigned()
{
    auto release = Trust::readTreeManifest(app(), m_fixture->keys());
    VERIFY_RESULT(release);
    release->manifest.extraLines = {"built 2099-11-22T10:00:00Z"};
    writeText(app() / "freshen.manifest", release->manifest.toText());
    const auto opened = Installation::open(folder());
    VERIFY_RESULT(opened);
    QVERIFY(!opened->built.isValid());
}

void TestInstallation::conditions()
{
    VERIFY_RESULT(refuse(m_fixture->layout(), Install::Refusal::Failed, "1.5"));
    VERIFY_RESULT(refuse(m_fixture->layout(), Install::Refusal::Left, "1.7"));
    const ClientConditions client = Installation::open(folder())->conditions();
    QCOMPARE(client.installedVersion, u"1.0"_s);
    QCOMPARE(client.os, u"linux"_s);
    QVERIFY(client.arch == u"x86_64" || client.arch == u"arm64" || client.arch == u"x86");
    QCOMPARE(client.failedVersions, QSet<QString>{u"1.5"_s});
    QCOMPARE(client.skippedVersions, QSet<QString>());
}

void TestInstallation::versioning()
{
    QCOMPARE(Installation::open(folder())->order(u"1.0-beta"_s, u"1.0"_s), 0);
    change(u"versioning"_s, u"semver"_s);
    QVERIFY(Installation::open(folder())->order(u"1.0-beta"_s, u"1.0"_s) < 0);
    QVERIFY(Installation::open(folder())->conditions().order(u"1.0-beta.1"_s, u"1.0"_s) < 0);
}

void TestInstallation::urlPolicy()
{
    const QUrl https(u"https://example.org/appcast.xml"_s);
    const QUrl file(u"file:///srv/appcast.xml"_s);
    const auto opened = Installation::open(folder());
    QVERIFY(!opened->urlPolicy(https).allowsHttp);
    QVERIFY(!opened->urlPolicy(https).allowsFiles);
    QVERIFY(opened->urlPolicy(file).allowsFiles);
    change(u"allowHttp"_s, true);
    QVERIFY(Installation::open(folder())->urlPolicy(https).allowsHttp);
}

void TestInstallation::findsItselfAround_data()
{
    QTest::addColumn<QString>("executable");
    QTest::addColumn<bool>("isFound");
    QTest::newRow("in the root") << u"sample/program"_s << true;
    QTest::newRow("in bin") << u"sample/bin/program"_s << true;
    QTest::newRow("deep down") << u"sample/usr/lib/app/bin/program"_s << true;
    QTest::newRow("too deep") << u"sample/1/2/3/4/5/6/7/program"_s << false;
    QTest::newRow("beside") << u"other/bin/program"_s << false;
}

void TestInstallation::findsItselfAround()
{
    QFETCH(QString, executable);
    QFETCH(bool, isFound);
    const fs::path program = m_fixture->path(executable.toStdString());
    fs::create_directories(program.parent_path());
    writeText(program, "program", 0755);
    QCOMPARE(Installation::findAround(toQString(program)), isFound ? folder() : QString());
}

void TestInstallation::opensASingleFile()
{
    const Install::Layout layout = installSingleFile(*m_fixture, "my-tool");
    fs::create_symlink("my-tool", m_fixture->path("link"));
    for (const char *name : {"my-tool", "link"}) {
        const auto opened = Installation::open(toQString(m_fixture->path(name)));
        VERIFY_RESULT(opened);
        QCOMPARE(opened->layout.app(), layout.app());
        QCOMPARE(opened->layout.folder(), layout.folder());
        QCOMPARE(opened->descriptionFolder, layout.folder());
        QCOMPARE(opened->description.executable, u"tool-1.0"_s);
    }
}

void TestInstallation::singleFileWithoutDescription()
{
    const Install::Layout layout = installSingleFile(*m_fixture, "my-tool");
    fs::remove(layout.folder() / "freshen.json");
    const auto opened = Installation::open(toQString(layout.app()));
    VERIFY_ERROR(opened, ErrorCode::CONFIG);
    const std::string place = (layout.folder() / "freshen.json").string();
    QVERIFY2(opened.error().message.find(place) != std::string::npos,
             opened.error().message.c_str());
}

// Even where it lies in the folder of another app.
void TestInstallation::singleFileFindsItself()
{
    const QString tool = toQString(installSingleFile(*m_fixture, "sample/bin/my-tool").app());
    QCOMPARE(Installation::findAround(tool), tool);
    fs::remove(app() / "bin/.my-tool.freshen/freshen.json");
    QCOMPARE(Installation::findAround(tool), folder());
}

void TestInstallation::appImageFindsItself_data()
{
    QTest::addColumn<QString>("described"); // where a freshen.json stands
    QTest::addColumn<QString>("file"); // $APPIMAGE
    QTest::addColumn<QString>("found");
    const auto row = [](const char *name, const char *described, const char *file,
                        const char *found) {
        QTest::newRow(name) << QString::fromLatin1(described) << QString::fromLatin1(file)
                            << QString::fromLatin1(found);
    };
    row("beside it", ".Notes.AppImage.freshen", "Notes.AppImage", "Notes.AppImage");
    row("inside", "mount", "Notes.AppImage", "Notes.AppImage");
    row("below the mount", "mount/usr", "Notes.AppImage", "mount/usr");
    row("file is gone", "mount", "Gone.AppImage", "mount");
    row("nowhere", "elsewhere", "Notes.AppImage", "");
}

void TestInstallation::appImageFindsItself()
{
    QFETCH(QString, described);
    QFETCH(QString, file);
    QFETCH(QString, found);
    const fs::path program = m_fixture->path("mount/usr/bin/notes");
    fs::create_directories(program.parent_path());
    writeText(program, "program", 0755);
    writeText(m_fixture->path("Notes.AppImage"), "image", 0755);
    const fs::path folder = m_fixture->path(described.toStdString());
    fs::create_directories(folder);
    writeText(folder / "freshen.json", "{}");
    const auto unset = qScopeGuard([] {
        qunsetenv("APPIMAGE");
        qunsetenv("APPDIR");
    });
    qputenv("APPIMAGE", m_fixture->path(file.toStdString()).native().c_str());
    qputenv("APPDIR", m_fixture->path("mount").native().c_str());
    QCOMPARE(Installation::findAround(toQString(program)),
             found.isEmpty() ? QString() : toQString(m_fixture->path(found.toStdString())));
}

QTEST_GUILESS_MAIN(TestInstallation)
#include "tst_installation.moc"
