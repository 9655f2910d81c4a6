// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/workshop.h"

#include "lib/common/convert.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTest>

#include <filesystem>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

void write(const QString &name, const QByteArray &content)
{
    QFile file(name);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("%s cannot be written.", qPrintable(name));
}

QByteArray read(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

// Files that were damaged come back as they were published.
class TestRepair : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void restoresWhatIsDamaged_data();
    void restoresWhatIsDamaged();
    void keepsWhatTheUserEdited();
    void keepsThePreviousVersion();
    void newerReleasesDoNotCount();
    void otherChannel();
    void nothingToRepair();
    void acc080_appThatRuns();
    void goneFromTheFeed();

private:
    QString file(const QString &name) const { return m_shop->app() + u'/' + name; }
    void compareIntact(const QString &version) const;

    std::unique_ptr<Workshop> m_shop;
};

void TestRepair::init()
{
    m_shop = std::make_unique<Workshop>();
    m_shop->release(u"1.0"_s, {}, {{u"lib/f1"_s, "content"}, {u"lib/f2"_s, "more"}});
    m_shop->install(u"1.0"_s);
}

void TestRepair::compareIntact(const QString &version) const
{
    const Outcome verified = m_shop->freshen(u"verify"_s);
    QVERIFY2(verified.status == 0, verified.output);
    QCOMPARE(m_shop->runningVersion(), version);
    QCOMPARE(m_shop->leftovers(), QStringList());
}

void TestRepair::restoresWhatIsDamaged_data()
{
    QTest::addColumn<QString>("damaged");
    QTest::addColumn<QString>("how");
    QTest::newRow("content") << u"lib/f1"_s << u"content"_s;
    QTest::newRow("missing") << u"lib/f1"_s << u"missing"_s;
    QTest::newRow("mode") << u"bin/sample"_s << u"mode"_s;
    QTest::newRow("folder instead") << u"lib/f1"_s << u"folder"_s;
    QTest::newRow("whole folder") << u"lib"_s << u"missing"_s;
    QTest::newRow("manifest") << u"freshen.manifest"_s << u"content"_s;
    QTest::newRow("manifest missing") << u"freshen.manifest"_s << u"missing"_s;
}

void TestRepair::restoresWhatIsDamaged()
{
    QFETCH(QString, damaged);
    QFETCH(QString, how);
    write(file(u"mine.txt"_s), "mine");
    const auto path = toPath(file(damaged));
    if (how == u"content"_s)
        write(file(damaged), "rubbish");
    else if (how == u"mode"_s)
        std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    else
        std::filesystem::remove_all(path);
    if (how == u"folder"_s)
        QDir().mkpath(file(damaged) + u"/inside"_s);
    QVERIFY(m_shop->freshen(u"verify"_s).status != 0);
    const Outcome repaired = m_shop->freshen(u"repair"_s);
    QVERIFY2(repaired.status == 0, repaired.output);
    QCOMPARE(repaired.json[u"result"_s].toString(), u"repaired"_s);
    QVERIFY(repaired.json[u"files"_s].toArray().contains(damaged));
    compareIntact(u"1.0"_s);
    // Where nobody knows what was shipped, nothing can be said to be the user's; all is kept.
    const bool isKnown = !damaged.startsWith(u"freshen.manifest"_s);
    QCOMPARE(read(isKnown ? file(u"mine.txt"_s)
                          : m_shop->control() + u"/kept/without-manifest/mine.txt"_s),
             "mine");
    const Outcome status = m_shop->freshen(u"status"_s);
    QCOMPARE(status.json[u"last"_s][u"result"_s].toString(), u"repaired"_s);
    QVERIFY(status.json[u"previous"_s].isNull());
}

void TestRepair::keepsWhatTheUserEdited()
{
    write(file(u"lib/f1"_s), "edited by the user");
    const Outcome repaired = m_shop->freshen(u"repair"_s);
    QCOMPARE(repaired.status, 0);
    QCOMPARE(repaired.json[u"kept"_s].toArray(), QJsonArray{u"lib/f1"_s});
    QCOMPARE(read(m_shop->control() + u"/kept/1.0/lib/f1"_s), "edited by the user");
    compareIntact(u"1.0"_s);
}

void TestRepair::keepsThePreviousVersion()
{
    m_shop->release(u"2.0"_s, {}, {{u"lib/f1"_s, "content of 2.0"}});
    QCOMPARE(m_shop->freshen(u"update"_s).status, 0);
    write(file(u"lib/f1"_s), "rubbish");
    QCOMPARE(m_shop->freshen(u"repair"_s).status, 0);
    compareIntact(u"2.0"_s);
    QCOMPARE(m_shop->freshen(u"rollback"_s).status, 0);
    compareIntact(u"1.0"_s);
}

void TestRepair::newerReleasesDoNotCount()
{
    m_shop->release(u"2.0"_s);
    write(file(u"lib/f1"_s), "rubbish");
    QCOMPARE(m_shop->freshen(u"repair"_s).status, 0);
    compareIntact(u"1.0"_s);
}

// The one that is installed is repaired, whether or not the person follows its channel.
void TestRepair::otherChannel()
{
    m_shop->packOptions = {u"--channel"_s, u"beta"_s};
    m_shop->release(u"2.0"_s, {}, {{u"lib/f1"_s, "content of 2.0"}});
    QCOMPARE(m_shop->freshen(u"update"_s, {u"--channel"_s, u"beta"_s}).status, 0);
    write(file(u"lib/f1"_s), "rubbish");
    const Outcome repaired = m_shop->freshen(u"repair"_s);
    QVERIFY2(repaired.status == 0, repaired.output);
    compareIntact(u"2.0"_s);
}

void TestRepair::nothingToRepair()
{
    const Outcome repaired = m_shop->freshen(u"repair"_s);
    QCOMPARE(repaired.status, 3);
    QCOMPARE(repaired.json[u"result"_s].toString(), u"intact"_s);
}

void TestRepair::acc080_appThatRuns()
{
    const auto app = m_shop->startApp();
    write(file(u"lib/f1"_s), "rubbish");
    const Outcome repaired = m_shop->freshen(u"repair"_s);
    QCOMPARE(repaired.status, 5);
    QCOMPARE(repaired.errorCode(), u"APP_RUNNING"_s);
    QCOMPARE(read(file(u"lib/f1"_s)), "rubbish");
    m_shop->endApp();
    app->waitForFinished();
    QCOMPARE(m_shop->freshen(u"repair"_s).status, 0);
    compareIntact(u"1.0"_s);
}

void TestRepair::goneFromTheFeed()
{
    m_shop->release(u"2.0"_s);
    m_shop->editFeed([](Appcast &feed) {
        feed.items.removeIf([](const AppcastItem &item) { return item.version == u"1.0"_s; });
    });
    write(file(u"lib/f1"_s), "rubbish");
    const Outcome repaired = m_shop->freshen(u"repair"_s);
    QCOMPARE(repaired.status, 1);
    QCOMPARE(repaired.errorCode(), u"NO_USABLE_ITEM"_s);
    QVERIFY(repaired.errorMessage().contains(u"freshen update"_s));
}

QTEST_GUILESS_MAIN(TestRepair)
#include "tst_repair.moc"
