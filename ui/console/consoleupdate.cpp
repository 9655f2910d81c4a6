// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/consoleupdate.h"

#include "lib/common/convert.h"
#include "ui/console/appoption.h"
#include "ui/console/keptfiles.h"
#include "ui/console/noupdate.h"

#include <QLocale>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

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

} // namespace

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

ConsoleUpdate::ConsoleUpdate(const Installation &installation, const InstallOptions &options,
                             bool asJson)
    : m_options(options)
    , m_asJson(asJson)
    , m_session(&m_manager, installation)
    , m_progress(asJson)
{
}

Answer ConsoleUpdate::run()
{
    connectSession();
    m_session.check();
    m_loop.exec();
    m_progress.clear();
    Answer answer;
    if (m_error)
        answer.error = m_error;
    else
        answer = m_session.hasItem() ? updated() : nothing();
    answer.warnings += m_warnings;
    if (!m_sourceFailures.isEmpty())
        answer.json.insert(u"sourceFailures"_s, m_sourceFailures);
    return answer;
}

void ConsoleUpdate::connectSession()
{
    const QObject *const context = &m_session;
    QObject::connect(&m_session, &UpdateSession::checked, context, [this] { stageWhatWasFound(); });
    QObject::connect(&m_session, &UpdateSession::sourceFailed, context,
                     [this](const SourceFailure &failure) { noteSourceFailure(failure); });
    QObject::connect(&m_session, &UpdateSession::staged, context,
                     [this] { m_session.arm(m_options); });
    QObject::connect(&m_session, &UpdateSession::armed, context,
                     [this] { m_session.go(m_options.launches); });
    QObject::connect(&m_session, &UpdateSession::installed, context, [this](qint64 downtime) {
        m_downtime = downtime;
        end();
    });
    QObject::connect(&m_session, &UpdateSession::failed, context,
                     [this](const Error &error) { end(error); });
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
}

void ConsoleUpdate::stageWhatWasFound()
{
    const Installation &installation = m_session.installation();
    const CheckOutcome &outcome = m_session.outcome();
    const bool isForOthers = outcome.origin.kind != Platform::InstallKind::Plain;
    if (installation.isRepaired && !isForOthers)
        m_session.choose(findInstalled(outcome.appcast, m_session.request().client));
    if (m_session.hasItem())
        m_session.stage(m_patience);
    else if (installation.isRepaired && !isForOthers)
        end(Error{ErrorCode::NO_USABLE_ITEM,
                  u"The feed has version %1 no more. Run \"freshen update\", or install the app "
                  "again."_s.arg(shown(installation.description.version)).toStdString()});
    else
        end();
}

void ConsoleUpdate::end(const std::optional<Error> &error)
{
    m_error = error;
    m_loop.quit();
}

void ConsoleUpdate::noteSourceFailure(const SourceFailure &failure)
{
    m_sourceFailures += QJsonObject{{u"url"_s, displayUrl(failure.url)},
                                    {u"error"_s, toJson(failure.error)}};
    if (!m_asJson)
        m_warnings += toSentence(failure);
}

Answer ConsoleUpdate::updated() const
{
    const bool isRepaired = m_session.installation().isRepaired;
    const QString from = m_session.installation().description.version;
    const QString to = m_session.item().version;
    Answer answer;
    answer.json = {{u"result"_s, isRepaired ? u"repaired"_s : u"updated"_s},
                   {u"from"_s, from},
                   {u"to"_s, to},
                   {u"bytesFetched"_s, m_session.bytesFetched()},
                   {u"route"_s, m_session.route()},
                   {u"downtimeMs"_s, m_downtime}};
    const QString size = QLocale().formattedDataSize(m_session.bytesFetched());
    answer.text = isRepaired
        ? u"Version %1 is as it was published again (%2 fetched)."_s.arg(shown(to), size)
        : u"Updated from %1 to %2 (%3 fetched)."_s.arg(shown(from), shown(to), size);
    tellKeptFiles(answer, m_session.installation());
    return answer;
}

Answer ConsoleUpdate::nothing() const
{
    const QString installed = m_session.installation().description.version;
    Answer answer;
    answer.json = {{u"result"_s, u"none"_s},
                   {u"reason"_s, m_session.outcome().selection.reason},
                   {u"installed"_s, installed}};
    answer.text = noUpdateText(m_session.outcome(), installed);
    answer.status = 3;
    return answer;
}

} // namespace Freshen
