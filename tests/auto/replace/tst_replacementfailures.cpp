// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Full disks, system calls that fail, and kills at each of them.

#include "tests/auto/replace/replacementfixture.h"
#include "tests/support/smalldisk.h"

#include <QCoreApplication>
#include <QProcess>
#include <QRegularExpression>

#include <cstdio>
#include <map>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestReplacementFailures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void fullDisk_data();
    void fullDisk();
    void tooLong_data();
    void tooLong();
    void brokenDevice();
    void emptyFile();
    void keepingFails();
    void renameFails();
    void wayBackFails();
    void everySyncFails();
    void killedAtEveryCall_data();
    void killedAtEveryCall();

private:
    QByteArray replaceUnder(const QStringList &traceOptions) const;
    QString kept() const { return m_files->path(u"old"_s); }

    std::unique_ptr<ReplacementFixture> m_files;
};

namespace {

// Gives what it has in one direction only, as sockets do.
class OneWay : public QBuffer
{
public:
    bool isSequential() const override { return true; }
};

// Fails in the middle.
class Broken : public QBuffer
{
    qint64 readData(char *data, qint64 size) override
    {
        return pos() > 300'000 ? -1 : QBuffer::readData(data, std::min<qint64>(size, 100'000));
    }
};

// "replace TARGET KEPT FROM": what the copies of this program do that are traced.
int replaceOnce(const QStringList &words)
{
    QFile from(words[4]);
    Replacement replacement(words[2]);
    if (words[3] != u"-"_s)
        replacement.setKeepOldAt(words[3]);
    const bool isDone = from.open(QIODevice::ReadOnly) && replacement.prepare(&from)
        && (replacement.isUnchanged() || replacement.commit());
    if (!isDone) {
        std::printf("%s/%s\n", qPrintable(replacement.error().code()),
                    qPrintable(replacement.rollbackError().code()));
    }
    return isDone ? 0 : 1;
}

bool canTrace()
{
    static const bool works = QProcess::execute(u"strace"_s, {u"-o"_s, u"/dev/null"_s, u"true"_s})
        == 0;
    return works;
}

#define ONLY_WITH_STRACE()                                                                         \
    if (!canTrace())                                                                               \
    QSKIP("strace is missing or may not trace here")

const QString renames = u"?rename,?renameat,?renameat2"_s;

} // namespace

void TestReplacementFailures::init()
{
    m_files = std::make_unique<ReplacementFixture>();
    ReplacementFixture::write(m_files->path(u"new"_s), m_files->newContent);
}

// What a traced program says that replaces the target; "killed" when it was.
QByteArray TestReplacementFailures::replaceUnder(const QStringList &traceOptions) const
{
    QProcess process;
    QStringList words = traceOptions;
    words += {QCoreApplication::applicationFilePath(), u"replace"_s, m_files->target(), kept(),
              m_files->path(u"new"_s)};
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(words.takeFirst(), words);
    if (!process.waitForFinished(120'000))
        return "hangs";
    return process.exitStatus() == QProcess::NormalExit ? process.readAllStandardOutput().trimmed()
                                                        : "killed";
}

void TestReplacementFailures::fullDisk_data()
{
    QTest::addColumn<bool>("isSizeKnown");

    QTest::newRow("seen before") << true;
    QTest::newRow("seen while it arrives") << false;
}

void TestReplacementFailures::fullDisk()
{
    QFETCH(const bool, isSizeKnown);
    const SmallDisk disk(m_files->path(u"disk"_s));
    if (!disk.isMounted())
        QSKIP("needs an administrator");
    const QString target = m_files->path(u"disk/tool"_s);
    ReplacementFixture::write(target, m_files->oldContent);
    const std::unique_ptr<QBuffer> content(isSizeKnown ? new QBuffer : new OneWay);
    content->setData(QByteArray(2 << 20, 'x'));
    QVERIFY(content->open(QIODevice::ReadOnly));
    Replacement replacement(target);
    QVERIFY(!replacement.prepare(content.get()));
    QCOMPARE(replacement.error().code(), u"NO_SPACE"_s);
    QCOMPARE(contentOf(target), m_files->oldContent);
    QCOMPARE(QDir(m_files->path(u"disk"_s))
                 .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             QStringList(u"tool"_s));
    // And once there is room it works.
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QCOMPARE(contentOf(target), m_files->newContent);
}

void TestReplacementFailures::tooLong_data()
{
    fullDisk_data();
}

void TestReplacementFailures::tooLong()
{
    QFETCH(const bool, isSizeKnown);
    const std::unique_ptr<QBuffer> content(isSizeKnown ? new QBuffer : new OneWay);
    content->setData(m_files->newContent);
    QVERIFY(content->open(QIODevice::ReadOnly));
    Replacement replacement(m_files->target());
    replacement.setMaximumSize(m_files->newContent.size() - 1);
    QVERIFY(!replacement.prepare(content.get()));
    QCOMPARE(replacement.error().code(), u"SIZE"_s);
    QVERIFY(m_files->isUntouched());
    replacement.setMaximumSize(m_files->newContent.size());
    QCOMPARE(apply(replacement, m_files->newContent), QString());
}

void TestReplacementFailures::brokenDevice()
{
    Broken content;
    content.setData(m_files->newContent);
    QVERIFY(content.open(QIODevice::ReadOnly | QIODevice::Unbuffered));
    Replacement replacement(m_files->target());
    QVERIFY(!replacement.prepare(&content));
    QCOMPARE(replacement.error().code(), u"IO"_s);
    QVERIFY(m_files->isUntouched());
    QBuffer closed;
    QVERIFY(!replacement.prepare(&closed));
    QCOMPARE(replacement.error().code(), u"CONFIG"_s);
    QVERIFY(m_files->isUntouched());
}

void TestReplacementFailures::emptyFile()
{
    Replacement replacement(m_files->target());
    QCOMPARE(apply(replacement, {}), u"SIZE"_s);
    QVERIFY(m_files->isUntouched());
    replacement.setChecksum(hashOf({}));
    QCOMPARE(apply(replacement, {}), QString());
    QCOMPARE(contentOf(m_files->target()), "");
}

void TestReplacementFailures::keepingFails()
{
    ONLY_WITH_STRACE();
    ReplacementFixture::write(kept(), "older");
    QCOMPARE(replaceUnder({u"strace"_s, u"-o"_s, u"/dev/null"_s, u"-e"_s,
                           u"inject="_s + renames + u":error=EIO:when=2"_s}),
             "IO/");
    QVERIFY(m_files->isUntouched());
    QCOMPARE(contentOf(kept()), "older");
}

void TestReplacementFailures::renameFails()
{
    ONLY_WITH_STRACE();
    QCOMPARE(replaceUnder({u"strace"_s, u"-o"_s, u"/dev/null"_s, u"-e"_s,
                           u"inject="_s + renames + u":error=EIO:when=1"_s}),
             "IO/");
    QVERIFY(m_files->isUntouched());
}

// Both errors are told; the new file stands at the path, and the old one is not lost.
void TestReplacementFailures::wayBackFails()
{
    ONLY_WITH_STRACE();
    QCOMPARE(replaceUnder({u"strace"_s, u"-o"_s, u"/dev/null"_s, u"-e"_s,
                           u"inject="_s + renames + u":error=EACCES:when=2+"_s}),
             "NEEDS_RIGHTS/NEEDS_RIGHTS");
    QCOMPARE(contentOf(m_files->target()), m_files->newContent);
    QCOMPARE(contentOf(m_files->path(u"bin/.tool.freshen/outgoing"_s)), m_files->oldContent);
    // The next one sees to it.
    QCOMPARE(replaceUnder({u"env"_s}), "");
    QVERIFY(m_files->isReplaced());
    QCOMPARE(contentOf(kept()), m_files->oldContent);
}

void TestReplacementFailures::everySyncFails()
{
    ONLY_WITH_STRACE();
    int failures = 0;
    for (int n = 1; n < 20; ++n) {
        init();
        const QByteArray said = replaceUnder({u"strace"_s, u"-o"_s, u"/dev/null"_s, u"-e"_s,
                                              u"inject=fsync:error=EIO:when=%1"_s.arg(n)});
        if (said.isEmpty()) {
            QVERIFY(m_files->isReplaced());
            break;
        }
        ++failures;
        QCOMPARE(said, "IO/");
        QVERIFY2(m_files->isUntouched() || contentOf(kept()) == m_files->oldContent,
                 QByteArray::number(n).constData());
    }
    // The content and the folder, at least.
    QVERIFY2(failures >= 3, QByteArray::number(failures).constData());
}

void TestReplacementFailures::killedAtEveryCall_data()
{
    QTest::addColumn<bool>("hasOlder");

    QTest::newRow("first") << false;
    QTest::newRow("over an older one that is kept") << true;
}

void TestReplacementFailures::killedAtEveryCall()
{
    ONLY_WITH_STRACE();
    QFETCH(const bool, hasOlder);
    const auto begin = [&] {
        init();
        if (hasOlder)
            ReplacementFixture::write(kept(), "older");
    };
    begin();
    // Which calls there are, and the how-manieth of its name each is.
    const QString log = m_files->path(u"log"_s);
    QCOMPARE(replaceUnder({u"strace"_s, u"-o"_s, log}), "");
    QVERIFY(m_files->isReplaced());
    static const QRegularExpression form(u"^([a-z_0-9]+)\\("_s);
    static const QStringList calls = u"mkdir openat fcntl write fsync fchmod fchown fsetxattr link "
                                     "linkat rename renameat renameat2 unlink unlinkat rmdir "
                                     "close"_s.split(u' ');
    std::map<QString, int> count;
    QList<std::pair<QString, int>> points;
    bool isAtWork = false;
    const auto lines = QString::fromUtf8(contentOf(log)).split(u'\n');
    for (const QString &line : lines) {
        const QString name = form.match(line).captured(1);
        const int number = ++count[name];
        isAtWork = isAtWork || line.contains(u".tool.freshen"_s);
        if (isAtWork && calls.contains(name))
            points.append({name, number});
    }
    QVERIFY2(points.size() > 25, QByteArray::number(points.size()).constData());

    int oldOnes = 0;
    int newOnes = 0;
    for (const auto &[name, number] : std::as_const(points)) {
        begin();
        const QByteArray where = u"%1 %2"_s.arg(name).arg(number).toUtf8();
        QVERIFY2(replaceUnder({u"strace"_s, u"-o"_s, u"/dev/null"_s, u"-e"_s,
                               u"inject=%1:signal=KILL:when=%2"_s.arg(name).arg(number)})
                     == "killed",
                 where.constData());
        const QByteArray found = contentOf(m_files->target());
        oldOnes += found == m_files->oldContent ? 1 : 0;
        newOnes += found == m_files->newContent ? 1 : 0;
        QVERIFY2(found == m_files->oldContent || found == m_files->newContent, where.constData());
        const QByteArray keptNow = contentOf(kept());
        QVERIFY2(!hasOlder || keptNow == "older" || keptNow == m_files->oldContent,
                 where.constData());
        // The next one finds its way, and leaves nothing of this one.
        QCOMPARE(replaceUnder({u"env"_s}), "");
        QVERIFY2(m_files->isReplaced(), where.constData());
        QVERIFY2(contentOf(kept()) == m_files->oldContent, where.constData());
    }
    QVERIFY(oldOnes > 0);
    QVERIFY(newOnes > 0);
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    if (words.size() == 5 && words[1] == u"replace"_s)
        return replaceOnce(words);
    TestReplacementFailures test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_replacementfailures.moc"
