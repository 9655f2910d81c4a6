// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/realserver.h"

#include <QDir>
#include <QFileInfo>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int startLimit = 30'000; // ms

void write(const QString &name, const QByteArray &content, const QDateTime &changed = QDateTime())
{
    QFile file(name);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.flush()
        || (changed.isValid() && !file.setFileTime(changed, QFileDevice::FileModificationTime)))
        qFatal("%s cannot be written.", qPrintable(name));
}

// nginx writes "-" for nothing.
QByteArray orEmpty(const QByteArray &field)
{
    return field == "-" ? QByteArray() : field;
}

} // namespace

RealServer::RealServer(const Program &program)
    : m_program(program)
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setWorkingDirectory(m_folder.path());
}

RealServer::~RealServer()
{
    end();
}

void RealServer::end()
{
    m_process.kill();
    m_process.waitForFinished();
}

bool RealServer::launch()
{
    m_said.clear();
    m_process.start(m_program.path, m_program.arguments);
    return isListening();
}

bool RealServer::restart()
{
    end();
    return launch();
}

bool RealServer::start()
{
    write(file(u"server.conf"_s), configuration());
    if (launch())
        return true;
    end();
    qWarning("%s does not start: %s", qPrintable(m_program.path), m_said.constData());
    return false;
}

bool RealServer::isListening()
{
    while (!said().contains(m_program.isReady)) {
        if (!m_process.waitForReadyRead(startLimit))
            return false;
    }
    return true;
}

QByteArray RealServer::said()
{
    m_process.waitForReadyRead(0); // takes in what is there already
    m_said += m_process.readAll();
    return m_said;
}

bool NginxServer::isAvailable()
{
    return QFileInfo(QString::fromUtf8(FRESHEN_NGINX)).isExecutable();
}

NginxServer::NginxServer()
    : NginxServer(Options())
{
}

NginxServer::NginxServer(const Options &options)
    : RealServer({QString::fromUtf8(FRESHEN_NGINX),
                  {u"-p"_s, u"."_s, u"-e"_s, u"stderr"_s, u"-c"_s, u"server.conf"_s},
                  "getrlimit(RLIMIT_NOFILE)"})
    , m_options(options)
{
    QDir().mkpath(folder());
}

QString NginxServer::folder() const
{
    return file(u"served"_s);
}

void NginxServer::serve(const QString &name, const QByteArray &content,
                        const QDateTime &changed) const
{
    write(folder() + u'/' + name, content, changed);
}

QUrl NginxServer::url(const QString &name, const QString &host) const
{
    return QUrl(u"%1://%2:%3/%4"_s
                    .arg(m_options.certificate.isEmpty() ? u"http"_s : u"https"_s,
                         host.isEmpty() ? QString::fromLatin1(m_options.address) : host)
                    .arg(port())
                    .arg(name));
}

QByteArray NginxServer::configuration() const
{
    const bool isTls = !m_options.certificate.isEmpty();
    QByteArray text = "daemon off; master_process off; pid nginx.pid; error_log stderr notice;\n"
                      "events {}\n"
                      "http {\n"
                      "log_format fields '$uri\t$status\t$server_protocol\t$bytes_sent\t"
                      "$sent_http_content_encoding\t$http_range';\n"
                      "access_log access.log fields;\n";
    for (const char *kind : {"client_body", "proxy", "fastcgi", "scgi", "uwsgi"})
        text += QByteArray(kind) + "_temp_path " + kind + ";\n";
    text += "server {\nlisten " + m_options.address + ':' + QByteArray::number(port())
        + (isTls ? " ssl http2;\n" : ";\n") + "root served;\n";
    if (isTls)
        text += "ssl_certificate " + m_options.certificate.toUtf8() + ";\nssl_certificate_key "
            + m_options.key.toUtf8() + ";\n";
    return text + m_options.directives + "\n}\n}\n";
}

QList<ServedRequest> NginxServer::requests() const
{
    QFile log(file(u"access.log"_s));
    if (!log.open(QIODevice::ReadOnly))
        return {};
    QList<ServedRequest> requests;
    for (QByteArray line = log.readLine(); line.endsWith('\n'); line = log.readLine()) {
        const QByteArrayList fields = line.trimmed().split('\t');
        if (fields.size() == 6)
            requests.append({fields[0], fields[1].toInt(), fields[2], fields[3].toLongLong(),
                             orEmpty(fields[4]), orEmpty(fields[5])});
    }
    return requests;
}

bool TinyproxyServer::isAvailable()
{
    return QFileInfo(QString::fromUtf8(FRESHEN_TINYPROXY)).isExecutable();
}

TinyproxyServer::TinyproxyServer(const QByteArray &user, const QByteArray &password)
    : RealServer({QString::fromUtf8(FRESHEN_TINYPROXY),
                  {u"-d"_s, u"-c"_s, u"server.conf"_s},
                  "Accepting connections"})
    , m_login(user.isEmpty() ? QByteArray() : "BasicAuth " + user + ' ' + password + '\n')
{
}

QByteArray TinyproxyServer::configuration() const
{
    return "Listen 127.0.0.1\nPort " + QByteArray::number(port()) + "\nLogLevel Info\nTimeout 60\n"
        + m_login;
}

QByteArray TinyproxyServer::address(const QByteArray &user, const QByteArray &password) const
{
    return "http://" + (user.isEmpty() ? QByteArray() : user + ':' + password + '@')
        + "127.0.0.1:" + QByteArray::number(port());
}

} // namespace Freshen
