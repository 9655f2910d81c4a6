// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/commands.h"

#include "appcast-tools/feedfile.h"
#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"

#include <QFileInfo>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

Result<FeedStamp> stampOf(const QByteArray &content, const QString &path)
{
    const auto appcast = readAppcast(content,
                                     QUrl::fromLocalFile(QFileInfo(path).absoluteFilePath()));
    if (!appcast)
        return failure(appcast);
    if (!appcast->stamp)
        return failure(
            ErrorCode::CONFIG,
            u"%1 has no <freshen:feed>. Make it with freshen-appcast generate."_s.arg(path));
    return *appcast->stamp;
}

Result<Answer> run(const CommandLine &line)
{
    const QString path = line.arguments().constFirst();
    const auto keys = SigningKeys::forFeed(line);
    if (!keys)
        return failure(keys);
    const auto authority = SigningAuthority::in(QFileInfo(path).path(), *keys, line);
    if (!authority)
        return failure(authority);
    // Nobody's changes get signed by a timer.
    const auto feed = readSignedFeed(path, authority->formerFeeds);
    if (!feed)
        return failure(feed);
    const auto previous = stampOf(feed->content, path);
    if (!previous)
        return failure(previous);
    const auto document = FeedDocument::parse(feed->content);
    if (!document)
        return failure(document);
    const auto now = publishingTime();
    if (!now)
        return failure(now);
    const auto stamp = nextStamp(*previous,
                                 {previous->product, *now,
                                  previous->issued.secsTo(previous->expires),
                                  authority->rootVersion()});
    if (!stamp)
        return failure(stamp);
    if (auto written = writeFeedFile(path, *document, *stamp, *keys, *authority); !written)
        return failure(written);
    Answer answer;
    answer.warnings = signatureWarnings(*authority, *keys);
    answer.text =
        u"%1 is now version %2. %3"_s.arg(path).arg(stamp->version).arg(refreshReminder(*stamp));
    answer.json = {{u"result"_s, u"refreshed"_s},
                   {u"feed"_s, path},
                   {u"version"_s, qint64(stamp->version)},
                   {u"expires"_s, timeText(stamp->expires)}};
    return answer;
}

} // namespace

Command refreshCommand()
{
    Command command;
    command.name = u"refresh"_s;
    command.summary = u"Gives a signed feed a new time, counter and expiry; its items stay."_s;
    command.example = u"refresh --key release.key site/appcast.xml"_s;
    command.arguments = u"FEED"_s;
    command.minimumArguments = command.maximumArguments = 1;
    command.options = {
        {u"key"_s,
         u"A secret key that signs the feed: a file, \"-\" for standard input, or env:NAME "
         "(repeatable)."_s,
         u"K"_s},
        oldPublicKeyOption(),
        partlySignedOption(),
    };
    command.required = {u"key"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
