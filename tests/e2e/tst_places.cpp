// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Where an app may lie that its own user updates, and what is said, before the package is fetched,
// where it cannot be.

#include "tests/support/workshop.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QScopeGuard>
#include <QTest>

#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestPlaces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_shop.reset(); }
    void acc075_placeThatCannotBeChanged_data();
    void acc075_placeThatCannotBeChanged();
    void acc075_link_data();
    void acc075_link();
    void acc076_immutableFile();

private:
    bool shell(QString command);

    std::unique_ptr<Workshop> m_shop;
};

void TestPlaces::init()
{
    m_shop = std::make_unique<Workshop>();
    m_shop->release(u"1.0"_s);
    m_shop->install(u"1.0"_s);
    m_shop->release(u"2.0"_s);
}

bool TestPlaces::shell(QString command)
{
    command.replace(u"PARENT"_s, m_shop->path(u"apps"_s)).replace(u"APP"_s, m_shop->app());
    command.replace(u"COPY"_s, m_shop->path(u"copy"_s));
    return m_shop->run(u"sh"_s, {u"-c"_s, command}).status == 0;
}

void TestPlaces::acc075_placeThatCannotBeChanged_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("undo");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    const QString unmount = u"umount APP || umount PARENT"_s;
    QTest::newRow("another device than its parent")
        << u"cp -a APP COPY && mount -t tmpfs tmpfs APP && cp -a COPY/. APP"_s << unmount
        << u"NO_EXCHANGE"_s << u"is a mount point"_s;
    QTest::newRow("mounted twice") << u"cp -a APP COPY && mount --bind COPY APP"_s << unmount
                                   << u"NO_EXCHANGE"_s << u"is a mount point"_s;
    QTest::newRow("on a read-only file system")
        << u"mount --bind PARENT PARENT && mount -o remount,bind,ro PARENT"_s << unmount
        << u"managed"_s << QString();
    QTest::newRow("immutable") << u"chattr +i APP"_s << u"chattr -i APP"_s << u"NEEDS_RIGHTS"_s
                               << u"it is immutable"_s;
    QTest::newRow("its parent is immutable") << u"chattr +i PARENT"_s << u"chattr -i PARENT"_s
                                             << u"NEEDS_RIGHTS"_s << u"it is immutable"_s;
}

void TestPlaces::acc075_placeThatCannotBeChanged()
{
    QFETCH(QString, change);
    QFETCH(QString, undo);
    QFETCH(QString, code);
    QFETCH(QString, words);
    if (!shell(change))
        QSKIP("An administrator's rights are needed, and a file system that knows chattr.");
    const auto restore = qScopeGuard([&] { shell(undo); });
    // Whoever asked for it would have failed.
    QVERIFY(QFile::remove(m_shop->host() + u'/' + m_shop->packageName(u"2.0"_s)));
    const Outcome updated = m_shop->freshen(u"update"_s);
    const QString reason = updated.errorCode() + updated.json[u"reason"_s].toString();
    QVERIFY2(reason == code, updated.output);
    QVERIFY2(updated.errorMessage().contains(words), updated.output);
    QVERIFY(!QFileInfo::exists(m_shop->downloads()));
    QCOMPARE(m_shop->runningVersion(), u"1.0"_s);
    QCOMPARE(m_shop->freshen(u"verify"_s).status, 0);
}

void TestPlaces::acc075_link_data()
{
    QTest::addColumn<bool>("isAbsolute");
    QTest::newRow("absolute") << true;
    QTest::newRow("relative") << false;
}

// It stays a link; the folder behind it has the new version.
void TestPlaces::acc075_link()
{
    QFETCH(bool, isAbsolute);
    const QString link = m_shop->path(u"link"_s);
    const QString target = isAbsolute ? m_shop->app() : u"apps/sample"_s;
    QCOMPARE(::symlink(qPrintable(target), qPrintable(link)), 0);
    for (const QString &command : {u"update"_s, u"rollback"_s}) {
        const Outcome done = m_shop->run(u"freshen"_s, {command, u"--app"_s, link, u"--json"_s});
        QVERIFY2(done.status == 0, done.output);
        QCOMPARE(m_shop->runningVersion(), command == u"update"_s ? u"2.0"_s : u"1.0"_s);
        QVERIFY(QFileInfo(link).isSymLink());
        QCOMPARE(m_shop->leftovers(), QStringList());
    }
    QVERIFY(!QFileInfo::exists(m_shop->path(u".link.freshen"_s)));
}

// The old tree is moved as a whole; what cannot be removed of it stays, and the app is whole.
void TestPlaces::acc076_immutableFile()
{
    const auto release = qScopeGuard([this] { shell(u"chattr -R -i PARENT"_s); });
    if (!shell(u"chattr +i APP/version"_s))
        QSKIP("An administrator's rights are needed, and a file system that knows chattr.");
    const Outcome updated = m_shop->freshen(u"update"_s);
    const QString version = m_shop->runningVersion();
    QVERIFY2(version == (updated.status == 0 ? u"2.0"_s : u"1.0"_s), updated.output);
    QCOMPARE(m_shop->freshen(u"verify"_s).status, 0);
    // The next one has to remove it.
    m_shop->release(u"3.0"_s);
    (void)m_shop->freshen(u"update"_s);
    QVERIFY((QStringList{u"2.0"_s, u"3.0"_s}).contains(m_shop->runningVersion()));
    QCOMPARE(m_shop->freshen(u"verify"_s).status, 0);
    QVERIFY(shell(u"chattr -R -i PARENT"_s));
    (void)m_shop->freshen(u"recover"_s);
    (void)m_shop->freshen(u"update"_s);
    QCOMPARE(m_shop->runningVersion(), u"3.0"_s);
    QCOMPARE(m_shop->leftovers(), QStringList());
}

QTEST_GUILESS_MAIN(TestPlaces)
#include "tst_places.moc"
