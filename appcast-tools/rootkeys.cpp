// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// root add-key and root remove-key: a draft's keys, while nobody signed it.

#include "appcast-tools/commands.h"

#include "appcast-tools/rootchain.h"
#include "appcast-tools/rootdraft.h"
#include "lib/common/convert.h"

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

Result<Trust::Root> readDraft(const QString &path)
{
    auto root = readRoot(path);
    if (!root)
        return failure(root);
    if (!root->signatures.empty())
        return failure(ErrorCode::CONFIG,
                       u"%1 was signed already; a change would make that void. Make the next root "
                       "with \"root rotate\"; or, if nobody has this one yet, remove it and make "
                       "its draft anew."_s.arg(path));
    return std::move(root->root);
}

Result<Answer> change(const CommandLine &line,
                      Result<void> (*changeKey)(Trust::Root &, const QString &, const QString &))
{
    const QString path = line.arguments().constFirst();
    auto root = readDraft(path);
    if (!root)
        return failure(root);
    for (const QString &key : line.values(u"key"_s)) {
        if (auto changed = changeKey(*root, line.value(u"role"_s), key); !changed)
            return failure(changed);
    }
    if (auto set = setThresholds(*root, line); !set)
        return failure(set);
    const auto text = draftText(*root);
    if (!text)
        return failure(text);
    if (auto written = Platform::writeFileDurably(toPath(path), *text); !written)
        return failure(written);
    return draftAnswer(*root, path);
}

Command changeCommand()
{
    Command command;
    command.arguments = u"FILE"_s;
    command.minimumArguments = command.maximumArguments = 1;
    command.options = {
        {u"role"_s, u"root, feed or release."_s, u"ROLE"_s},
        {u"key"_s, u"The public key: a file, or the key itself (repeatable)."_s, u"PUB"_s},
        thresholdOption(),
    };
    command.required = {u"role"_s, u"key"_s};
    return command;
}

} // namespace

Command rootAddKeyCommand()
{
    Command command = changeCommand();
    command.name = u"root add-key"_s;
    command.summary = u"Adds a key to a role of a draft that nobody signed yet."_s;
    command.example = u"root add-key --role root --key cy.pub --threshold root=2 site/1.root"_s;
    command.run = [](const CommandLine &line) { return change(line, addKey); };
    return command;
}

Command rootRemoveKeyCommand()
{
    Command command = changeCommand();
    command.name = u"root remove-key"_s;
    command.summary = u"Removes a key from a role of a draft that nobody signed yet."_s;
    command.example = u"root remove-key --role feed --key old-ci.pub site/1.root"_s;
    command.run = [](const CommandLine &line) { return change(line, removeKey); };
    return command;
}

} // namespace Freshen
