// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// An update whose program is killed while it downloads, again and again, and that arrives all the
// same with next to nothing fetched twice. FRESHEN_SEED repeats what a run has printed.

#include "tests/support/samplebytes.h"
#include "tests/support/waituntil.h"
#include "tests/support/workshop.h"

#include <Freshen/FaultServer>

#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype contentSize = 100'000'000;
constexpr int kills = 20;
constexpr qint64 rate = 7'000'000; // bytes a second, of each connection

quint32 seed()
{
    bool isGiven = false;
    const quint32 given = qEnvironmentVariable("FRESHEN_SEED").toUInt(&isGiven);
    return isGiven ? given : QRandomGenerator::global()->generate();
}

} // namespace

class TestKilledDownload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void killedTwentyTimes();

private:
    void publish();
    void serveSlowly();
    std::unique_ptr<QProcess> startUpdate();
    qint64 sent() const { return m_server.bytesSent(m_package); }

    Workshop m_shop;
    FaultServer m_server;
    QString m_package; // its path on the server
    qint64 m_length = 0;
};

void TestKilledDownload::initTestCase()
{
    m_shop.release(u"1.0"_s);
    m_shop.install(u"1.0"_s);
    m_shop.release(u"2.0"_s, {}, {{u"data"_s, randomBytes(contentSize)}});
    publish();
    serveSlowly();
}

// The workshop's own web host cannot tell how much of a file it has sent.
void TestKilledDownload::publish()
{
    const auto here = [this](const QUrl &url) { return m_server.url(u'/' + url.fileName()); };
    m_shop.editFeed([&](Appcast &feed) {
        for (AppcastItem &item : feed.items) {
            item.enclosure->url = here(item.enclosure->url);
            item.manifest->url = here(item.manifest->url);
        }
        m_package = feed.items.first().enclosure->url.path();
        m_length = feed.items.first().enclosure->length;
    });
    m_server.serveFolder(m_shop.host());
}

// So that hardly anything is on its way when the program is killed: the system takes from a server
// what nobody may ever read.
void TestKilledDownload::serveSlowly()
{
    FaultAnswer slow;
    slow.bytesPerSecond = rate;
    m_server.serve(m_package, slow);
}

std::unique_ptr<QProcess> TestKilledDownload::startUpdate()
{
    return m_shop.start(u"freshen"_s,
                        {u"update"_s, u"--app"_s, m_shop.app(), u"--json"_s, u"--feed"_s,
                         m_server.url(u"/appcast.xml"_s).toString()});
}

void TestKilledDownload::killedTwentyTimes()
{
    const quint32 start = seed();
    qInfo("FRESHEN_SEED=%u", start);
    QRandomGenerator random(start);
    for (int left = kills; left > 0; --left) {
        const auto update = startUpdate();
        const qint64 share = std::max<qint64>(1, (m_length - sent()) / left);
        const qint64 moment = sent() + random.bounded(share) + 1;
        QVERIFY(waitUntil([&] {
            return sent() >= moment || update->state() == QProcess::NotRunning;
        }));
        QVERIFY2(update->state() == QProcess::Running, update->readAllStandardOutput());
        update->kill();
        QVERIFY(update->waitForFinished());
        QVERIFY(waitUntil([&] { return m_server.connections() == 0; }));
    }
    QCOMPARE(m_shop.runningVersion(), u"1.0"_s);
    qInfo("after %d kills: %.1f %% were sent", kills, 100.0 * double(sent()) / double(m_length));

    const auto update = startUpdate();
    QVERIFY(waitUntil([&] { return update->state() == QProcess::NotRunning; }));
    QVERIFY2(update->exitCode() == 0, update->readAllStandardOutput());
    QCOMPARE(m_shop.runningVersion(), u"2.0"_s);
    QCOMPARE(m_shop.freshen(u"verify"_s).status, 0);
    QCOMPARE(m_shop.leftovers(), QStringList());
    const double share = 100.0 * double(sent()) / double(m_length);
    qInfo("%lld bytes, %.3f %% of them were sent", m_length, share);
    QVERIFY2(share <= 102, QByteArray::number(share));
}

QTEST_GUILESS_MAIN(TestKilledDownload)
#include "tst_killeddownload.moc"
