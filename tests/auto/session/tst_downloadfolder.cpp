// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/downloadfolder.h"

#include "platform/file.h"
#include "tests/support/resultcheck.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <filesystem>
#include <memory>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

const QString product = u"org.example.notes"_s;

AppcastItem itemWith(const QString &sha256, const QString &signature,
                     const QString &name = u"notes-2.0.tar.zst"_s)
{
    AppcastItem item;
    item.enclosure.emplace();
    item.enclosure->url = QUrl(u"https://example.org/"_s + name);
    item.enclosure->sha256 = sha256;
    item.enclosure->edSignature = signature;
    return item;
}

const AppcastItem item = itemWith(QString(64, u'a'), u"c2lnbmF0dXJl"_s);

} // namespace

class TestDownloadFolder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void fileIsNamedByItsContent();
    void holdsOneDownload();
    void madeForTheUserAlone();
    void cannotBeMade();
    void occupied();
    void removed();
    void forgotten_data();
    void forgotten();
    void forgottenOfOthers();
    void nothingToForget();

private:
    DownloadFolder folder() const { return DownloadFolder(product); }
    QString file() const { return folder().file(item); }
    QString write(const QString &path, const QByteArray &content = "x") const;
    static void age(const QString &path, double days);
    QStringList entries() const;

    std::unique_ptr<QTemporaryDir> m_home;
};

void TestDownloadFolder::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    qputenv("XDG_CACHE_HOME", QFile::encodeName(m_home->path()));
}

QString TestDownloadFolder::write(const QString &path, const QByteArray &content) const
{
    QDir().mkpath(QFileInfo(path).path());
    QFile out(path);
    if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size())
        qFatal("Cannot write %s", qPrintable(path));
    return path;
}

void TestDownloadFolder::age(const QString &path, double days)
{
    const auto time = std::chrono::seconds(std::llround(days * 86400));
    const auto now = std::filesystem::file_time_type::clock::now();
    std::filesystem::last_write_time(path.toStdString(), now - time);
}

QStringList TestDownloadFolder::entries() const
{
    return QDir(folder().path())
        .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
}

void TestDownloadFolder::fileIsNamedByItsContent()
{
    const QString place = m_home->filePath(u"freshen/downloads/org.example.notes"_s);
    QCOMPARE(folder().path(), place);
    QCOMPARE(file(), place + u'/' + QString(64, u'a') + u".tar.zst"_s);
    QCOMPARE(folder().file(itemWith(QString(64, u'a'), {}, u"renamed.zip"_s)),
             place + u'/' + QString(64, u'a') + u".zip"_s);
    // A plain package may have nothing but its signature.
    const QString plain = folder().file(itemWith({}, u"c2lnbmF0dXJl"_s));
    QCOMPARE(QFileInfo(plain).fileName().size(), 64 + 8);
    QCOMPARE(folder().file(itemWith({}, u"c2lnbmF0dXJl"_s)), plain);
    QVERIFY(folder().file(itemWith({}, u"b3RoZXI="_s)) != plain);
}

void TestDownloadFolder::holdsOneDownload()
{
    const QStringList own{file(), file() + u".part"_s, file() + u".record"_s};
    for (const QString &path : own)
        write(path);
    const QString other = folder().path() + u'/' + QString(64, u'b') + u".tar.zst"_s;
    const QString outside = write(m_home->filePath(u"outside"_s));
    for (const QString &path : {other, other + u".part"_s, folder().path() + u"/.hidden"_s,
                                folder().path() + u"/sub/file"_s, file() + u"x"_s})
        write(path);
    QVERIFY(QFile::link(outside, folder().path() + u"/link"_s));
    QVERIFY(QFile::link(u"/nowhere"_s, folder().path() + u"/broken"_s));
    VERIFY_RESULT(folder().keepOnly(file()));
    QStringList names;
    for (const QString &path : own)
        names += QFileInfo(path).fileName();
    QCOMPARE(entries(), names);
    QVERIFY(QFile::exists(outside));
    VERIFY_RESULT(folder().keepOnly(other));
    QCOMPARE(entries(), QStringList());
}

void TestDownloadFolder::madeForTheUserAlone()
{
    VERIFY_RESULT(folder().keepOnly(file()));
    QCOMPARE(QFileInfo(folder().path()).permissions() & 0x77, QFile::Permissions());
    QCOMPARE(folder().occupied(file()), quint64(0));
}

void TestDownloadFolder::cannotBeMade()
{
    write(m_home->filePath(u"freshen"_s));
    QVERIFY(!folder().keepOnly(file()));
}

// What is reserved counts as there, what is only announced does not.
void TestDownloadFolder::occupied()
{
    QCOMPARE(folder().occupied(file()), quint64(0));
    QFile part(write(file() + u".part"_s, {}));
    QVERIFY(part.open(QIODevice::ReadWrite) && part.resize(64 << 20));
    QVERIFY(folder().occupied(file()) < 1 << 20);
    QVERIFY(part.write(QByteArray(4 << 20, 'x')) == 4 << 20 && part.flush());
    const quint64 partial = folder().occupied(file());
    QVERIFY2(partial >= 4 << 20 && partial < 5 << 20, qPrintable(QString::number(partial)));
    write(folder().path() + u"/other"_s, QByteArray(8 << 20, 'x'));
    QCOMPARE(folder().occupied(file()), partial);
    write(file(), QByteArray(2 << 20, 'x'));
    QVERIFY(folder().occupied(file()) >= partial + (2 << 20));
}

void TestDownloadFolder::removed()
{
    VERIFY_RESULT(folder().remove());
    write(file() + u".part"_s);
    VERIFY_RESULT(folder().remove());
    QVERIFY(!QFile::exists(folder().path()));
}

void TestDownloadFolder::forgotten_data()
{
    QTest::addColumn<double>("part"); // days since it was written to
    QTest::addColumn<double>("record");
    QTest::addColumn<double>("folder");
    QTest::addColumn<bool>("isForgotten");
    QTest::newRow("just now") << 0.0 << 0.0 << 0.0 << false;
    QTest::newRow("two weeks") << 14.01 << 14.01 << 14.01 << true;
    QTest::newRow("nearly") << 13.99 << 13.99 << 13.99 << false;
    QTest::newRow("a byte came later") << 2.0 << 15.0 << 15.0 << false;
    QTest::newRow("tried in vain later") << 15.0 << 2.0 << 15.0 << false;
    QTest::newRow("a file went later") << 15.0 << 15.0 << 2.0 << false;
    QTest::newRow("wrong clock") << -400.0 << -400.0 << -400.0 << false;
}

void TestDownloadFolder::forgotten()
{
    QFETCH(double, part);
    QFETCH(double, record);
    QFETCH(double, folder);
    QFETCH(bool, isForgotten);
    age(write(file() + u".part"_s), part);
    age(write(file() + u".record"_s), record);
    age(this->folder().path(), folder);
    DownloadFolder::removeForgotten();
    QCOMPARE(!QFile::exists(this->folder().path()), isForgotten);
}

void TestDownloadFolder::forgottenOfOthers()
{
    const QString other = DownloadFolder(u"org.example.other"_s).path();
    age(write(other + u"/x.part"_s), 20);
    age(other, 20);
    const QString beside = write(m_home->filePath(u"freshen/state"_s));
    age(beside, 400);
    write(file());
    DownloadFolder::removeForgotten();
    QVERIFY(!QFile::exists(other));
    QVERIFY(QFile::exists(file()));
    QVERIFY(QFile::exists(beside));
}

void TestDownloadFolder::nothingToForget()
{
    DownloadFolder::removeForgotten();
    QVERIFY(QDir(m_home->path()).isEmpty());
}

QTEST_GUILESS_MAIN(TestDownloadFolder)
#include "tst_downloadfolder.moc"
