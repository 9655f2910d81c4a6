// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/httpsource.h"

#include "lib/transfer/answerhead.h"

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

QString nameOf(const QUrl &url)
{
    const QString name = url.fileName();
    return name.isEmpty() ? url.host() : name;
}

} // namespace

HttpSource::HttpSource(const Place &place, const SourceOptions &options)
    : RecordedSource(place.prefix + place.url.toString(), place.prefix + displayUrl(place.url),
                     options)
    , m_place(place)
{
}

// The answer's head tells enough; the bytes are fetched by somebody who can go on after a cut.
void HttpSource::start()
{
    m_question = std::make_unique<HttpGet>(options().manager, m_place.policy);
    m_question->setUnpacked();
    m_question->setValidators(known().validators);
    HttpGet *question = m_question.get();
    // Qt complains about answers that are ended while it tells of their heads.
    connect(question, &HttpGet::answered, question, [this, question] {
        QTimer::singleShot(0, question, [this, question] { judge(question); });
    });
    connect(question, &HttpGet::finished, this, [this, question] {
        if (question->isNotModified())
            endWithNothing();
    });
    connect(question, &HttpGet::failed, this, [this](const TransferError &error) {
        dropLater(m_question);
        endFailed(error.error, error.retryAfter);
    });
    m_question->start(m_place.url);
}

void HttpSource::stop()
{
    dropLater(m_question);
    dropLater(m_download);
}

void HttpSource::judge(const HttpGet *question)
{
    if (question != m_question.get())
        return;
    m_validators = m_question->validators();
    const qint64 length = m_question->announcedLength();
    const bool isWebPage = m_question->isWebPage();
    m_question->stop();
    if (isWebPage)
        return endFailed(webPageError(m_question->finalUrl()).error);
    download(length);
}

void HttpSource::download(qint64 length)
{
    BuildRequest request;
    request.url = m_place.url;
    request.signature = signatureBeside(m_place.url);
    request.policy = m_place.policy;
    request.absent = m_place.absent;
    request.file = folder().download();
    request.length = length;
    request.maximumSize = options().maximumSize;
    m_download = std::make_unique<BuildDownload>(options().manager, request);
    connect(m_download.get(), &BuildDownload::progressed, this, &HttpSource::progressed);
    connect(m_download.get(), &BuildDownload::finished, this, &HttpSource::settleDownload);
    connect(m_download.get(), &BuildDownload::failed, this,
            [this](const Error &error) { endFailed(error, m_download->retryAfter()); });
    m_download->start();
}

// Where the file changed between the two requests, only its bytes are known.
void HttpSource::settleDownload()
{
    SourceRecord record;
    const Validators &got = m_download->validators();
    const bool isSame = got.etag == m_validators.etag
        && (!got.etag.isEmpty() || got.lastModified == m_validators.lastModified);
    if (isSame)
        record.validators = m_validators;
    FetchedBuild build;
    build.name = nameOf(m_place.url);
    build.signature = m_download->signature();
    settle(build, record);
}

} // namespace Freshen
