// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/commands.h"

#include "appcast-tools/feedgenerator.h"
#include "lib/common/convert.h"
#include "lib/feed/mirrors.h"
#include "lib/transfer/urlpolicy.h"

#include <algorithm>
#include <limits>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int anyNumber = std::numeric_limits<int>::max();

Result<QUrl> folderAddress(const QString &address, const QString &option)
{
    QUrl url(address, QUrl::StrictMode);
    if (!checkUrl(url, {true, true}) || url.hasQuery() || url.hasFragment())
        return failure(ErrorCode::USAGE,
                       u"--%1 has to be the address of a folder, such as "
                       "https://example.org/updates/."_s.arg(option));
    if (!url.path().endsWith(u'/'))
        url.setPath(url.path() + u'/');
    return url;
}

// The number that an option gives, if it is there at all.
Result<std::optional<int>> optionalNumber(const CommandLine &line, const QString &option)
{
    if (!line.isSet(option))
        return std::nullopt;
    const auto number = line.number(option, 1, anyNumber);
    if (!number)
        return failure(number);
    return *number;
}

// Where release notes are to be linked; empty where the feed is to hold them.
Result<QUrl> notesPrefix(const CommandLine &line)
{
    const QString option = u"release-notes-url-prefix"_s;
    if (!line.isSet(option) || line.isSet(u"embed-release-notes"_s))
        return QUrl();
    return folderAddress(line.value(option), option);
}

Result<QList<QUrl>> mirrorUrls(const CommandLine &line)
{
    const QString option = u"mirror-url"_s;
    QList<QUrl> urls;
    for (const QString &address : line.values(option)) {
        const auto url = folderAddress(address, option);
        if (!url)
            return failure(url);
        urls += *url;
    }
    if (urls.size() > maximumMirrors)
        return failure(
            ErrorCode::USAGE,
            u"--%1 may be there %2 times: clients ask no more mirrors."_s.arg(option).arg(
                maximumMirrors));
    return urls;
}

Result<ItemWishes> wishesFrom(const CommandLine &line)
{
    const auto now = publishingTime();
    if (!now)
        return failure(now);
    const QString base = u"base-url"_s;
    const auto baseUrl = folderAddress(line.value(base), base);
    if (!baseUrl)
        return failure(baseUrl);
    const auto mirrors = mirrorUrls(line);
    if (!mirrors)
        return failure(mirrors);
    const auto prefix = notesPrefix(line);
    if (!prefix)
        return failure(prefix);
    const auto interval = optionalNumber(line, u"phased-rollout-interval"_s);
    if (!interval)
        return failure(interval);
    ItemWishes wishes;
    wishes.published = *now;
    wishes.baseUrl = *baseUrl;
    wishes.mirrorUrls = *mirrors;
    wishes.notesPrefix = *prefix;
    wishes.phasedRolloutInterval = interval->value_or(0);
    wishes.channel = line.value(u"channel"_s);
    wishes.isCritical = line.isSet(u"critical-update-version"_s);
    wishes.criticalBelow = line.value(u"critical-update-version"_s);
    wishes.majorVersion = line.value(u"major-version"_s);
    return wishes;
}

Result<FeedRequest> requestFrom(const CommandLine &line)
{
    const auto days = line.number(u"expires"_s, 1, maximumDays);
    if (!days)
        return failure(days);
    const auto maximum = optionalNumber(line, u"maximum-versions"_s);
    if (!maximum)
        return failure(maximum);
    const auto wishes = wishesFrom(line);
    if (!wishes)
        return failure(wishes);
    FeedRequest request;
    request.folder = line.arguments().constFirst();
    request.previous = line.value(u"previous"_s);
    request.wishes = *wishes;
    request.validSeconds = *days * secondsPerDay;
    request.maximumVersions = *maximum;
    request.supportedFrom = line.value(u"supported-from"_s);
    request.isForced = line.isSet(u"force"_s);
    return request;
}

Result<Answer> run(const CommandLine &line)
{
    const auto request = requestFrom(line);
    if (!request)
        return failure(request);
    const auto keys = SigningKeys::forPackages(line);
    if (!keys)
        return failure(keys);
    const auto authority = SigningAuthority::in(request->folder, *keys, line);
    if (!authority)
        return failure(authority);
    auto answer = generateFeed(*request, *keys, *authority);
    const QList<QUrl> urls = request->wishes.mirrorUrls + QList<QUrl>{request->wishes.baseUrl};
    const bool isHttp = std::any_of(urls.begin(), urls.end(), [](const QUrl &url) {
        return !checkUrl(url, {false, true});
    });
    if (answer && isHttp)
        answer->warnings += u"Clients fetch over plain http only where the app allows it."_s;
    return answer;
}

} // namespace

Command generateCommand()
{
    Command command;
    command.name = u"generate"_s;
    command.summary = u"Puts the packages in DIR into the signed feed DIR/appcast.xml. Items that "
                      "are there already stay as they are."_s;
    command.example = u"generate --key release.key --base-url https://example.org/updates/ site/"_s;
    command.arguments = u"DIR"_s;
    command.minimumArguments = command.maximumArguments = 1;
    command.options = {
        keyOption(),
        feedKeyOption(),
        oldPublicKeyOption(),
        partlySignedOption(),
        {u"supported-from"_s,
         u"Versions before V may be left behind: nothing that they can verify is needed."_s,
         u"V"_s},
        {u"force"_s, u"Publishes even if that leaves versions behind for ever."_s},
        {u"base-url"_s, u"Where the files of DIR will be."_s, u"URL"_s},
        {u"mirror-url"_s,
         u"Where a mirror has the same files; new items name it. May be repeated."_s, u"URL"_s},
        {u"expires"_s, u"After how many days clients mistrust the feed (90)."_s, u"DAYS"_s,
         u"90"_s},
        {u"previous"_s, u"The feed that was published last, where DIR has none."_s, u"FEED"_s},
        {u"maximum-versions"_s, u"Keeps only the N newest versions of each channel and system."_s,
         u"N"_s},
        {u"channel"_s, u"New packages must be of this channel."_s, u"C"_s},
        {u"critical-update-version"_s,
         u"New items are critical for versions below V; an empty V "
         "means all."_s,
         u"V"_s},
        {u"phased-rollout-interval"_s, u"New items reach one of seven groups every S seconds."_s,
         u"S"_s},
        {u"major-version"_s, u"New items are a major upgrade for versions below V."_s, u"V"_s},
        {u"release-notes-url-prefix"_s,
         u"New items name the address of their release notes "
         "(NAME.html, NAME.md or NAME.txt), beginning with U."_s,
         u"U"_s},
        {u"embed-release-notes"_s, u"New items hold their release notes even so."_s},
    };
    command.required = {u"key"_s, u"base-url"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
