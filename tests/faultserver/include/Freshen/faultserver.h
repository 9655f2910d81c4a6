// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/faultanswer.h>
#include <Freshen/faultrequest.h>
#include <Freshen/faultserver_export.h>

#include <QHostAddress>
#include <QList>
#include <QSsl>
#include <QUrl>

#include <memory>

namespace Freshen {

class FaultServerPrivate;

/*!
 * A web server for tests that answers as it is told to: honestly, slowly, too much, too little, not
 * at all.
 *
 * It listens as soon as it exists. Each request is answered, in this order, by what its path was
 * told, by what always holds, by the file in the folder, by 404. One request per connection. Works
 * in the thread that it was created in, with that thread's event loop.
 * \since 0.1
 */
class FRESHEN_FAULTSERVER_EXPORT FaultServer : public QObject
{
    Q_OBJECT

public:
    //! Listens at \a address; port 0 is any that is free.
    explicit FaultServer(const QHostAddress &address = QHostAddress(QHostAddress::LocalHost),
                         quint16 port = 0, QObject *parent = nullptr);
    //! Ends all connections.
    ~FaultServer() override;

    bool isListening() const;
    //! Why it does not listen.
    QString errorString() const;
    //! Speaks TLS from the next connection on. Both in PEM, the chain after the certificate; false
    //! when one of them cannot be read. \a protocol may be one that clients refuse, such as
    //! QSsl::TlsV1_1.
    bool useTls(const QByteArray &certificate, const QByteArray &key,
                QSsl::SslProtocol protocol = QSsl::SecureProtocols);

    //! What requests for \a path get, in place of what they got before.
    void serve(const QString &path, const FaultAnswer &answer);
    //! The first request gets the first answer, and so on; the last answer stays.
    void serve(const QString &path, const QList<FaultAnswer> &answers);
    void serve(const QString &path, const QByteArray &content);
    //! Sends requests for \a path on to \a target.
    void redirect(const QString &path, const QByteArray &target, int status = 302);
    //! What all other requests get, such as FaultAnswer::loginPage(); several one after the other,
    //! as above. An empty list ends that.
    void serveAlways(const FaultAnswer &answer);
    void serveAlways(const QList<FaultAnswer> &answers);
    //! Serves the files in \a directory.
    void serveFolder(const QString &directory);
    //! Serves what a script says (README.md describes them). False when it is wrong, with \a error
    //! naming the line or member; then nothing has changed.
    bool serveScript(const QByteArray &json, QString *error = nullptr);

    QUrl url(const QString &path) const;
    //! An address at which nobody listens.
    static QUrl deadUrl();

    //! All requests so far, in the order of their arrival.
    QList<FaultRequest> requests() const;
    //! How many of them were for \a path.
    int requests(const QString &path) const;
    //! What the last request for \a path has for a header; null where it has none.
    QByteArray header(const QString &path, const QByteArray &name) const;
    //! Bytes of content that the system took.
    qint64 bytesSent() const;
    qint64 bytesSent(const QString &path) const;
    //! Connections that are open now.
    int connections() const;
    //! The largest number of them at once, so far.
    int mostConnections() const;

Q_SIGNALS:
    //! The connection of \a request ended, however it did.
    void ended(const Freshen::FaultRequest &request);

private:
    friend class FaultConnection;

    std::unique_ptr<FaultServerPrivate> d;
};

} // namespace Freshen
