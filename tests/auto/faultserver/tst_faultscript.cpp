// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/faultserver/rawclient.h"

#include <Freshen/FaultServer>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Freshen;
using namespace Qt::StringLiterals;

// Scripts as a whole; what each member does is in tst_faultanswers.
class TestFaultScript : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void inTurn();
    void faultsOfFilesInTheFolder();
    void wrongScripts_data();
    void wrongScripts();
    void wrongScriptChangesNothing();

private:
    QByteArray get(const QString &path, const QByteArrayList &headers = {});

    std::unique_ptr<FaultServer> m_server;
    int m_status = 0;
};

void TestFaultScript::init()
{
    m_server = std::make_unique<FaultServer>();
}

QByteArray TestFaultScript::get(const QString &path, const QByteArrayList &headers)
{
    RawClient client(m_server->url(path), headers);
    client.waitForEnd();
    m_status = client.status();
    return client.body();
}

void TestFaultScript::inTurn()
{
    QVERIFY(m_server->serveScript(R"({"/file": [{"content": "one"}, {"content": "two"}],
                                      "*": {"status": 410}})"));
    QCOMPARE(get(u"/file"_s), "one");
    QCOMPARE(get(u"/file"_s), "two");
    QCOMPARE(get(u"/file"_s), "two");
    get(u"/other"_s);
    QCOMPARE(m_status, 410);
}

void TestFaultScript::faultsOfFilesInTheFolder()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("0123456789") == 10);
    file.close();
    m_server->serveFolder(folder.path());
    QVERIFY(m_server->serveScript(
        R"({"/file": [{"cutAfter": 4}, {"damagedAt": 0}, {}], "/name": {"file": "file"},
            "/missing": {"file": "missing"}})"));
    QCOMPARE(get(u"/file"_s), "0123");
    QCOMPARE(get(u"/file"_s), "1123456789");
    QCOMPARE(get(u"/file"_s, {"Range: bytes=4-"}), "456789");
    QCOMPARE(get(u"/name"_s), "0123456789");
    get(u"/missing"_s);
    QCOMPARE(m_status, 404);
}

void TestFaultScript::wrongScripts_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *script, const char *error) {
        QTest::newRow(script) << QByteArray(script) << QString::fromUtf8(error);
    };
    row("", "Line 1 of the script is no JSON: illegal value.");
    row("{\n\"/a\": {},\n}", "Line 3 of the script is no JSON: object is missing after a comma.");
    row("[]", "The script has to be an object of paths and their answers.");
    row(R"({"a": {}})", R"("a" in the script is neither a path that starts with "/" nor "*".)");
    row(R"({"/a": 1})", R"("/a" in the script has an answer that is no object.)");
    row(R"({"/a": []})", R"("/a" in the script has no answer.)");
    row(R"({"/a": [{}, "x"]})", R"("/a" in the script has an answer that is no object.)");
    row(R"({"/a": {"cutafter": 1}})",
        R"("/a" in the script has a member "cutafter", which there is not.)");
    const auto value = [&](const char *member, const char *json, const char *wanted) {
        row(QByteArray("{\"/a\": {\"") + member + "\": " + json + "}}",
            QByteArray("\"/a\" in the script has a member \"") + member + "\" that is not " + wanted
                + '.');
    };
    value("cutAfter", "-1", "a whole number, 0 or more");
    value("cutAfter", "1.5", "a whole number, 0 or more");
    value("cutAfter", "\"1\"", "a whole number, 0 or more");
    value("cutAfter", "1e300", "a whole number, 0 or more");
    value("status", "5000000000", "a smaller number");
    value("isEndless", "1", "true or false");
    value("content", "true", "a text");
    value("retryAfter", "1.5", "a text");
    value("file", "1", "a text");
    value("headers", "\"A: b\"", "an array of texts");
    value("headers", "[1]", "an array of texts");
    value("length", "\"Chunked\"", R"(one of "announced", "chunked", "untilTheEnd")");
    value("ranges", "1",
          R"(one of "honoured", "ignored", "refused", "wrongStart", "wrongTotal", "wrongUnit", )"
          R"("noContentRange")");
}

void TestFaultScript::wrongScripts()
{
    QFETCH(QByteArray, script);
    QString error;
    QVERIFY(!m_server->serveScript(script, &error));
    QTEST(error, "error");
}

void TestFaultScript::wrongScriptChangesNothing()
{
    m_server->serve(u"/a"_s, "before");
    QVERIFY(!m_server->serveScript(R"({"/a": {"content": "after"}, "/b": 1})"));
    QCOMPARE(get(u"/a"_s), "before");
    QString error = u"old"_s;
    QVERIFY(m_server->serveScript(R"({"/a": {"content": "after"}})", &error));
    QCOMPARE(error, QString());
    QCOMPARE(get(u"/a"_s), "after");
}

QTEST_GUILESS_MAIN(TestFaultScript)
#include "tst_faultscript.moc"
