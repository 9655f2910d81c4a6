// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/installerlink.h"

#include "platform/elevation.h"
#include "platform/paths.h"
#include "platform/safefolder.h"
#include "updater-helper/installer.h"

namespace Freshen {

namespace {

using Install::ChangeKind;
using Install::Order;
using Install::Rights;

Result<InstallerLink> startOwn(const std::filesystem::path &orderFile,
                               const Platform::Descriptor &lock)
{
    auto ends = Platform::Channel::create();
    if (!ends)
        return failure(ends);
    Platform::StartRequest request;
    request.program = Platform::executablePath();
    request.arguments = {"install", orderFile.string()};
    request.workingDirectory = "/";
    request.descriptors = {ends->second.value(), lock.value()};
    auto process = Platform::Process::start(request);
    if (!process)
        return failure(process);
    InstallerLink link{std::move(ends->first), std::move(*process), "prepare", {}};
    return link;
}

Result<InstallerLink> askService()
{
    auto channel = Platform::Channel::connect(Platform::helperSocket());
    if (!channel)
        return failure(channel);
    const auto peer = channel->peerOf();
    if (!peer)
        return failure(peer);
    if (peer->user != 0)
        return failure(ErrorCode::PROTOCOL,
                       "Whoever listens at " + Platform::helperSocket().string()
                           + " is not the system's service; nothing was sent.");
    return InstallerLink{std::move(*channel), {}, {}, {}};
}

// The connection is its standard input: nothing else gets through.
Result<InstallerLink> askPerson(const Order &order)
{
    const auto helper = Install::registeredHelper();
    if (!Platform::isProgram(helper))
        return failure(ErrorCode::HELPER,
                       "The helper " + helper.string()
                           + " is missing or cannot be run. An administrator can run \"freshen "
                             "register\" again.");
    if (auto isProtected = Platform::requireProtected(helper); !isProtected)
        return failure(isProtected);
    auto ends = Platform::Channel::create();
    if (!ends)
        return failure(ends);
    Platform::StartRequest request = Platform::elevatedStart(
        helper, {"elevated", order.registration, order.toVersion});
    request.input = ends->second.value();
    auto process = Platform::Process::start(request);
    if (!process)
        return failure(process);
    return InstallerLink{std::move(ends->first), std::move(*process), {}, {}};
}

Result<InstallerLink> withOffer(Result<InstallerLink> link, const Order &order)
{
    if (!link)
        return link;
    if (order.kind == ChangeKind::Rollback) {
        link->preparation = "rollback " + order.registration;
        return link;
    }
    auto folder = Platform::HeldFolder::open(order.folder);
    if (!folder)
        return failure(folder);
    link->offer = std::move(*folder);
    const char *start = !order.launches ? " alone" : order.mayGoBack ? " started" : " final";
    link->preparation = "prepare " + order.registration + start;
    return link;
}

} // namespace

Result<InstallerLink> startInstaller(const Order &order, const std::filesystem::path &orderFile,
                                     const Platform::Descriptor &lock)
{
    if (order.rights == Rights::OwnOnly)
        return startOwn(orderFile, lock);
    return withOffer(order.rights == Rights::Service ? askService() : askPerson(order), order);
}

Result<void> askToMakeWhole(const Install::Registration &registration, const std::string &version)
{
    Order order;
    order.app = registration.app;
    order.registration = registration.id;
    order.toVersion = version;
    const bool hasService = !Platform::identityOf(Platform::helperSocket()).empty();
    order.rights = hasService ? Rights::Service : Rights::Prompt;
    auto link = hasService ? askService() : askPerson(order);
    if (!link)
        return failure(link);
    if (auto sent = link->channel.send("make-whole " + registration.id); !sent)
        return sent;
    const auto answer = link->channel.receive();
    if (!answer || !*answer)
        return tl::unexpected<Error>(answer ? endOf(*link, order) : answer.error());
    const auto problem = fromFailure(**answer);
    return problem ? tl::unexpected<Error>(*problem) : Result<void>();
}

Error endOf(InstallerLink &link, const Order &order)
{
    if (order.rights == Rights::Prompt
        && Platform::waitForAny({link.process.handle().value()},
                                Platform::Clock::now() + std::chrono::seconds(10))
        && Platform::wasDeclined(link.process.exitCode().value_or(0)))
        return {ErrorCode::DECLINED,
                "Nobody gave the rights to change " + order.app.string() + ", so version "
                    + order.fromVersion
                    + " stays. Try again, or ask the administrator of this computer."};
    return {ErrorCode::HELPER,
            "The helper ended in the middle. The next start of the app finishes or undoes the "
            "change."};
}

} // namespace Freshen
