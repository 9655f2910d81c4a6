// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/fetched.h"

#include "tests/support/waituntil.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

namespace Freshen {

using namespace Qt::StringLiterals;

Fetched fetched(QNetworkAccessManager *manager, const QUrl &url, const FetchOptions &options)
{
    Fetch fetch(manager, options.policy, options.limit, ErrorCode::FEED_TOO_LARGE);
    fetch.setValidators(options.known);
    Fetched answer;
    bool isFinished = false;
    QObject::connect(&fetch, &Fetch::finished, &fetch, [&] { isFinished = true; });
    QObject::connect(&fetch, &Fetch::failed, &fetch, [&](const Error &error) {
        answer.code = errorCodeName(error.code).data();
        answer.message = QString::fromStdString(error.message);
    });
    fetch.start(url);
    if (!waitUntil([&] { return isFinished || !answer.code.isEmpty(); }))
        answer.code = "no end";
    answer.content = fetch.content();
    answer.validators = fetch.validators();
    answer.isNotModified = fetch.isNotModified();
    return answer;
}

Checked checkedByCommand(const QUrl &feed)
{
    QProcess freshen;
    freshen.start(QStringLiteral(FRESHEN_BUILD_BIN "/freshen"),
                  {u"check"_s, u"--json"_s, u"--feed-trust"_s, u"none"_s, u"--installed-version"_s,
                   u"1.0"_s, u"--feed"_s, feed.toString()});
    if (!freshen.waitForFinished() || freshen.exitStatus() != QProcess::NormalExit)
        return {};
    const auto answer = QJsonDocument::fromJson(freshen.readAllStandardOutput());
    return {freshen.exitCode(), answer[u"error"_s][u"code"_s].toString()};
}

} // namespace Freshen
