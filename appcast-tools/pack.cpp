// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/commands.h"

#include "appcast-tools/rootchain.h"
#include "lib/common/convert.h"
#include "lib/package/packagewriter.h"
#include "platform/paths.h"

#include <QFileInfo>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// Where the installed app begins to follow the publisher's roots.
Result<std::optional<Trust::SignedRoot>> trustedRoot(const CommandLine &line)
{
    if (!line.isSet(u"root"_s))
        return std::nullopt;
    const auto root = readRoot(line.value(u"root"_s));
    if (!root)
        return failure(root);
    if (auto current = requireUnexpired(root->root); !current)
        return failure(current);
    auto first = Trust::firstRoot(root->text);
    if (!first)
        return failure(first);
    return std::move(*first);
}

// The keys that the installed app will trust: those given, or the one that signs. With a root they
// are for clients that cannot read one.
Result<QStringList> trustedKeys(const CommandLine &line, const SecretKey &signer)
{
    QStringList texts;
    for (const QString &text : line.values(u"public-key"_s)) {
        const auto key = publicKeyFrom(text);
        if (!key)
            return failure(key);
        texts += toQString(key->toMinisign());
    }
    if (texts.isEmpty())
        texts += toQString(signer.publicKey().toMinisign());
    return texts;
}

// A single file is its own executable.
Result<QString> executableOf(const CommandLine &line)
{
    const QString given = line.value(u"executable"_s);
    const QFileInfo tree(QFileInfo(line.arguments().at(0)).canonicalFilePath());
    if (!given.isEmpty() || tree.isFile())
        return given.isEmpty() ? tree.fileName() : given;
    return failure(ErrorCode::USAGE,
                   "pack: --executable is missing. See freshen-appcast pack --help.");
}

Result<AppDescription> descriptionFrom(const CommandLine &line, const SecretKey &signer)
{
    const auto executable = executableOf(line);
    if (!executable)
        return failure(executable);
    AppDescription description;
    description.product = line.value(u"product"_s);
    description.version = line.value(u"version"_s);
    description.channel = line.value(u"channel"_s);
    description.feed = line.value(u"feed"_s);
    description.executable = *executable;
    description.versioning = line.value(u"versioning"_s);
    description.allowHttp = line.isSet(u"allow-http"_s);
    description.requireSignedFeed = !line.isSet(u"allow-unsigned-feed"_s);
    description.rollback = !line.isSet(u"no-rollback"_s);
    const auto previous = line.number(u"keep-previous"_s, 0, AppDescription::maximumPrevious);
    if (!previous)
        return failure(previous);
    description.keepPrevious = *previous;
    const auto ready = ReadyRule::parse(line.value(u"ready"_s));
    if (!ready)
        return failure(ready);
    description.ready = *ready;
    auto root = trustedRoot(line);
    if (!root)
        return failure(root);
    description.root = std::move(*root);
    const auto keys = trustedKeys(line, signer);
    if (!keys)
        return failure(keys);
    description.publicKeys = *keys;
    return description;
}

Result<Answer> run(const CommandLine &line)
{
    const auto key = secretKeyOf(line);
    if (!key)
        return failure(key);
    const auto description = descriptionFrom(line, *key);
    if (!description)
        return failure(description);
    const QStringList places = line.arguments();
    const PackRequest request{*description, line.value(u"os"_s), line.value(u"arch"_s),
                              places.at(0), places.at(1)};
    if (auto packed = packTree(request, *key); !packed)
        return failure(packed);

    const QFileInfo package(request.package);
    const QString manifest = package.path() + u'/' + packageBaseName(package.fileName())
        + u".manifest"_s;
    Answer answer;
    answer.text =
        u"%1 (%2 bytes)\n%3\n%3.minisig"_s.arg(request.package).arg(package.size()).arg(manifest);
    answer.json = {{u"package"_s, request.package},
                   {u"length"_s, package.size()},
                   {u"manifest"_s, manifest},
                   {u"signature"_s, manifest + u".minisig"_s}};
    return answer;
}

} // namespace

Command packCommand()
{
    Command command;
    command.name = u"pack"_s;
    command.summary = u"Turns TREE, a folder or the single file that an app is, into the signed "
                      "package OUT, whose name ends in .tar.zst, .tar.xz, .tar.gz or .zip."_s;
    command.example = u"pack --product org.example.notes --version 2.0.0 --executable bin/notes "
                      "--feed https://example.org/appcast.xml --key release.key tree/ "
                      "notes-2.0.0-linux-x86_64.tar.zst"_s;
    command.arguments = u"TREE OUT"_s;
    command.minimumArguments = command.maximumArguments = 2;
    command.options = {
        keyOption(),
        {u"product"_s, u"The app's name for programs: letters, digits and . - _"_s, u"ID"_s},
        {u"version"_s, u"The version of this release."_s, u"V"_s},
        {u"executable"_s,
         u"The program that is started, relative to TREE (a single file itself)."_s, u"REL"_s},
        {u"feed"_s, u"Where the installed app finds its feed."_s, u"URL"_s},
        {u"channel"_s, u"The channel of this release (stable)."_s, u"C"_s, u"stable"_s},
        {u"os"_s, u"linux, windows or macos (this system)."_s, u"O"_s,
         toQString(Platform::systemName())},
        {u"arch"_s, u"x86_64, arm64 or x86 (this processor)."_s, u"A"_s,
         toQString(Platform::processorName())},
        {u"public-key"_s,
         u"A key that the installed app trusts, the signing one among them "
         "(repeatable; the signing one alone)."_s,
         u"P"_s},
        {u"root"_s,
         u"The newest root, N.root: the installed app trusts its keys, and those of the roots "
         u"after "
         "it, instead of a fixed one."_s,
         u"FILE"_s},
        {u"ready"_s, u"How a new version shows that it works: signal, alive:SECONDS or none."_s,
         u"RULE"_s, u"signal"_s},
        {u"versioning"_s, u"The order of versions: sparkle or semver."_s, u"ORDER"_s, u"sparkle"_s},
        {u"allow-http"_s, u"Lets the installed app fetch over plain http."_s},
        {u"allow-unsigned-feed"_s,
         u"Lets the installed app take plain Sparkle feeds and packages."_s},
        {u"no-rollback"_s, u"Never goes back from this version by itself."_s},
        {u"keep-previous"_s, u"How many versions before the installed one are kept."_s, u"N"_s,
         u"1"_s},
    };
    command.required = {u"product"_s, u"version"_s, u"feed"_s, u"key"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
