// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/supervisor_p.h"

#include "lib/common/convert.h"

namespace Freshen {

Supervisor::Supervisor(const SupervisorOptions &options, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<SupervisorPrivate>(this, options))
{
}

Supervisor::~Supervisor() = default;

UpdateError Supervisor::start()
{
    const auto started = d->start();
    return started ? UpdateError() : toUpdateError(started.error());
}

void Supervisor::checkNow()
{
    d->obey(QStringLiteral("check"), [](const Result<QJsonObject> &) {});
}

void Supervisor::restart()
{
    d->obey(QStringLiteral("restart"), [](const Result<QJsonObject> &) {});
}

void Supervisor::stop()
{
    d->stop();
}

QJsonObject Supervisor::status() const
{
    return d->status();
}

} // namespace Freshen
