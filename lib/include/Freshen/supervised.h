// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/core_export.h>

#include <QObject>

#include <memory>

namespace Freshen {

class SupervisedPrivate;

/*!
 * A program's side of a Supervisor.
 *
 * It says "ready" once its event loop runs, unless it was told to wait, hears when it has to leave,
 * and learns of the end of its supervisor. Where nobody supervises the program, it does nothing, so
 * that one program fits both. One per process, made after the QCoreApplication, in its thread.
 * Listening sockets are taken with Handover, supervised or not.
 * \since 0.1
 */
class FRESHEN_CORE_EXPORT Supervised : public QObject
{
    Q_OBJECT

public:
    explicit Supervised(QObject *parent = nullptr);
    ~Supervised() override;

    //! Whether a supervisor started this process, and still lives.
    bool isSupervised() const;
    //! The number of this start of the program, from 1; 0 without a supervisor.
    int generation() const;

    //! Call it before the event loop runs to say ready() yourself, later.
    void holdReady();
    //! Says that this program works. Once; later calls do nothing.
    void ready();

    //! Asks the supervisor to look for a new build, and to install it as it was told.
    void requestUpdate();
    //! Asks the supervisor to start this program anew.
    void requestRestart();

    //! To be called first in main(): answers the supervisor's self-test of a new build, and returns
    //! true when this was one, after which main() has to return 0.
    static bool answerSelfTest(int argc, char *argv[], const QString &version);

Q_SIGNALS:
    //! The program has to leave: finish what is under way, then quit. SIGTERM means it as well; it
    //! is heard here when the program is supervised.
    void leaveRequested();
    //! The supervisor is gone, however that happened. The program goes on serving, so that ports
    //! stay open; a new supervisor replaces it without a gap.
    void supervisorGone();

private:
    std::unique_ptr<SupervisedPrivate> d;
};

} // namespace Freshen
