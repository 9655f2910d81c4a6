// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/replace/replacementfixture.h"

#include <atomic>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestReplacement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_files = std::make_unique<ReplacementFixture>(); }
    void selfupdate_TestApplySimple();
    void selfupdate_TestApplyOldSavePath();
    void preparedApartFromCommitted();
    void discardedLeavesNothing();
    void secondUpdateInTheSameProcess();
    void keptOldFileIsTakenBack();
    void keptOnAnotherVolume();
    void keptOldIsReplacedLast();
    void targetIsALink();
    void targetIsMissing();
    void targetIsNoFile();
    void oneAtATime();
    void oneAtATimeWhileTheFolderComesAndGoes();
    void sameContent();
    void sequentialDevice();
    void neverMissing();

private:
    std::unique_ptr<ReplacementFixture> m_files;
};

void TestReplacement::selfupdate_TestApplySimple()
{
    Replacement replacement(m_files->target());
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QVERIFY(m_files->isReplaced());
    QCOMPARE(replacement.sha256(), hashOf(m_files->newContent));
}

void TestReplacement::selfupdate_TestApplyOldSavePath()
{
    Replacement replacement(m_files->target());
    replacement.setKeepOldAt(m_files->path(u"old"_s));
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QVERIFY(m_files->isReplaced());
    QCOMPARE(contentOf(m_files->path(u"old"_s)), m_files->oldContent);
}

void TestReplacement::preparedApartFromCommitted()
{
    Replacement replacement(m_files->target());
    QVERIFY(prepare(replacement, m_files->newContent));
    QCOMPARE(contentOf(m_files->target()), m_files->oldContent);
    QVERIFY(m_files->beside().contains(u".tool.freshen"_s));
    QVERIFY(replacement.commit());
    QVERIFY(m_files->isReplaced());
    QVERIFY(!replacement.commit());
    QCOMPARE(replacement.error().code(), u"CONFIG"_s);
    QVERIFY(m_files->isReplaced());
}

void TestReplacement::discardedLeavesNothing()
{
    {
        Replacement replacement(m_files->target());
        QVERIFY(prepare(replacement, m_files->newContent));
        replacement.discard();
        QVERIFY(m_files->isUntouched());
        QVERIFY(!replacement.commit());
        QVERIFY(prepare(replacement, m_files->newContent));
    }
    QVERIFY(m_files->isUntouched());
}

void TestReplacement::secondUpdateInTheSameProcess()
{
    Replacement replacement(m_files->target());
    replacement.setKeepOldAt(m_files->path(u"old"_s));
    QCOMPARE(apply(replacement, "second"), QString());
    QCOMPARE(apply(replacement, "third"), QString());
    Replacement another(m_files->target());
    another.setKeepOldAt(m_files->path(u"old"_s));
    QCOMPARE(apply(another, m_files->newContent), QString());
    QVERIFY(m_files->isReplaced());
    QCOMPARE(contentOf(m_files->path(u"old"_s)), "third");
}

void TestReplacement::keptOldFileIsTakenBack()
{
    const QString kept = m_files->path(u"old"_s);
    Replacement replacement(m_files->target());
    QVERIFY(!replacement.rollback());
    QCOMPARE(replacement.error().code(), u"NO_PREVIOUS"_s);
    replacement.setKeepOldAt(kept);
    QVERIFY(!replacement.rollback());
    QCOMPARE(replacement.error().code(), u"NO_PREVIOUS"_s);
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QVERIFY(replacement.rollback());
    QVERIFY(m_files->isUntouched());
    QVERIFY(!QFile::exists(kept));
}

void TestReplacement::keptOnAnotherVolume()
{
    const QTemporaryDir elsewhere(u"/dev/shm/replacement"_s);
    if (!elsewhere.isValid())
        QSKIP("there is no other volume");
    const QString kept = elsewhere.filePath(u"old"_s);
    Replacement replacement(m_files->target());
    replacement.setKeepOldAt(kept);
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QVERIFY(m_files->isReplaced());
    QCOMPARE(contentOf(kept), m_files->oldContent);
    QCOMPARE(QDir(elsewhere.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    QVERIFY(replacement.rollback());
    QVERIFY(m_files->isUntouched());
    QVERIFY(!QFile::exists(kept));
}

// The file that was kept before stays until the one that takes its place is there.
void TestReplacement::keptOldIsReplacedLast()
{
    const QString kept = m_files->path(u"old"_s);
    ReplacementFixture::write(kept, "older");
    Replacement replacement(m_files->target());
    replacement.setKeepOldAt(kept);
    QVERIFY(prepare(replacement, m_files->newContent));
    QCOMPARE(contentOf(kept), "older");
    // A folder at its place cannot be replaced: everything is as before.
    QVERIFY(QFile::remove(kept));
    QVERIFY(QDir().mkpath(kept + u"/inside"_s));
    QVERIFY(!replacement.commit());
    QVERIFY(!replacement.rollbackError().isError());
    QVERIFY(m_files->isUntouched());
    QVERIFY(QFile::exists(kept + u"/inside"_s));
}

void TestReplacement::targetIsALink()
{
    const QString link = m_files->path(u"link"_s);
    QVERIFY(QFile::link(m_files->target(), link));
    Replacement replacement(link);
    QCOMPARE(replacement.target(), m_files->target());
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QVERIFY(QFileInfo(link).isSymLink());
    QVERIFY(m_files->isReplaced());
}

void TestReplacement::targetIsMissing()
{
    QVERIFY(QFile::remove(m_files->target()));
    Replacement replacement(m_files->target());
    replacement.setKeepOldAt(m_files->path(u"old"_s));
    QCOMPARE(apply(replacement, m_files->newContent), QString());
    QVERIFY(m_files->isReplaced());
    QVERIFY(!QFile::exists(m_files->path(u"old"_s)));
    struct stat status = {};
    QCOMPARE(::stat(m_files->target().toLocal8Bit().constData(), &status), 0);
    QCOMPARE(status.st_mode & 07777, 0755u);
}

void TestReplacement::targetIsNoFile()
{
    const QString folder = m_files->path(u"folder"_s);
    QVERIFY(QDir().mkpath(folder));
    const QString pipe = m_files->path(u"pipe"_s);
    QCOMPARE(::mkfifo(pipe.toLocal8Bit().constData(), 0600), 0);
    const QString dangling = m_files->path(u"dangling"_s);
    QVERIFY(QFile::link(m_files->path(u"nothing"_s), dangling));
    for (const QString &target : {folder, pipe, dangling}) {
        Replacement replacement(target);
        QCOMPARE(apply(replacement, m_files->newContent), u"CONFIG"_s);
    }
    Replacement replacement(m_files->path(u"no/such/folder/tool"_s));
    QCOMPARE(apply(replacement, m_files->newContent), u"IO"_s);
    QVERIFY(QFileInfo(folder).isDir());
    QVERIFY(QFileInfo(dangling).isSymLink());
    QVERIFY(!QFile::exists(m_files->path(u"no"_s)));
}

void TestReplacement::oneAtATime()
{
    Replacement first(m_files->target());
    QVERIFY(prepare(first, m_files->newContent));
    Replacement second(m_files->target());
    QCOMPARE(apply(second, "something else"), u"BUSY"_s);
    QVERIFY(!second.checkCanReplace());
    QVERIFY(first.commit());
    QVERIFY(m_files->isReplaced());
    QVERIFY(second.checkCanReplace());
    QVERIFY(m_files->isReplaced());
}

// Whoever waited for a lock must not get that of a folder which is gone.
void TestReplacement::oneAtATimeWhileTheFolderComesAndGoes()
{
    std::atomic<int> atWork = 0;
    std::atomic<int> together = 0;
    std::atomic<int> done = 0;
    std::atomic<int> wrong = 0;
    const auto work = [&] {
        for (int n = 0; n < 1000 || (done < 100 && n < 1'000'000); ++n) {
            Replacement replacement(m_files->target());
            if (!prepare(replacement, "content")) {
                wrong += replacement.error().code() == u"BUSY"_s ? 0 : 1;
                continue;
            }
            together += ++atWork == 1 ? 0 : 1;
            ++done;
            --atWork;
        }
    };
    std::thread first(work);
    std::thread second(work);
    std::thread third(work);
    first.join();
    second.join();
    third.join();
    QVERIFY(done >= 100);
    QCOMPARE(together.load(), 0);
    QCOMPARE(wrong.load(), 0);
    QVERIFY(m_files->isUntouched());
}

void TestReplacement::sameContent()
{
    Replacement replacement(m_files->target());
    QVERIFY(prepare(replacement, m_files->newContent));
    QVERIFY(!replacement.isUnchanged());
    QVERIFY(prepare(replacement, m_files->oldContent));
    QVERIFY(replacement.isUnchanged());
    QVERIFY(replacement.commit());
    QVERIFY(m_files->isUntouched());
}

void TestReplacement::sequentialDevice()
{
    int ends[2] = {-1, -1};
    QCOMPARE(::pipe(ends), 0);
    std::thread writer([&] {
        const QByteArray &content = m_files->newContent;
        for (qsizetype at = 0; at < content.size();) {
            const ssize_t count = ::write(ends[1], content.constData() + at,
                                          std::size_t(content.size() - at));
            if (count <= 0)
                break;
            at += count;
        }
        ::close(ends[1]);
    });
    QFile device;
    QVERIFY(device.open(ends[0], QIODevice::ReadOnly, QFileDevice::AutoCloseHandle));
    QVERIFY(device.isSequential());
    Replacement replacement(m_files->target());
    const bool isPrepared = replacement.prepare(&device);
    writer.join();
    QVERIFY2(isPrepared, qPrintable(replacement.error().message()));
    QVERIFY(replacement.commit());
    QVERIFY(m_files->isReplaced());
}

// Whoever looks always finds one of both files, whole.
void TestReplacement::neverMissing()
{
    constexpr int updates = 100;
    std::atomic<bool> isOver = false;
    std::atomic<int> looks = 0;
    std::atomic<int> missing = 0;
    const QByteArray name = m_files->target().toLocal8Bit();
    const off_t sizes[] = {off_t(m_files->oldContent.size()), off_t(m_files->newContent.size())};
    std::thread watcher([&] {
        while (!isOver) {
            struct stat status = {};
            const bool isThere = ::stat(name.constData(), &status) == 0
                && (status.st_size == sizes[0] || status.st_size == sizes[1]);
            missing += isThere ? 0 : 1;
            ++looks;
        }
    });
    QString code;
    for (int n = 0; n < updates && code.isEmpty(); ++n) {
        Replacement replacement(m_files->target());
        replacement.setKeepOldAt(m_files->path(u"old"_s));
        code = apply(replacement, n % 2 == 0 ? m_files->newContent : m_files->oldContent);
    }
    isOver = true;
    watcher.join();
    QCOMPARE(code, QString());
    QVERIFY(looks > updates);
    QCOMPARE(missing.load(), 0);
}

QTEST_GUILESS_MAIN(TestReplacement)
#include "tst_replacement.moc"
