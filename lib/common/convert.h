// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Between Qt's types and those of the Qt-free parts.

#pragma once

#include "platform/result.h"

#include <Freshen/updateerror.h>

#include <QByteArray>
#include <QString>

#include <filesystem>
#include <span>

namespace Freshen {

inline QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

inline QString toQString(const std::string &text)
{
    return toQString(std::string_view(text));
}

inline std::string toStdString(const QString &text)
{
    return text.toStdString();
}

inline std::string_view toView(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

inline std::span<const std::uint8_t> toBytes(const QByteArray &bytes)
{
    return {reinterpret_cast<const std::uint8_t *>(bytes.constData()), std::size_t(bytes.size())};
}

inline std::filesystem::path toPath(const QString &path)
{
    return std::filesystem::path(path.toStdU16String());
}

inline QString toQString(const std::filesystem::path &path)
{
    return QString::fromStdU16String(path.u16string());
}

inline UpdateError toUpdateError(const Error &error)
{
    return UpdateError(toQString(errorCodeName(error.code)), toQString(error.message));
}

// failure() with a sentence made by Qt.
inline tl::unexpected<Error> failure(ErrorCode code, const QString &message)
{
    return failure(code, message.toStdString());
}

// Without it a plain text would fit both of the others.
inline tl::unexpected<Error> failure(ErrorCode code, const char *message)
{
    return failure(code, std::string(message));
}

} // namespace Freshen
