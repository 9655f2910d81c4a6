// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/supervisor_p.h"

#include "lib/common/convert.h"
#include "lib/common/publickeyfrom.h"
#include "lib/supervise/source/appcastsource.h"
#include "lib/supervise/filetarget.h"
#include "lib/supervise/source/functionsource.h"
#include "lib/supervise/treetarget.h"
#include "platform/foreignprocess.h"
#include "platform/ready.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// How long the program waits for the first look, so that an update that waits is applied at once.
constexpr std::chrono::seconds firstLookTime{10};

Result<BuildTrust> trustOf(const SupervisorOptions &options)
{
    BuildTrust trust;
    trust.allowsUnsigned = options.allowsUnsigned;
    for (const QString &text : options.publicKeys) {
        auto key = publicKeyFrom(text);
        if (!key)
            return failure(key);
        trust.keys.push_back(std::move(*key));
    }
    return trust;
}

Result<void> checkOptions(const SupervisorOptions &options)
{
    const bool hasSource = !options.source.isEmpty() || options.sourceFunction;
    const bool hasTarget = !options.app.isEmpty() || !options.program.isEmpty();
    if (!options.app.isEmpty() && !options.program.isEmpty())
        return failure(ErrorCode::USAGE, "Name either an app's folder or a single file, not both.");
    if (!hasTarget && options.command.isEmpty())
        return failure(ErrorCode::USAGE, "Name a program to supervise.");
    if (hasSource && !hasTarget)
        return failure(ErrorCode::USAGE,
                       "A source is of use only with --app or --program: name what it updates.");
    if (hasSource && options.app.isEmpty() && options.publicKeys.isEmpty()
        && !options.allowsUnsigned)
        return failure(ErrorCode::USAGE,
                       "Nothing from the source could be verified: give a public key.");
    return {};
}

std::unique_ptr<UpdateSource> sourceOf(const SupervisorOptions::SourceFunction &function)
{
    return std::make_unique<FunctionSource>(
        u"function"_s, [function](JobControl &) -> Result<std::optional<FetchedBuild>> {
            UpdateError error;
            const auto build = function(&error);
            if (error.isError())
                return failure(errorCodeFromName(toStdString(error.code())), error.message());
            if (!build)
                return std::optional<FetchedBuild>();
            return std::optional(FetchedBuild{build->file, QFileInfo(build->file).fileName(),
                                              build->signature, build->version});
        });
}

} // namespace

QString programName(const SupervisorOptions &options)
{
    const QString path = !options.app.isEmpty() ? options.app
        : !options.program.isEmpty()            ? options.program
                                                : options.command.value(0);
    return QFileInfo(QDir::cleanPath(path)).fileName();
}

SupervisorPrivate::SupervisorPrivate(Supervisor *supervisor, const SupervisorOptions &options)
    : q(supervisor)
    , m_options(options)
    , m_lookAlarm(Clock::current().makeAlarm())
{
    m_pause.setSingleShot(true);
    m_firstLook.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &SupervisorPrivate::startAgain);
    connect(&m_firstLook, &QTimer::timeout, this, &SupervisorPrivate::startChild);
    connect(m_lookAlarm.get(), &Alarm::rang, this,
            [this] { look(false, [](const Result<QJsonObject> &) {}); });
}

SupervisorPrivate::~SupervisorPrivate()
{
    for (Child *child : {m_child.get(), m_next.get()}) {
        if (child)
            child->kill();
    }
    for (const auto &child : m_leaving)
        child->kill();
}

Result<void> SupervisorPrivate::openTarget()
{
    auto trust = trustOf(m_options);
    if (!trust)
        return failure(trust);
    if (!m_options.app.isEmpty()) {
        auto tree = TreeTarget::open(m_options.app, std::move(*trust));
        if (!tree)
            return failure(tree);
        m_target = std::move(*tree);
    } else if (!m_options.program.isEmpty()) {
        auto file = FileTarget::open(m_options.program, std::move(*trust));
        if (!file)
            return failure(file);
        m_target = std::move(*file);
    }
    return {};
}

Result<void> SupervisorPrivate::findCommand()
{
    // Else it is whatever the target says when it is started.
    if (m_options.command.isEmpty())
        return {};
    QStringList command = m_options.command;
    const QString name = command.takeFirst();
    QString found;
    if (QDir::isAbsolutePath(name))
        found = name;
    else if (m_target && QFileInfo(QDir(toQString(m_target->root())), name).isFile())
        found = QDir(toQString(m_target->root())).absoluteFilePath(name);
    else if (name.contains(u'/'))
        found = QFileInfo(name).absoluteFilePath();
    else
        found = QStandardPaths::findExecutable(name);
    if (!QFileInfo(found).isFile())
        return failure(ErrorCode::CONFIG,
                       u"There is no program \"%1\" to supervise."_s.arg(name));
    m_command.program = toPath(found);
    for (const QString &argument : command)
        m_command.arguments.push_back(toStdString(argument));
    return {};
}

Result<void> SupervisorPrivate::openSource()
{
    SourceOptions options;
    options.folder = toQString(m_target->folder() / "source");
    options.manager = &m_network;
    options.takeCredentials();
    options.makeAppcast = [this](const QUrl &feed, const SourceOptions &given) {
        return makeAppcastSource(feed, given, m_target);
    };
    if (m_options.sourceFunction) {
        m_source = sourceOf(m_options.sourceFunction);
    } else {
        auto source = makeSource(m_options.source, options);
        if (!source)
            return failure(source);
        m_source = std::move(*source);
    }
    connect(m_source.get(), &UpdateSource::nothingNew, this,
            [this] { endLook(QJsonObject{{u"result"_s, u"none"_s}}); });
    connect(m_source.get(), &UpdateSource::found, this, &SupervisorPrivate::takeBuild);
    connect(m_source.get(), &UpdateSource::failed, this,
            [this](const Error &error) { failUpdate(error, false); });
    connect(m_source.get(), &UpdateSource::changed, this,
            [this] { look(false, [](const Result<QJsonObject> &) {}); });
    return {};
}

// Programs that an earlier supervisor left behind still serve: their sockets are taken over, so
// that nobody is refused, before they are asked to leave.
void SupervisorPrivate::replaceOrphans()
{
    // One that was killed before it had noted what it started is told by the environment; programs
    // that write over theirs are told by the record.
    auto orphans = Platform::processesStartedWith(m_controlVariable);
    for (const SupervisorRecord::Process &process : m_record->processes)
        orphans.push_back(Platform::openProcess(process.id, process.birth));
    for (const Platform::Descriptor &orphan : orphans) {
        if (!orphan.isOpen() || Platform::hasEnded(orphan))
            continue;
        log(u"An earlier supervisor left a program behind; it is replaced."_s);
        m_sockets.adoptFrom(orphan);
        Platform::endProcess(orphan, Platform::Clock::now() + m_options.drainTime);
    }
}

Result<void> SupervisorPrivate::start()
{
    if (auto usable = checkOptions(m_options); !usable)
        return usable;
    for (const QString &socket : m_options.sockets) {
        if (auto added = m_sockets.add(socket); !added)
            return added;
    }
    if (auto opened = openTarget(); !opened)
        return opened;
    const QString controlPath = m_options.controlPath.isEmpty()
        ? ControlServer::defaultPath(programName(m_options))
        : QFileInfo(m_options.controlPath).absoluteFilePath();
    m_control = std::make_unique<ControlServer>(
        controlPath, [this](const QString &command, Done done) { obey(command, std::move(done)); });
    if (auto listening = m_control->listen(); !listening)
        return listening;
    m_controlVariable = toStdString(u"FRESHEN_CONTROL="_s + controlPath);
    m_record = std::make_unique<SupervisorRecord>(
        m_target ? m_target->folder() / "supervised" : toPath(controlPath + u".state"_s));
    m_generation = m_record->generation;
    replaceOrphans();
    if (auto opened = m_sockets.open(); !opened)
        return opened;
    if (m_target) {
        if (auto recovered = m_target->recover(); !recovered)
            return recovered;
        noteTarget();
    }
    if (auto found = findCommand(); !found)
        return found;
    if (!m_options.ready.isEmpty()) {
        auto rule = ReadyRule::parse(m_options.ready);
        if (!rule)
            return failure(rule);
        m_ready = *rule;
    }
    startServiceWatchdog();
    if (m_options.source.isEmpty() && !m_options.sourceFunction) {
        startChild();
        return {};
    }
    // A source that cannot be used is no reason not to run the program, but a wrong name of one is.
    if (auto opened = openSource(); !opened)
        return opened;
    m_firstLook.start(firstLookTime);
    look(false, [](const Result<QJsonObject> &) {});
    return {};
}

void SupervisorPrivate::startServiceWatchdog()
{
    bool isNumber = false;
    const qint64 microseconds = qEnvironmentVariable("WATCHDOG_USEC").toLongLong(&isNumber);
    if (!isNumber || microseconds <= 0)
        return;
    connect(&m_watchdog, &QTimer::timeout, this,
            [this] { tellServiceManager(u"WATCHDOG=1"_s); });
    m_watchdog.start(std::chrono::milliseconds(microseconds / 2000));
}

void SupervisorPrivate::noteTarget()
{
    if (!m_target)
        return;
    m_known = {m_target->version(), m_target->previousVersion(), m_target->refusedVersions(),
               m_target->executable(), m_target->mayGoBack()};
    if (m_options.ready.isEmpty())
        m_ready = m_target->readyRule().value_or(ReadyRule());
}

void SupervisorPrivate::run(Job::Work work, std::function<void(const Result<void> &)> then)
{
    ++m_jobs;
    Job *job = Job::start(std::move(work));
    const auto end = [this, then](const Result<void> &result) {
        --m_jobs;
        noteTarget();
        then(result);
        finishIfEmpty();
    };
    connect(job, &Job::succeeded, this, [end] { end({}); });
    connect(job, &Job::failed, this,
            [end](const Error &error) { end(tl::unexpected<Error>(error)); });
}

void SupervisorPrivate::log(const QString &sentence)
{
    Q_EMIT q->logged(sentence);
    tellServiceManager(u"STATUS="_s + sentence);
}

void SupervisorPrivate::tellServiceManager(const QString &state)
{
    Platform::notifyServiceManager(toStdString(state));
}

void SupervisorPrivate::saveRecord()
{
    m_record->generation = m_generation;
    m_record->processes.clear();
    const auto note = [this](const std::unique_ptr<Child> &child) {
        if (child)
            m_record->processes += {child->processId(), Platform::birthOf(child->processId())};
    };
    note(m_child);
    note(m_next);
    std::for_each(m_leaving.begin(), m_leaving.end(), note);
    if (const auto saved = m_record->save(); !saved)
        log(toQString(saved.error().message));
}

} // namespace Freshen
