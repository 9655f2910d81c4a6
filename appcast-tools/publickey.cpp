// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/commands.h"

#include "lib/common/convert.h"

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

Result<Answer> run(const CommandLine &line)
{
    const auto key = secretKeyOf(line);
    if (!key)
        return failure(key);
    const QString minisign = toQString(key->publicKey().toMinisign());
    const QString sparkle = toQString(key->publicKey().toSparkle());
    Answer answer;
    answer.text = u"minisign: %1\nSparkle:  %2"_s.arg(minisign, sparkle);
    answer.json = {{u"minisign"_s, minisign}, {u"sparkle"_s, sparkle}};
    return answer;
}

} // namespace

Command publicKeyCommand()
{
    Command command;
    command.name = u"public-key"_s;
    command.summary = u"Prints both forms of the public key that belongs to a secret key."_s;
    command.example = u"public-key --key release.key"_s;
    command.options = {keyOption()};
    command.required = {u"key"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
