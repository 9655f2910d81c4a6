// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/record.h"

#include "tests/support/enginefixture.h"
#include "tests/support/resultcheck.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace Freshen;
using Install::Record;
using namespace Qt::StringLiterals;

class TestRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrip();
    void anyValue_data();
    void anyValue();
    void manyValuesOfOneName();
    void isTextForPeople();
    void refusesDamage_data();
    void refusesDamage();
    void refusesTooMuch();
    void missingFile();
    void takesTheMode();
    void replacesWithoutLeftovers();

private:
    std::filesystem::path file() const { return m_folder.filePath(u"record"_s).toStdString(); }

    QTemporaryDir m_folder;
};

void TestRecord::roundTrip()
{
    Record record("kind 1");
    record.add("name", "value");
    record.add("empty", "");
    VERIFY_RESULT(record.write(file()));
    const auto read = Record::read(file(), "kind 1");
    VERIFY_RESULT(read);
    QCOMPARE(read->value("name"), "value");
    QCOMPARE(read->value("empty"), "");
    QCOMPARE(read->value("missing"), "");
    QCOMPARE(read->values("empty").size(), 1u);
    QCOMPARE(read->values("missing").size(), 0u);
}

void TestRecord::anyValue_data()
{
    std::string all;
    for (int c = 0; c < 256; ++c)
        all += char(c);
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("lines") << QByteArray("one\ntwo\n\nthree\n");
    QTest::newRow("only a line end") << QByteArray("\n");
    QTest::newRow("carriage returns") << QByteArray("one\r\ntwo\r");
    QTest::newRow("percent") << QByteArray("100%");
    QTest::newRow("looks encoded") << QByteArray("%0A %25 %250A %%0A %0");
    QTest::newRow("spaces") << QByteArray("  two before, two after  ");
    QTest::newRow("not UTF-8") << QByteArray("\xff\xfe\x80");
    QTest::newRow("every byte") << QByteArray::fromStdString(all);
    QTest::newRow("long") << QByteArray(1 << 20, 'x');
}

void TestRecord::anyValue()
{
    QFETCH(QByteArray, value);
    Record record("kind 1");
    record.add("before", "b");
    record.add("name", value.toStdString());
    record.add("after", "a");
    VERIFY_RESULT(record.write(file()));
    const auto read = Record::read(file(), "kind 1");
    VERIFY_RESULT(read);
    QCOMPARE(QByteArray::fromStdString(read->value("name")), value);
    QCOMPARE(read->value("before"), "b");
    QCOMPARE(read->value("after"), "a");
}

void TestRecord::manyValuesOfOneName()
{
    Record record("kind 1");
    for (const char *value : {"one", "two", "one"})
        record.add("argument", value);
    VERIFY_RESULT(record.write(file()));
    const auto read = Record::read(file(), "kind 1");
    VERIFY_RESULT(read);
    QCOMPARE(read->values("argument"), (std::vector<std::string>{"one", "two", "one"}));
    QCOMPARE(read->value("argument"), "one");
}

void TestRecord::isTextForPeople()
{
    Record record("kind 1");
    record.add("name", "two\nlines, 100%");
    VERIFY_RESULT(record.write(file()));
    QCOMPARE(readText(file()), "kind 1\nname two%0Alines, 100%25\n");
}

void TestRecord::refusesDamage_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("other kind") << QByteArray("other 1\nname value\n");
    QTest::newRow("later version") << QByteArray("kind 2\nname value\n");
    QTest::newRow("cut in a value") << QByteArray("kind 1\nname val");
    QTest::newRow("cut in the kind") << QByteArray("kind 1");
    QTest::newRow("line without a value") << QByteArray("kind 1\nname\n");
    QTest::newRow("empty line") << QByteArray("kind 1\n\nname value\n");
    QTest::newRow("zeros") << QByteArray(512, '\0');
}

void TestRecord::refusesDamage()
{
    QFETCH(QByteArray, text);
    writeText(file(), {text.constData(), std::size_t(text.size())});
    const auto read = Record::read(file(), "kind 1");
    VERIFY_ERROR(read, ErrorCode::IO);
    QVERIFY(read.error().message.find(file().string()) != std::string::npos);
}

void TestRecord::refusesTooMuch()
{
    writeText(file(), "kind 1\nname " + std::string(5u << 20, 'x') + "\n");
    VERIFY_ERROR(Record::read(file(), "kind 1"), ErrorCode::SIZE);
}

void TestRecord::missingFile()
{
    VERIFY_ERROR(Record::read(file().string() + ".missing", "kind 1"), ErrorCode::IO);
}

void TestRecord::takesTheMode()
{
    Record record("kind 1");
    record.add("secret", "s");
    VERIFY_RESULT(record.write(file(), 0600));
    struct stat status = {};
    QCOMPARE(::stat(file().c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777u, 0600u);
}

void TestRecord::replacesWithoutLeftovers()
{
    for (const char *value : {"old", "new"}) {
        Record record("kind 1");
        record.add("name", value);
        VERIFY_RESULT(record.write(file()));
    }
    QCOMPARE(Record::read(file(), "kind 1")->value("name"), "new");
    QCOMPARE(QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden),
             QStringList{u"record"_s});
}

QTEST_GUILESS_MAIN(TestRecord)
#include "tst_record.moc"
