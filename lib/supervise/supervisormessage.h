// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

#include <optional>
#include <string>

namespace Freshen {

// A word between supervisor and program, in either direction: "3 leave", "3 restart".
struct SupervisorMessage {
    int generation = 0;
    QString word;

    // How a program learns of its connection: "FRESHEN_SUPERVISOR=DESCRIPTOR:GENERATION".
    static constexpr const char *variable = "FRESHEN_SUPERVISOR";
    static std::string environment(int descriptor, int generation);

    static std::optional<SupervisorMessage> parse(const std::string &text);
    std::string toText() const;
};

} // namespace Freshen
