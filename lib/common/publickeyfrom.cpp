// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/publickeyfrom.h"

#include "lib/common/convert.h"

#include <QFileInfo>

namespace Freshen {

namespace {

constexpr std::size_t longestKey = 4096;

}

Result<Trust::PublicKey> publicKeyFrom(const QString &text)
{
    if (!QFileInfo(text).isFile())
        return Trust::PublicKey::parse(toStdString(text));
    const auto content = Platform::readFile(toPath(text), longestKey);
    return content ? Trust::PublicKey::parse(*content) : failure(content);
}

} // namespace Freshen
