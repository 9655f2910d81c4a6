// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>

#include <memory>

namespace Freshen {

class Alarm;

// The moment to ask a person what nobody asked for: when the app has just started, when the person
// comes back to it, or after a while without a key or a click in it.
class Opportunity : public QObject
{
    Q_OBJECT

public:
    // The app starts now.
    Opportunity();
    ~Opportunity() override;

    // Emits came() once: at once where the app has just started.
    void await();
    void stop();

Q_SIGNALS:
    void came();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void followApplication(Qt::ApplicationState state);
    void waitForIdleness();
    void come();

    std::unique_ptr<Alarm> m_startEnd;
    std::unique_ptr<Alarm> m_idleness;
    bool m_isStarting = true;
    bool m_isActive;
    bool m_isAwaited = false;
};

} // namespace Freshen
