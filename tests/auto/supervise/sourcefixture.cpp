// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/supervise/sourcefixture.h"

#include "tests/support/samplebytes.h"
#include "tests/support/waituntil.h"

#include <QDir>

namespace Freshen {

using namespace std::chrono_literals;

Looked lookAt(UpdateSource &source)
{
    Looked looked;
    int ends = 0;
    QObject context;
    const auto end = [&](const QByteArray &how) { looked.end = ++ends == 1 ? how : "ended twice"; };
    QObject::connect(&source, &UpdateSource::nothingNew, &context, [&] { end("nothing"); });
    QObject::connect(&source, &UpdateSource::found, &context, [&](const FetchedBuild &build) {
        looked.build = build;
        end("found");
    });
    QObject::connect(&source, &UpdateSource::failed, &context, [&](const Error &error) {
        looked.message = QString::fromStdString(error.message);
        looked.retryAfter = source.retryAfter();
        end(errorCodeName(error.code).data());
    });
    source.look();
    if (!waitUntil([&] { return ends > 0; }))
        looked.end = "no end";
    if (looked.isFound()) {
        looked.content = contentOf(looked.build.file);
        QFile::remove(looked.build.file);
    }
    return looked;
}

SourceFixture::SourceFixture()
{
    options.folder = temporary.filePath(QStringLiteral("sources"));
    options.manager = &manager;
    options.maximumSize = 1 << 20;
    options.policy.limits.patience = 0ms;
}

void SourceFixture::make(const QString &text)
{
    auto made = makeSource(text, options);
    if (!made)
        qFatal("%s", made.error().message.c_str());
    source = std::move(*made);
}

Looked SourceFixture::lookAndRemember()
{
    const Looked looked = look();
    source->remember();
    return looked;
}

QStringList SourceFixture::files() const
{
    return QDir(options.folder).entryList(QDir::Files | QDir::Hidden);
}

} // namespace Freshen
