// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/auto/session/updaterfixture.h"

#include <Freshen/FaultServer>

namespace Freshen {

// Serves the package of 2.0 to an app, as slowly as the test needs it.
class SlowShop
{
public:
    explicit SlowShop(UpdaterFixture &app)
    {
        const QString name = UpdaterFixture::shop().packageName(QStringLiteral("2.0"));
        answer.content = readAll(UpdaterFixture::shop().host() + QLatin1Char('/') + name);
        app.network.diversions[name] = server.url(path);
    }
    void serve(std::optional<qint64> bytesPerSecond)
    {
        answer.bytesPerSecond = bytesPerSecond;
        server.serve(path, answer);
    }
    qint64 length() const { return answer.content.size(); }

    const QString path = QStringLiteral("/package");
    FaultServer server;
    FaultAnswer answer;
};

} // namespace Freshen
