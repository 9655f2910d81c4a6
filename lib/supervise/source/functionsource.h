// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/supervise/source/updatesource.h"

#include <QPointer>

namespace Freshen {

class Job;
class JobControl;

// Whatever the caller's own function finds. It runs in another thread, removes what it has fetched
// when it is cancelled or fails, and remembers by itself what it had found before.
class FunctionSource : public UpdateSource
{
    Q_OBJECT

public:
    // Nothing: there is nothing new.
    using Function = std::function<Result<std::optional<FetchedBuild>>(JobControl &control)>;

    FunctionSource(const QString &displayName, Function function);
    ~FunctionSource() override;

    void look() override;
    void cancel() override;
    void remember() override {}
    QString displayName() const override { return m_name; }

private:
    QString m_name;
    Function m_function;
    QPointer<Job> m_job;
};

} // namespace Freshen
