// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Releases of an app that is a single file.

#include "tests/auto/publisher/publishing.h"

#include "lib/common/convert.h"
#include "lib/package/packagereader.h"
#include "updater-helper/trust/treecheck.h"

#include "tests/support/resultcheck.h"
#include "tests/support/samplebytes.h"

#include <QDir>
#include <QFileInfo>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestPackSingleFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void packageOfOneFile_data();
    void packageOfOneFile();
    void sameInputSameBytes();
    void executableIsTheFile_data();
    void executableIsTheFile();
    void throughALink();
    void refused_data();
    void refused();
    void folderNeedsAnExecutable();
    void isPublishedAsAnyOther();

private:
    QString file() const { return m_site->path(u"tool-2.0.AppImage"_s); }
    QString package(const QString &ending = u".tar.gz"_s) const
    {
        return m_site->folder() + u"/tool-2.0-linux-x86_64"_s + ending;
    }
    Finished pack(const QStringList &options, const QString &tree, const QString &target) const;
    Trust::Manifest manifest() const;
    // Paths with modes.
    static QString listingOf(const Trust::Manifest &manifest);

    std::unique_ptr<Site> m_site;
};

void TestPackSingleFile::init()
{
    m_site = std::make_unique<Site>();
    writeTextFile(file(), "#!/bin/sh\necho 2.0\n", 0755);
    writeTextFile(m_site->path(u"neighbour"_s), "not ours");
}

Finished TestPackSingleFile::pack(const QStringList &options, const QString &tree,
                                  const QString &target) const
{
    return appcastTool(QStringList{u"pack"_s, u"--json"_s, u"--product"_s, u"org.example.tool"_s,
                                   u"--version"_s, u"2.0"_s, u"--feed"_s,
                                   u"https://example.org/appcast.xml"_s, u"--key"_s,
                                   m_site->keyFile(), u"--os"_s, u"linux"_s, u"--arch"_s,
                                   u"x86_64"_s}
                       + options + QStringList{tree, target});
}

Trust::Manifest TestPackSingleFile::manifest() const
{
    const QByteArray text = readWholeFile(package(u".manifest"_s));
    const QByteArray signature = readWholeFile(package(u".manifest.minisig"_s));
    const auto manifest = Trust::verifiedManifest(toView(text), toView(signature),
                                                  {testKey().publicKey()});
    if (!manifest)
        qFatal("%s", manifest.error().message.c_str());
    return *manifest;
}

QString TestPackSingleFile::listingOf(const Trust::Manifest &manifest)
{
    QStringList lines;
    for (const Trust::ManifestEntry &entry : manifest.entries)
        lines += toQString(entry.path) + u' ' + QString::number(entry.mode, 8);
    return lines.join(u", "_s);
}

void TestPackSingleFile::packageOfOneFile_data()
{
    QTest::addColumn<QString>("ending");
    for (const char *ending : {".tar.zst", ".tar.xz", ".tar.gz", ".zip"})
        QTest::newRow(ending) << QString::fromLatin1(ending);
}

void TestPackSingleFile::packageOfOneFile()
{
    QFETCH(QString, ending);
    const Finished packed = pack({}, file(), package(ending));
    QVERIFY2(packed.status == 0, packed.out + packed.err);
    const Trust::Manifest listed = manifest();
    QCOMPARE(listingOf(listed), u"freshen.json 644, tool-2.0.AppImage 755"_s);
    QCOMPARE(listed.executable, "tool-2.0.AppImage");
    const QByteArray text = readWholeFile(package(u".manifest"_s));
    const QByteArray signature = readWholeFile(package(u".manifest.minisig"_s));
    const QString out = m_site->path(u"out"_s);
    VERIFY_RESULT(unpackPackage(package(ending), listed, toView(text), toView(signature), out));
    VERIFY_RESULT(Trust::requireTree(toPath(out), listed));
    QCOMPARE(QDir(out).entryList(QDir::Files, QDir::Name),
             QStringList({u"freshen.json"_s, u"freshen.manifest"_s, u"freshen.manifest.minisig"_s,
                          u"tool-2.0.AppImage"_s}));
    QCOMPARE(readWholeFile(out + u"/tool-2.0.AppImage"_s), readWholeFile(file()));
    const auto app = AppDescription::read(out);
    VERIFY_RESULT(app);
    QCOMPARE(app->executable, u"tool-2.0.AppImage"_s);
}

void TestPackSingleFile::sameInputSameBytes()
{
    QCOMPARE(pack({}, file(), package()).status, 0);
    const QByteArray first = readWholeFile(package());
    QCOMPARE(pack({}, file(), package()).status, 0);
    QCOMPARE(readWholeFile(package()), first);
}

void TestPackSingleFile::executableIsTheFile_data()
{
    QTest::addColumn<QString>("executable");
    QTest::addColumn<int>("status");
    QTest::newRow("said") << u"tool-2.0.AppImage"_s << 0;
    QTest::newRow("empty") << QString() << 0;
    QTest::newRow("another") << u"tool"_s << 1;
    QTest::newRow("its neighbour") << u"neighbour"_s << 1;
}

void TestPackSingleFile::executableIsTheFile()
{
    QFETCH(QString, executable);
    const Finished packed = pack({u"--executable"_s, executable}, file(), package());
    QTEST(packed.status, "status");
    if (packed.status == 0)
        return;
    QCOMPARE(packed.errorCode(), u"CONFIG"_s);
    QVERIFY2(packed.out.contains("tool-2.0.AppImage"), packed.out);
    QVERIFY(!QFileInfo::exists(package()));
}

// As elsewhere, what it leads to is packed, under its own name.
void TestPackSingleFile::throughALink()
{
    const QString link = m_site->path(u"latest"_s);
    QVERIFY(QFile::link(file(), link));
    const Finished packed = pack({}, link, package());
    QVERIFY2(packed.status == 0, packed.out + packed.err);
    QCOMPARE(listingOf(manifest()), u"freshen.json 644, tool-2.0.AppImage 755"_s);
}

void TestPackSingleFile::refused_data()
{
    QTest::addColumn<QString>("tree");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("code");
    const QString package = u"site/tool-2.0-linux-x86_64.tar.gz"_s;
    QTest::newRow("not executable") << u"plain"_s << package << u"CONFIG"_s;
    QTest::newRow("one of ours") << u"freshen.json"_s << package << u"CONFIG"_s;
    QTest::newRow("a device") << u"/dev/null"_s << package << u"IO"_s;
    QTest::newRow("missing") << u"none"_s << package << u"IO"_s;
    QTest::newRow("onto itself") << u"tool.tar.gz"_s << u"tool.tar.gz"_s << u"CONFIG"_s;
    QTest::newRow("a secret key") << u"secret"_s << package << u"SECRET"_s;
}

void TestPackSingleFile::refused()
{
    QFETCH(QString, tree);
    QFETCH(QString, target);
    QFETCH(QString, code);
    writeTextFile(m_site->path(u"plain"_s), "program");
    writeTextFile(m_site->path(u"freshen.json"_s), "{}", 0755);
    writeTextFile(m_site->path(u"tool.tar.gz"_s), "program", 0755);
    writeTextFile(m_site->path(u"secret"_s), readWholeFile(m_site->keyFile()), 0755);
    const QString place = QDir::isAbsolutePath(tree) ? tree : m_site->path(tree);
    const QByteArray before = contentOf(place);
    // A missing tree has no name that could be the executable's.
    QStringList options;
    if (!QFileInfo(place).isFile())
        options = {u"--executable"_s, u"tool"_s};
    const Finished packed = pack(options, place, m_site->path(target));
    QCOMPARE(packed.errorCode(), code);
    QCOMPARE(contentOf(place), before);
    if (place != m_site->path(target))
        QVERIFY(!QFileInfo::exists(m_site->path(target)));
}

void TestPackSingleFile::folderNeedsAnExecutable()
{
    const Finished packed = pack({}, m_site->path(u"tree"_s), package());
    QCOMPARE(packed.status, 2);
    QCOMPARE(packed.errorCode(), u"USAGE"_s);
    QVERIFY2(packed.out.contains("--executable is missing"), packed.out);
}

void TestPackSingleFile::isPublishedAsAnyOther()
{
    QCOMPARE(pack({}, file(), package()).status, 0);
    const Finished generated = m_site->generate();
    QVERIFY2(generated.status == 0, generated.out + generated.err);
    const Finished clean = m_site->lint();
    QVERIFY2(clean.status == 0, clean.out + clean.err);
    QVERIFY(readWholeFile(m_site->feed()).contains("tool-2.0-linux-x86_64.tar.gz"));
}

QTEST_GUILESS_MAIN(TestPackSingleFile)
#include "tst_packsinglefile.moc"
