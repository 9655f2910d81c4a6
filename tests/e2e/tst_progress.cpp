// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What `freshen update` shows while it works, and how fast it may be.

#include "tests/support/workshop.h"

#include <QDir>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestProgress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void plainLinesElsewhere();
    void aBarOnATerminal();
    void limitsTheRate();
    void refusesOtherRates_data();
    void refusesOtherRates();

private:
    QStringList update(const QStringList &options = {}) const
    {
        return QStringList{u"update"_s, u"--app"_s, m_shop->app()} + options;
    }

    std::unique_ptr<Workshop> m_shop;
};

// The package takes about four seconds at the rate that the tests allow.
void TestProgress::initTestCase()
{
    QByteArray payload(4 << 20, '\0');
    QRandomGenerator(1).fillRange(reinterpret_cast<quint32 *>(payload.data()), payload.size() / 4);
    m_shop = std::make_unique<Workshop>();
    m_shop->release(u"1.0"_s);
    m_shop->release(u"2.0"_s, {}, {{u"payload"_s, payload}});
}

void TestProgress::init()
{
    QDir(m_shop->path(u"apps"_s)).removeRecursively();
    m_shop->install(u"1.0"_s);
}

void TestProgress::plainLinesElsewhere()
{
    const Outcome updated = m_shop->run(u"freshen"_s, update());
    QCOMPARE(updated.status, 0);
    QCOMPARE(QString::fromUtf8(updated.errors),
             u"Checking …\nDownloading …\nUnpacking …\nInstalling …\n"_s);
}

void TestProgress::aBarOnATerminal()
{
    if (QStandardPaths::findExecutable(u"script"_s).isEmpty())
        QSKIP("The script command is not installed.");
    const QStringList words = QStringList{QStringLiteral(FRESHEN_BUILD_BIN "/freshen")}
        + update({u"--limit-rate"_s, u"1M"_s});
    const Outcome updated = m_shop->run(u"script"_s, {u"-qec"_s, words.join(u' '), u"/dev/null"_s});
    QCOMPARE(updated.status, 0);
    const QStringList drawn = QString::fromUtf8(updated.output).split(u"\r\033[K"_s);
    QVERIFY2(drawn.size() > 10, updated.output);
    const QStringList rates = drawn.filter(QRegularExpression(
        u"^Downloading \\[#+ +\\] [0-9.]+ MiB of \\d\\.\\d+ MiB, [0-9.]+ [kKM]iB/s, 0:0[0-9] left$"_s));
    QVERIFY2(rates.size() > 5, updated.output);
    QVERIFY(drawn.last().startsWith(u"Updated from 1.0 to 2.0"_s));
}

void TestProgress::limitsTheRate()
{
    QElapsedTimer timer;
    timer.start();
    const Outcome updated = m_shop->run(u"freshen"_s, update({u"--limit-rate"_s, u"1m"_s}));
    QCOMPARE(updated.status, 0);
    QVERIFY2(timer.elapsed() > 2500, qPrintable(QString::number(timer.elapsed())));
}

void TestProgress::refusesOtherRates_data()
{
    QTest::addColumn<QString>("rate");
    for (const char *rate : {"", "0", "fast", "1G", "1.5M", "-1", "99999999999M"})
        QTest::newRow(rate) << QString::fromLatin1(rate);
}

void TestProgress::refusesOtherRates()
{
    QFETCH(QString, rate);
    const Outcome refused = m_shop->freshen(u"update"_s, {u"--limit-rate="_s + rate});
    QCOMPARE(refused.status, 2);
    QCOMPARE(refused.errorCode(), u"USAGE"_s);
    QCOMPARE(m_shop->runningVersion(), u"1.0"_s);
}

QTEST_GUILESS_MAIN(TestProgress)
#include "tst_progress.moc"
