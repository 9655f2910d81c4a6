// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/faultserver/rawclient.h"
#include "tests/support/waituntil.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Freshen;
using namespace Qt::StringLiterals;

// The program freshen-fault-server.
class TestFaultProgram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void servesAndLogs();
    void script();
    void otherAddress();
    void tls();
    void ends();
    void help();
    void refuses_data();
    void refuses();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    void write(const QString &name, const QByteArray &content) const;
    // Until it listens, or has ended.
    void start(const QStringList &arguments);
    QUrl url(const QString &file) const { return QUrl(m_address).resolved(QUrl(file)); }
    QList<QJsonObject> log() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QProcess> m_program;
    QString m_address;
};

void TestFaultProgram::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_program = std::make_unique<QProcess>();
    m_program->setProcessChannelMode(QProcess::SeparateChannels);
    QVERIFY(QDir(m_folder->path()).mkdir(u"site"_s));
    write(u"site/file"_s, "0123456789");
}

void TestFaultProgram::cleanup()
{
    m_program->kill();
    m_program->waitForFinished();
}

void TestFaultProgram::write(const QString &name, const QByteArray &content) const
{
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
}

void TestFaultProgram::start(const QStringList &arguments)
{
    m_program->start(QStringLiteral(FRESHEN_BUILD_BIN "/freshen-fault-server"), arguments);
    QVERIFY(waitUntil(
        [&] { return m_program->canReadLine() || m_program->state() == QProcess::NotRunning; }));
    m_address = QString::fromUtf8(m_program->readLine().trimmed());
}

QList<QJsonObject> TestFaultProgram::log() const
{
    QFile file(path(u"log"_s));
    QList<QJsonObject> lines;
    if (file.open(QIODevice::ReadOnly)) {
        while (!file.atEnd())
            lines.append(QJsonDocument::fromJson(file.readLine()).object());
    }
    return lines;
}

void TestFaultProgram::servesAndLogs()
{
    start({u"--log"_s, path(u"log"_s), path(u"site"_s)});
    QVERIFY2(m_address.startsWith(u"http://127.0.0.1:") && m_address.endsWith(u'/'),
             qPrintable(m_address));
    RawClient whole(url(u"file"_s));
    whole.waitForEnd();
    QCOMPARE(whole.body(), "0123456789");
    RawClient part(url(u"file"_s), {"Range: bytes=2-4"});
    part.waitForEnd();
    QCOMPARE(part.body(), "234");
    RawClient missing(url(u"missing"_s), {}, "HEAD");
    missing.waitForEnd();
    QVERIFY(waitUntil([&] { return log().size() == 3; }));
    const auto lines = log();
    const auto line = [](const char *json) { return QJsonDocument::fromJson(json).object(); };
    QCOMPARE(lines[0], line(R"({"method": "GET", "path": "/file", "range": null, "status": 200,
                                "bytes": 10})"));
    QCOMPARE(lines[1], line(R"({"method": "GET", "path": "/file", "range": "bytes=2-4",
                                "status": 206, "bytes": 3})"));
    QCOMPARE(lines[2], line(R"({"method": "HEAD", "path": "/missing", "range": null,
                                "status": 404, "bytes": 0})"));
}

void TestFaultProgram::script()
{
    write(u"script.json"_s, R"({"/file": [{"cutAfter": 4}, {}], "*": {"status": 503}})");
    start({u"--script"_s, path(u"script.json"_s), path(u"site"_s)});
    for (const QByteArray body : {"0123", "0123456789"}) {
        RawClient client(url(u"file"_s));
        client.waitForEnd();
        QCOMPARE(client.body(), body);
    }
    RawClient other(url(u"other"_s));
    other.waitForEnd();
    QCOMPARE(other.status(), 503);
}

void TestFaultProgram::otherAddress()
{
    start({u"--address"_s, u"127.0.0.2"_s, path(u"site"_s)});
    QVERIFY2(m_address.startsWith(u"http://127.0.0.2:"), qPrintable(m_address));
    RawClient client(url(u"file"_s));
    client.waitForEnd();
    QCOMPARE(client.status(), 200);
}

void TestFaultProgram::tls()
{
    QProcess openssl;
    openssl.start(u"openssl"_s,
                  {u"req"_s, u"-x509"_s, u"-nodes"_s, u"-newkey"_s, u"rsa:2048"_s, u"-keyout"_s,
                   path(u"key.pem"_s), u"-out"_s, path(u"certificate.pem"_s), u"-subj"_s,
                   u"/CN=test"_s});
    QVERIFY(openssl.waitForFinished());
    QCOMPARE(openssl.exitCode(), 0);
    start({u"--certificate"_s, path(u"certificate.pem"_s), u"--key"_s, path(u"key.pem"_s),
           path(u"site"_s)});
    QVERIFY2(m_address.startsWith(u"https://127.0.0.1:"), qPrintable(m_address));
    QProcess client;
    client.start(u"openssl"_s,
                 {u"s_client"_s, u"-quiet"_s, u"-connect"_s, QUrl(m_address).authority()});
    client.write("GET /file HTTP/1.1\r\n\r\n");
    QVERIFY(client.waitForFinished());
    QVERIFY(client.readAllStandardOutput().endsWith("\r\n\r\n0123456789"));
}

void TestFaultProgram::ends()
{
    start({path(u"site"_s)});
    m_program->closeWriteChannel();
    RawClient client(url(u"file"_s));
    client.waitForEnd();
    QCOMPARE(client.status(), 200);
    m_program->terminate();
    QVERIFY(m_program->waitForFinished());
}

void TestFaultProgram::help()
{
    m_program->start(QStringLiteral(FRESHEN_BUILD_BIN "/freshen-fault-server"), {u"--help"_s});
    QVERIFY(m_program->waitForFinished());
    QCOMPARE(m_program->exitCode(), 0);
    const QByteArray text = m_program->readAllStandardOutput();
    for (const char *word : {"--port", "--address", "--certificate", "--key", "--script", "--log",
                             "--version", "Example", "DIR"})
        QVERIFY2(text.contains(word), word);
    m_program->start(QStringLiteral(FRESHEN_BUILD_BIN "/freshen-fault-server"), {u"--version"_s});
    QVERIFY(m_program->waitForFinished());
    QVERIFY(m_program->readAllStandardOutput().startsWith("freshen-fault-server "));
}

void TestFaultProgram::refuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *name, const QStringList &arguments, int status,
                        const char *message) {
        QTest::newRow(name) << arguments << status << QByteArray(message);
    };
    row("no folder", {}, 2, "folder");
    row("two folders", {u"@site"_s, u"@site"_s}, 2, "one folder");
    row("not a folder", {u"@site/file"_s}, 1, "site/file is no folder");
    row("unknown option", {u"--slow"_s, u"@site"_s}, 2, "slow");
    row("port", {u"--port"_s, u"70000"_s, u"@site"_s}, 2, "--port");
    row("address", {u"--address"_s, u"here"_s, u"@site"_s}, 2, "--address");
    row("foreign address", {u"--address"_s, u"192.0.2.1"_s, u"@site"_s}, 1, "listen");
    row("half a certificate", {u"--key"_s, u"@key"_s, u"@site"_s}, 2, "--certificate");
    row("no certificate",
        {u"--key"_s, u"@site/file"_s, u"--certificate"_s, u"@site/file"_s, u"@site"_s}, 1,
        "site/file is no certificate");
    row("no script", {u"--script"_s, u"@missing"_s, u"@site"_s}, 1, "missing cannot be read");
    row("wrong script", {u"--script"_s, u"@script"_s, u"@site"_s}, 1,
        "script: \"/a\" in the script has a member \"b\"");
    row("log", {u"--log"_s, u"@missing/log"_s, u"@site"_s}, 1, "missing/log cannot be written");
}

void TestFaultProgram::refuses()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, message);
    write(u"script"_s, R"({"/a": {"b": 1}})");
    for (QString &argument : arguments) {
        if (argument.startsWith(u'@'))
            argument = path(argument.mid(1));
    }
    start(arguments);
    QVERIFY(m_program->state() == QProcess::NotRunning || m_program->waitForFinished());
    QTEST(m_program->exitCode(), "status");
    const QByteArray error = m_program->readAllStandardError();
    QVERIFY2(error.contains(message), error);
    QCOMPARE(m_address, QString());
}

QTEST_GUILESS_MAIN(TestFaultProgram)
#include "tst_faultprogram.moc"
