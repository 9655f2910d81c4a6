// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A program that is started again, as a copy of itself, to say where it is and to replace itself.

#include "tests/auto/replace/replacementfixture.h"

#include <QCoreApplication>
#include <QProcess>

#include <cstdio>

#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestOwnExecutable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void osext_TestPrintExecutable();
    void osext_TestPrintExecutableFolder();
    void osext_TestExecutableFolder();
    void osext_TestExecutableMatch();
    void osext_TestExecutableDelete();
    void renamed();
    void replacesItselfTwice();

private:
    QByteArray told(QProcess &process) const;
    void start(QProcess &process, const QStringList &arguments, const QString &folder = {},
               const QString &program = {}) const;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_program;
};

namespace {

// What the copy does, by its first argument.
int runCopy(const QByteArray &task, const QByteArray &argument)
{
    if (task == "chdir" && ::chdir("/") != 0)
        return 1;
    // Says that it runs, and waits until something was done to its file.
    if (task == "wait") {
        std::puts("waiting");
        std::fflush(stdout);
        (void)std::getchar();
    }
    if (task == "replace") {
        for (const char *next : {"second", "third"}) {
            Replacement replacement;
            replacement.setKeepOldAt(QFile::decodeName(argument));
            const QString code = apply(replacement, next);
            if (!code.isEmpty())
                std::printf("%s ", qPrintable(code));
        }
    }
    std::puts(QFile::encodeName(Replacement::ownExecutable()).constData());
    return 0;
}

} // namespace

void TestOwnExecutable::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_program = m_folder->filePath(u"copy"_s);
    QVERIFY(QFile::copy(QCoreApplication::applicationFilePath(), m_program));
}

void TestOwnExecutable::start(QProcess &process, const QStringList &arguments,
                              const QString &folder, const QString &program) const
{
    process.setWorkingDirectory(folder);
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(program.isEmpty() ? m_program : program, QStringList{u"copy"_s} + arguments);
}

QByteArray TestOwnExecutable::told(QProcess &process) const
{
    return process.waitForFinished(60'000) && process.exitCode() == 0
        ? process.readAllStandardOutput().trimmed()
        : "failed";
}

void TestOwnExecutable::osext_TestPrintExecutable()
{
    QProcess process;
    start(process, {u"say"_s});
    QCOMPARE(QFile::decodeName(told(process)), m_program);
    QCOMPARE(Replacement::ownExecutable(), QCoreApplication::applicationFilePath());
}

void TestOwnExecutable::osext_TestPrintExecutableFolder()
{
    QProcess process;
    start(process, {u"say"_s});
    QCOMPARE(QFileInfo(QFile::decodeName(told(process))).path(), m_folder->path());
}

void TestOwnExecutable::osext_TestExecutableFolder()
{
    QVERIFY(!QFileInfo(Replacement::ownExecutable()).path().endsWith(u'/'));
}

// Started by a relative name, and gone elsewhere since.
void TestOwnExecutable::osext_TestExecutableMatch()
{
    QProcess process;
    const QString command = u"./copy copy chdir"_s;
    process.setWorkingDirectory(m_folder->path());
    process.start(u"/bin/sh"_s, {u"-c"_s, command});
    QCOMPARE(QFile::decodeName(told(process)), m_program);
}

// Deleted while it runs, then another file put there.
void TestOwnExecutable::osext_TestExecutableDelete()
{
    QProcess process;
    start(process, {u"wait"_s});
    QVERIFY(process.waitForReadyRead(60'000));
    QCOMPARE(process.readLine(), "waiting\n");
    QVERIFY(QFile::remove(m_program));
    ReplacementFixture::write(m_program, "another");
    process.write("go\n");
    QCOMPARE(QFile::decodeName(told(process)), m_program);
}

void TestOwnExecutable::renamed()
{
    QProcess process;
    start(process, {u"wait"_s});
    QVERIFY(process.waitForReadyRead(60'000));
    QCOMPARE(process.readLine(), "waiting\n");
    QVERIFY(QFile::rename(m_program, m_program + u".old"_s));
    process.write("go\n");
    QCOMPARE(QFile::decodeName(told(process)), m_program);
}

// minio/selfupdate #20: the second update went to where the first had put the old file.
void TestOwnExecutable::replacesItselfTwice()
{
    const QString kept = m_folder->filePath(u"kept"_s);
    QProcess process;
    start(process, {u"replace"_s, kept});
    QCOMPARE(QFile::decodeName(told(process)), m_program);
    QCOMPARE(contentOf(m_program), "third");
    QCOMPARE(contentOf(kept), "second");
    const auto all = QDir(m_folder->path())
                         .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    QCOMPARE(all, QStringList({u"copy"_s, u"kept"_s}));
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc > 2 && qstrcmp(argv[1], "copy") == 0)
        return runCopy(argv[2], argc > 3 ? argv[3] : "");
    TestOwnExecutable test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_ownexecutable.moc"
