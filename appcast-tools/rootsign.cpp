// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/commands.h"

#include "appcast-tools/rootchain.h"
#include "lib/common/convert.h"
#include "updater-helper/trust/text.h"

#include <QFileInfo>
#include <QJsonObject>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// Whether the key may sign: as one of the root keys of the root before, or of this one.
Result<void> requireSay(const Trust::PublicKey &key, const Trust::Root &root,
                        const Trust::Root *previous)
{
    const auto has = [&](const Trust::Root &one) {
        const auto &keys = one.root.keys;
        return std::find(keys.begin(), keys.end(), key) != keys.end();
    };
    if (has(root) || (previous && has(*previous)))
        return {};
    return failure(ErrorCode::KEY,
                   "The key " + key.idHex() + " has no say in root " + std::to_string(root.version)
                       + ": it is no root key of it or of the one before. Sign with one that is, "
                         "or add it to a draft with \"root add-key --role root\".");
}

// The roots before this one, verified.
Result<std::vector<Trust::SignedRoot>> rootsBefore(const QString &path, const Trust::Root &root)
{
    auto chain = readRootChain(QFileInfo(path).path(), root.version - 1);
    if (chain && !chain->empty() && chain->back().root.product != root.product)
        return failure(ErrorCode::WRONG_PRODUCT,
                       u"%1 is for the product %2, the root before it for %3."_s.arg(
                           path, shown(toQString(root.product)),
                           shown(toQString(chain->back().root.product))));
    return chain;
}

void addSignature(Trust::SignedRoot &root, const SecretKey &key)
{
    // The root's own way to name keys; a file of minisign may have given it another one.
    const std::string id = Trust::toHex(Trust::keyIdOf(key.publicKey().bytes()));
    const std::string message = root.message();
    std::erase_if(root.signatures, [&](const auto &one) { return one.keyId == id; });
    const Platform::Bytes bytes(reinterpret_cast<const std::uint8_t *>(message.data()),
                                message.size());
    root.signatures.push_back({id, key.sign(bytes)});
    // Whoever signs first: the same signatures are the same file.
    std::sort(root.signatures.begin(), root.signatures.end(),
              [](const auto &left, const auto &right) { return left.keyId < right.keyId; });
}

QString whatIsMissing(const MissingSignatures &missing, quint64 version)
{
    if (missing.areNone())
        return u"It is complete: publish it beside the feed."_s;
    if (missing.ofPrevious == 0)
        return u"It still needs %1 of its own root keys."_s.arg(missing.ofOwn);
    return u"It still needs %1 root keys of root %2, and %3 of its own."_s.arg(missing.ofPrevious)
        .arg(version - 1)
        .arg(missing.ofOwn);
}

Answer answerFor(const QString &path, const Trust::SignedRoot &root, const SecretKey &key,
                 const MissingSignatures &missing)
{
    Answer answer;
    answer.text = u"%1 is signed by %2. %3"_s.arg(path, toQString(key.publicKey().idHex()),
                                                  whatIsMissing(missing, root.root.version));
    answer.json = {{u"result"_s, u"signed"_s},
                   {u"file"_s, path},
                   {u"version"_s, qint64(root.root.version)},
                   {u"complete"_s, missing.areNone()},
                   {u"missing"_s,
                    QJsonObject{{u"previous"_s, qint64(missing.ofPrevious)},
                                {u"own"_s, qint64(missing.ofOwn)}}}};
    return answer;
}

Result<Answer> run(const CommandLine &line)
{
    const QString path = line.arguments().constFirst();
    auto root = readRoot(path);
    if (!root)
        return failure(root);
    const auto now = publishingTime();
    if (!now)
        return failure(now);
    if (root->root.expires < toStdString(timeText(*now)))
        return failure(
            ErrorCode::ROOT_EXPIRED,
            u"%1 expired at %2. Remove it and make it anew, or, if it was published, "
            "make the next one with \"root rotate\"."_s.arg(path, toQString(root->root.expires)));
    const auto chain = rootsBefore(path, root->root);
    if (!chain)
        return failure(chain);
    const Trust::Root *previous = chain->empty() ? nullptr : &chain->back().root;
    const auto key = secretKeyOf(line);
    if (!key)
        return failure(key);
    if (auto may = requireSay(key->publicKey(), root->root, previous); !may)
        return failure(may);
    addSignature(*root, *key);
    if (auto written = Platform::writeFileDurably(toPath(path), root->signedText()); !written)
        return failure(written);
    return answerFor(path, *root, *key, missingSignatures(*root, previous));
}

} // namespace

Command rootSignCommand()
{
    Command command;
    command.name = u"root sign"_s;
    command
        .summary = u"Adds a key's signature to a root, and says how many more it needs. The root "
                   "before it has to lie beside it."_s;
    command.example = u"root sign --key ann.key site/2.root"_s;
    command.arguments = u"FILE"_s;
    command.minimumArguments = command.maximumArguments = 1;
    command.options = {keyOption()};
    command.required = {u"key"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
