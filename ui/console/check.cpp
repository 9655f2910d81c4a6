// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/commands.h"

#include "lib/common/convert.h"
#include "lib/feed/offerwarnings.h"
#include "lib/session/sentences.h"
#include "lib/transfer/networkmanager.h"
#include "platform/paths.h"
#include "ui/console/appoption.h"
#include "ui/console/noupdate.h"

#include <QEventLoop>
#include <QJsonArray>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

QJsonValue textOrNull(const QUrl &url)
{
    return url.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(url.toString());
}

QJsonValue timeOrNull(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toString(Qt::ISODate)) : QJsonValue(QJsonValue::Null);
}

QJsonValue deltaFor(const AppcastItem &item, const ClientConditions &client)
{
    const bool isMac = client.os == "macos"_L1;
    // Sparkle's own deltas are for macOS, Freshen's are for all.
    for (const AppcastDelta &delta : isMac ? item.deltas + item.sparkleDeltas : item.deltas) {
        if (delta.from == client.installedVersion)
            return QJsonObject{{u"from"_s, delta.from},
                               {u"url"_s, delta.url.toString()},
                               {u"length"_s, delta.length}};
    }
    return QJsonValue::Null;
}

QJsonValue toJson(const std::optional<AppcastItem> &item, const ClientConditions &client)
{
    if (!item)
        return QJsonValue::Null;
    const QString &installed = client.installedVersion;
    const Release release = toRelease(*item, installed, client.order);
    const bool hasFile = item->enclosure.has_value();
    return QJsonObject{
        {u"version"_s, item->version},
        {u"shortVersion"_s, release.displayVersion()},
        {u"channel"_s, item->channel},
        {u"url"_s, hasFile ? textOrNull(item->enclosure->url) : QJsonValue(QJsonValue::Null)},
        {u"length"_s, hasFile ? item->enclosure->length : 0},
        {u"critical"_s, release.isCritical()},
        {u"deadline"_s, timeOrNull(release.deadline())},
        {u"informational"_s, release.isInformational()},
        {u"majorUpgrade"_s, isMajorUpgradeFor(*item, installed, client.order)},
        {u"notesUrl"_s, textOrNull(item->notesUrl)},
        {u"fullNotesUrl"_s, textOrNull(item->fullNotesUrl)},
        {u"link"_s, textOrNull(item->link)},
        {u"delta"_s, deltaFor(*item, client)},
    };
}

QJsonObject toJson(const CheckOutcome &outcome)
{
    QJsonObject feed{{u"signed"_s, outcome.isSigned},
                     {u"version"_s, QJsonValue::Null},
                     {u"expires"_s, QJsonValue::Null},
                     {u"items"_s, outcome.appcast.items.size()}};
    if (const auto &stamp = outcome.appcast.stamp) {
        feed[u"version"_s] = qint64(stamp->version);
        feed[u"expires"_s] = stamp->expires.toString(Qt::ISODate);
    }
    return feed;
}

QJsonValue toJson(const std::optional<Trust::SignedRoot> &root)
{
    if (!root)
        return QJsonValue::Null;
    return QJsonObject{{u"version"_s, qint64(root->root.version)},
                       {u"expires"_s, toQString(root->root.expires)}};
}

Answer answerFor(const CheckOutcome &outcome, const CheckRequest &request)
{
    const ClientConditions &client = request.client;
    const QString &installed = client.installedVersion;
    const Selection &selection = outcome.selection;
    const bool isFound = selection.item.has_value();
    Answer answer;
    answer.json = {{u"result"_s, isFound ? u"update"_s : u"none"_s},
                   {u"reason"_s, selection.reason},
                   {u"installed"_s, installed},
                   {u"candidates"_s, QJsonArray::fromStringList(selection.candidates)},
                   {u"release"_s, toJson(selection.item, client)},
                   {u"feed"_s, toJson(outcome)},
                   {u"root"_s, toJson(outcome.root)}};
    if (const QString manager = managedSentence(outcome.origin); !manager.isEmpty())
        answer.json[u"managedBy"_s] = manager;
    answer.text = isFound
        ? u"Version %1 is available; %2 is installed."_s.arg(shown(selection.item->version),
                                                             shown(installed))
        : noUpdateText(outcome, installed);
    for (const QString &warning : outcome.appcast.warnings)
        answer.warnings.append(shown(warning));
    if (isFound)
        answer.warnings += offerWarnings(*selection.item, request.policy);
    answer.status = isFound ? 0 : 3;
    return answer;
}

Result<FeedTrust> feedTrust(const QString &text)
{
    if (text == u"required"_s)
        return FeedTrust::Required;
    if (text == u"optional"_s)
        return FeedTrust::Optional;
    if (text == u"none"_s)
        return FeedTrust::None;
    return failure(ErrorCode::USAGE, u"--feed-trust is required, optional or none."_s);
}

// Without --app the command line has to say everything.
Result<CheckRequest> baseRequest(const CommandLine &line)
{
    if (line.isSet(u"app"_s)) {
        const auto installation = installationOf(line);
        if (!installation)
            return failure(installation);
        CheckRequest request = CheckRequest::of(*installation);
        if (line.isSet(u"scheduled"_s))
            request.client.skippedVersions = installation->leftVersions();
        return request;
    }
    if (!line.isSet(u"feed"_s) || !line.isSet(u"installed-version"_s))
        return failure(ErrorCode::USAGE, u"Give --app, or --feed and --installed-version."_s);
    CheckRequest request;
    request.client.os = toQString(Platform::systemName());
    request.client.arch = toQString(Platform::processorName());
    request.client.now = QDateTime::currentDateTimeUtc();
    request.languages = systemLanguages();
    return request;
}

// Whether the question is about another computer or time than this one.
bool isHypothetical(const CommandLine &line)
{
    for (const QString &option :
         {u"os"_s, u"os-version"_s, u"arch"_s, u"now"_s, u"rollout-group"_s, u"language"_s,
          u"scheduled"_s, u"no-major"_s, u"skipped"_s, u"skipped-major"_s, u"installed-version"_s,
          u"install-id"_s, u"pinned"_s}) {
        if (line.isSet(option))
            return true;
    }
    return false;
}

void applyText(const CommandLine &line, const QString &option, QString &target)
{
    if (line.isSet(option))
        target = line.value(option);
}

// What counts only where no person asked.
Result<void> applySchedule(const CommandLine &line, ClientConditions &client)
{
    const QString group = line.value(u"rollout-group"_s);
    const bool isGroup = group.size() == 1 && group >= u"0"_s && group <= u"6"_s;
    if (line.isSet(u"rollout-group"_s) && !isGroup)
        return failure(ErrorCode::USAGE, u"--rollout-group is a number from 0 to 6."_s);
    if (!line.isSet(u"scheduled"_s))
        return {};
    if (isGroup)
        client.rolloutGroup = group.toInt();
    client.installId = line.value(u"install-id"_s);
    if (line.isSet(u"skipped"_s))
        client.skippedVersions.insert(line.value(u"skipped"_s));
    const QString major = line.value(u"skipped-major"_s);
    client.skippedMajorVersion = major.section(u':', 0, 0);
    client.skippedMajorSubrelease = major.section(u':', 1);
    return {};
}

// A root file in place of the app's own keys, as if the app had come with it.
Result<void> applyRoot(const QString &file, CheckRequest &request)
{
    const auto text = Platform::readFile(toPath(file), Trust::Root::maximumSize);
    if (!text)
        return failure(text);
    auto root = Trust::firstRoot(*text);
    if (!root)
        return failure(ErrorCode::CONFIG,
                       u"%1: %2"_s.arg(file, toQString(root.error().message)));
    const QString product = toQString(root->root.product);
    if (!request.product.isEmpty() && request.product != product)
        return failure(ErrorCode::CONFIG,
                       u"%1 is for %2, not for %3."_s.arg(file, product, request.product));
    request.product = product;
    request.root = std::move(*root);
    return {};
}

Result<void> applyConditions(const CommandLine &line, CheckRequest &request)
{
    applyText(line, u"product"_s, request.product);
    applyText(line, u"installed-version"_s, request.client.installedVersion);
    applyText(line, u"os"_s, request.client.os);
    if (line.isSet(u"os"_s))
        request.app.clear(); // a question about another computer
    applyText(line, u"os-version"_s, request.client.osVersion);
    applyText(line, u"arch"_s, request.client.arch);
    if (line.isSet(u"language"_s))
        request.languages = {line.value(u"language"_s).section(u'-', 0, 0).toLower()};
    applyText(line, u"pinned"_s, request.client.pinnedPrefix);
    request.client.holdsMajorUpgrades = line.isSet(u"no-major"_s);
    if (line.isSet(u"now"_s)) {
        request.client.now = QDateTime::fromString(line.value(u"now"_s), Qt::ISODate);
        if (!request.client.now.isValid())
            return failure(ErrorCode::USAGE, u"--now has to look like 2014-07-28T15:20:11Z."_s);
    }
    if (auto applied = applySchedule(line, request.client); !applied)
        return applied;
    if (line.isSet(u"feed-trust"_s)) {
        const auto trust = feedTrust(line.value(u"feed-trust"_s));
        if (!trust)
            return failure(trust);
        request.trust = *trust;
    }
    if (line.isSet(u"root"_s)) {
        if (auto applied = applyRoot(line.value(u"root"_s), request); !applied)
            return applied;
    }
    request.keepsFreshness = !isHypothetical(line) && request.trust != FeedTrust::None;
    if (request.trust != FeedTrust::None && request.keys.empty() && !request.root)
        return failure(ErrorCode::USAGE, u"Give --public-key, --root or --feed-trust none."_s);
    return {};
}

Result<CheckOutcome> check(const CheckRequest &request)
{
    NetworkManager manager;
    FeedCheck check(&manager, request);
    std::optional<Error> problem;
    QEventLoop loop;
    QObject::connect(&check, &FeedCheck::finished, &loop, &QEventLoop::quit);
    QObject::connect(&check, &FeedCheck::failed, &loop, [&](const Error &error) {
        problem = error;
        loop.quit();
    });
    check.start();
    loop.exec();
    if (problem)
        return tl::unexpected<Error>(*problem);
    return check.outcome();
}

Result<Answer> run(const CommandLine &line)
{
    auto request = baseRequest(line);
    if (!request)
        return failure(request);
    if (auto applied = applyFeedOptions(line, *request); !applied)
        return failure(applied);
    if (auto applied = applyConditions(line, *request); !applied)
        return failure(applied);
    const auto outcome = check(*request);
    if (!outcome)
        return failure(outcome);
    return answerFor(*outcome, *request);
}

} // namespace

Command checkCommand()
{
    Command command;
    command.name = u"check"_s;
    command.summary = u"Tells which release would be offered, and why."_s;
    command.example = u"check --app /opt/notes"_s;
    command.options = feedOptions();
    command.options.append({
        appOption(),
        {u"installed-version"_s, u"As if this version were installed."_s, u"V"_s},
        {u"product"_s, u"The product that the feed must be for."_s, u"ID"_s},
        {u"root"_s, u"A root file to trust instead of the app's own keys."_s, u"FILE"_s},
        {u"feed-trust"_s, u"required, optional or none."_s, u"TRUST"_s},
        {u"os"_s, u"As on macos, windows or linux."_s, u"OS"_s},
        {u"os-version"_s, u"As on this version of the system."_s, u"V"_s},
        {u"arch"_s, u"As on x86_64, arm64 or x86."_s, u"ARCH"_s},
        {u"now"_s, u"As at this time."_s, u"TIME"_s},
        {u"language"_s, u"As for somebody who reads this language."_s, u"LANGUAGE"_s},
        {u"scheduled"_s, u"As a scheduled check, which no person asked for."_s},
        {u"rollout-group"_s, u"As in this group of a phased rollout, 0 to 6; with --scheduled."_s,
         u"N"_s},
        {u"install-id"_s, u"As the install with this id in a rollout by share; with --scheduled."_s,
         u"ID"_s},
        {u"no-major"_s, u"Without major upgrades."_s},
        {u"skipped-major"_s,
         u"As if the person had skipped this major upgrade, offered as SUB; with --scheduled."_s,
         u"V[:SUB]"_s},
        {u"pinned"_s, u"As where the administrator holds the app at 2.1 and 2.1.x, say."_s,
         u"PREFIX"_s},
        {u"skipped"_s, u"As if the person had skipped this version; with --scheduled."_s, u"V"_s},
    });
    command.run = run;
    return command;
}

} // namespace Freshen
