// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/signing/keysource.h"

#include "lib/common/convert.h"
#include "lib/signing/secretkey.h"
#include "lib/signing/wiper.h"
#include "platform/password.h"

#include <QFileInfo>

#include <cstdlib>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

bool isSticky(const QString &folder)
{
    const auto mode = std::filesystem::status(toPath(folder)).permissions();
    return (mode & std::filesystem::perms::sticky_bit) != std::filesystem::perms::none;
}

// Where everybody may write, they may put a key of theirs into its place. A sticky folder, such as
// the one for temporary files, lets nobody touch what is not his own.
Result<void> requireOwnFolder(const QString &file)
{
    const QString folder = QFileInfo(file).path();
    if (!QFileInfo(folder).permission(QFile::WriteOther) || isSticky(folder))
        return {};
    return failure(
        ErrorCode::KEY,
        u"Others may write to %1, and so exchange the secret key there. Run \"chmod o-w\" on that "
        "folder, or keep the key elsewhere."_s.arg(folder));
}

Result<void> requirePrivateFile(const QFile &file)
{
    constexpr QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
        | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    if ((file.permissions() & others) != 0)
        return failure(
            ErrorCode::KEY,
            u"Other users may read or write the secret key %1. Run \"chmod 600\" on it."_s.arg(
                file.fileName()));
    // The link's folder, and that of the file at its end.
    auto own = requireOwnFolder(QFileInfo(file.fileName()).absoluteFilePath());
    return own ? requireOwnFolder(QFileInfo(file.fileName()).canonicalFilePath()) : own;
}

Result<QByteArray> readKeyFile(QFile &file)
{
    QByteArray content = file.read(maximumKeyText + 1);
    if (file.error() == QFile::NoError && content.size() <= maximumKeyText)
        return content;
    const Wiper wiper(content);
    return failure(ErrorCode::KEY,
                   u"Cannot read a secret key from %1."_s.arg(
                       file.fileName().isEmpty() ? u"standard input"_s : file.fileName()));
}

// No program that is started later is to find it there, nor who looks at this process.
QByteArray takeFromEnvironment(const QByteArray &name)
{
    char *value = std::getenv(name.constData());
    if (!value)
        return {};
    const QByteArray content(value);
    OPENSSL_cleanse(value, std::size_t(content.size()));
    qunsetenv(name.constData());
    return content;
}

Result<QByteArray> readEnvironment(const QString &name)
{
    const QByteArray content = takeFromEnvironment(name.toLocal8Bit());
    if (content.isEmpty())
        return failure(ErrorCode::KEY,
                       u"The environment variable %1 holds no secret key."_s.arg(name));
    return content;
}

} // namespace

Result<QByteArray> readKeySource(const QString &source)
{
    if (source.startsWith("env:"_L1))
        return readEnvironment(source.mid(4));
    QFile file(source);
    if (source == u"-"_s) {
        if (!file.open(stdin, QIODevice::ReadOnly | QIODevice::Unbuffered))
            return failure(ErrorCode::KEY, "Standard input cannot be read.");
        return readKeyFile(file);
    }
    if (SecretKey::parse(source.toStdString()))
        return failure(ErrorCode::KEY,
                       "A secret key stands on the command line, where other users "
                       "can see it. Make a new one, and name its file.");
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return failure(
            ErrorCode::KEY,
            QStringLiteral("Cannot read the secret key %1: %2.").arg(source, file.errorString()));
    if (auto isPrivate = requirePrivateFile(file); !isPrivate)
        return failure(isPrivate);
    return readKeyFile(file);
}

Result<std::string> readPassword(const QString &name)
{
    const QByteArray given = takeFromEnvironment("FRESHEN_PASSWORD");
    if (!given.isEmpty())
        return given.toStdString();
    auto typed = Platform::askPassword("Password of " + toStdString(name) + ": ");
    if (!typed)
        return failure(ErrorCode::KEY,
                       "The secret key is protected by a password. " + typed.error().message
                           + " Set FRESHEN_PASSWORD, or run this on a terminal.");
    return typed;
}

} // namespace Freshen
