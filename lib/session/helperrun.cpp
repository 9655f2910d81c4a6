// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/helperrun.h"

#include "lib/common/convert.h"
#include "platform/paths.h"

#include <QDir>
#include <QFileInfo>
#include <QSocketNotifier>

namespace Freshen {

namespace {

// What the watcher finds at its first descriptors, in the order in which they are passed.
constexpr int firstInherited = 3;

QString executableFolder()
{
    return toQString(Platform::executablePath().parent_path());
}

bool isProgram(const QString &path)
{
    const QFileInfo info(path);
    return info.isFile() && info.isExecutable();
}

Result<void> placeHelper(const QString &helper, const Install::Layout &layout,
                         const Install::Order &order)
{
    auto done = Platform::removeFile(layout.helper());
    if (done)
        done = Platform::copyFile(toPath(helper), layout.helper(), 0700);
    return done ? order.write(layout.order()) : done;
}

} // namespace

HelperRun::HelperRun(const Install::Order &order, std::shared_ptr<Platform::Descriptor> lock,
                     bool waitsForThisProcess, QObject *parent)
    : QObject(parent)
    , m_order(order)
    , m_layout(order.workplace())
    , m_lock(std::move(lock))
    , m_waitsForThisProcess(waitsForThisProcess)
{
}

HelperRun::~HelperRun()
{
    if (m_job)
        m_job->cancel();
}

Result<QString> HelperRun::findHelper()
{
    const QString beside = QDir::cleanPath(executableFolder()
                                           + QStringLiteral("/../libexec/freshen-helper"));
    const QString installed = QStringLiteral(FRESHEN_LIBEXEC_DIR "/freshen-helper");
    for (const QString &candidate : {beside, installed}) {
        if (isProgram(candidate))
            return candidate;
    }
    return failure(ErrorCode::HELPER,
                   QStringLiteral("The helper %1 is missing. Install the app again.").arg(beside));
}

void HelperRun::start()
{
    m_job = Job::start([layout = m_layout, order = m_order, lock = m_lock](JobControl &) {
        const auto helper = findHelper();
        return helper ? placeHelper(*helper, layout, order) : failure(helper);
    });
    connect(m_job, &Job::failed, this, &HelperRun::failed);
    connect(m_job, &Job::succeeded, this, [this] {
        if (const auto launched = launch(toQString(m_layout.helper())); !launched)
            Q_EMIT failed(launched.error());
    });
}

Result<void> HelperRun::startHere()
{
    const auto helper = findHelper();
    if (!helper)
        return failure(helper);
    const auto placed = placeHelper(*helper, m_layout, m_order);
    return placed ? launch(toQString(m_layout.helper())) : placed;
}

Result<void> HelperRun::launch(const QString &helper)
{
    auto ends = Platform::Channel::create();
    if (!ends)
        return failure(ends);
    Platform::StartRequest request;
    request.program = toPath(helper);
    request.workingDirectory = "/";
    request.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"};
    request.ownSession = true;
    request.discardOutput = !m_order.keepsOutput;
    request.descriptors = {ends->second.value(), m_lock->value()};
    request.arguments = {"watch", m_layout.order().string(), std::to_string(firstInherited),
                         std::to_string(firstInherited + 1)};
    Platform::Descriptor self;
    if (m_waitsForThisProcess) {
        auto handle = Platform::Process::handleOfSelf();
        if (!handle)
            return failure(handle);
        self = std::move(*handle);
        request.descriptors.push_back(self.value());
        request.arguments.push_back(std::to_string(firstInherited + 2));
    }
    auto process = Platform::Process::start(request);
    if (!process)
        return failure(ErrorCode::HELPER,
                       "The helper cannot be started: " + process.error().message);
    m_process = std::move(*process);
    m_channel = std::make_shared<Platform::Channel>(std::move(ends->first));
    m_notifier = std::make_unique<QSocketNotifier>(m_channel->value(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &HelperRun::readMessage);
    return {};
}

void HelperRun::readMessage()
{
    const auto message = m_channel->receive();
    if (message && *message)
        return handle(**message);
    m_notifier->setEnabled(false);
    if (!m_hasEnded)
        Q_EMIT failed(Error{ErrorCode::HELPER,
                            "The helper ended unexpectedly. Nothing is lost: the next start of "
                            "the app finishes or undoes the change."});
}

void HelperRun::handle(const std::string &message)
{
    const QString text = toQString(message);
    if (text == QLatin1String("armed")) {
        Q_EMIT armed();
        return;
    }
    // Everything else is the helper's last word; it has given up the lock before.
    m_hasEnded = true;
    m_lock.reset();
    if (text.startsWith(QLatin1String("done ")))
        Q_EMIT finished(text.mid(5).toLongLong());
    else if (text == QLatin1String("cancelled"))
        Q_EMIT cancelled();
    else
        Q_EMIT failed(Error{errorCodeFromName(toStdString(text.section(QLatin1Char(' '), 1, 1))),
                            toStdString(text.section(QLatin1Char(' '), 2))});
}

void HelperRun::send(const std::string &message)
{
    if (m_channel && !m_hasEnded)
        (void)m_channel->send(message);
}

void HelperRun::go(bool startsApp)
{
    send(startsApp ? "go" : "go without start");
}

void HelperRun::cancel()
{
    if (m_job)
        m_job->cancel();
    send("cancel");
}

} // namespace Freshen
