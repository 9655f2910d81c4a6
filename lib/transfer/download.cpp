// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/download.h"

#include "lib/common/convert.h"
#include "lib/transfer/downloadwriter.h"

namespace Freshen {

namespace {

// More than this unwritten: the network waits for the disk.
constexpr qint64 maximumWaiting = 8 << 20;

} // namespace

Download::Download(QNetworkAccessManager *manager, const UrlPolicy &policy,
                   const DownloadRequest &request, QObject *parent)
    : QObject(parent)
    , m_request(request)
    , m_get(manager, policy)
    , m_writer(new DownloadWriter(request.file))
{
    m_writer->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_writer, &QObject::deleteLater);
    connect(m_writer, &DownloadWriter::written, this, &Download::noteWritten);
    connect(m_writer, &DownloadWriter::failed, this, &Download::fail);
    connect(m_writer, &DownloadWriter::finished, this, &Download::finished);
    connect(&m_get, &HttpGet::received, this, &Download::take);
    connect(&m_get, &HttpGet::failed, this, &Download::fail);
    connect(&m_get, &HttpGet::finished, this, [this] {
        if (m_request.isExact && m_received != m_request.length)
            return fail({ErrorCode::SIZE,
                         QStringLiteral("%1 ended after %2 of %3 bytes. Try again.")
                             .arg(displayUrl(m_request.url))
                             .arg(m_received)
                             .arg(m_request.length)
                             .toStdString()});
        QMetaObject::invokeMethod(m_writer,
                                  [writer = m_writer, hash = m_request.sha256] {
                                      writer->finish(hash);
                                  });
    });
    m_thread.start();
}

Download::~Download()
{
    m_thread.quit();
    m_thread.wait();
}

void Download::start()
{
    QMetaObject::invokeMethod(m_writer, &DownloadWriter::open);
    m_get.start(m_request.url);
}

void Download::take(const QByteArray &bytes)
{
    m_received += bytes.size();
    if (m_received > m_request.length || m_get.announcedLength() > m_request.length) {
        return fail({ErrorCode::SIZE,
                     QStringLiteral("%1 is longer than the %2 bytes that it may have.")
                         .arg(displayUrl(m_request.url))
                         .arg(m_request.length)
                         .toStdString()});
    }
    QMetaObject::invokeMethod(m_writer, [writer = m_writer, bytes] { writer->write(bytes); });
    m_waiting += bytes.size();
    if (m_waiting > maximumWaiting)
        m_get.setPaused(true);
    Q_EMIT progressed(m_received);
}

void Download::noteWritten(qint64 bytes)
{
    m_waiting -= bytes;
    if (m_waiting <= maximumWaiting / 2)
        m_get.setPaused(false);
}

void Download::fail(const Error &error)
{
    if (m_ended)
        return;
    m_ended = true;
    m_get.stop();
    Q_EMIT failed(error);
}

} // namespace Freshen
