// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/commands.h"

#include "appcast-tools/feedfile.h"
#include "lib/common/convert.h"
#include "updater-helper/trust/manifest.h"
#include "updater-helper/trust/text.h"

#include <QFileInfo>
#include <QJsonArray>

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
        const QByteArray feed = signFeed(*content, m_key);
        if (const auto verified = verifyFeed(feed, {m_key.publicKey()}, FeedTrust::Required);
            !verified)
            return failure(verified);
        if (auto written = Platform::writeFileDurably(toPath(path), toView(feed)); !written)
            return failure(written);
        return QJsonObject{{u"file"_s, path}, {u"kind"_s, u"feed"_s}};
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
    bool m_isMinisign;
    QString m_trustedComment;
};

QString description(const QJsonObject &file, bool isNamed)
{
    const QString kind = file.value(u"kind"_s).toString();
    const QString path = file.value(u"file"_s).toString();
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
