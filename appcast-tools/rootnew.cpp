// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// root init and root rotate: the first root, and the next one.

#include "appcast-tools/commands.h"

#include "appcast-tools/rootchain.h"
#include "appcast-tools/rootdraft.h"
#include "lib/common/convert.h"

#include <QFileInfo>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

using KeyChange = Result<void> (*)(Trust::Root &root, const QString &role, const QString &key);

Result<void> requireFolder(const QString &folder)
{
    if (QFileInfo(folder).isDir())
        return {};
    return failure(ErrorCode::IO, u"The folder %1 does not exist."_s.arg(folder));
}

Result<Answer> finishDraft(Trust::Root &root, const CommandLine &line)
{
    if (auto set = setThresholds(root, line); !set)
        return failure(set);
    if (auto set = setTimes(root, line); !set)
        return failure(set);
    return writeNewDraft(root, rootPath(line.arguments().constFirst(), root.version));
}

Result<Answer> init(const CommandLine &line)
{
    if (auto found = requireFolder(line.arguments().constFirst()); !found)
        return failure(found);
    Trust::Root root;
    root.product = toStdString(line.value(u"product"_s));
    for (const char *name : rootRoleNames) {
        const QString role = QString::fromLatin1(name);
        for (const QString &key : line.values(role + u"-key"_s)) {
            if (auto added = addKey(root, role, key); !added)
                return failure(added);
        }
    }
    return finishDraft(root, line);
}

// Every "ROLE=KEY" of the option.
Result<void> changeKeys(Trust::Root &root, const CommandLine &line, const QString &option,
                        KeyChange change)
{
    for (const QString &text : line.values(option)) {
        if (auto done = change(root, text.section(u'=', 0, 0), text.section(u'=', 1)); !done)
            return done;
    }
    return {};
}

Result<Answer> rotate(const CommandLine &line)
{
    const QString folder = line.arguments().constFirst();
    if (auto found = requireFolder(folder); !found)
        return failure(found);
    const auto chain = readRootChain(folder);
    if (!chain)
        return failure(chain);
    if (chain->empty())
        return failure(
            ErrorCode::CONFIG,
            u"%1 holds no root yet. Make the first one with \"root init\"."_s.arg(folder));
    Trust::Root root = chain->back().root;
    ++root.version;
    if (auto removed = changeKeys(root, line, u"remove"_s, removeKey); !removed)
        return failure(removed);
    if (auto added = changeKeys(root, line, u"add"_s, addKey); !added)
        return failure(added);
    return finishDraft(root, line);
}

} // namespace

Command rootInitCommand()
{
    Command command;
    command.name = u"root init"_s;
    command.summary = u"Writes the draft of a product's first root, DIR/1.root: which keys may "
                      "sign what."_s;
    command
        .example = u"root init --product org.example.notes --root-key ann.pub --root-key bob.pub "
                   "--threshold root=2 --feed-key ci.pub --release-key release.pub site/"_s;
    command.arguments = u"DIR"_s;
    command.minimumArguments = command.maximumArguments = 1;
    command.options = {
        {u"product"_s, u"The app's name for programs."_s, u"ID"_s},
        {u"root-key"_s, u"A public key that signs roots; keep its secret offline (repeatable)."_s,
         u"PUB"_s},
        {u"feed-key"_s, u"A public key that signs the feed (repeatable)."_s, u"PUB"_s},
        {u"release-key"_s, u"A public key that signs packages (repeatable)."_s, u"PUB"_s},
        thresholdOption(),
        expiresOption(),
    };
    command.required = {u"product"_s, u"root-key"_s, u"feed-key"_s, u"release-key"_s};
    command.run = init;
    return command;
}

Command rootRotateCommand()
{
    Command command;
    command.name = u"root rotate"_s;
    command.summary = u"Writes the draft of the next root after the newest one in DIR."_s;
    command.example = u"root rotate --remove feed=old-ci.pub --add feed=ci.pub site/"_s;
    command.arguments = u"DIR"_s;
    command.minimumArguments = command.maximumArguments = 1;
    command.options = {
        {u"add"_s, u"A key that the role gets (repeatable)."_s, u"ROLE=PUB"_s},
        {u"remove"_s, u"A key that the role loses (repeatable)."_s, u"ROLE=PUB"_s},
        thresholdOption(),
        expiresOption(),
    };
    command.run = rotate;
    return command;
}

} // namespace Freshen
