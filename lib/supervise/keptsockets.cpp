// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/keptsockets.h"

#include "lib/common/convert.h"
#include "platform/foreignprocess.h"
#include "platform/inherited.h"
#include "updater-helper/trust/text.h"

#include <QJsonObject>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// How far a program's descriptors are looked at for sockets of an earlier supervisor.
constexpr int maximumNumber = 256;

tl::unexpected<Error> misuse(const QString &text, const QString &problem)
{
    return failure(ErrorCode::USAGE,
                   u"\"%1\" is no socket to listen on: %2. Write NAME=tcp:HOST:PORT, "
                   "NAME=udp:HOST:PORT or NAME=unix:PATH."_s.arg(
                       toQString(Trust::escaped(toStdString(text))), problem));
}

bool isUsableName(const QString &name)
{
    return !name.isEmpty() && name.size() < 256
        && std::all_of(name.begin(), name.end(),
                       [](QChar c) { return c > u' ' && c < u'\x7f' && c != u':'; });
}

} // namespace

Result<void> KeptSockets::add(const QString &text)
{
    const QString name = text.section(u'=', 0, 0);
    if (!text.contains(u'=') || !isUsableName(name))
        return misuse(text, u"it needs a name without spaces and colons"_s);
    for (const Socket &socket : m_sockets) {
        if (socket.name == toStdString(name))
            return misuse(text, u"that name is taken"_s);
    }
    auto address = Platform::SocketAddress::parse(toStdString(text.section(u'=', 1)));
    if (!address)
        return failure(ErrorCode::USAGE, toQString(address.error().message));
    m_sockets.push_back({toStdString(name), std::move(*address), {}, {}});
    return {};
}

bool KeptSockets::adopt(Platform::Descriptor &fd)
{
    const auto address = Platform::addressOf(fd.value());
    for (Socket &socket : m_sockets) {
        if (address && !socket.fd.isOpen() && socket.address == *address) {
            socket.fd = std::move(fd);
            return true;
        }
    }
    return false;
}

void KeptSockets::adoptFrom(const Platform::Descriptor &process)
{
    for (int number = firstNumber; number < maximumNumber; ++number) {
        Platform::Descriptor fd = Platform::duplicateFrom(process, number);
        if (fd.isOpen())
            adopt(fd);
    }
    for (Socket &socket : m_sockets) {
        if (socket.fd.isOpen())
            socket.file = Platform::socketFileOf(socket.address);
    }
}

Result<void> KeptSockets::open()
{
    auto inherited = Platform::takeInherited();
    if (!inherited)
        return failure(inherited);
    for (auto &[name, fd] : *inherited) {
        const auto named = std::find_if(
            m_sockets.begin(), m_sockets.end(),
            [&wanted = name](const Socket &one) { return one.name == wanted; });
        if (adopt(fd))
            continue;
        const auto address = Platform::addressOf(fd.value());
        if (address && named == m_sockets.end())
            m_sockets.push_back({name, *address, std::move(fd), {}});
    }
    for (Socket &socket : m_sockets) {
        if (socket.fd.isOpen())
            continue;
        auto opened = Platform::openListening(socket.address);
        if (!opened)
            return failure(opened);
        socket.fd = std::move(*opened);
        socket.address = Platform::addressOf(socket.fd.value()).value_or(socket.address);
        socket.file = Platform::socketFileOf(socket.address);
    }
    return {};
}

void KeptSockets::makeBlocking()
{
    for (const Socket &socket : m_sockets)
        Platform::setBlocking(socket.fd.value());
}

void KeptSockets::close()
{
    for (const Socket &socket : m_sockets) {
        if (socket.file)
            Platform::removeSocketFile(*socket.file);
    }
    m_sockets.clear();
}

std::vector<int> KeptSockets::descriptors() const
{
    std::vector<int> descriptors;
    for (const Socket &socket : m_sockets)
        descriptors.push_back(socket.fd.value());
    return descriptors;
}

std::vector<std::string> KeptSockets::names() const
{
    std::vector<std::string> names;
    for (const Socket &socket : m_sockets)
        names.push_back(socket.name);
    return names;
}

QJsonArray KeptSockets::toJson() const
{
    QJsonArray array;
    for (const Socket &socket : m_sockets)
        array += QJsonObject{{u"name"_s, toQString(socket.name)},
                             {u"address"_s, toQString(socket.address.toText())}};
    return array;
}

} // namespace Freshen
