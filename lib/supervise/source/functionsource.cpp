// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/functionsource.h"

#include "lib/common/job.h"
#include "lib/supervise/source/sourcefolder.h"

namespace Freshen {

FunctionSource::FunctionSource(const QString &displayName, Function function)
    : m_name(displayName)
    , m_function(std::move(function))
{
}

FunctionSource::~FunctionSource()
{
    cancel();
}

void FunctionSource::look()
{
    if (m_job)
        return;
    struct Outcome {
        FetchedBuild build;
        OwnedFile file; // until somebody takes the build
        bool isFound = false;
    };
    auto outcome = std::make_shared<Outcome>();
    m_job = Job::start([outcome, function = m_function](JobControl &control) {
        const auto result = function(control);
        outcome->isFound = result && result->has_value();
        if (outcome->isFound) {
            outcome->build = **result;
            outcome->file.take(outcome->build.file);
        }
        return result ? Result<void>() : failure(result);
    });
    connect(m_job, &Job::failed, this, [this](const Error &error) {
        m_job = nullptr;
        Q_EMIT failed(error);
    });
    connect(m_job, &Job::succeeded, this, [this, outcome] {
        m_job = nullptr;
        if (!outcome->isFound) {
            Q_EMIT nothingNew();
            return;
        }
        outcome->file.release();
        Q_EMIT found(outcome->build);
    });
}

void FunctionSource::cancel()
{
    if (m_job)
        m_job->cancel();
    m_job = nullptr;
}

} // namespace Freshen
