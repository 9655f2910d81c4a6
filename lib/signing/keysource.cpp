// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/signing/keysource.h"

#include "lib/common/convert.h"
#include "lib/signing/secretkey.h"

#include <QFile>

namespace Freshen {

namespace {

Result<void> requirePrivateFile(const QFile &file)
{
    constexpr QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
        | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    if ((file.permissions() & others) == 0)
        return {};
    return failure(
        ErrorCode::KEY,
        QStringLiteral("Other users may read the secret key %1. Run \"chmod 600\" on it.")
            .arg(file.fileName()));
}

Result<QByteArray> readKeyFile(QFile &file)
{
    const QByteArray content = file.read(maximumKeyText + 1);
    if (file.error() != QFile::NoError || content.size() > maximumKeyText)
        return failure(ErrorCode::KEY,
                       QStringLiteral("Cannot read a secret key from %1.").arg(file.fileName()));
    return content;
}

Result<QByteArray> readEnvironment(const QString &name)
{
    const QByteArray content = qgetenv(name.toLocal8Bit().constData());
    if (content.isEmpty())
        return failure(
            ErrorCode::KEY,
            QStringLiteral("The environment variable %1 holds no secret key.").arg(name));
    return content;
}

} // namespace

Result<QByteArray> readKeySource(const QString &source)
{
    if (source.startsWith(QLatin1String("env:")))
        return readEnvironment(source.mid(4));
    QFile file(source);
    if (source == QLatin1String("-")) {
        if (!file.open(stdin, QIODevice::ReadOnly))
            return failure(ErrorCode::KEY, "Standard input cannot be read.");
        return readKeyFile(file);
    }
    if (SecretKey::parse(source.toStdString()))
        return failure(ErrorCode::KEY,
                       "A secret key stands on the command line, where other users "
                       "can see it. Make a new one, and name its file.");
    if (!file.open(QIODevice::ReadOnly))
        return failure(
            ErrorCode::KEY,
            QStringLiteral("Cannot read the secret key %1: %2.").arg(source, file.errorString()));
    if (auto isPrivate = requirePrivateFile(file); !isPrivate)
        return failure(isPrivate);
    return readKeyFile(file);
}

} // namespace Freshen
