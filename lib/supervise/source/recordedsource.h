// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/supervise/source/sourcefolder.h"
#include "lib/supervise/source/updatesource.h"

#include <QPointer>

namespace Freshen {

class Job;

// A source that knows by itself what it has brought before. What is the same in the end, byte by
// byte, is nothing new, whatever else the source says about it.
class RecordedSource : public UpdateSource
{
    Q_OBJECT

public:
    ~RecordedSource() override;

    void look() final;
    void cancel() final;
    void remember() final;
    QString displayName() const final { return m_name; }
    std::optional<std::chrono::seconds> retryAfter() const final { return m_retryAfter; }

protected:
    // `source` tells what is kept for it from what is kept for others.
    RecordedSource(const QString &source, const QString &displayName, const SourceOptions &options);

    // Begins to look; leads to one of the functions below.
    virtual void start() = 0;
    // Drops whatever goes on.
    virtual void stop() = 0;

    const SourceOptions &options() const { return m_options; }
    const SourceFolder &folder() const { return m_folder; }
    const SourceRecord &known() const { return m_known; }
    // Known from now on, and nothing new.
    void endKnown(const SourceRecord &record);
    void endWithNothing();
    void endFailed(const Error &error, std::optional<std::chrono::seconds> retryAfter = {});
    // The build is complete, at folder().download(), with its signature; what `record` says of it
    // will be known once it is to be remembered.
    void settle(const FetchedBuild &build, const SourceRecord &record);

private:
    void end();

    SourceOptions m_options;
    QString m_name;
    SourceFolder m_folder;
    SourceRecord m_known;
    std::optional<SourceRecord> m_found; // by the last look
    std::optional<std::chrono::seconds> m_retryAfter;
    QPointer<Job> m_job;
    bool m_isPrepared = false;
    bool m_isLooking = false;
};

// Bytes of a signature's file; no honest one has more.
constexpr qint64 maximumSignature = 16 << 10;

// One of its own signals may be what led here.
template<typename Object>
void dropLater(std::unique_ptr<Object> &object)
{
    if (!object)
        return;
    object->disconnect();
    object.release()->deleteLater();
}

} // namespace Freshen
