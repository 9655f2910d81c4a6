// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/supervised.h>

#include "lib/common/convert.h"
#include "lib/supervise/selftest.h"
#include "lib/supervise/supervisormessage.h"
#include "platform/channel.h"
#include "platform/ready.h"
#include "platform/signals.h"
#include "platform/socket.h"

#include <QSocketNotifier>
#include <QTimer>

#include <cstdio>

namespace Freshen {

using namespace Qt::StringLiterals;

class SupervisedPrivate
{
public:
    explicit SupervisedPrivate(Supervised *supervised) : q(supervised) { }

    void open();
    void read();
    void leave();
    void ask(const QString &word);

    Supervised *q;
    int generation = 0;
    bool isHeld = false;
    std::optional<Platform::Channel> channel;
    std::unique_ptr<QSocketNotifier> notifier;
    std::optional<Platform::SignalListener> signalListener;
    std::unique_ptr<QSocketNotifier> signalNotifier;
    bool isLeaving = false;
};

void SupervisedPrivate::open()
{
    const QString value = qEnvironmentVariable(SupervisorMessage::variable);
    qunsetenv(SupervisorMessage::variable);
    bool isDescriptor = false;
    bool isGeneration = false;
    const int fd = value.section(u':', 0, 0).toInt(&isDescriptor);
    const int number = value.section(u':', 1).toInt(&isGeneration);
    if (!isDescriptor || !isGeneration || !Platform::closeOnExec(fd))
        return;
    generation = number;
    channel.emplace(Platform::Descriptor(fd));
    notifier = std::make_unique<QSocketNotifier>(fd, QSocketNotifier::Read);
    QObject::connect(notifier.get(), &QSocketNotifier::activated, q, [this] { read(); });
    auto listener = Platform::SignalListener::create();
    if (!listener)
        return;
    signalListener.emplace(std::move(*listener));
    signalNotifier = std::make_unique<QSocketNotifier>(signalListener->value(),
                                                       QSocketNotifier::Read);
    QObject::connect(signalNotifier.get(), &QSocketNotifier::activated, q, [this] {
        while (const auto wish = signalListener->next()) {
            if (*wish == Platform::Wish::Leave)
                leave();
        }
    });
}

// Asked for twice, by a message and by a signal, it happens once.
void SupervisedPrivate::leave()
{
    if (!std::exchange(isLeaving, true))
        Q_EMIT q->leaveRequested();
}

void SupervisedPrivate::read()
{
    const auto text = channel->receive(Platform::Clock::now());
    if (!text || !*text) {
        notifier.reset();
        channel.reset();
        Q_EMIT q->supervisorGone();
        return;
    }
    const auto message = SupervisorMessage::parse(**text);
    if (message && message->generation == generation && message->word == u"leave"_s)
        leave();
}

void SupervisedPrivate::ask(const QString &word)
{
    if (channel)
        (void)channel->send(SupervisorMessage{generation, word}.toText());
}

Supervised::Supervised(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<SupervisedPrivate>(this))
{
    d->open();
    QTimer::singleShot(0, this, [this] {
        if (!d->isHeld)
            ready();
    });
}

Supervised::~Supervised() = default;

bool Supervised::isSupervised() const
{
    return d->channel.has_value();
}

int Supervised::generation() const
{
    return d->generation;
}

void Supervised::holdReady()
{
    d->isHeld = true;
}

void Supervised::ready()
{
    Platform::sayReady();
}

void Supervised::requestUpdate()
{
    d->ask(u"update"_s);
}

void Supervised::requestRestart()
{
    d->ask(u"restart"_s);
}

bool Supervised::answerSelfTest(int argc, char *argv[], const QString &version)
{
    if (argc < 3 || std::string_view(argv[argc - 2]) != selfTestOption)
        return false;
    std::printf("%s %s\n", argv[argc - 1], version.toUtf8().constData());
    return true;
}

} // namespace Freshen
