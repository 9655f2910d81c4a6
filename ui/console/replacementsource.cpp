// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/replacementsource.h"

#include "lib/commandline/program.h"
#include "lib/common/convert.h"
#include "lib/common/job.h"
#include "lib/transfer/download.h"
#include "lib/transfer/fetch.h"
#include "updater-helper/trust/digest.h"

#include <QFileInfo>
#include <QRegularExpression>

namespace Freshen {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 maximumText = 1 << 20;
constexpr auto downloadDeadline = 24h;

Error interrupted()
{
    return {ErrorCode::CANCELLED, "Interrupted: nothing was changed."};
}

} // namespace

bool ReplacementSource::isUrl(const QString &fileOrUrl)
{
    static const QRegularExpression form(u"^[A-Za-z][A-Za-z0-9+.-]*://"_s);
    return form.match(fileOrUrl).hasMatch();
}

ReplacementSource::ReplacementSource(bool allowsHttp, bool isQuiet)
    : m_allowsHttp(allowsHttp)
    , m_progress(isQuiet)
{
}

ReplacementSource::~ReplacementSource()
{
    if (m_folder && !m_canGoOn)
        (void)m_folder->remove();
}

Result<void> ReplacementSource::watch()
{
    auto signalListener = Platform::SignalListener::create();
    if (!signalListener)
        return failure(signalListener);
    m_signals.emplace(std::move(*signalListener));
    m_notifier = std::make_unique<QSocketNotifier>(m_signals->value(), QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, &m_loop, [this] {
        m_notifier->setEnabled(false);
        m_isInterrupted = true;
        m_loop.quit();
    });
    return {};
}

UrlPolicy ReplacementSource::policy() const
{
    UrlPolicy policy;
    policy.allowsHttp = m_allowsHttp;
    return policy;
}

Result<void> ReplacementSource::wait()
{
    m_error.reset();
    if (!m_isInterrupted)
        m_loop.exec();
    m_progress.clear();
    if (m_isInterrupted)
        return tl::unexpected(interrupted());
    return m_error ? Result<void>(tl::unexpected(*m_error)) : Result<void>();
}

void ReplacementSource::end(const Error &error)
{
    m_error = error;
    m_loop.quit();
}

Result<QByteArray> ReplacementSource::text(const QString &fileOrUrl)
{
    if (isUrl(fileOrUrl))
        return fetch(QUrl(fileOrUrl));
    const auto text = Platform::readFile(toPath(fileOrUrl), maximumText);
    return text ? Result<QByteArray>(QByteArray::fromStdString(*text)) : failure(text);
}

Result<QByteArray> ReplacementSource::fetch(const QUrl &url)
{
    if (auto checked = checkUrl(url, policy()); !checked)
        return failure(checked);
    Fetch fetch(&m_manager, policy(), maximumText, ErrorCode::SIZE);
    QObject::connect(&fetch, &Fetch::finished, &m_loop, &QEventLoop::quit);
    QObject::connect(&fetch, &Fetch::failed, &m_loop, [this](const Error &error) { end(error); });
    QMetaObject::invokeMethod(
        &fetch, [&] { fetch.start(url); }, Qt::QueuedConnection);
    if (auto done = wait(); !done)
        return failure(done);
    m_bytesFetched += fetch.bytesReceived();
    return fetch.content();
}

Result<QString> ReplacementSource::file(const QString &fileOrUrl, qint64 maximumSize)
{
    if (isUrl(fileOrUrl))
        return download(QUrl(fileOrUrl), maximumSize);
    if (!QFileInfo(fileOrUrl).isFile())
        return failure(ErrorCode::IO, u"There is no file %1."_s.arg(shown(fileOrUrl)));
    return fileOrUrl;
}

Result<QString> ReplacementSource::download(const QUrl &url, qint64 maximumSize)
{
    if (auto checked = checkUrl(url, policy()); !checked)
        return failure(checked);
    DownloadFolder::removeForgotten();
    // The same address later goes on where this one stops.
    m_folder.emplace(u"replace-"_s + toQString(Trust::sha256Hex(url.toEncoded().toStdString())));
    const QString file = m_folder->path() + u"/file"_s;
    if (auto made = m_folder->keepOnly(file); !made)
        return failure(made);
    UrlPolicy patient = policy();
    patient.limits.deadline = downloadDeadline;
    Download download(&m_manager, patient,
                      {.urls = {url}, .file = file, .length = maximumSize, .isExact = false});
    QObject::connect(&download, &Download::progressed, &m_loop,
                     [this](qint64 done) { m_progress.show(u"Downloading"_s, done, 0); });
    QObject::connect(&download, &Download::interrupted, &m_loop,
                     [this](const Error &cause, qint64 milliseconds) {
                         m_progress.tell(
                             u"%1 Trying again in %2 s."_s.arg(shown(toQString(cause.message)))
                                 .arg((milliseconds + 999) / 1000));
                     });
    QObject::connect(&download, &Download::finished, &m_loop, &QEventLoop::quit);
    QObject::connect(&download, &Download::failed, &m_loop,
                     [this](const Error &error) { end(error); });
    QMetaObject::invokeMethod(&download, &Download::start, Qt::QueuedConnection);
    const auto done = wait();
    m_bytesFetched += download.bytesReceived();
    m_canGoOn = !done && m_folder->occupied(file) > 0
        && (done.error().code == ErrorCode::NETWORK || done.error().code == ErrorCode::SLOW);
    return done ? Result<QString>(file) : failure(done);
}

Result<void>
ReplacementSource::run(const QString &step, qint64 total,
                       const std::function<Result<void>(const std::function<bool(qint64)> &)> &work)
{
    Result<void> result;
    bool isOver = false;
    auto *const job = Job::start([&](JobControl &control) {
        result = work([&](qint64 done) { return control.advance(done) && !m_isInterrupted; });
        return result;
    });
    const auto finish = [&] {
        isOver = true;
        m_loop.quit();
    };
    QObject::connect(job, &Job::progressed, &m_loop,
                     [&](qint64 done) { m_progress.show(step, done, total); });
    QObject::connect(job, &Job::succeeded, &m_loop, finish);
    QObject::connect(job, &Job::failed, &m_loop, finish);
    // The work uses what is on this stack, so it is waited for in any case.
    while (!isOver)
        m_loop.exec();
    m_progress.clear();
    return result;
}

} // namespace Freshen
