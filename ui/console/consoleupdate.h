// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/commandline/program.h"
#include "lib/commandline/progressline.h"
#include "lib/session/updatesession.h"
#include "lib/transfer/networkmanager.h"

#include <QEventLoop>
#include <QJsonArray>

namespace Freshen {

// The install that --app names. What an earlier change left comes first: whoever looks then has to
// see the version that is really there.
Result<Installation> recoveredInstallation(const CommandLine &line);

// A whole update without questions, from the check to the last word; of an install that is to be
// repaired, to its own version.
class ConsoleUpdate
{
public:
    ConsoleUpdate(const Installation &installation, const InstallOptions &options, bool asJson);

    CheckRequest &request() { return m_session.request(); }
    void setPatience(std::chrono::seconds patience) { m_patience = patience; }
    void setMaximumRate(qint64 bytesPerSecond) { m_session.setMaximumRate(bytesPerSecond); }

    Answer run();

private:
    void connectSession();
    void stageWhatWasFound();
    void end(const std::optional<Error> &error = {});
    void noteSourceFailure(const SourceFailure &failure);
    Answer updated() const;
    Answer nothing() const;

    InstallOptions m_options;
    std::chrono::seconds m_patience = Stager::usualPatience;
    bool m_asJson;
    NetworkManager m_manager;
    UpdateSession m_session;
    ProgressLine m_progress;
    QEventLoop m_loop;
    std::optional<Error> m_error;
    QJsonArray m_sourceFailures; // whether or not another address had the file
    QStringList m_warnings;
    qint64 m_downtime = 0;
};

} // namespace Freshen
