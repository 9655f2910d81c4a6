// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/commands.h"

#include "lib/common/convert.h"

#include <filesystem>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

namespace fs = std::filesystem;

Result<void> requireMissing(const fs::path &path)
{
    if (!fs::exists(fs::symlink_status(path)))
        return {};
    return failure(ErrorCode::KEY,
                   path.string()
                       + " exists already, and keys are never "
                         "overwritten. Choose another name.");
}

Result<void> writePair(const SecretKey &key, const fs::path &secret, const fs::path &open)
{
    for (const fs::path &path : {secret, open}) {
        if (auto missing = requireMissing(path); !missing)
            return missing;
    }
    const std::string comment = "untrusted comment: Freshen public key " + key.publicKey().idHex();
    if (auto written = createFile(secret, key.toText() + "\n", 0600); !written)
        return written;
    auto result = createFile(open, comment + "\n" + key.publicKey().toMinisign() + "\n", 0644);
    if (!result)
        (void)Platform::removeFile(secret); // half a pair is none
    return result;
}

Result<Answer> run(const CommandLine &line)
{
    const QString name = line.value(u"out"_s);
    const QString secret = name + u".key"_s;
    const QString open = name + u".pub"_s;
    const auto key = SecretKey::generate();
    if (!key)
        return failure(key);
    if (auto written = writePair(*key, toPath(secret), toPath(open)); !written)
        return failure(written);

    const QString minisign = toQString(key->publicKey().toMinisign());
    const QString sparkle = toQString(key->publicKey().toSparkle());
    Answer answer;
    answer.text = u"Secret key: %1 (keep it to yourself, and keep a copy)\n"
                  "Public key: %2\n%3\n"
                  "The same for Sparkle:\n%4"_s.arg(secret, open, minisign, sparkle);
    answer.json = {{u"secretKeyFile"_s, secret},
                   {u"publicKeyFile"_s, open},
                   {u"minisign"_s, minisign},
                   {u"sparkle"_s, sparkle}};
    return answer;
}

} // namespace

Command keygenCommand()
{
    Command command;
    command.name = u"keygen"_s;
    command.summary = u"Makes a pair of keys: NAME.key, which signs, and NAME.pub."_s;
    command.example = u"keygen --out release"_s;
    command.options = {{u"out"_s, u"The name of both files without their endings."_s, u"NAME"_s}};
    command.required = {u"out"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
