// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/commands.h"

#include "appcast-tools/feedfile.h"
#include "appcast-tools/rootchain.h"
#include "lib/common/convert.h"
#include "updater-helper/trust/manifest.h"
#include "updater-helper/trust/text.h"

#include <QFileInfo>
#include <QJsonArray>

#include <algorithm>
#include <limits>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// Signs one file after the other in the way that was asked for.
class Signer
{
public:
    Signer(const CommandLine &line, const SecretKey &key)
        : m_key(key)
        , m_adds(line.isSet(u"add"_s))
        , m_isMinisign(line.isSet(u"minisign"_s))
        , m_trustedComment(line.value(u"trusted-comment"_s))
    {
    }

    Result<QJsonObject> sign(const QString &path) const
    {
        if (m_isMinisign)
            return writeMinisign(path);
        return isFeedFile(path) ? signInPlace(path) : printSignature(path);
    }

private:
    Result<QJsonObject> signInPlace(const QString &path) const
    {
        const auto content = readFeedFile(path);
        if (!content)
            return failure(content);
        const auto role = feedRole(path);
        if (!role)
            return failure(role);
        const auto feed = m_adds ? addSignature(*content, m_key) : signFeed(*content, m_key);
        if (!feed)
            return failure(feed);
        if (const auto verified = verifyFeed(*feed, {m_key.publicKey()}, FeedTrust::Required);
            !verified)
            return failure(verified);
        if (auto written = Platform::writeFileDurably(toPath(path), toView(*feed)); !written)
            return failure(written);
        const bool isComplete = verifyFeed(*feed, role->keys, FeedTrust::Required, role->threshold)
                                    .has_value();
        return QJsonObject{{u"file"_s, path}, {u"kind"_s, u"feed"_s}, {u"complete"_s, isComplete}};
    }

    // Who has to sign the feed: as the newest root beside it says, or else this key.
    Result<Trust::RootRole> feedRole(const QString &path) const
    {
        const auto chain = readRootChain(QFileInfo(path).path());
        if (!chain)
            return failure(chain);
        const Trust::RootRole self{1, {m_key.publicKey()}};
        const Trust::RootRole role = chain->empty() ? self : chain->back().root.feed;
        if (std::find(role.keys.begin(), role.keys.end(), m_key.publicKey()) == role.keys.end()
            && !m_adds)
            return failure(ErrorCode::KEY,
                           "The newest root does not name this key for the feed. "
                           "Sign with one that it names; with --add, others count "
                           "beside it.");
        return role;
    }

    Result<QJsonObject> printSignature(const QString &path) const
    {
        const auto signature = m_key.signFile(toPath(path));
        if (!signature)
            return failure(signature);
        const std::string text = Trust::toBase64(signature->data(), signature->size());
        return QJsonObject{{u"file"_s, path},
                           {u"kind"_s, u"file"_s},
                           {u"edSignature"_s, toQString(text)},
                           {u"length"_s, QFileInfo(path).size()}};
    }

    Result<QJsonObject> writeMinisign(const QString &path) const
    {
        const auto comment = trustedComment(path);
        if (!comment)
            return failure(comment);
        const auto signature = m_key.minisignFile(toPath(path), *comment);
        if (!signature)
            return failure(signature);
        const QString output = path + u".minisig"_s;
        if (auto written = Platform::writeFileDurably(toPath(output), *signature); !written)
            return failure(written);
        return QJsonObject{{u"file"_s, path}, {u"kind"_s, u"minisign"_s}, {u"signature"_s, output}};
    }

    // A manifest's comment is fixed: clients insist on it.
    Result<std::string> trustedComment(const QString &path) const
    {
        if (path.endsWith(u".manifest"_s)) {
            const auto text = Platform::readFile(toPath(path), Trust::Manifest::maximumSize);
            const auto manifest = text ? Trust::Manifest::parse(*text) : failure(text);
            return manifest ? Result<std::string>(manifest->trustedComment()) : failure(manifest);
        }
        const std::string comment = m_trustedComment.isEmpty()
            ? "file:" + toStdString(QFileInfo(path).fileName())
            : toStdString(m_trustedComment);
        if (Trust::escaped(comment) != comment)
            return failure(ErrorCode::USAGE,
                           u"The trusted comment for %1 has characters that cannot be printed, or "
                           "is too long."_s.arg(shown(path)));
        return comment;
    }

    const SecretKey &m_key;
    bool m_adds;
    bool m_isMinisign;
    QString m_trustedComment;
};

QString description(const QJsonObject &file, bool isNamed)
{
    const QString kind = file.value(u"kind"_s).toString();
    const QString path = file.value(u"file"_s).toString();
    if (kind == u"feed"_s && !file.value(u"complete"_s).toBool())
        return u"%1 is signed; the newest root wants more keys to sign it, with --add."_s.arg(path);
    if (kind == u"feed"_s)
        return u"%1 is signed."_s.arg(path);
    if (kind == u"minisign"_s)
        return file.value(u"signature"_s).toString();
    const QString signature = u"sparkle:edSignature=\"%1\" length=\"%2\""_s
                                  .arg(file.value(u"edSignature"_s).toString())
                                  .arg(file.value(u"length"_s).toInteger());
    return isNamed ? path + u": "_s + signature : signature;
}

Result<Answer> run(const CommandLine &line)
{
    const auto key = secretKeyOf(line);
    if (!key)
        return failure(key);
    const Signer signer(line, *key);
    const QStringList paths = line.arguments();
    QStringList texts;
    QJsonArray files;
    for (const QString &path : paths) {
        const auto file = signer.sign(path);
        if (!file)
            return failure(file);
        texts += description(*file, paths.size() > 1);
        files += *file;
    }
    Answer answer;
    answer.text = texts.join(u'\n');
    answer.json = {{u"files"_s, files}};
    return answer;
}

} // namespace

Command signCommand()
{
    Command command;
    command.name = u"sign"_s;
    command.summary = u"Prints the Sparkle signature of each file. A feed is signed in place."_s;
    command.example = u"sign --key release.key notes-2.0.0.zip"_s;
    command.arguments = u"FILE..."_s;
    command.minimumArguments = 1;
    command.maximumArguments = std::numeric_limits<int>::max();
    command.options = {
        keyOption(),
        {u"add"_s, u"Keeps the signatures that others gave a feed, and adds one."_s},
        {u"minisign"_s, u"Writes FILE.minisig instead, as minisign would."_s},
        {u"trusted-comment"_s,
         u"The signed comment of FILE.minisig (the file's name); that of a "
         "manifest is fixed."_s,
         u"TEXT"_s},
    };
    command.required = {u"key"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
