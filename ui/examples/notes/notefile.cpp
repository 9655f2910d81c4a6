// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "notefile.h"

#include <QCoreApplication>
#include <QDir>
#include <QRegularExpression>
#include <QSaveFile>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace NoteFile {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("NoteFile", text);
}

} // namespace

QString path(const QString &folder, const QString &title)
{
    return u"%1/%2.md"_s.arg(folder, title);
}

QString usableTitle(const QString &title)
{
    static const QRegularExpression forbidden(u"[/\\\\:*?\"<>|\\x00-\\x1f]"_s);
    QString usable = title;
    usable = usable.replace(forbidden, u" "_s).simplified().left(100);
    while (usable.startsWith(u'.'))
        usable.remove(0, 1);
    return usable.trimmed();
}

QString freeTitle(const QString &folder, const QString &title)
{
    QString free = title;
    for (int i = 2; QFile::exists(path(folder, free)); ++i)
        free = u"%1 %2"_s.arg(title).arg(i);
    return free;
}

std::optional<QString> read(const QString &file)
{
    QFile input(file);
    if (!input.open(QIODevice::ReadOnly))
        return std::nullopt;
    return QString::fromUtf8(input.readAll());
}

QString write(const QString &file, const QString &text)
{
    QSaveFile output(file);
    const QByteArray bytes = text.toUtf8();
    if (output.open(QIODevice::WriteOnly) && output.write(bytes) == bytes.size() && output.commit())
        return {};
    return tr("%1 cannot be saved: %2").arg(QDir::toNativeSeparators(file), output.errorString());
}

QString defaultFolder()
{
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    if (QFileInfo(documents).isWritable())
        return documents + u"/Notes"_s;
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
}

void prepare(const QString &folder)
{
    if (QFileInfo::exists(folder) || !QDir().mkpath(folder))
        return;
    const QString welcome = tr("# Welcome\n\nEvery note is a *Markdown* file in this folder:\n\n"
                               "- `Ctrl+N` starts a new one\n- `Ctrl+F` finds one\n\n"
                               "Everything you write is saved **by itself**.\n");
    write(path(folder, tr("Welcome")), welcome);
}

} // namespace NoteFile
