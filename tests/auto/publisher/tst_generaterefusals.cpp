// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What a publisher is kept from publishing.

#include "tests/auto/publisher/publishing.h"
#include "tests/support/resultcheck.h"

#include "lib/common/convert.h"
#include "lib/feed/feedsignature.h"
#include "updater-helper/trust/digest.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestGenerateRefusals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void acc100_previousOfAnotherKey();
    void acc100_wrongKey();
    void acc101_changedPackage();
    void acc101_publishedPackageChanged();
    void acc101_sameVersionTwice();
    void acc101_manifestMissing();
    void acc099_keyInTheFolder();
    void acc106_archiveThatClientsRefuse_data();
    void acc106_archiveThatClientsRefuse();
    void wrongChannel();
    void otherProduct();
    void emptyFolder();
    void acc101_missingPackageIsWarnedOf();
    void existingFeedIsBroken();

private:
    QString packagePath(const QString &version) const
    {
        return m_site->folder() + u"/notes-%1-linux-x86_64.tar.zst"_s.arg(version);
    }

    std::unique_ptr<Site> m_site;
};

void TestGenerateRefusals::init()
{
    m_site = std::make_unique<Site>();
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
}

// Somebody else's feed must not get our signature.
void TestGenerateRefusals::acc100_previousOfAnotherKey()
{
    QCOMPARE(m_site->generate().status, 0);
    const QString previous = m_site->path(u"previous.xml"_s);
    writeTextFile(previous, signFeed(readWholeFile(m_site->feed()), testKey('b')));
    QFile::remove(m_site->feed());
    const Finished answer = m_site->generate({u"--previous"_s, previous});
    QCOMPARE(answer.status, 4);
    QVERIFY(!QFileInfo::exists(m_site->feed()));
}

void TestGenerateRefusals::acc100_wrongKey()
{
    QCOMPARE(m_site->generate().status, 0);
    const QByteArray before = readWholeFile(m_site->feed());
    writeTextFile(m_site->keyFile(), QByteArray::fromStdString(testKey('b').toText()), 0600);
    QCOMPARE(m_site->pack(u"2.0"_s).status, 0);
    const Finished answer = m_site->generate();
    QCOMPARE(answer.status, 4);
    QCOMPARE(answer.errorCode(), u"SIGNATURE"_s);
    QCOMPARE(readWholeFile(m_site->feed()), before);
}

void TestGenerateRefusals::acc101_changedPackage()
{
    // One byte of a file's content, in an archive that still opens.
    QCOMPARE(m_site->pack(u"2.0"_s, {}, u".zip"_s).status, 0);
    const QString path = m_site->folder() + u"/notes-2.0-linux-x86_64.zip"_s;
    const QString tampered = m_site->path(u"tampered"_s);
    QCOMPARE(runProgram(u"sh"_s,
                        {u"-c"_s,
                         u"mkdir \"$0\" && cd \"$0\" && unzip -q \"$1\" && "
                         "echo evil >> bin/app && rm \"$1\" && "
                         "zip -qyr \"$1\" freshen.manifest "
                         "freshen.manifest.minisig . "_s,
                         tampered, path})
                 .status,
             0);
    const Finished answer = m_site->generate();
    QCOMPARE(answer.status, 4);
    QVERIFY(!QFileInfo::exists(m_site->feed()));
    // Another manifest beside it.
    QCOMPARE(m_site->pack(u"2.0"_s, {}, u".zip"_s).status, 0);
    QFile::remove(path);
    QVERIFY(QFile::copy(packagePath(u"1.0"_s),
                        m_site->folder() + u"/notes-2.0-linux-x86_64.tar.zst"_s));
    QCOMPARE(m_site->generate().errorCode(), u"MANIFEST"_s);
}

void TestGenerateRefusals::acc101_publishedPackageChanged()
{
    QCOMPARE(m_site->generate().status, 0);
    const QByteArray before = readWholeFile(m_site->feed());
    writeTextFile(m_site->path(u"tree/share/more"_s), "more");
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
    const Finished answer = m_site->generate();
    QCOMPARE(answer.status, 4);
    QCOMPARE(answer.errorCode(), u"HASH"_s);
    QCOMPARE(readWholeFile(m_site->feed()), before);
}

void TestGenerateRefusals::acc101_sameVersionTwice()
{
    QCOMPARE(m_site->pack(u"1.0"_s, {}, u".zip"_s).status, 0);
    const Finished answer = m_site->generate();
    QCOMPARE(answer.status, 1);
    QCOMPARE(answer.errorCode(), u"CONFIG"_s);
    QVERIFY(!QFileInfo::exists(m_site->feed()));
}

void TestGenerateRefusals::acc101_manifestMissing()
{
    QFile::remove(m_site->folder() + u"/notes-1.0-linux-x86_64.manifest.minisig"_s);
    QCOMPARE(m_site->generate().errorCode(), u"MANIFEST"_s);
    QVERIFY(!QFileInfo::exists(m_site->feed()));
}

void TestGenerateRefusals::acc099_keyInTheFolder()
{
    QVERIFY(QFile::copy(m_site->keyFile(), m_site->folder() + u"/.hidden"_s));
    const Finished answer = m_site->generate();
    QCOMPARE(answer.status, 4);
    QCOMPARE(answer.errorCode(), u"SECRET"_s);
    QVERIFY(!QFileInfo::exists(m_site->feed()));
}

// Packages that another tool made, with a manifest that is well signed.
void TestGenerateRefusals::acc106_archiveThatClientsRefuse_data()
{
    QTest::addColumn<QString>("script"); // in the unpacked folder; writes OUT.tar
    QTest::newRow("name that leads out")
        << u"tar -cf \"$1\" freshen.manifest* * --transform 's,^share/nothing$,../evil,'"_s;
    QTest::newRow("hard link")
        << u"ln -f share/nothing share/twin; tar -cf \"$1\" freshen.manifest* *"_s;
    QTest::newRow("entry twice")
        << u"tar -cf \"$1\" freshen.manifest* * && tar -rf \"$1\" bin/app"_s;
    QTest::newRow("pipe") << u"mkfifo pipe; tar -cf \"$1\" freshen.manifest* *"_s;
    QTest::newRow("file that nobody listed")
        << u"echo x > more; tar -cf \"$1\" freshen.manifest* *"_s;
}

void TestGenerateRefusals::acc106_archiveThatClientsRefuse()
{
    QFETCH(QString, script);
    const QString package = packagePath(u"1.0"_s);
    const QString folder = m_site->path(u"unpacked"_s);
    const Finished made = runProgram(
        u"sh"_s,
        {u"-c"_s,
         u"set -e; mkdir \"$0\"; cd \"$0\"; zstd -qdc \"$2\" | tar -x; "_s + script
             + u"; zstd -qf \"$1\" -o \"$2\""_s,
         folder, m_site->path(u"made.tar"_s), package});
    QVERIFY2(made.status == 0, made.err.constData());
    const Finished answer = m_site->generate();
    QCOMPARE(answer.status, 4);
    QVERIFY2(answer.out.contains("Clients would refuse"), answer.out.constData());
    QVERIFY(!QFileInfo::exists(m_site->feed()));
}

void TestGenerateRefusals::wrongChannel()
{
    const Finished answer = m_site->generate({u"--channel"_s, u"beta"_s});
    QCOMPARE(answer.status, 4);
    QCOMPARE(answer.errorCode(), u"WRONG_CHANNEL"_s);
}

void TestGenerateRefusals::otherProduct()
{
    QCOMPARE(m_site->pack(u"2.0"_s, {u"--product"_s, u"org.example.other"_s}).status, 0);
    QCOMPARE(m_site->generate().errorCode(), u"WRONG_PRODUCT"_s);
}

void TestGenerateRefusals::emptyFolder()
{
    QDir().mkpath(m_site->path(u"empty"_s));
    const auto generate = [&](const QString &folder) {
        return appcastTool({u"generate"_s, u"--json"_s, u"--key"_s, m_site->keyFile(),
                            u"--base-url"_s, u"https://example.org/"_s, folder})
            .errorCode();
    };
    QCOMPARE(generate(m_site->path(u"empty"_s)), u"CONFIG"_s);
    QCOMPARE(generate(m_site->path(u"none"_s)), u"IO"_s);
}

void TestGenerateRefusals::acc101_missingPackageIsWarnedOf()
{
    QCOMPARE(m_site->generate().status, 0);
    QFile::remove(packagePath(u"1.0"_s));
    QCOMPARE(m_site->pack(u"2.0"_s).status, 0);
    const Finished answer = m_site->generate();
    QCOMPARE(answer.status, 0);
    const QJsonArray warnings = answer.json().value(u"warnings"_s).toArray();
    QCOMPARE(warnings.size(), 1);
    QVERIFY(warnings[0].toString().contains(u"notes-1.0-linux-x86_64.tar.zst"_s));
}

void TestGenerateRefusals::existingFeedIsBroken()
{
    for (const char *feed : {"<html></html>", "<rss><channel></rss>", "",
                             "<!DOCTYPE rss><rss><channel/></rss>", "<rss/>"}) {
        writeTextFile(m_site->feed(), feed);
        const Finished answer = m_site->generate();
        QVERIFY2(answer.status == 1 || answer.status == 4, answer.out.constData());
        QCOMPARE(readWholeFile(m_site->feed()), feed);
    }
}

QTEST_GUILESS_MAIN(TestGenerateRefusals)
#include "tst_generaterefusals.moc"
