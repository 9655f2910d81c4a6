// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/commands.h"

#include "lib/commandline/progressline.h"
#include "lib/common/convert.h"
#include "lib/common/job.h"
#include "lib/replace/bsdiffwriter.h"

#include <QEventLoop>
#include <QFile>
#include <QLocale>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

Result<QByteArray> contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::IO,
                       u"Cannot read %1: %2."_s.arg(shown(path), file.errorString()));
    return file.readAll();
}

// In another thread, because this one shows how far it is.
Result<QByteArray> makePatch(const QByteArray &oldFile, const QByteArray &newFile, bool isQuiet)
{
    Result<QByteArray> patch;
    ProgressLine progress(isQuiet);
    QEventLoop loop;
    auto *const job = Job::start([&](JobControl &control) -> Result<void> {
        patch = makeBsdiff(oldFile, newFile, [&](qint64 size) { return control.advance(size); });
        return patch ? Result<void>() : failure(patch);
    });
    QObject::connect(job, &Job::progressed, &loop,
                     [&](qint64 size) { progress.show(u"Comparing"_s, size, newFile.size()); });
    QObject::connect(job, &Job::succeeded, &loop, &QEventLoop::quit);
    QObject::connect(job, &Job::failed, &loop, &QEventLoop::quit);
    loop.exec();
    progress.clear();
    return patch;
}

Result<Answer> run(const CommandLine &line)
{
    const QStringList paths = line.arguments();
    const auto oldFile = contentOf(paths[0]);
    const auto newFile = oldFile ? contentOf(paths[1]) : oldFile;
    if (!newFile)
        return failure(newFile);
    const auto patch = makePatch(*oldFile, *newFile, line.isSet(u"json"_s));
    if (!patch)
        return failure(patch);
    if (auto written = Platform::writeFileDurably(toPath(paths[2]), toView(*patch)); !written)
        return failure(written);
    Answer answer;
    answer.text = u"%1 (%2)"_s.arg(shown(paths[2]), QLocale().formattedDataSize(patch->size()));
    answer.json = {
        {u"patch"_s, paths[2]}, {u"length"_s, patch->size()}, {u"newLength"_s, newFile->size()}};
    return answer;
}

} // namespace

Command bsdiffCommand()
{
    Command command;
    command.name = u"bsdiff"_s;
    command.summary = u"Writes a patch for one file, for freshen replace and bspatch."_s;
    command.example = u"bsdiff notes-1.0 notes-2.0 notes-2.0.patch"_s;
    command.arguments = u"OLD NEW PATCH"_s;
    command.minimumArguments = 3;
    command.maximumArguments = 3;
    command.run = run;
    return command;
}

} // namespace Freshen
