// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/supervisor_p.h"

#include "lib/common/convert.h"
#include "updater-helper/trust/text.h"

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

QString named(const QString &version)
{
    return version.isEmpty() ? u"the new build"_s
                             : u"version "_s + toQString(Trust::escaped(toStdString(version)));
}

} // namespace

void SupervisorPrivate::swapIn(const StagedBuild &build, bool isRollback, Done done)
{
    m_task = Task::Swapping;
    m_pause.stop();
    m_done = std::move(done);
    m_isRollback = isRollback;
    run([target = m_target](JobControl &) { return target->swap(); },
        [this, build](const Result<void> &swapped) {
            if (!swapped) {
                conclude(failure(swapped));
                startChild();
                return;
            }
            m_unproven = build;
            if (!m_isStopping)
                beginSwitch();
        });
}

void SupervisorPrivate::beginSwitch()
{
    m_task = Task::Switching;
    m_pause.stop();
    m_isHandingOver = m_child && m_options.onUpdate == SupervisorOptions::OnUpdate::HandOver;
    if (!m_child)
        startChild();
    else if (!m_isHandingOver)
        m_child->leave(m_options.drainTime);
    else if (const auto started = launch(m_next); !started)
        reject(started.error());
}

// The new generation is ready: what was done stays.
void SupervisorPrivate::confirm()
{
    const QJsonObject answer{{u"result"_s, u"restarted"_s}, {u"generation"_s, m_generation}};
    if (!m_unproven) {
        conclude(answer);
        return;
    }
    const QString bad = m_isRollback ? m_badVersion : QString();
    const auto work = [target = m_target, bad](JobControl &) {
        auto done = target->commit();
        if (done && !bad.isEmpty())
            done = target->refuse(bad);
        return done;
    };
    run(work, [this](const Result<void> &done) { noteConfirmed(done); });
}

void SupervisorPrivate::noteConfirmed(const Result<void> &done)
{
    const QString version = m_unproven->version;
    m_unproven.reset();
    m_record->crashes.clear();
    if (m_isRollback) {
        log(u"Went back to %1."_s.arg(named(version)));
    } else {
        ++m_record->installed;
        m_record->hasGoneBack = false;
        m_record->lastUpdate = version;
        if (m_source)
            m_source->remember();
        log(u"Updated to %1."_s.arg(named(version)));
        Q_EMIT q->updated(version);
    }
    saveRecord();
    const QJsonObject answer{{u"result"_s, m_isRollback ? u"rolled-back"_s : u"updated"_s},
                             {u"to"_s, version},
                             {u"generation"_s, m_generation}};
    conclude(done ? Result<QJsonObject>(answer) : failure(done));
}

// The new generation is not ready: its files go, and the old ones come back, unless the publisher
// forbids it.
void SupervisorPrivate::reject(const Error &error)
{
    m_isReturning = true;
    const bool goesBack = m_unproven && (m_known.mayGoBack || m_isRollback);
    std::unique_ptr<Child> &rejected = m_isHandingOver ? m_next : m_child;
    if (rejected && (goesBack || m_isHandingOver)) {
        rejected->kill();
        // Its end is not the end of its successor.
        m_leaving.push_back(std::move(rejected));
    }
    if (!m_unproven) {
        concludeBack(error, {}, false);
        return;
    }
    const auto work = [target = m_target, goesBack, isBad = !m_isRollback](JobControl &) {
        return goesBack ? target->back(isBad) : target->commit();
    };
    run(work, [this, error, goesBack](const Result<void> &done) {
        concludeBack(error, done, goesBack);
    });
}

void SupervisorPrivate::concludeBack(const Error &error, const Result<void> &done, bool wentBack)
{
    Error told = done ? error : done.error();
    if (done && wentBack) {
        told.code = ErrorCode::ROLLED_BACK;
        told.message += " " + toStdString(u"What was there before %1 is back."_s.arg(
                                  named(m_unproven->version)));
    }
    m_unproven.reset();
    m_isReturning = false;
    ++m_record->failed;
    conclude(tl::unexpected<Error>(told));
    startChild();
}

void SupervisorPrivate::conclude(const Result<QJsonObject> &answer)
{
    m_task = Task::None;
    m_isRollback = false;
    m_staged.reset();
    // Asking again from within what is told here is fine.
    const Done done = std::exchange(m_done, {});
    if (!answer) {
        m_lastError = answer.error();
        if (answer.error().code != ErrorCode::CANCELLED) {
            log(toQString(answer.error().message));
            Q_EMIT q->failed(toUpdateError(answer.error()));
        }
    } else {
        m_lastError.reset();
    }
    if (done)
        done(answer);
    if (m_isStopping)
        return;
    scheduleLook();
    if (const auto code = std::exchange(m_missedEnd, {}); code && !m_child)
        noteUnexpectedEnd(*code);
}

void SupervisorPrivate::restart(Done done)
{
    if (m_staged && *m_staged) {
        swapIn(**m_staged, false, std::move(done));
        return;
    }
    m_done = std::move(done);
    beginSwitch();
}

void SupervisorPrivate::rollBack(Done done)
{
    if (!m_target) {
        done(failure(ErrorCode::NO_PREVIOUS, "Nothing is ever replaced here: no --app, no "
                                             "--program."));
        return;
    }
    m_task = Task::Swapping;
    m_pause.stop();
    m_badVersion = m_known.version;
    auto staged = std::make_shared<StagedBuild>();
    const auto work = [target = m_target, staged, waiting = m_staged](JobControl &)
        -> Result<void> {
        if (waiting) {
            if (auto discarded = target->discard(); !discarded)
                return discarded;
        }
        auto previous = target->stagePrevious();
        if (!previous)
            return failure(previous);
        *staged = std::move(*previous);
        return {};
    };
    m_done = std::move(done);
    run(work, [this, staged](const Result<void> &prepared) {
        if (prepared && !m_isStopping) {
            swapIn(*staged, true, std::exchange(m_done, {}));
            return;
        }
        conclude(prepared ? failure(ErrorCode::CANCELLED, "The supervisor was stopped.")
                          : failure(prepared));
        startChild();
    });
}

} // namespace Freshen
