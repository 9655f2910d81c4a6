// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// freshen-fault-server: serves a folder, except where its script says otherwise.

#include <Freshen/FaultServer>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>
#include <optional>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr int failed = 1;
constexpr int wrongUsage = 2;

[[noreturn]] void fail(int status, const QString &message)
{
    std::fprintf(stderr, "freshen-fault-server: %s\n", qPrintable(message));
    std::exit(status);
}

QByteArray readFile(const QString &name)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        fail(failed, u"%1 cannot be read: %2."_s.arg(name, file.errorString()));
    return file.readAll();
}

void addOptions(QCommandLineParser &parser)
{
    parser.setApplicationDescription(
        u"Serves the files in DIR over HTTP, badly where a script says so. Prints its address "
        "once it listens, and serves until it is ended.\n\nExample: freshen-fault-server "
        "--script cut.json --log requests.jsonl site"_s);
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({
        {u"port"_s, u"Where to listen; 0, the default, is any free port."_s, u"N"_s, u"0"_s},
        {u"address"_s, u"Where to listen, such as ::1."_s, u"A"_s, u"127.0.0.1"_s},
        {u"certificate"_s, u"Speaks TLS with it."_s, u"PEM"_s},
        {u"key"_s, u"The certificate's secret key."_s, u"PEM"_s},
        {u"script"_s, u"The answers that are not honest ones."_s, u"FILE.json"_s},
        {u"log"_s, u"Gets a line of JSON for each request when it ends."_s, u"FILE"_s},
    });
    parser.addPositionalArgument(u"DIR"_s, u"The folder to serve."_s);
}

void parse(QCommandLineParser &parser, const QStringList &arguments)
{
    if (!parser.parse(arguments))
        fail(wrongUsage, parser.errorText() + u'.');
    if (parser.isSet(u"version"_s))
        parser.showVersion();
    if (parser.isSet(u"help"_s))
        parser.showHelp();
    if (parser.positionalArguments().size() != 1)
        fail(wrongUsage, u"Name one folder to serve; --help tells more."_s);
    if (parser.isSet(u"certificate"_s) != parser.isSet(u"key"_s))
        fail(wrongUsage, u"--certificate and --key need each other."_s);
}

quint16 portOf(const QCommandLineParser &parser)
{
    bool isNumber = false;
    const quint16 port = parser.value(u"port"_s).toUShort(&isNumber);
    if (!isNumber)
        fail(wrongUsage, u"--port has to be a number from 0 to 65535."_s);
    return port;
}

QHostAddress addressOf(const QCommandLineParser &parser)
{
    const QHostAddress address(parser.value(u"address"_s));
    if (address.isNull())
        fail(wrongUsage, u"--address has to be an IP address."_s);
    return address;
}

void useFiles(FaultServer &server, const QCommandLineParser &parser)
{
    const QString folder = parser.positionalArguments().constFirst();
    if (!QFileInfo(folder).isDir())
        fail(failed, u"%1 is no folder."_s.arg(folder));
    server.serveFolder(folder);
    if (const QString script = parser.value(u"script"_s); !script.isEmpty()) {
        QString error;
        if (!server.serveScript(readFile(script), &error))
            fail(failed, script + u": "_s + error);
    }
    if (const QString certificate = parser.value(u"certificate"_s); !certificate.isEmpty()) {
        if (!server.useTls(readFile(certificate), readFile(parser.value(u"key"_s))))
            fail(failed, u"%1 is no certificate in PEM with its key."_s.arg(certificate));
    }
}

void logTo(QFile &log, FaultServer &server)
{
    if (!log.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        fail(failed, u"%1 cannot be written: %2."_s.arg(log.fileName(), log.errorString()));
    QObject::connect(&server, &FaultServer::ended, &log, [&log](const FaultRequest &request) {
        const QByteArray range = request.header("Range");
        const QJsonObject line{
            {u"method"_s, QString::fromLatin1(request.method)},
            {u"path"_s, request.path},
            {u"range"_s, range.isNull() ? QJsonValue() : QString::fromLatin1(range)},
            {u"status"_s, request.status},
            {u"bytes"_s, request.bytesSent},
        };
        log.write(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
    });
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"freshen-fault-server"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(FRESHEN_VERSION));
    QCommandLineParser parser;
    addOptions(parser);
    parse(parser, QCoreApplication::arguments());
    QFile log(parser.value(u"log"_s));
    FaultServer server(addressOf(parser), portOf(parser));
    if (!server.isListening())
        fail(failed, u"It cannot listen: %1."_s.arg(server.errorString()));
    useFiles(server, parser);
    if (parser.isSet(u"log"_s))
        logTo(log, server);
    std::printf("%s\n", server.url(u"/"_s).toEncoded().constData());
    std::fflush(stdout);
    return QCoreApplication::exec();
}
