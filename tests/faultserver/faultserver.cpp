// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/faultserver.h>

#include "tests/faultserver/connection.h"
#include "tests/faultserver/faultserver_p.h"
#include "tests/faultserver/script.h"

#include <QDir>
#include <QFileInfo>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

FaultAnswer FaultServerPrivate::answerFor(const QString &path)
{
    const QString file = fileFor(path);
    FaultAnswer answer;
    if (const auto own = answers.find(path); own != answers.end())
        answer = own->take();
    else if (!always.isEmpty())
        answer = always.take();
    else if (file.isEmpty())
        return notFound();
    const bool hasContent = !answer.content.isNull() || !answer.file.isEmpty() || answer.zeros > 0
        || !answer.raw.isEmpty() || !answer.redirect.isEmpty() || answer.status != 200;
    if (!hasContent)
        answer.file = file;
    else if (!answer.file.isEmpty())
        answer.file = QDir(folder).absoluteFilePath(answer.file);
    return answer;
}

QString FaultServerPrivate::fileFor(const QString &path) const
{
    const QFileInfo info(folder + path);
    const bool isBelow = !path.split(u'/').contains(u".."_s);
    return !folder.isEmpty() && isBelow && info.isFile() ? info.absoluteFilePath() : QString();
}

void FaultServerPrivate::count(int change)
{
    connections += change;
    mostConnections = std::max(mostConnections, connections);
}

void FaultServerPrivate::incomingConnection(qintptr descriptor)
{
    QTcpSocket *socket = tls ? new QSslSocket : new QTcpSocket;
    socket->setSocketDescriptor(descriptor);
    new FaultConnection(m_server, socket);
    if (auto *secure = qobject_cast<QSslSocket *>(socket)) {
        secure->setSslConfiguration(*tls);
        secure->startServerEncryption();
    }
}

FaultServer::FaultServer(const QHostAddress &address, quint16 port, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<FaultServerPrivate>(this))
{
    if (!d->listen(address, port))
        qWarning("The fault server cannot listen: %s", qPrintable(d->errorString()));
}

// Connections count themselves here, so they go first.
FaultServer::~FaultServer()
{
    qDeleteAll(children());
}

bool FaultServer::isListening() const
{
    return d->isListening();
}

QString FaultServer::errorString() const
{
    return d->errorString();
}

bool FaultServer::useTls(const QByteArray &certificate, const QByteArray &key,
                         QSsl::SslProtocol protocol)
{
    const auto chain = QSslCertificate::fromData(certificate);
    QSslKey secret(key, QSsl::Rsa);
    if (secret.isNull())
        secret = QSslKey(key, QSsl::Ec);
    if (chain.isEmpty() || secret.isNull())
        return false;
    auto tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificateChain(chain);
    tls.setPrivateKey(secret);
    tls.setPeerVerifyMode(QSslSocket::VerifyNone);
    tls.setProtocol(protocol);
    // Old protocols sign with what is too weak for any higher level.
    tls.setBackendConfigurationOption("CipherString", QByteArray("ALL:@SECLEVEL=0"));
    d->tls = tls;
    return true;
}

void FaultServer::serve(const QString &path, const FaultAnswer &answer)
{
    d->answers[path] = AnswersInTurn({answer});
}

void FaultServer::serve(const QString &path, const QList<FaultAnswer> &answers)
{
    if (answers.isEmpty())
        d->answers.remove(path);
    else
        d->answers[path] = AnswersInTurn(answers);
}

void FaultServer::serve(const QString &path, const QByteArray &content)
{
    FaultAnswer answer;
    // Even where it is empty: it is the content.
    answer.content = content.isNull() ? QByteArray("") : content;
    serve(path, answer);
}

void FaultServer::redirect(const QString &path, const QByteArray &target, int status)
{
    FaultAnswer answer;
    answer.status = status;
    answer.content = "<html>elsewhere</html>";
    answer.redirect = target;
    serve(path, answer);
}

void FaultServer::serveAlways(const FaultAnswer &answer)
{
    d->always = AnswersInTurn({answer});
}

void FaultServer::serveAlways(const QList<FaultAnswer> &answers)
{
    d->always = AnswersInTurn(answers);
}

void FaultServer::serveFolder(const QString &directory)
{
    d->folder = QDir(directory).absolutePath();
}

bool FaultServer::serveScript(const QByteArray &json, QString *error)
{
    const Script script = readScript(json);
    if (error)
        *error = script.error;
    if (!script.error.isEmpty())
        return false;
    for (auto it = script.answers.begin(); it != script.answers.end(); ++it) {
        if (it.key() == u"*"_s)
            serveAlways(*it);
        else
            serve(it.key(), *it);
    }
    return true;
}

QUrl FaultServer::url(const QString &path) const
{
    const QHostAddress address = d->serverAddress();
    QUrl url;
    url.setScheme(d->tls ? u"https"_s : u"http"_s);
    if (address == QHostAddress::Any || address == QHostAddress::AnyIPv4)
        url.setHost(u"127.0.0.1"_s);
    else
        url.setHost(address == QHostAddress::AnyIPv6 ? u"::1"_s : address.toString());
    url.setPort(d->serverPort());
    return url.resolved(QUrl(path));
}

QUrl FaultServer::deadUrl()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return QUrl(u"http://127.0.0.1:%1/"_s.arg(server.serverPort()));
}

} // namespace Freshen
