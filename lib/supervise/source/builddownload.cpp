// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/builddownload.h"

#include "lib/supervise/source/recordedsource.h"
#include "lib/transfer/answerhead.h"

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

DownloadRequest downloadOf(const BuildRequest &request)
{
    const bool isExact = request.length >= 0 && request.length <= request.maximumSize;
    DownloadRequest download;
    download.urls = {request.url};
    download.file = request.file;
    download.length = isExact ? request.length : request.maximumSize;
    download.sha256 = request.sha256;
    download.isExact = isExact;
    return download;
}

} // namespace

QUrl signatureBeside(const QUrl &url)
{
    QUrl signature = url;
    signature.setPath(url.path(QUrl::FullyEncoded) + u".minisig"_s, QUrl::StrictMode);
    return signature;
}

BuildDownload::BuildDownload(QNetworkAccessManager *manager, const BuildRequest &request)
    : m_request(request)
    , m_manager(manager)
    , m_download(manager, request.policy, downloadOf(request))
{
    connect(&m_download, &Download::progressed, this,
            [this](qint64 done) { Q_EMIT progressed(done, m_request.length); });
    connect(&m_download, &Download::finished, this, &BuildDownload::fetchSignature);
    connect(&m_download, &Download::failed, this, [this](const Error &error) {
        m_retryAfter = m_download.retryAfter();
        Q_EMIT failed(error);
    });
}

void BuildDownload::fetchSignature()
{
    if (!m_request.signature) {
        Q_EMIT finished();
        return;
    }
    m_fetch = std::make_unique<Fetch>(m_manager, signaturePolicy(), maximumSignature,
                                      ErrorCode::SIZE);
    connect(m_fetch.get(), &Fetch::finished, this, [this] {
        m_signature = m_fetch->content();
        Q_EMIT finished();
    });
    connect(m_fetch.get(), &Fetch::failed, this, [this](const Error &error) {
        m_retryAfter = m_fetch->retryAfter();
        if (m_isUnsigned)
            Q_EMIT finished();
        else
            Q_EMIT failed(error);
    });
    m_fetch->start(*m_request.signature);
}

UrlPolicy BuildDownload::signaturePolicy()
{
    UrlPolicy policy = m_request.policy;
    policy.explain = [this, explain = policy.explain](const QNetworkReply &answer) {
        m_isUnsigned = m_request.absent.contains(statusOf(answer));
        return explain && !m_isUnsigned ? explain(answer) : std::nullopt;
    };
    return policy;
}

} // namespace Freshen
