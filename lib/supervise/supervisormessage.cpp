// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/supervisormessage.h"

#include "lib/common/convert.h"

namespace Freshen {

std::string SupervisorMessage::environment(int descriptor, int generation)
{
    return std::string(variable) + "=" + std::to_string(descriptor) + ":"
        + std::to_string(generation);
}

std::optional<SupervisorMessage> SupervisorMessage::parse(const std::string &text)
{
    const QString line = toQString(text);
    bool isNumber = false;
    const int generation = line.section(u' ', 0, 0).toInt(&isNumber);
    const QString word = line.section(u' ', 1);
    if (!isNumber || generation < 1 || word.isEmpty())
        return {};
    return SupervisorMessage{generation, word};
}

std::string SupervisorMessage::toText() const
{
    return std::to_string(generation) + " " + toStdString(word);
}

} // namespace Freshen
