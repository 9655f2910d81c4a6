// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/opportunity.h"

#include "lib/common/clock.h"

#include <QEvent>
#include <QGuiApplication>

#include <utility>

namespace Freshen {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds startTime = 3s;
constexpr std::chrono::milliseconds idleTime = 5min;

} // namespace

Opportunity::Opportunity()
    : m_startEnd(Clock::current().makeAlarm())
    , m_idleness(Clock::current().makeAlarm())
    , m_isActive(QGuiApplication::applicationState() == Qt::ApplicationActive)
{
    connect(m_startEnd.get(), &Alarm::rang, this, [this] { m_isStarting = false; });
    connect(m_idleness.get(), &Alarm::rang, this, &Opportunity::come);
    connect(qGuiApp, &QGuiApplication::applicationStateChanged, this,
            &Opportunity::followApplication);
    m_startEnd->start(startTime);
}

Opportunity::~Opportunity() = default;

void Opportunity::await()
{
    m_isAwaited = true;
    if (m_isStarting)
        return come();
    qGuiApp->installEventFilter(this);
    waitForIdleness();
}

void Opportunity::stop()
{
    m_isAwaited = false;
    m_idleness->stop();
    qGuiApp->removeEventFilter(this);
}

bool Opportunity::eventFilter(QObject *watched, QEvent *event)
{
    if (event->isInputEvent())
        waitForIdleness();
    return QObject::eventFilter(watched, event);
}

void Opportunity::followApplication(Qt::ApplicationState state)
{
    const bool wasActive = std::exchange(m_isActive, state == Qt::ApplicationActive);
    if (!m_isAwaited)
        return;
    if (m_isActive && !wasActive)
        come();
    else
        waitForIdleness();
}

// From now on; only where the person works with this app can it be told.
void Opportunity::waitForIdleness()
{
    if (m_isActive)
        m_idleness->start(idleTime);
    else
        m_idleness->stop();
}

void Opportunity::come()
{
    stop();
    Q_EMIT came();
}

} // namespace Freshen
