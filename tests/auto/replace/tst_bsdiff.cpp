// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/replace/bsdiffpatch.h"
#include "lib/replace/bsdiffwriter.h"
#include "tests/support/resultcheck.h"
#include "tests/support/samplebytes.h"

#include <QBuffer>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestBsdiff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void binarydist_TestDiff_data() { versions(); }
    void binarydist_TestDiff();
    void binarydist_TestPatch_data() { versions(); }
    void binarydist_TestPatch();
    void binarydist_TestPatchHk();
    void binarydist_TestQsufsort_data() { versionsAndEmptyFiles(); }
    void binarydist_TestQsufsort();
    void ownPatchByTheCommand_data() { versionsAndEmptyFiles(); }
    void ownPatchByTheCommand();
    void publishersCommand();
    void cancelled();

private:
    static void versions();
    static void versionsAndEmptyFiles();
    QString write(const QString &name, const QByteArray &content) const;
    QTemporaryDir m_folder;
};

namespace {

// The same on every run.
QByteArray noise(quint32 seed, qsizetype size)
{
    QByteArray bytes(size, '\0');
    QRandomGenerator generator(seed);
    for (char &byte : bytes)
        byte = char(generator.bounded(256));
    return bytes;
}

// A program that was changed as compilers change it: addresses move a bit, code comes and goes.
QByteArray nextVersion(QByteArray content)
{
    for (qsizetype at = 64; at < content.size(); at += 97)
        content[at] = char(content[at] + 4);
    content.insert(content.size() / 3, noise(7, 1500));
    content.remove(content.size() / 2, 700);
    const QByteArray moved = content.mid(500, 3000);
    content.remove(500, 3000);
    return content + moved;
}

int run(const QString &program, const QStringList &arguments)
{
    return QProcess::execute(program, arguments);
}

bool hasCommand(const QString &name)
{
    return !QStandardPaths::findExecutable(name).isEmpty();
}

// What comes of a patch; empty when it is refused.
QByteArray patched(QByteArray oldFile, QByteArray patch, Result<void> *result = nullptr)
{
    QBuffer old(&oldFile);
    QBuffer patchDevice(&patch);
    old.open(QIODevice::ReadOnly);
    patchDevice.open(QIODevice::ReadOnly);
    QByteArray made;
    const auto done = applyBsdiff(&old, &patchDevice, 1 << 26, [&](Platform::Bytes bytes) {
        made.append(reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size()));
        return Result<void>();
    });
    if (result)
        *result = done;
    return done ? made : QByteArray();
}

} // namespace

void TestBsdiff::versions()
{
    QTest::addColumn<QByteArray>("oldFile");
    QTest::addColumn<QByteArray>("newFile");

    const QByteArray program = contentOf(QStringLiteral(FRESHEN_BUILD_BIN "/freshen-appcast"))
                                   .mid(4096, 400'000);
    QTest::newRow("program") << program << nextVersion(program);
    QTest::newRow("the way back") << nextVersion(program) << program;
    QTest::newRow("same") << program << program;
    QTest::newRow("noise") << noise(1, 50'000) << noise(2, 60'000);
    QTest::newRow("zeros") << QByteArray(30'000, '\0') << QByteArray(40'000, '\0');
    QTest::newRow("period") << QByteArray("abcabd").repeated(2000)
                            << QByteArray("abdabc").repeated(2100);
    QTest::newRow("cut") << program << program.first(1000);
    QTest::newRow("grown") << program.first(1000) << program.first(20'000);
    QTest::newRow("one byte") << QByteArray("a") << QByteArray("b");
    QTest::newRow("high bytes") << noise(3, 4000) + QByteArray(4000, '\xff')
                                << QByteArray(4000, '\xff') + noise(3, 4000);
}

// The command does not make patches with these.
void TestBsdiff::versionsAndEmptyFiles()
{
    versions();
    QTest::newRow("from nothing") << QByteArray() << noise(5, 5000);
    QTest::newRow("to nothing") << noise(5, 5000) << QByteArray();
}

QString TestBsdiff::write(const QString &name, const QByteArray &content) const
{
    QFile file(m_folder.filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size()
        ? file.fileName()
        : QString();
}

// Byte for byte what the stock command writes.
void TestBsdiff::binarydist_TestDiff()
{
    if (!hasCommand(u"bsdiff"_s))
        QSKIP("bsdiff is not installed");
    QFETCH(const QByteArray, oldFile);
    QFETCH(const QByteArray, newFile);
    const QString patch = m_folder.filePath(u"patch"_s);
    QCOMPARE(run(u"bsdiff"_s, {write(u"old"_s, oldFile), write(u"new"_s, newFile), patch}), 0);
    const auto own = makeBsdiff(oldFile, newFile);
    VERIFY_RESULT(own);
    QVERIFY(*own == contentOf(patch));
}

// Patches of the stock command.
void TestBsdiff::binarydist_TestPatch()
{
    if (!hasCommand(u"bsdiff"_s))
        QSKIP("bsdiff is not installed");
    QFETCH(const QByteArray, oldFile);
    QFETCH(const QByteArray, newFile);
    const QString patch = m_folder.filePath(u"patch"_s);
    QCOMPARE(run(u"bsdiff"_s, {write(u"old"_s, oldFile), write(u"new"_s, newFile), patch}), 0);
    Result<void> result;
    QVERIFY(patched(oldFile, contentOf(patch), &result) == newFile);
    VERIFY_RESULT(result);
}

// A sample made long ago, by bsdiff 4.3.
void TestBsdiff::binarydist_TestPatchHk()
{
    const QString folder = QStringLiteral(FRESHEN_TEST_DATA "/bsdiff/");
    const QByteArray newFile = contentOf(folder + u"sample.new"_s);
    QVERIFY(!newFile.isEmpty());
    QCOMPARE(patched(contentOf(folder + u"sample.old"_s), contentOf(folder + u"sample.patch"_s)),
             newFile);
}

// Wrong order of suffixes makes wrong or large patches.
void TestBsdiff::binarydist_TestQsufsort()
{
    QFETCH(const QByteArray, oldFile);
    QFETCH(const QByteArray, newFile);
    const auto patch = makeBsdiff(oldFile, newFile);
    VERIFY_RESULT(patch);
    Result<void> result;
    QVERIFY(patched(oldFile, *patch, &result) == newFile);
    VERIFY_RESULT(result);
    const auto itself = makeBsdiff(oldFile, oldFile);
    VERIFY_RESULT(itself);
    QVERIFY2(itself->size() < 200, QByteArray::number(itself->size()).constData());
}

void TestBsdiff::ownPatchByTheCommand()
{
    if (!hasCommand(u"bspatch"_s))
        QSKIP("bspatch is not installed");
    QFETCH(const QByteArray, oldFile);
    QFETCH(const QByteArray, newFile);
    const auto patch = makeBsdiff(oldFile, newFile);
    VERIFY_RESULT(patch);
    const QString made = m_folder.filePath(u"made"_s);
    QFile::remove(made);
    QCOMPARE(run(u"bspatch"_s, {write(u"old"_s, oldFile), made, write(u"patch"_s, *patch)}), 0);
    QVERIFY(contentOf(made) == newFile);
}

void TestBsdiff::publishersCommand()
{
    const QByteArray oldFile = noise(4, 20'000);
    const QByteArray newFile = nextVersion(oldFile);
    const QString patch = m_folder.filePath(u"written"_s);
    const QString tool = QStringLiteral(FRESHEN_BUILD_BIN "/freshen-appcast");
    QCOMPARE(run(tool, {u"bsdiff"_s, write(u"old"_s, oldFile), write(u"new"_s, newFile), patch}),
             0);
    QVERIFY(patched(oldFile, contentOf(patch)) == newFile);
    QCOMPARE(run(tool, {u"bsdiff"_s, m_folder.filePath(u"none"_s), patch, patch}), 1);
}

void TestBsdiff::cancelled()
{
    const auto patch = makeBsdiff(noise(1, 1000), noise(2, 1000), [](qint64) { return false; });
    VERIFY_ERROR(patch, ErrorCode::CANCELLED);
}

QTEST_GUILESS_MAIN(TestBsdiff)
#include "tst_bsdiff.moc"
