// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/convert.h"
#include "lib/supervise/source/filesource.h"
#include "lib/supervise/source/githubsource.h"
#include "lib/supervise/source/s3source.h"

#include <QRegularExpression>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

using Made = Result<std::unique_ptr<UpdateSource>>;

Made wrongText(const QString &kind, const QString &form)
{
    return failure(ErrorCode::USAGE, u"The source \"%1\" needs %2."_s.arg(kind, form));
}

Result<QUrl> allowedUrl(const QString &text, const UrlPolicy &policy)
{
    const QUrl url(text);
    if (!url.isValid() || url.host().isEmpty())
        return failure(ErrorCode::USAGE,
                       u"What stands for the source is no address: https://HOST/FILE."_s);
    const auto allowed = checkUrl(url, policy);
    return allowed ? Result<QUrl>(url) : failure(allowed);
}

Made makeHttp(const QString &text, const SourceOptions &options)
{
    const auto url = allowedUrl(text, options.policy);
    if (!url)
        return failure(url);
    return std::make_unique<HttpSource>(HttpSource::Place{*url, options.policy}, options);
}

Made makeS3(const QString &text, const SourceOptions &options)
{
    const auto url = allowedUrl(text, options.policy);
    if (!url)
        return failure(url);
    if (options.s3.keyId.isEmpty() != options.s3.secret.isEmpty())
        return failure(ErrorCode::KEY,
                       u"Set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
                       "neither of them."_s);
    return std::make_unique<HttpSource>(s3Place(*url, options), options);
}

Made makeFile(const QString &text, const SourceOptions &options)
{
    if (text.isEmpty())
        return wrongText(u"file"_s, u"a path: file:PATH"_s);
    // "file:///srv/agent" means the same as "file:/srv/agent".
    const QString path = text.startsWith("//"_L1) ? QUrl(u"file:"_s + text).toLocalFile() : text;
    return std::make_unique<FileSource>(path, options);
}

bool isToken(const QByteArray &token)
{
    return std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

Made makeGithub(const QString &text, const SourceOptions &options)
{
    static const QRegularExpression form(
        u"^((?!\\.+/)[A-Za-z0-9_.-]+/(?!\\.+(?:@|$))[A-Za-z0-9_.-]+)(?:@(.+))?$"_s);
    const auto match = form.match(text);
    if (!match.hasMatch())
        return wrongText(u"github"_s, u"a repository: github:OWNER/REPO[@API_URL]"_s);
    GithubSource::Place place{match.captured(1)};
    if (match.hasCaptured(2)) {
        const auto api = allowedUrl(match.captured(2), options.policy);
        if (!api)
            return failure(api);
        place.api = *api;
    }
    if (!isToken(options.token))
        return failure(ErrorCode::KEY, u"FRESHEN_TOKEN has characters that no token has."_s);
    return std::make_unique<GithubSource>(place, options);
}

Made makeAppcast(const QString &text, const SourceOptions &options)
{
    if (!options.makeAppcast)
        return failure(ErrorCode::USAGE, u"An appcast cannot be a source here."_s);
    // Which of them may be fetched is for the app to say.
    const QUrl url(text);
    const bool namesServer = (url.scheme() == "https"_L1 || url.scheme() == "http"_L1)
        && !url.host().isEmpty();
    if (!url.isValid() || (!namesServer && !url.isLocalFile()))
        return wrongText(u"appcast"_s, u"an address: appcast:https://HOST/appcast.xml"_s);
    return options.makeAppcast(url, options);
}

} // namespace

void SourceOptions::takeCredentials()
{
    const auto variable = [](const char *name) { return qgetenv(name).trimmed(); };
    token = variable("FRESHEN_TOKEN");
    s3 = {variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"),
          variable("AWS_SESSION_TOKEN"), variable("AWS_REGION")};
}

Result<std::unique_ptr<UpdateSource>> makeSource(const QString &text, const SourceOptions &options)
{
    const QString kind = text.section(u':', 0, 0);
    const QString rest = text.section(u':', 1);
    if (kind == "https"_L1 || (kind == "http"_L1 && rest.startsWith("//"_L1)))
        return makeHttp(text, options);
    if (kind == "http"_L1)
        return makeHttp(rest, options);
    if (kind == "file"_L1)
        return makeFile(rest, options);
    if (kind == "github"_L1)
        return makeGithub(rest, options);
    if (kind == "s3"_L1)
        return makeS3(rest, options);
    if (kind == "appcast"_L1)
        return makeAppcast(rest, options);
    return failure(ErrorCode::USAGE,
                   u"A source is one of http:URL, file:PATH, github:OWNER/REPO[@API_URL], s3:URL "
                   "and appcast:URL."_s);
}

} // namespace Freshen
