// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What tests can learn about the requests that a server got.

#include "tests/faultserver/faultserver_p.h"

#include <algorithm>
#include <numeric>

namespace Freshen {

QByteArray FaultRequest::header(const QByteArray &name) const
{
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.left(colon).compare(name, Qt::CaseInsensitive) == 0)
            return line.mid(colon + 1).trimmed();
    }
    return {};
}

QList<FaultRequest> FaultServer::requests() const
{
    return d->requests;
}

int FaultServer::requests(const QString &path) const
{
    const auto isAtPath = [&](const FaultRequest &request) { return request.path == path; };
    return int(std::count_if(d->requests.begin(), d->requests.end(), isAtPath));
}

QByteArray FaultServer::header(const QString &path, const QByteArray &name) const
{
    const auto isAtPath = [&](const FaultRequest &request) { return request.path == path; };
    const auto last = std::find_if(d->requests.rbegin(), d->requests.rend(), isAtPath);
    return last == d->requests.rend() ? QByteArray() : last->header(name);
}

qint64 FaultServer::bytesSent() const
{
    return std::accumulate(d->requests.begin(), d->requests.end(), qint64(0),
                           [](qint64 sum, const FaultRequest &r) { return sum + r.bytesSent; });
}

qint64 FaultServer::bytesSent(const QString &path) const
{
    return std::accumulate(d->requests.begin(), d->requests.end(), qint64(0),
                           [&](qint64 sum, const FaultRequest &r) {
                               return sum + (r.path == path ? r.bytesSent : 0);
                           });
}

int FaultServer::connections() const
{
    return d->connections;
}

int FaultServer::mostConnections() const
{
    return d->mostConnections;
}

} // namespace Freshen
