// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/recordedsource.h"

#include "lib/common/convert.h"
#include "lib/common/job.h"
#include "lib/supervise/source/unpackbuild.h"
#include "updater-helper/trust/digest.h"

#include <QRegularExpression>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// Others may use it as a file's.
QString plainName(QString name)
{
    static const QRegularExpression forbidden(u"[/\\\\\\x00-\\x1f]"_s);
    name.replace(forbidden, u"_"_s);
    return name.startsWith(u'.') ? u'_' + name : name;
}

} // namespace

RecordedSource::RecordedSource(const QString &source, const QString &displayName,
                               const SourceOptions &options)
    : m_options(options)
    , m_name(displayName)
    , m_folder(options.folder, source)
{
}

RecordedSource::~RecordedSource()
{
    if (m_job)
        m_job->cancel();
}

// Whoever looks is not called back while still looking.
void RecordedSource::look()
{
    if (std::exchange(m_isLooking, true))
        return;
    m_found.reset();
    m_retryAfter.reset();
    m_job = Job::start([folder = m_folder](JobControl &) { return folder.make(); });
    connect(m_job, &Job::failed, this, [this](const Error &error) { endFailed(error); });
    connect(m_job, &Job::succeeded, this, [this] {
        if (!std::exchange(m_isPrepared, true)) {
            m_folder.removeForgotten();
            m_known = m_folder.record();
        }
        start();
    });
}

void RecordedSource::cancel()
{
    end();
    stop();
}

void RecordedSource::end()
{
    if (m_job)
        m_job->cancel();
    m_job = nullptr;
    m_isLooking = false;
}

void RecordedSource::remember()
{
    if (!m_found)
        return;
    m_known = *std::exchange(m_found, {});
    m_folder.keep(m_known);
}

void RecordedSource::endKnown(const SourceRecord &record)
{
    m_known = record;
    m_folder.keep(record);
    endWithNothing();
}

void RecordedSource::endWithNothing()
{
    end();
    Q_EMIT nothingNew();
}

void RecordedSource::endFailed(const Error &error, std::optional<std::chrono::seconds> retryAfter)
{
    end();
    m_retryAfter = retryAfter;
    Q_EMIT failed(error);
}

void RecordedSource::settle(const FetchedBuild &build, const SourceRecord &record)
{
    struct Outcome {
        OwnedFile file;
        QString content;
    };
    // Whichever of the two threads is the last removes what nobody took.
    auto outcome = std::make_shared<Outcome>();
    outcome->file.take(m_folder.newFile(build.name));
    const PackedBuild packed{m_folder.download(), build.name, m_options.maximumSize};
    m_job = Job::start([outcome, packed, signature = build.signature](JobControl &control) {
        OwnedFile raw;
        raw.take(packed.file);
        const auto done = unpackBuild(packed, outcome->file.path(), control);
        if (!done)
            return done;
        const auto hash = Trust::sha256OfFile(toPath(outcome->file.path()));
        if (!hash)
            return Result<void>(failure(hash));
        outcome->content = toQString(Trust::sha256Hex(*hash + signature.toStdString()));
        return done;
    });
    connect(m_job, &Job::failed, this, [this](const Error &error) { endFailed(error); });
    connect(m_job, &Job::succeeded, this,
            [this, outcome, build = FetchedBuild(build), record = SourceRecord(record)]() mutable {
                record.content = outcome->content;
                if (record.content == m_known.content)
                    return endKnown(record);
                build.file = outcome->file.release();
                build.name = plainName(unpackedName(build.name));
                end();
                m_found = record;
                Q_EMIT found(build);
            });
}

} // namespace Freshen
