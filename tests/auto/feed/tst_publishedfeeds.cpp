// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Feeds as others published them, good and broken: each leads to a decision on every system or to
// a clear error, quickly. FRESHEN_APPCASTS names the folder that they are in.

#include "lib/feed/selection.h"
#include "tests/auto/feed/feedtext.h"
#include "tests/support/peakmemory.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

using namespace Freshen;

namespace {

constexpr qint64 timeLimit = 200; // ms for reading and three decisions
constexpr qint64 memoryLimit = 50 << 20; // for all feeds together
constexpr std::array systems = {"macos"_L1, "windows"_L1, "linux"_L1};

using Counts = QMap<QString, int>;

void print(const char *title, const Counts &counts)
{
    for (auto count = counts.cbegin(); count != counts.cend(); ++count)
        qInfo("%s: %d %s", title, count.value(), qPrintable(count.key()));
}

QByteArray fileContent(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// What Qt's own parser says of a feed. Prefixes are not looked at: some feeds declare none.
struct Judgement {
    bool isWellFormed = true;
    bool hasDocumentType = false;
    bool hasChannel = false;

    explicit Judgement(const QByteArray &bytes)
    {
        QXmlStreamReader xml(bytes);
        xml.setNamespaceProcessing(false);
        QStringList path;
        while (!xml.atEnd()) {
            switch (xml.readNext()) {
            case QXmlStreamReader::DTD:
                hasDocumentType = true;
                break;
            case QXmlStreamReader::StartElement:
                path.append(xml.qualifiedName().toString());
                hasChannel |= path == QStringList({u"rss"_s, u"channel"_s});
                break;
            case QXmlStreamReader::EndElement:
                path.removeLast();
                break;
            default:
                break;
            }
        }
        isWellFormed = !xml.hasError();
    }
    bool isFeed() const { return isWellFormed && hasChannel && !hasDocumentType; }
    // A feed may have items and none that can be used.
    QStringList codes() const
    {
        if (isFeed())
            return {u"none"_s, u"NO_USABLE_ITEM"_s};
        return {u"FEED_PARSE"_s, u"FEED_FORBIDDEN_XML"_s};
    }
};

ClientConditions clientOn(QLatin1StringView os, const QString &installed)
{
    ClientConditions client;
    client.os = os;
    client.osVersion = os == "macos"_L1 ? u"14.2"_s : u"10.0"_s;
    client.arch = u"x86_64"_s;
    client.installedVersion = installed;
    client.now = QDateTime({2026, 11, 22}, {10, 0}, Qt::UTC);
    return client;
}

// The warning without what is particular to one item.
QString kindOf(QString warning)
{
    static const QRegularExpression particular(u"'[^']*'|^Item \\d+ |^Version \\S+ "_s);
    return warning.remove(particular);
}

} // namespace

class tst_PublishedFeeds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void readAndDecided();
    void checkedByTheProgram_data();
    void checkedByTheProgram();

private:
    void decide(const Appcast &appcast);
    void count(const QString &name, const Result<Appcast> &appcast);

    QDir m_folder;
    QStringList m_names;
    Counts m_codes;
    Counts m_decisions;
    Counts m_items;
    Counts m_warnings;
};

void tst_PublishedFeeds::initTestCase()
{
    m_folder.setPath(qEnvironmentVariable(
        "FRESHEN_APPCASTS", QStringLiteral(FRESHEN_TEST_DATA "/../../../shared/appcasts")));
    m_names = m_folder.entryList({u"*.xml"_s}, QDir::Files, QDir::Name);
    if (m_names.isEmpty())
        QSKIP("No folder with feeds; FRESHEN_APPCASTS names one");
}

void tst_PublishedFeeds::readAndDecided()
{
    // The first use of each part of Qt costs memory that no feed takes.
    const auto warmUp = readAppcast(feed(item(version + enclosure)), webBase);
    QCOMPARE(selectItem(*warmUp, clientOn(systems[0], u"0"_s)).reason, u"newer"_s);
    const PeakMemory memory;
    qint64 slowest = 0;
    for (const QString &name : std::as_const(m_names)) {
        const QByteArray bytes = fileContent(m_folder.filePath(name));
        QElapsedTimer timer;
        timer.start();
        const auto appcast = readAppcast(bytes, QUrl(u"https://example.org/"_s + name));
        if (appcast)
            decide(*appcast);
        slowest = std::max(slowest, timer.elapsed());
        count(name, appcast);
        QVERIFY2(Judgement(bytes).codes().contains(codeOf(appcast)), qPrintable(name));
    }
    const auto growth = memory.growth();
    qInfo("%d feeds; the slowest took %d ms, all of them %d KiB", int(m_names.size()), int(slowest),
          int(growth.value_or(0) / 1024));
    print("codes", m_codes);
    print("decisions", m_decisions);
    print("items", m_items);
    print("warnings", m_warnings);
    QVERIFY(m_codes.value(u"none"_s) > 0);
    QVERIFY2(slowest < timeLimit, QByteArray::number(slowest));
    QVERIFY(growth.value_or(0) < memoryLimit);
}

// For every system, with nothing older installed and with a version from the middle of the feed.
void tst_PublishedFeeds::decide(const Appcast &appcast)
{
    const qsizetype middle = appcast.items.size() / 2;
    const QString middleVersion = appcast.items.isEmpty() ? u"1"_s : appcast.items[middle].version;
    for (const auto system : systems) {
        const Selection first = selectItem(appcast, clientOn(system, u"0"_s));
        const Selection later = selectItem(appcast, clientOn(system, middleVersion));
        QCOMPARE(first.item.has_value(), first.reason == "newer"_L1);
        QCOMPARE(later.item.has_value(), later.reason == "newer"_L1);
        if (first.item && !later.item)
            QVERIFY(compareVersions(first.item->version, middleVersion) <= 0);
        ++m_decisions[system + u" from 0: "_s + first.reason];
        ++m_decisions[system + u" from the middle: "_s + later.reason];
    }
}

void tst_PublishedFeeds::count(const QString &name, const Result<Appcast> &appcast)
{
    ++m_codes[codeOf(appcast)];
    if (appcast) {
        m_items[u"used"_s] += int(appcast->items.size());
        m_items[u"skipped"_s] += appcast->skippedItems;
        for (const QString &warning : appcast->warnings)
            ++m_warnings[kindOf(warning)];
        return;
    }
    const QString message = toQString(appcast.error().message);
    QVERIFY2(message.contains(name) && message.endsWith(u'.'), qPrintable(message));
    qDebug("%s", qPrintable(message));
}

void tst_PublishedFeeds::checkedByTheProgram_data()
{
    QTest::addColumn<QString>("system");
    for (const auto system : systems)
        QTest::newRow(system.data()) << QString(system);
}

void tst_PublishedFeeds::checkedByTheProgram()
{
    QFETCH(QString, system);
    Counts answers;
    for (const QString &name : std::as_const(m_names)) {
        const QString feed = m_folder.filePath(name);
        QProcess program;
        program.start(QStringLiteral(FRESHEN_BUILD_BIN "/freshen"),
                      {u"check"_s, u"--feed"_s, feed, u"--feed-trust"_s, u"none"_s,
                       u"--installed-version"_s, u"0"_s, u"--os"_s, system, u"--json"_s});
        QVERIFY(program.waitForFinished());
        const auto json = QJsonDocument::fromJson(program.readAllStandardOutput()).object();
        const QString code = json[u"error"_s][u"code"_s].toString(u"none"_s);
        QVERIFY2(Judgement(fileContent(feed)).codes().contains(code), qPrintable(name));
        QCOMPARE(program.exitStatus(), QProcess::NormalExit);
        if (code != "none"_L1)
            QCOMPARE(program.exitCode(), exitStatus(errorCodeFromName(toStdString(code))));
        else
            QCOMPARE(program.exitCode(), json[u"reason"_s] == u"newer"_s ? 0 : 3);
        ++answers[code == "none"_L1 ? json[u"reason"_s].toString() : code];
    }
    print(qPrintable(system), answers);
}

QTEST_GUILESS_MAIN(tst_PublishedFeeds)
#include "tst_publishedfeeds.moc"
