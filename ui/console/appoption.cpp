// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/appoption.h"

#include "lib/common/convert.h"

#include <QDir>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// A file's name or an address.
QUrl feedUrl(const QString &text)
{
    const QUrl url(text);
    if (url.isValid() && url.scheme().size() > 1)
        return url;
    return QUrl::fromLocalFile(QDir::current().absoluteFilePath(text));
}

} // namespace

QCommandLineOption appOption()
{
    return {u"app"_s, u"The installed app: its folder, or the single file that it is."_s, u"DIR"_s};
}

Result<Installation> installationOf(const CommandLine &line)
{
    return Installation::open(line.value(u"app"_s));
}

QList<QCommandLineOption> feedOptions()
{
    return {
        {u"feed"_s, u"Another feed than the app's own: an address or a file."_s, u"URL_OR_FILE"_s},
        {u"public-key"_s, u"A key to trust instead of the app's; may be repeated."_s, u"K"_s},
        {u"channel"_s, u"A channel to follow besides stable; may be repeated."_s, u"C"_s},
    };
}

Result<void> applyFeedOptions(const CommandLine &line, CheckRequest &request)
{
    const Policy &decided = request.decided;
    if ((line.isSet(u"feed"_s) && !decided.feed.isEmpty())
        || (line.isSet(u"channel"_s) && decided.channel))
        return failure(ErrorCode::USAGE,
                       "The administrator of this computer decided on feed or channel. Leave out "
                       "--feed and --channel.");
    if (line.isSet(u"feed"_s)) {
        request.feed = feedUrl(line.value(u"feed"_s));
        request.policy.allowsFiles = request.feed.isLocalFile();
    }
    if (line.isSet(u"public-key"_s)) {
        request.keys.clear();
        request.root.reset();
    }
    for (const QString &text : line.values(u"public-key"_s)) {
        const auto key = publicKeyFrom(text);
        if (!key)
            return failure(key);
        request.keys.push_back(*key);
    }
    for (const QString &channel : line.values(u"channel"_s)) {
        if (channel != u"stable"_s)
            request.client.channels.insert(channel);
    }
    return {};
}

} // namespace Freshen
