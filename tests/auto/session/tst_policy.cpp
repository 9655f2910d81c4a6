// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/policy.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestPolicy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { Policy::setFile({}); }
    void allowsAllWithoutAFile();
    void readsEveryMember();
    void productOutranksAll();
    void isFailSafe_data();
    void isFailSafe();
    void ignoresWhatAnybodyMayWrite();

private:
    void write(const QByteArray &json);
    Policy policy() const { return Policy::of(u"org.example.notes"_s); }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
};

void TestPolicy::init()
{
    if (::getuid() != 0)
        QSKIP("Only an administrator can write a policy.");
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = m_folder->filePath(u"policy.json"_s);
    Policy::setFile(m_file);
}

void TestPolicy::write(const QByteArray &json)
{
    QFile file(m_file);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(json);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther);
}

void TestPolicy::allowsAllWithoutAFile()
{
    QVERIFY(policy().allowsUpdates);
    QCOMPARE(policy().pinnedPrefix, QString());
    QVERIFY(!policy().channel);
}

void TestPolicy::readsEveryMember()
{
    write(R"({"org.example.notes": {"updates": true, "version": "2.1", "feed": "https://in.house/f",
              "channel": "beta", "automaticallyChecks": true, "automaticallyDownloads": false,
              "maximumDownloadRate": 500000}})");
    QVERIFY(policy().allowsUpdates);
    QCOMPARE(policy().pinnedPrefix, u"2.1"_s);
    QCOMPARE(policy().feed, u"https://in.house/f"_s);
    QCOMPARE(*policy().channel, u"beta"_s);
    QCOMPARE(*policy().automaticallyChecks, true);
    QCOMPARE(*policy().automaticallyDownloads, false);
    QCOMPARE(*policy().maximumDownloadRate, 500'000);
    QVERIFY(!Policy::of(u"org.example.other"_s).channel);
}

void TestPolicy::productOutranksAll()
{
    write(R"({"*": {"updates": false, "version": "1"}, "org.example.notes": {"updates": true}})");
    QVERIFY(policy().allowsUpdates);
    QCOMPARE(policy().pinnedPrefix, u"1"_s);
    QVERIFY(!Policy::of(u"org.example.other"_s).allowsUpdates);
}

void TestPolicy::isFailSafe_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("no JSON") << QByteArray("updates: no");
    QTest::newRow("no object") << QByteArray("[]");
    QTest::newRow("a text for a truth") << QByteArray(R"({"*": {"updates": "yes"}})");
    QTest::newRow("a text for a number") << QByteArray(R"({"*": {"maximumDownloadRate": "1M"}})");
    QTest::newRow("a negative rate") << QByteArray(R"({"*": {"maximumDownloadRate": -1}})");
    QTest::newRow("an empty version") << QByteArray(R"({"*": {"version": ""}})");
    QTest::newRow("a rule of a later version") << QByteArray(R"({"*": {"onlyOnSundays": true}})");
}

// An administrator who wrote something wanted something.
void TestPolicy::isFailSafe()
{
    QFETCH(QByteArray, json);
    write(json);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"no updates are made"_s));
    QVERIFY(!policy().allowsUpdates);
}

void TestPolicy::ignoresWhatAnybodyMayWrite()
{
    for (const auto &[uid, mode] : {std::pair(65534u, 0644), std::pair(0u, 0666)}) {
        write(R"({"*": {"updates": false}})");
        QCOMPARE(::chown(qPrintable(m_file), uid, 0), 0);
        QVERIFY(QFile::setPermissions(m_file, QFile::Permissions(mode == 0666 ? 0x6666 : 0x6644)));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"is ignored"_s));
        QVERIFY(policy().allowsUpdates);
        QVERIFY(QFile::remove(m_file));
    }
}

QTEST_GUILESS_MAIN(TestPolicy)
#include "tst_policy.moc"
