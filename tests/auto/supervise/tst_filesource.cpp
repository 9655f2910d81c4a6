// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/convert.h"
#include "platform/paths.h"
#include "tests/auto/supervise/sourcefixture.h"
#include "tests/support/samplebytes.h"
#include "tests/support/tarbuilder.h"
#include "tests/support/waituntil.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <atomic>
#include <thread>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

// Appends to a file all the time.
class SlowWriter
{
public:
    struct Pace {
        qsizetype written = 0;
        bool isSteady = false; // unless this computer was too busy, the file never stood still
    };

    SlowWriter(const QString &name, std::chrono::milliseconds time)
        : m_thread([this, name, time] { write(name, time); })
    {
        m_hasBegun.wait(false);
    }
    void stop() { m_isEnough = true; }
    // Waits for the end.
    Pace finish()
    {
        m_thread.join();
        return m_pace;
    }

private:
    void write(const QString &name, std::chrono::milliseconds time)
    {
        QFile file(name);
        QElapsedTimer since;
        QDeadlineTimer end(time);
        m_pace.isSteady = file.open(QIODevice::Append | QIODevice::Unbuffered);
        for (since.start(); !end.hasExpired() && !m_isEnough; since.restart()) {
            m_pace.written += file.write("x");
            m_hasBegun = true;
            m_hasBegun.notify_one();
            std::this_thread::sleep_for(5ms);
            m_pace.isSteady = m_pace.isSteady && since.elapsed() < 200;
        }
    }

    std::atomic<bool> m_isEnough = false;
    std::atomic<bool> m_hasBegun = false;
    Pace m_pace;
    std::thread m_thread;
};

} // namespace

class TestFileSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void overseer_fileFetcherFindsTheChange();
    void overseer_fileFetcherMissingFile();
    void overseer_fileFetcherBaseline();
    void noBaselineUnlessToldSo();
    void baselineIsOnlyForTheFirstLook();
    void overseer_fileFetcherStable();
    void overseer_fileFetcherStillChanging();
    void overseer_rejectedBuildIsFetchedAgain();
    void remembersOverARestart();
    void touchedFileIsNothingNew();
    void renamedOverIsFound();
    void linkThatPointsElsewhere();
    void signature();
    void signatureThatCameLater();
    void overseer_gzIsUnpacked();
    void publisherCannotChangeTheCopy();
    void changedWhileItIsCopied();
    void tooLarge();
    void unreadable();
    void folder_data();
    void folder();
    void newerBuildInAFolder();
    void noticesChanges();
    void silentAfterCancel();

private:
    // Replaces the file, not in one step.
    void write(const QString &name, const QByteArray &content);
    QString path(const QString &name) const { return m_published->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_published;
    std::unique_ptr<SourceFixture> m_bench;
};

void TestFileSource::init()
{
    m_published = std::make_unique<QTemporaryDir>();
    m_bench = std::make_unique<SourceFixture>();
    m_bench->make(u"file:"_s + path(u"agent"_s));
}

void TestFileSource::write(const QString &name, const QByteArray &content)
{
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

void TestFileSource::overseer_fileFetcherFindsTheChange()
{
    write(u"agent"_s, "one");
    const Looked first = m_bench->lookAndRemember();
    QCOMPARE(first.end, "found");
    QCOMPARE(first.content, "one");
    QCOMPARE(first.build.name, u"agent"_s);
    QVERIFY(first.build.file.startsWith(m_bench->options.folder));
    QCOMPARE(m_bench->look().end, "nothing");
    write(u"agent"_s, "two!");
    QCOMPARE(m_bench->look().content, "two!");
}

void TestFileSource::overseer_fileFetcherMissingFile()
{
    QCOMPARE(m_bench->look().end, "nothing");
    m_bench->make(u"file:"_s + path(u"no/such/folder/agent"_s));
    QCOMPARE(m_bench->look().end, "nothing");
    QVERIFY(QDir(m_published->path()).mkpath(u"no/such/folder"_s));
    write(u"no/such/folder/agent"_s, "one");
    QCOMPARE(m_bench->look().content, "one");
}

void TestFileSource::overseer_fileFetcherBaseline()
{
    m_bench->options.isBaseline = true;
    m_bench->make(u"file:"_s + path(u"agent"_s));
    write(u"agent"_s, "one");
    QCOMPARE(m_bench->look().end, "nothing");
    m_bench->make(u"file:"_s + path(u"agent"_s));
    QCOMPARE(m_bench->look().end, "nothing");
    write(u"agent"_s, "two!");
    // What came while nobody looked is no baseline.
    m_bench->make(u"file:"_s + path(u"agent"_s));
    QCOMPARE(m_bench->look().content, "two!");
}

void TestFileSource::noBaselineUnlessToldSo()
{
    write(u"agent"_s, "one");
    QCOMPARE(m_bench->look().content, "one");
}

void TestFileSource::baselineIsOnlyForTheFirstLook()
{
    m_bench->options.isBaseline = true;
    m_bench->make(u"file:"_s + path(u"agent"_s));
    QCOMPARE(m_bench->look().end, "nothing");
    write(u"agent"_s, "one");
    QCOMPARE(m_bench->look().content, "one");
}

// A writer who takes a second over it: nobody sees a part of the file.
void TestFileSource::overseer_fileFetcherStable()
{
    Looked looked;
    SlowWriter::Pace pace;
    do {
        write(u"agent"_s, "begin");
        SlowWriter writer(path(u"agent"_s), 1s);
        looked = m_bench->look();
        pace = writer.finish();
    } while (!pace.isSteady);
    QCOMPARE(looked.end, "found");
    QCOMPARE(looked.content, "begin" + QByteArray(pace.written, 'x'));
}

void TestFileSource::overseer_fileFetcherStillChanging()
{
    Looked looked;
    SlowWriter::Pace pace;
    QElapsedTimer time;
    do {
        write(u"agent"_s, "begin");
        time.start();
        SlowWriter writer(path(u"agent"_s), 60s);
        looked = m_bench->look();
        writer.stop();
        pace = writer.finish();
    } while (!pace.isSteady);
    QCOMPARE(looked.end, "BUSY");
    QVERIFY(looked.message.contains("still changing"_L1));
    QVERIFY(looked.message.contains(path(u"agent"_s)));
    QVERIFY(time.elapsed() >= 5000);
    QVERIFY(m_bench->look().content.startsWith("beginx"));
}

void TestFileSource::overseer_rejectedBuildIsFetchedAgain()
{
    write(u"agent"_s, "one");
    QCOMPARE(m_bench->look().content, "one");
    QCOMPARE(m_bench->look().content, "one");
}

void TestFileSource::remembersOverARestart()
{
    write(u"agent"_s, "one");
    QCOMPARE(m_bench->lookAndRemember().content, "one");
    m_bench->make(u"file:"_s + path(u"agent"_s));
    QCOMPARE(m_bench->look().end, "nothing");
}

void TestFileSource::touchedFileIsNothingNew()
{
    write(u"agent"_s, "one");
    QCOMPARE(m_bench->lookAndRemember().content, "one");
    QFile file(path(u"agent"_s));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(QDateTime::currentDateTimeUtc().addSecs(-60),
                             QFileDevice::FileModificationTime));
    file.close();
    QCOMPARE(m_bench->look().end, "nothing");
    // The same size, at the same time.
    QVERIFY(QFile::remove(path(u"agent"_s)));
    write(u"agent"_s, "two");
    QCOMPARE(m_bench->look().content, "two");
}

void TestFileSource::renamedOverIsFound()
{
    write(u"agent"_s, "one");
    const QDateTime time = QDateTime::currentDateTimeUtc().addSecs(-60);
    write(u"next"_s, "two");
    for (const QString &name : {u"agent"_s, u"next"_s}) {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.setFileTime(time, QFileDevice::FileModificationTime));
    }
    QCOMPARE(m_bench->lookAndRemember().content, "one");
    // Neither time nor size tells.
    QCOMPARE(std::rename(qPrintable(path(u"next"_s)), qPrintable(path(u"agent"_s))), 0);
    QCOMPARE(m_bench->look().content, "two");
}

void TestFileSource::linkThatPointsElsewhere()
{
    write(u"agent-1.0"_s, "one");
    write(u"agent-2.0"_s, "two");
    QVERIFY(QFile::link(path(u"agent-1.0"_s), path(u"agent"_s)));
    QCOMPARE(m_bench->lookAndRemember().content, "one");
    QVERIFY(QFile::remove(path(u"agent"_s)));
    QVERIFY(QFile::link(path(u"agent-2.0"_s), path(u"agent"_s)));
    QCOMPARE(m_bench->look().content, "two");
}

void TestFileSource::signature()
{
    write(u"agent"_s, "one");
    write(u"agent.minisig"_s, "signed");
    QCOMPARE(m_bench->look().build.signature, "signed");
    write(u"agent.minisig"_s, QByteArray(20'000, 'x'));
    QVERIFY(!m_bench->look().isFound());
}

void TestFileSource::signatureThatCameLater()
{
    write(u"agent"_s, "one");
    QCOMPARE(m_bench->lookAndRemember().build.signature, QByteArray());
    write(u"agent.minisig"_s, "signed");
    QCOMPARE(m_bench->lookAndRemember().build.signature, "signed");
    QCOMPARE(m_bench->look().end, "nothing");
}

void TestFileSource::overseer_gzIsUnpacked()
{
    m_bench->make(u"file:"_s + path(u"agent.gz"_s));
    write(u"agent.gz"_s, compressed("one", KCompressionDevice::GZip));
    const Looked looked = m_bench->look();
    QCOMPARE(looked.content, "one");
    QCOMPARE(looked.build.name, u"agent"_s);
    QVERIFY(QFile::exists(path(u"agent.gz"_s)));
}

void TestFileSource::publisherCannotChangeTheCopy()
{
    write(u"agent"_s, "one");
    connect(m_bench->source.get(), &UpdateSource::found, this, [&](const FetchedBuild &build) {
        QFile published(path(u"agent"_s));
        QVERIFY(published.open(QIODevice::ReadWrite));
        QCOMPARE(published.write("bad"), 3);
        published.close();
        QCOMPARE(contentOf(build.file), "one");
    });
    QCOMPARE(m_bench->look().content, "one");
}

// Half of one and half of the other would be no build. Tried again where this test was too late.
void TestFileSource::changedWhileItIsCopied()
{
    constexpr qint64 size = 100 << 20;
    m_bench->options.maximumSize = size;
    m_bench->make(u"file:"_s + path(u"agent"_s));
    bool isInTime = false;
    while (!isInTime) {
        write(u"agent"_s, QByteArray(size, 'x'));
        QTimer look;
        connect(&look, &QTimer::timeout, this, [&] {
            const QStringList copies = m_bench->files().filter(u".download"_s);
            if (copies.isEmpty())
                return;
            look.stop();
            QFile published(path(u"agent"_s));
            QVERIFY(published.open(QIODevice::ReadWrite) && published.seek(size - 3));
            published.write("bad");
            published.close();
            const QFileInfo copy(m_bench->options.folder + u'/' + copies.first());
            isInTime = copy.size() > 0 && copy.size() < size;
        });
        look.start(1);
        const Looked looked = m_bench->look();
        if (isInTime)
            QCOMPARE(looked.end, "BUSY");
    }
    m_bench->source.reset();
}

void TestFileSource::tooLarge()
{
    write(u"agent"_s, QByteArray((1 << 20) + 1, 'x'));
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, "SIZE");
    QVERIFY(looked.message.contains("1048576"_L1));
    QCOMPARE(m_bench->files(), QStringList());
    write(u"agent"_s, QByteArray(1 << 20, 'x'));
    QVERIFY(m_bench->look().isFound());
}

void TestFileSource::unreadable()
{
    write(u"agent"_s, {});
    QCOMPARE(m_bench->look().end, "SIZE");
    write(u"agent"_s, "one");
    m_bench->options.folder = path(u"agent"_s) + u"/folder"_s;
    m_bench->make(u"file:"_s + path(u"agent"_s));
    QCOMPARE(m_bench->look().end, "IO");
}

void TestFileSource::folder_data()
{
    QTest::addColumn<QStringList>("names"); // the oldest first
    QTest::addColumn<QString>("taken");
    const auto row = [](const char *name, const QStringList &names, const QString &taken) {
        QTest::newRow(name) << names << taken;
    };
    row("empty", {}, {});
    row("version", {u"a-1.10.tar.zst"_s, u"a-1.9.tar.zst"_s}, u"a-1.10.tar.zst"_s);
    row("pre-release", {u"a-2.0.tar.zst"_s, u"a-2.0-rc1.tar.zst"_s}, u"a-2.0.tar.zst"_s);
    row("without versions", {u"b"_s, u"a"_s}, u"a"_s);
    row("some without", {u"a-1.0"_s, u"a"_s}, u"a-1.0"_s);
    row("others", {u"a"_s, u"a.minisig"_s, u"b.sha256"_s, u".c"_s, u"d.part"_s, u"notes.txt"_s},
        u"a"_s);
    const QString ours = u"a-2.0-linux-%1"_s.arg(toQString(Platform::processorName()));
    row("machines", {ours, u"a-2.0-linux-riscv64"_s, u"a-3.0-windows-x86_64"_s}, ours);
}

void TestFileSource::folder()
{
    QFETCH(QStringList, names);
    QFETCH(QString, taken);
    QDateTime time = QDateTime::currentDateTimeUtc().addSecs(-3600);
    for (const QString &name : names) {
        write(name, name.toLatin1());
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::ReadWrite));
        time = time.addSecs(60);
        QVERIFY(file.setFileTime(time, QFileDevice::FileModificationTime));
    }
    m_bench->make(u"file:"_s + m_published->path());
    const Looked looked = m_bench->look();
    QCOMPARE(looked.end, taken.isEmpty() ? "nothing" : "found");
    QCOMPARE(looked.build.name, taken);
    QCOMPARE(looked.content, taken.toLatin1());
}

void TestFileSource::newerBuildInAFolder()
{
    m_bench->make(u"file:"_s + m_published->path());
    write(u"agent-1.0"_s, "one");
    QCOMPARE(m_bench->lookAndRemember().content, "one");
    write(u"agent-0.9"_s, "zero");
    QCOMPARE(m_bench->look().end, "nothing");
    write(u"agent-2.0"_s, "two");
    write(u"agent-2.0.minisig"_s, "signed");
    const Looked looked = m_bench->look();
    QCOMPARE(looked.content, "two");
    QCOMPARE(looked.build.signature, "signed");
}

void TestFileSource::noticesChanges()
{
    QSignalSpy changes(m_bench->source.get(), &UpdateSource::changed);
    write(u"agent"_s, "one");
    QVERIFY(waitUntil([&] { return !changes.isEmpty(); }));
    QCOMPARE(m_bench->lookAndRemember().content, "one");
    for (const QByteArray content : {"two!", "three"}) {
        changes.clear();
        write(u"next"_s, content);
        QCOMPARE(std::rename(qPrintable(path(u"next"_s)), qPrintable(path(u"agent"_s))), 0);
        QVERIFY(waitUntil([&] { return !changes.isEmpty(); }));
        QCOMPARE(m_bench->lookAndRemember().content, content);
    }
    changes.clear();
    write(u"neighbour"_s, "something else");
    QFile file(path(u"agent"_s)); // written where it stands
    QVERIFY(file.open(QIODevice::Append));
    file.write("!");
    file.close();
    QVERIFY(waitUntil([&] { return !changes.isEmpty(); }));
    QCOMPARE(m_bench->look().content, "three!");
    QCOMPARE(changes.size(), 1);
}

void TestFileSource::silentAfterCancel()
{
    write(u"agent"_s, "one");
    QSignalSpy found(m_bench->source.get(), &UpdateSource::found);
    m_bench->source->look();
    m_bench->source->cancel();
    QCOMPARE(m_bench->look().content, "one");
    QCOMPARE(found.size(), 1);
}

QTEST_GUILESS_MAIN(TestFileSource)
#include "tst_filesource.moc"
