// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/supervisor_p.h"

#include "lib/common/convert.h"

namespace Freshen {

using namespace Qt::StringLiterals;

ProgramCommand SupervisorPrivate::command() const
{
    return m_options.command.isEmpty() ? ProgramCommand{m_known.executable, {}} : m_command;
}

Result<void> SupervisorPrivate::launch(std::unique_ptr<Child> &child)
{
    child = std::make_unique<Child>(++m_generation);
    watchChild(child.get());
    ChildRequest request;
    request.program = command().program;
    request.arguments = m_command.arguments;
    std::error_code gone;
    request.workingDirectory = std::filesystem::current_path(gone);
    request.environment = {"FRESHEN_GENERATION=" + std::to_string(m_generation),
                           m_controlVariable};
    if (!m_known.version.isEmpty())
        request.environment.push_back("FRESHEN_VERSION=" + toStdString(m_known.version));
    request.ready = m_ready;
    request.readyTimeout = m_options.readyTime;
    auto started = child->start(request, m_sockets);
    if (!started)
        child.reset();
    saveRecord();
    if (started)
        log(u"Started generation %1, process %2."_s.arg(m_generation).arg(child->processId()));
    return started;
}

void SupervisorPrivate::startChild()
{
    m_firstLook.stop();
    m_hasStarted = true;
    // What is being swapped is started when that is done.
    if (m_child || m_isStopping || m_task == Task::Swapping)
        return;
    if (m_leaving.empty())
        m_sockets.makeBlocking();
    const auto started = launch(m_child);
    if (started)
        return;
    if (m_unproven && !m_isReturning) {
        reject(started.error());
        return;
    }
    log(toQString(started.error().message));
    conclude(failure(started));
    end(exitStatus(started.error().code));
}

// After it ended by itself: the moment for an update that waits for one.
void SupervisorPrivate::startAgain()
{
    if (m_task == Task::None && m_staged && *m_staged)
        swapIn(**m_staged, false, {});
    else
        startChild();
}

void SupervisorPrivate::watchChild(Child *child)
{
    connect(child, &Child::ready, this, [this, child] { noteReady(child); });
    connect(child, &Child::notReady, this, [this, child] { noteNotReady(child); });
    connect(child, &Child::ended, this, [this, child](int code) { noteEnd(child, code); });
    connect(child, &Child::asked, this, [this](const QString &request) {
        if (request != u"stop"_s)
            obey(request, [](const Result<QJsonObject> &) {});
    });
}

void SupervisorPrivate::noteReady(Child *child)
{
    if (child->isLeaving() || (child != m_child.get() && child != m_next.get()))
        return;
    if (child == m_next.get()) {
        if (m_child) {
            m_child->leave(m_options.drainTime);
            m_leaving.push_back(std::move(m_child));
        }
        m_child = std::move(m_next);
        saveRecord();
    }
    tellServiceManager(u"READY=1"_s);
    Q_EMIT q->generationStarted(m_child->generation());
    if (m_task == Task::Switching && !m_isReturning)
        confirm();
}

void SupervisorPrivate::noteNotReady(Child *child)
{
    const bool isJudged = m_task == Task::Switching && !m_isReturning
        && (child == m_next.get() || (child == m_child.get() && m_unproven));
    if (!isJudged) {
        // It runs, whether or not it has learnt to say so.
        log(u"Generation %1 did not say READY=1 within %2 s."_s.arg(child->generation())
                .arg(m_options.readyTime.count()));
        if (m_task == Task::Switching && !m_isReturning)
            confirm();
        return;
    }
    reject({ErrorCode::NOT_READY,
            toStdString(u"Generation %1 did not say READY=1 within %2 s."_s.arg(
                child->generation()).arg(m_options.readyTime.count()))});
}

void SupervisorPrivate::noteEnd(Child *child, int code)
{
    log(u"Generation %1 ended with %2."_s.arg(child->generation()).arg(code));
    const auto leaving = std::find_if(m_leaving.begin(), m_leaving.end(),
                                      [&](const auto &one) { return one.get() == child; });
    if (leaving != m_leaving.end()) {
        leaving->release()->deleteLater();
        m_leaving.erase(leaving);
        saveRecord();
        finishIfEmpty();
        return;
    }
    if (child == m_next.get()) {
        m_next.release()->deleteLater();
        if (m_isStopping)
            finishIfEmpty();
        else if (!m_isReturning)
            reject({ErrorCode::NOT_READY,
                    toStdString(u"The new generation ended with %1 before it was ready."_s.arg(
                        code))});
        return;
    }
    const bool wasReady = m_child->isReady();
    const bool wasAsked = m_child->isLeaving();
    m_child.release()->deleteLater();
    if (m_isStopping) {
        m_exitCode = wasAsked ? 0 : code;
        finishIfEmpty();
    } else if (m_isReturning || m_next || m_task == Task::Swapping) {
        // Whoever is on the way takes its place.
    } else if (m_task == Task::Switching && wasAsked) {
        startChild();
    } else if (m_task == Task::Switching && !wasReady) {
        reject({ErrorCode::NOT_READY,
                toStdString(u"The new generation ended with %1 before it was ready."_s.arg(
                    code))});
    } else if (m_task == Task::Switching) {
        m_missedEnd = code;
    } else {
        noteUnexpectedEnd(code);
    }
}

void SupervisorPrivate::noteUnexpectedEnd(int code)
{
    CrashLoop::note(m_record->crashes, Clock::current().now());
    saveRecord();
    if (CrashLoop::isLoop(m_record->crashes)) {
        goBackFromCrashes(code);
        return;
    }
    if (m_options.onExit == SupervisorOptions::OnExit::Pass) {
        end(code);
        return;
    }
    const auto pause = CrashLoop::pause(m_record->crashes);
    log(u"It is started again in %1 ms."_s.arg(pause.count()));
    m_pause.start(pause);
}

// Once: when the previous version does not live either, the fault lies elsewhere.
void SupervisorPrivate::goBackFromCrashes(int code)
{
    const bool canGoBack = m_known.mayGoBack && !m_record->hasGoneBack
        && !m_known.previousVersion.isEmpty();
    log(u"It ended %1 times within %2 s."_s.arg(CrashLoop::limit).arg(CrashLoop::window.count()));
    if (!canGoBack) {
        m_record->crashes.clear();
        end(code == 0 ? exitStatus(ErrorCode::NOT_READY) : code);
        return;
    }
    // A server that does not answer must not keep the program from going back.
    if (m_task == Task::Looking) {
        m_source->cancel();
        endLook(failure(ErrorCode::CANCELLED, "The program has to go back first. Try again."));
    }
    // A build that is just being verified may be the way out.
    if (m_task != Task::None) {
        m_pause.start(CrashLoop::pause(m_record->crashes));
        return;
    }
    m_record->hasGoneBack = true;
    m_record->crashes.clear();
    saveRecord();
    rollBack([this](const Result<QJsonObject> &answer) {
        if (!answer && !m_child)
            end(exitStatus(answer.error().code));
    });
}

void SupervisorPrivate::stop()
{
    if (m_isStopping)
        return;
    m_isStopping = true;
    tellServiceManager(u"STOPPING=1"_s);
    m_pause.stop();
    m_firstLook.stop();
    m_lookAlarm->stop();
    if (m_source)
        m_source->cancel();
    for (Child *child : {m_child.get(), m_next.get()}) {
        if (child)
            child->leave(m_options.drainTime);
    }
    finishIfEmpty();
}

void SupervisorPrivate::end(int code)
{
    m_exitCode = code;
    stop();
}

// What is on the disk comes to a good end first.
void SupervisorPrivate::finishIfEmpty()
{
    if (!m_isStopping || m_isOver || m_child || m_next || !m_leaving.empty() || m_jobs > 0)
        return;
    if (m_unproven) {
        m_unproven.reset();
        run([target = m_target](JobControl &) { return target->back(false); },
            [](const Result<void> &) {});
        return;
    }
    m_isOver = true;
    conclude(failure(ErrorCode::CANCELLED, "The supervisor was stopped."));
    saveRecord();
    m_sockets.close();
    m_control->flush();
    Q_EMIT q->finished(m_exitCode);
}

} // namespace Freshen
