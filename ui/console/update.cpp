// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/commands.h"

#include "lib/commandline/progressline.h"
#include "lib/common/convert.h"
#include "ui/console/appoption.h"
#include "ui/console/keptfiles.h"
#include "ui/console/noupdate.h"
#include "lib/session/updatesession.h"
#include "lib/transfer/networkmanager.h"
#include "platform/paths.h"

#include <QDir>
#include <QEventLoop>
#include <QJsonArray>
#include <QLocale>
#include <QRegularExpression>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int maximumSeconds = 86'400;

QString phaseText(UserDriver::Phase phase)
{
    switch (phase) {
    case UserDriver::Phase::Checking:
        return u"Checking"_s;
    case UserDriver::Phase::Downloading:
        return u"Downloading"_s;
    case UserDriver::Phase::Preparing:
        return u"Unpacking"_s;
    case UserDriver::Phase::Installing:
        return u"Installing"_s;
    }
    return {};
}

// A whole update without questions, from the check to the last word.
class ConsoleUpdate
{
public:
    ConsoleUpdate(const Installation &installation, const InstallOptions &options,
                  std::chrono::seconds patience, bool asJson)
        : m_options(options)
        , m_patience(patience)
        , m_asJson(asJson)
        , m_session(&m_manager, installation)
        , m_progress(asJson)
    {
    }

    CheckRequest &request() { return m_session.request(); }
    void setMaximumRate(qint64 bytesPerSecond) { m_session.setMaximumRate(bytesPerSecond); }

    Answer run()
    {
        const QObject *const context = &m_session;
        QObject::connect(&m_session, &UpdateSession::checked, context, [this] {
            if (m_session.outcome().selection.item)
                m_session.stage(m_patience);
            else
                m_loop.quit();
        });
        QObject::connect(&m_session, &UpdateSession::sourceFailed, context,
                         [this](const SourceFailure &failure) { noteSourceFailure(failure); });
        QObject::connect(&m_session, &UpdateSession::staged, context,
                         [this] { m_session.arm(m_options); });
        QObject::connect(&m_session, &UpdateSession::armed, context,
                         [this] { m_session.go(m_options.launches); });
        QObject::connect(&m_session, &UpdateSession::installed, context, [this](qint64 downtime) {
            m_downtime = downtime;
            m_loop.quit();
        });
        QObject::connect(&m_session, &UpdateSession::failed, context, [this](const Error &error) {
            m_error = error;
            m_loop.quit();
        });
        QObject::connect(&m_session, &UpdateSession::progressed, context,
                         [this](UserDriver::Phase phase, qint64 done, qint64 total) {
                             m_progress.show(phaseText(phase), done, total);
                         });
        QObject::connect(&m_session, &UpdateSession::interrupted, context,
                         [this](const Error &cause, qint64 milliseconds) {
                             m_progress.tell(u"%1 Waiting; trying again in %2 s."_s
                                                 .arg(shown(toQString(cause.message)))
                                                 .arg((milliseconds + 999) / 1000));
                         });
        m_session.check();
        m_loop.exec();
        m_progress.clear();
        Answer answer;
        if (m_error)
            answer.error = m_error;
        else
            answer = m_session.outcome().selection.item ? updated() : nothing();
        answer.warnings += m_warnings;
        if (!m_sourceFailures.isEmpty())
            answer.json.insert(u"sourceFailures"_s, m_sourceFailures);
        return answer;
    }

private:
    void noteSourceFailure(const SourceFailure &failure)
    {
        m_sourceFailures += QJsonObject{{u"url"_s, displayUrl(failure.url)},
                                        {u"error"_s, toJson(failure.error)}};
        if (!m_asJson)
            m_warnings += toSentence(failure);
    }

    Answer updated() const
    {
        const QString from = m_session.installation().description.version;
        const QString to = m_session.item().version;
        Answer answer;
        answer.json = {{u"result"_s, u"updated"_s},
                       {u"from"_s, from},
                       {u"to"_s, to},
                       {u"bytesFetched"_s, m_session.bytesFetched()},
                       {u"route"_s, m_session.route()},
                       {u"downtimeMs"_s, m_downtime}};
        answer.text = u"Updated from %1 to %2 (%3 fetched)."_s.arg(
            shown(from), shown(to), QLocale().formattedDataSize(m_session.bytesFetched()));
        tellKeptFiles(answer, m_session.installation());
        return answer;
    }

    Answer nothing() const
    {
        const QString installed = m_session.installation().description.version;
        const QString reason = m_session.outcome().selection.reason;
        Answer answer;
        answer.json = {{u"result"_s, u"none"_s},
                       {u"reason"_s, reason},
                       {u"installed"_s, installed}};
        answer.text = noUpdateText(m_session.outcome(), installed);
        answer.status = 3;
        return answer;
    }

    InstallOptions m_options;
    std::chrono::seconds m_patience;
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

Result<InstallOptions> installOptions(const CommandLine &line)
{
    InstallOptions options;
    options.launches = line.isSet(u"launch"_s);
    options.waitSeconds = 0;
    options.workingDirectory = QDir::homePath();
    if (line.isSet(u"wait"_s)) {
        const auto seconds = line.number(u"wait"_s, 0, maximumSeconds);
        if (!seconds)
            return failure(seconds);
        options.waitSeconds = *seconds;
    }
    if (line.isSet(u"ready-timeout"_s)) {
        const auto seconds = line.number(u"ready-timeout"_s, 1, maximumSeconds);
        if (!seconds)
            return failure(seconds);
        options.readySeconds = *seconds;
    }
    return options;
}

// "500K" and "2M", as other programs that fetch have it; 0: no limit.
Result<qint64> maximumRate(const CommandLine &line)
{
    if (!line.isSet(u"limit-rate"_s))
        return 0;
    static const QRegularExpression form(u"^([1-9][0-9]{0,9})([KM]?)$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(line.value(u"limit-rate"_s));
    if (!match.hasMatch())
        return failure(ErrorCode::USAGE, u"--limit-rate takes bytes a second, such as 500K or 2M, "
                                         "not \"%1\"."_s.arg(shown(line.value(u"limit-rate"_s))));
    const QString unit = match.captured(2).toUpper();
    const int shift = unit == u"M"_s ? 20 : unit == u"K"_s ? 10 : 0;
    return match.captured(1).toLongLong() << shift;
}

// What an earlier change left comes first: the check has to see the version that is really there.
Result<Installation> recoveredInstallation(const CommandLine &line)
{
    const auto installation = installationOf(line);
    if (!installation)
        return installation;
    if (Platform::identityOf(installation->layout.folder()).empty())
        return installation;
    const auto lock = lockAndRecover(*installation);
    return lock ? installationOf(line) : failure(lock);
}

Result<Answer> run(const CommandLine &line)
{
    const auto options = installOptions(line);
    if (!options)
        return failure(options);
    const auto patience = line.number(u"patience"_s, 0, maximumSeconds);
    if (!patience)
        return failure(patience);
    const auto rate = maximumRate(line);
    if (!rate)
        return failure(rate);
    const auto installation = recoveredInstallation(line);
    if (!installation)
        return failure(installation);
    ConsoleUpdate update(*installation, *options, std::chrono::seconds(*patience),
                         line.isSet(u"json"_s));
    update.setMaximumRate(*rate);
    if (auto applied = applyFeedOptions(line, update.request()); !applied)
        return failure(applied);
    if (line.isSet(u"retry"_s))
        update.request().client.failedVersions.clear();
    return update.run();
}

} // namespace

Command updateCommand()
{
    Command command;
    command.name = u"update"_s;
    command.summary = u"Checks, fetches, verifies and installs the newest release."_s;
    command.example = u"update --app /opt/notes --wait 60 --launch"_s;
    command.options = feedOptions();
    command.options.append({
        appOption(),
        {u"wait"_s, u"Waits so long for the app to be closed."_s, u"SECONDS"_s},
        {u"launch"_s, u"Starts the new version; without its \"ready\" the old one returns."_s},
        {u"ready-timeout"_s, u"How long the new version has for that (60)."_s, u"SECONDS"_s},
        {u"patience"_s,
         u"How long it keeps trying while nothing of a file arrives (%1)."_s.arg(
             Stager::usualPatience.count()),
         u"SECONDS"_s, QString::number(Stager::usualPatience.count())},
        {u"limit-rate"_s, u"Fetches no more than so many a second: 500K, 2M."_s, u"BYTES"_s},
        {u"full"_s, u"Fetches the full package, never a delta."_s},
        {u"retry"_s, u"Installs even a release that failed before."_s},
    });
    command.required = {u"app"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
