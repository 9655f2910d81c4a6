// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/publisher.h"

#include "lib/package/sourcedate.h"

namespace Freshen {

using namespace Qt::StringLiterals;

QCommandLineOption keyOption()
{
    return {u"key"_s, u"The secret key: a file, \"-\" for standard input, or env:NAME."_s, u"K"_s};
}

Result<SecretKey> secretKeyOf(const CommandLine &line)
{
    return SecretKey::read(line.value(u"key"_s));
}

Result<QDateTime> publishingTime()
{
    const auto date = sourceDate();
    if (!date)
        return failure(date);
    return date->value_or(
        QDateTime::fromSecsSinceEpoch(QDateTime::currentSecsSinceEpoch(), Qt::UTC));
}

Result<void> createFile(const std::filesystem::path &path, std::string_view content,
                        std::uint32_t mode)
{
    auto file = Platform::NewFile::create(path);
    if (!file)
        return failure(file);
    const auto *data = reinterpret_cast<const std::uint8_t *>(content.data());
    if (auto written = file->write({data, content.size()}); !written)
        return written;
    return file->finish(mode, true);
}

QString timeText(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODate);
}

} // namespace Freshen
