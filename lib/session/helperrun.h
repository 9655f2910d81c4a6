// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/common/job.h"
#include "platform/channel.h"
#include "updater-helper/install/order.h"

#include <QObject>
#include <QPointer>

#include <memory>

class QSocketNotifier;

namespace Freshen {

// The helper at work on one order, seen from the program that gave it. It goes on when that
// program ends: that is what it is for.
class HelperRun : public QObject
{
    Q_OBJECT

public:
    // `lock` is the install's and is handed on. `waitsForThisProcess`: the helper waits for this
    // process, too, even if its executable lies elsewhere.
    HelperRun(const Install::Order &order, std::shared_ptr<Platform::Descriptor> lock,
              bool waitsForThisProcess, QObject *parent = nullptr);
    ~HelperRun() override;

    // The helper, relative to the running executable, else where it was installed. HELPER when it
    // is at neither place.
    static Result<QString> findHelper();

    void start();
    // The same at once, before it returns: for a process that may not last.
    Result<void> startHere();
    // At any time after that; what is said before armed() counts, too.
    void go(bool startsApp);
    void cancel();

Q_SIGNALS:
    // Verified and journalled: go() is awaited.
    void armed();
    void finished(qint64 downtimeMs);
    void cancelled();
    void failed(const Freshen::Error &error);

private:
    Result<void> launch(const QString &helper);
    void readMessage();
    void handle(const std::string &message);
    void send(const std::string &message);

    Install::Order m_order;
    Install::Layout m_layout;
    std::shared_ptr<Platform::Descriptor> m_lock;
    bool m_waitsForThisProcess;
    bool m_hasEnded = false;
    QPointer<Job> m_job;
    std::shared_ptr<Platform::Channel> m_channel;
    std::unique_ptr<QSocketNotifier> m_notifier;
    Platform::Process m_process;
};

} // namespace Freshen
