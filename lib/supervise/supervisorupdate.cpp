// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/supervisor_p.h"

#include "lib/common/convert.h"
#include "updater-helper/trust/text.h"

#include <QFile>
#include <QJsonArray>
#include <QRandomGenerator>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds shortestInterval{1};

// Ten percent more or less, so that a thousand supervisors do not all ask at once.
std::chrono::milliseconds withJitter(std::chrono::milliseconds time)
{
    const double factor = 0.9 + 0.2 * QRandomGenerator::global()->generateDouble();
    return std::chrono::milliseconds(qint64(double(time.count()) * factor));
}

// What will not change by asking again: there is nothing new here.
bool isForGood(ErrorCode code)
{
    return code == ErrorCode::DOWNGRADE || code == ErrorCode::NOT_READY;
}

} // namespace

void SupervisorPrivate::obey(const QString &command, Done done)
{
    if (command == u"status"_s) {
        done(status());
        return;
    }
    if (command == u"stop"_s) {
        done(QJsonObject{{u"result"_s, u"stopping"_s}});
        stop();
        return;
    }
    if (m_task != Task::None || m_isStopping) {
        done(failure(ErrorCode::BUSY, m_isStopping
                         ? "The supervisor is being stopped."
                         : "The supervisor is busy with another update or restart. Try again."));
        return;
    }
    if (command == u"check"_s || command == u"update"_s)
        look(command == u"update"_s, std::move(done));
    else if (command == u"restart"_s)
        restart(std::move(done));
    else if (command == u"rollback"_s)
        rollBack(std::move(done));
    else
        done(failure(ErrorCode::USAGE, u"The supervisor knows no command \"%1\"."_s.arg(
                                           toQString(Trust::escaped(toStdString(command))))));
}

void SupervisorPrivate::scheduleLook(std::optional<std::chrono::seconds> pause)
{
    if (!m_source)
        return;
    const auto interval = std::max(m_options.interval, shortestInterval);
    m_lookAlarm->start(std::max(withJitter(interval),
                                std::chrono::milliseconds(pause.value_or(shortestInterval))));
}

void SupervisorPrivate::look(bool isWanted, Done done)
{
    if (m_task != Task::None || m_isStopping)
        return;
    if (!m_source) {
        done(failure(ErrorCode::CONFIG, "There is no --source to look at."));
        return;
    }
    m_lastLook = Clock::current().now();
    m_isWanted = isWanted;
    m_done = std::move(done);
    if (m_staged && *m_staged) {
        m_isWanted ? install() : judgeStaged();
        return;
    }
    m_task = Task::Looking;
    m_source->look();
}

void SupervisorPrivate::endLook(const Result<QJsonObject> &answer)
{
    conclude(answer);
    if (!m_hasStarted)
        startChild();
}

void SupervisorPrivate::takeBuild(const FetchedBuild &build)
{
    m_task = Task::Staging;
    m_staged = std::make_shared<std::optional<StagedBuild>>();
    const auto work = [target = m_target, staged = m_staged, build](JobControl &control)
        -> Result<void> {
        auto result = target->stage(build, control);
        QFile::remove(build.file);
        if (!result)
            return failure(result);
        *staged = std::move(*result);
        return {};
    };
    run(work, [this](const Result<void> &done) {
        if (m_isStopping)
            return;
        if (!done)
            failUpdate(done.error(), isForGood(done.error().code));
        else
            judgeStaged();
    });
}

void SupervisorPrivate::failUpdate(const Error &error, bool isForGood)
{
    if (isForGood)
        m_source->remember();
    ++m_record->failed;
    saveRecord();
    const auto pause = m_source->retryAfter();
    endLook(tl::unexpected<Error>(error));
    if (pause)
        scheduleLook(pause);
}

void SupervisorPrivate::judgeStaged()
{
    if (!*m_staged) {
        m_source->remember();
        endLook(QJsonObject{{u"result"_s, u"none"_s}});
        return;
    }
    ++m_record->attempts;
    const StagedBuild &build = **m_staged;
    const QString objection = m_options.veto
        ? m_options.veto(toQString(build.program), build.version)
        : QString();
    if (objection.isEmpty()) {
        testStaged();
        return;
    }
    const Error error{ErrorCode::VETOED,
                      toStdString(u"Version %1 is not installed now: %2"_s.arg(build.version,
                                                                               objection))};
    run([target = m_target](JobControl &) { return target->discard(); },
        [this, error](const Result<void> &) { failUpdate(error, false); });
}

void SupervisorPrivate::testStaged()
{
    if (!m_options.hasSelfTest) {
        install();
        return;
    }
    const auto work = [build = **m_staged, command = command(), target = m_target](JobControl &) {
        auto passed = runSelfTest(build, command, *target);
        if (!passed) {
            (void)target->discard();
            (void)target->refuse(build.version);
        }
        return passed;
    };
    run(work, [this](const Result<void> &passed) {
        if (m_isStopping)
            return;
        if (passed)
            install();
        else
            failUpdate(passed.error(), false);
    });
}

void SupervisorPrivate::install()
{
    const bool waits = m_options.onUpdate == SupervisorOptions::OnUpdate::Wait && m_child;
    if (!waits || m_isWanted) {
        swapIn(**m_staged, false, std::exchange(m_done, {}));
        return;
    }
    const auto staged = m_staged;
    log(u"Version %1 waits for the next start."_s.arg((*staged)->version));
    endLook(QJsonObject{{u"result"_s, u"waiting"_s}, {u"to"_s, (*staged)->version}});
    m_staged = staged;
}

QJsonObject SupervisorPrivate::status() const
{
    static const char *const tasks[] = {"idle", "looking", "staging", "swapping", "switching"};
    QJsonObject json{{u"state"_s, m_isStopping ? u"stopping"_s
                                  : !m_child ? u"down"_s
                                  : m_child->isAwaited() ? u"starting"_s
                                                         : u"running"_s},
                     {u"task"_s, QLatin1String(tasks[int(m_task)])},
                     {u"generation"_s, m_child ? m_child->generation() : 0},
                     {u"process"_s, m_child ? m_child->processId() : 0},
                     {u"leaving"_s, int(m_leaving.size())},
                     {u"program"_s, toQString(command().program)},
                     {u"sockets"_s, m_sockets.toJson()},
                     {u"source"_s, m_source ? QJsonValue(m_source->displayName()) : QJsonValue()},
                     {u"attempts"_s, m_record->attempts},
                     {u"updates"_s, m_record->installed},
                     {u"failures"_s, m_record->failed},
                     {u"lastLook"_s, m_lastLook.isValid()
                          ? QJsonValue(m_lastLook.toString(Qt::ISODate)) : QJsonValue()}};
    if (m_target) {
        const QString &previous = m_known.previousVersion;
        json.insert(u"version"_s, m_known.version);
        json.insert(u"previous"_s, previous.isEmpty() ? QJsonValue() : QJsonValue(previous));
        json.insert(u"refused"_s, QJsonArray::fromStringList(m_known.refusedVersions));
    }
    json.insert(u"staged"_s, m_staged && *m_staged ? QJsonValue((*m_staged)->version)
                                                   : QJsonValue());
    if (m_lastError)
        json.insert(u"lastError"_s,
                    QJsonObject{{u"code"_s, toQString(errorCodeName(m_lastError->code))},
                                {u"message"_s, toQString(m_lastError->message)}});
    return json;
}

} // namespace Freshen
