// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/download.h"

#include "lib/common/convert.h"
#include "lib/transfer/answerhead.h"
#include "lib/transfer/downloadwriter.h"

#include <algorithm>

namespace Freshen {

using Remedy = TransferError::Remedy;

namespace {

// More than this unwritten: the network waits for the disk.
constexpr qint64 maximumWaiting = 2 << 20;

TransferError tooLong(const QUrl &url, qint64 length)
{
    return {{ErrorCode::SIZE,
             QStringLiteral("%1 is longer than the %2 bytes that it may have.")
                 .arg(displayUrl(url))
                 .arg(length)
                 .toStdString()}};
}

TransferError tooShort(const QUrl &url, qint64 bytes, qint64 length)
{
    return {{ErrorCode::SIZE,
             QStringLiteral("%1 ended after %2 of %3 bytes. Try again.")
                 .arg(displayUrl(url))
                 .arg(bytes)
                 .arg(length)
                 .toStdString()}};
}

} // namespace

Download::Download(QNetworkAccessManager *manager, const UrlPolicy &policy,
                   const DownloadRequest &request, QObject *parent)
    : QObject(parent)
    , m_request(request)
    , m_manager(manager)
    , m_policy(policy)
    , m_attempts(request.urls, policy.limits.patience)
    , m_writer(new DownloadWriter(request.file, {request.length, request.sha256, request.isExact}))
{
    // Without a hash, nobody would notice that parts belong to different files.
    if (request.sha256.isEmpty())
        m_attempts.forbidMixing();
    m_retry.setSingleShot(true);
    m_deadline.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &Download::startLanes);
    connect(&m_rate, &RateLimit::refilled, this, &Download::pauseLanes);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        fail({ErrorCode::SLOW,
              QStringLiteral("%1 did not arrive in time. Try again later or on another network.")
                  .arg(displayUrl(m_attempts.url()))
                  .toStdString()});
    });
    connectWriter();
}

void Download::connectWriter()
{
    m_writer->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_writer, &QObject::deleteLater);
    connect(m_writer, &DownloadWriter::opened, this, &Download::begin);
    connect(m_writer, &DownloadWriter::written, this, &Download::noteWritten);
    connect(m_writer, &DownloadWriter::mismatched, this, &Download::noteMismatch);
    connect(m_writer, &DownloadWriter::failed, this, &Download::fail);
    connect(m_writer, &DownloadWriter::finished, this, &Download::finished);
    m_thread.start();
}

Download::~Download()
{
    m_writer->stop();
    write([this](DownloadWriter *) { m_thread.quit(); });
    m_thread.wait();
}

void Download::write(std::function<void(DownloadWriter *)> task)
{
    QMetaObject::invokeMethod(m_writer, [writer = m_writer, task = std::move(task)] {
        task(writer);
    });
}

void Download::start()
{
    write(&DownloadWriter::open);
}

void Download::begin(const Pieces &pieces, const Validators &validators)
{
    m_pieces = pieces;
    m_validators = validators;
    m_furthest = pieces.done();
    m_isFromOneSource = m_furthest == 0;
    m_isOpen = true;
    Q_EMIT progressed(m_furthest);
    resume();
}

void Download::resume()
{
    if (!m_isOpen || m_paused || m_ended || m_isFinishing)
        return;
    if (hasAll())
        finishFile();
    else
        startLanes();
}

void Download::setPaused(bool paused)
{
    if (m_paused == paused)
        return;
    m_paused = paused;
    m_retry.stop();
    stopLanes();
    m_attempts.noteProgress();
    m_deadline.stop();
    resume();
}

// Connections without a limit have read far ahead.
void Download::setMaximumRate(qint64 bytesPerSecond)
{
    const bool isNew = m_rate.maximum() <= 0 && bytesPerSecond > 0;
    m_rate.setMaximum(bytesPerSecond);
    if (m_lanes.empty())
        return;
    if (isNew)
        stopLanes();
    startLanes();
}

// ------------------------------------------------------------------------------------ connections

void Download::startLanes()
{
    // Without a hash or the server's word, nobody knows whether it is still the same file.
    const bool canGoOn = !m_request.sha256.isEmpty() || !m_validators.strong().isEmpty();
    if (m_lanes.empty() && m_pieces.done() > 0 && !canGoOn)
        restart(m_pieces);
    // All that it may be has arrived, though it may be less.
    if (m_lanes.empty() && m_pieces.isComplete() && m_pieces.done() > 0)
        return finishFile();
    const int limit = m_rate.maximum() > 0 ? 1 : std::min(m_connections, m_request.connections);
    while (int(m_lanes.size()) < limit && startLane()) { }
}

bool Download::startLane()
{
    if (m_paused || m_ended || freePiece() < 0)
        return false;
    if (!m_deadline.isActive())
        m_deadline.start(m_policy.limits.deadline);
    if (!m_attempts.allowsParts() && (m_pieces.count() > 1 || m_pieces.done() > 0))
        restart(Pieces::inOne(m_request.length));
    m_lanes.push_back(std::make_unique<Lane>());
    m_lanes.back()->piece = freePiece();
    ask(*m_lanes.back());
    return true;
}

// A piece that has begun goes first: what is whole from the file's begin on can be hashed.
int Download::freePiece() const
{
    for (int piece = 0; piece < m_pieces.count(); ++piece) {
        const bool isTaken = std::any_of(m_lanes.begin(), m_lanes.end(), [&](const auto &lane) {
            return lane->get && lane->piece == piece;
        });
        if (!isTaken && m_pieces.missing(piece) > 0)
            return piece;
    }
    // An empty file has to be asked for as well.
    return m_request.length == 0 && m_lanes.empty() ? 0 : -1;
}

void Download::ask(Lane &asked)
{
    Lane *lane = &asked;
    lane->get = std::make_unique<HttpGet>(m_manager, m_policy);
    HttpGet *get = lane->get.get();
    if (m_rate.maximum() > 0)
        get->setBufferSize(std::clamp<qint64>(m_rate.maximum() / 10, 16 << 10, 1 << 20));
    const bool isToTheEnd = m_pieces.count() == 1;
    get->setRange(m_pieces.next(lane->piece), isToTheEnd ? -1 : m_pieces.end(lane->piece) - 1,
                  m_validators);
    connect(get, &HttpGet::answered, this, [this, lane] { noteAnswer(lane); });
    connect(get, &HttpGet::received, this,
            [this, lane](const QByteArray &bytes) { take(lane, bytes); });
    connect(get, &HttpGet::finished, this, [this, lane] { finishLane(lane); });
    connect(get, &HttpGet::failed, this,
            [this, lane](const TransferError &error) { failLane(lane, error); });
    get->setPaused(hasEnough());
    get->start(m_attempts.url());
}

void Download::stopLanes()
{
    while (!m_lanes.empty())
        drop(m_lanes.back().get());
}

// It may be one of its own signals that leads here.
void Download::drop(Lane *lane)
{
    if (lane->get) {
        lane->get->disconnect(this);
        lane->get->stop();
        lane->get.release()->deleteLater();
    }
    std::erase_if(m_lanes, [lane](const auto &other) { return other.get() == lane; });
}

void Download::restart(const Pieces &pieces)
{
    m_pieces = Pieces(pieces.length(), pieces.pieceSize());
    m_validators = {};
    m_isFromOneSource = true;
    write([pieces](DownloadWriter *writer) { writer->restart(pieces); });
}

// ---------------------------------------------------------------------------------------- answers

void Download::noteAnswer(Lane *lane)
{
    const HttpGet &get = *lane->get;
    if (!isRightLength(get))
        return;
    if (!get.isPartial())
        takeWhole(lane);
    if (m_validators.isEmpty() && !get.validators().isEmpty()) {
        m_validators = get.validators();
        write([known = m_validators](DownloadWriter *writer) { writer->setValidators(known); });
    }
    if (!get.isPartial())
        return;
    m_connections = m_request.connections;
    startLanes();
}

bool Download::isRightLength(const HttpGet &get)
{
    const qint64 length = get.announcedLength();
    if (length < 0 || (m_request.isExact ? length == m_request.length
                                         : length <= m_request.length))
        return true;
    auto error = length > m_request.length
        ? tooLong(get.finalUrl(), m_request.length)
        : tooShort(get.finalUrl(), length, m_request.length);
    if (get.isPartial())
        error.remedy = Remedy::Whole;
    failSource(get.isWebPage() ? webPageError(get.finalUrl()) : error);
    return false;
}

// All of the file instead of a part of it: the server cannot do better, or the file has changed.
void Download::takeWhole(Lane *lane)
{
    for (std::size_t other = m_lanes.size(); other-- > 0;) {
        if (m_lanes[other].get() != lane)
            drop(m_lanes[other].get());
    }
    m_connections = 1;
    lane->piece = 0;
    if (m_pieces.count() > 1 || m_pieces.done() > 0)
        restart(Pieces::inOne(m_request.length));
}

void Download::take(Lane *lane, const QByteArray &bytes)
{
    m_received += bytes.size();
    if (bytes.size() > m_pieces.missing(lane->piece))
        return failSource(tooLong(lane->get->finalUrl(), m_request.length));
    m_pieces.add(lane->piece, bytes.size());
    write([piece = lane->piece, bytes](DownloadWriter *writer) { writer->write(piece, bytes); });
    m_waiting += bytes.size();
    m_rate.take(bytes.size());
    pauseLanes();
    const qint64 done = m_pieces.done();
    if (done > m_furthest) {
        m_furthest = done;
        m_attempts.noteProgress();
    }
    Q_EMIT progressed(done);
}

void Download::noteWritten(qint64 bytes)
{
    m_waiting -= bytes;
    if (m_waiting <= maximumWaiting / 2)
        pauseLanes();
}

bool Download::hasEnough() const
{
    return m_rate.isExhausted() || m_waiting > maximumWaiting;
}

void Download::pauseLanes()
{
    std::vector<QPointer<HttpGet>> gets;
    for (const auto &lane : m_lanes)
        gets.push_back(lane->get.get());
    // Each that goes on may bring enough, or its end, or that of others.
    for (const auto &get : gets) {
        if (get)
            get->setPaused(hasEnough());
    }
}

void Download::finishLane(Lane *lane)
{
    const bool isAll = m_pieces.missing(lane->piece) == 0;
    const bool wasWhole = m_pieces.count() == 1;
    const QUrl url = lane->get->finalUrl();
    drop(lane);
    if (!isAll && m_request.isExact)
        return failSource(tooShort(url, m_pieces.done(), m_request.length));
    if (hasAll() || (wasWhole && !m_request.isExact))
        return finishFile();
    startLanes();
}

void Download::finishFile()
{
    m_deadline.stop();
    m_isFinishing = true;
    write([length = m_pieces.done()](DownloadWriter *writer) { writer->finish(length); });
}

// --------------------------------------------------------------------------------------- failures

void Download::failLane(Lane *lane, const TransferError &error)
{
    drop(lane);
    // Others are still at work: fewer connections may be all that the server wants.
    if (!m_lanes.empty() && error.remedy == Remedy::Later) {
        m_connections = int(m_lanes.size());
        return;
    }
    failSource(error);
}

void Download::failSource(const TransferError &error)
{
    stopLanes();
    if (m_ended)
        return;
    m_connections = 1;
    const QUrl before = m_attempts.url();
    const auto wait = m_attempts.next(error);
    if (wait && m_attempts.url() != before) {
        m_validators = {};
        if (!m_attempts.allowsMixing() && m_pieces.done() > 0)
            restart(m_pieces);
        m_isFromOneSource = m_pieces.done() == 0;
    }
    retry(wait, m_attempts.verdict());
}

void Download::noteMismatch(const Error &error)
{
    const auto wait = m_attempts.nextAfterWrongBytes(error, m_isFromOneSource);
    restart(Pieces::of(m_request.length));
    m_furthest = 0;
    m_isFinishing = false;
    retry(wait, m_attempts.verdict());
}

void Download::retry(std::optional<std::chrono::milliseconds> wait, const Error &error)
{
    if (!wait)
        return fail(error);
    m_retry.start(*wait);
    if (wait->count() > 0)
        Q_EMIT interrupted(error, wait->count());
}

// A file that is not the right one is nothing to continue.
void Download::fail(const Error &error)
{
    if (m_ended)
        return;
    m_ended = true;
    m_retry.stop();
    m_deadline.stop();
    stopLanes();
    if (exitStatus(error.code) == exitStatus(ErrorCode::SIZE))
        m_writer->discard();
    Q_EMIT failed(error);
}

} // namespace Freshen
