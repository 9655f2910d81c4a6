// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/commands.h"

#include "appcast-tools/feedfile.h"
#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"
#include "updater-helper/trust/manifest.h"
#include "updater-helper/trust/text.h"

#include <QFileInfo>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t maximumSignature = 64 * 1024;

struct Subject {
    QString path;
    QString signature; // a file, or the signature itself; empty: the file beside it
    Trust::PublicKey key;
};

Answer valid(const Subject &subject, const QString &kind, QJsonObject details)
{
    details.insert(u"result"_s, u"valid"_s);
    details.insert(u"kind"_s, kind);
    details.insert(u"file"_s, subject.path);
    Answer answer;
    answer.text = u"%1: the %2's signature is valid."_s.arg(subject.path, kind);
    answer.json = details;
    return answer;
}

Result<Answer> verifySparkle(const Subject &subject)
{
    const auto signature = Trust::parseSignature(toStdString(subject.signature));
    if (!signature)
        return failure(ErrorCode::SIGNATURE,
                       u"\"%1\" is neither a signature file nor a signature of 64 bytes in "
                       "base64."_s.arg(shown(subject.signature)));
    QFile file(subject.path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::IO,
                       u"Cannot read %1: %2."_s.arg(subject.path, file.errorString()));
    const uchar *content = file.size() > 0 ? file.map(0, file.size()) : nullptr;
    if (file.size() > 0 && !content)
        return failure(ErrorCode::IO,
                       u"Cannot map %1: %2."_s.arg(subject.path, file.errorString()));
    if (!subject.key.verify({content, std::size_t(file.size())}, *signature))
        return failure(ErrorCode::SIGNATURE,
                       u"The signature does not fit %1 and the key %2."_s.arg(
                           subject.path, toQString(subject.key.idHex())));
    return valid(subject, u"file"_s, {{u"length"_s, file.size()}});
}

Result<Answer> verifyFeedFile(const Subject &subject)
{
    const auto verified = readSignedFeed(subject.path, {{1, {subject.key}}});
    if (!verified)
        return failure(verified);
    const auto appcast = readAppcast(
        verified->content, QUrl::fromLocalFile(QFileInfo(subject.path).absoluteFilePath()));
    if (!appcast)
        return failure(appcast);
    QJsonObject details{{u"items"_s, appcast->items.size()}};
    if (appcast->stamp) {
        details.insert(u"product"_s, appcast->stamp->product);
        details.insert(u"version"_s, qint64(appcast->stamp->version));
        details.insert(u"expires"_s, timeText(appcast->stamp->expires));
    }
    return valid(subject, u"feed"_s, details);
}

Result<Answer> verifyManifest(const Subject &subject, const std::string &signature)
{
    const auto text = Platform::readFile(toPath(subject.path), Trust::Manifest::maximumSize);
    if (!text)
        return failure(text);
    const auto manifest = Trust::verifiedManifest(*text, signature, {subject.key});
    if (!manifest)
        return failure(manifest);
    return valid(subject, u"manifest"_s,
                 {{u"product"_s, toQString(manifest->product)},
                  {u"version"_s, toQString(manifest->version)},
                  {u"files"_s, qint64(manifest->entries.size())}});
}

Result<Answer> verifyMinisignature(const Subject &subject, const std::string &text)
{
    const auto signature = Trust::MinisignSignature::parse(text);
    if (!signature)
        return failure(signature);
    const auto verified = Trust::verifyMinisignFile(*signature, toPath(subject.path),
                                                    {subject.key});
    if (!verified)
        return failure(verified.error().code,
                       u"%1: %2"_s.arg(subject.path, toQString(verified.error().message)));
    return valid(
        subject, u"file"_s,
        {{u"trustedComment"_s, shown(toQString(signature->trustedComment))}});
}

Result<Answer> verifyBeside(const Subject &subject, const QString &signatureFile)
{
    if (!QFileInfo::exists(signatureFile))
        return failure(ErrorCode::IO,
                       u"%1 is missing. Name the signature with --signature."_s.arg(signatureFile));
    const auto signature = Platform::readFile(toPath(signatureFile), maximumSignature);
    if (!signature)
        return failure(signature);
    return subject.path.endsWith(u".manifest"_s) ? verifyManifest(subject, *signature)
                                                 : verifyMinisignature(subject, *signature);
}

Result<Answer> run(const CommandLine &line)
{
    const auto key = publicKeyFrom(line.value(u"public-key"_s));
    if (!key)
        return failure(key);
    const Subject subject{line.arguments().constFirst(), line.value(u"signature"_s), *key};
    if (!subject.signature.isEmpty())
        return QFileInfo::exists(subject.signature) ? verifyBeside(subject, subject.signature)
                                                    : verifySparkle(subject);
    if (subject.path.endsWith(u".xml"_s) || isFeedFile(subject.path))
        return verifyFeedFile(subject);
    return verifyBeside(subject, subject.path + u".minisig"_s);
}

} // namespace

Command verifyCommand()
{
    Command command;
    command.name = u"verify"_s;
    command.summary = u"Checks the signature of a feed, a manifest (*.manifest) or any "
                      "other file."_s;
    command.example = u"verify --public-key release.pub site/appcast.xml"_s;
    command.arguments = u"FILE"_s;
    command.minimumArguments = command.maximumArguments = 1;
    command.options = {
        {u"public-key"_s, u"The key: a file, or the key itself."_s, u"P"_s},
        {u"signature"_s, u"A signature file, or a Sparkle signature (FILE.minisig)."_s, u"S"_s},
    };
    command.required = {u"public-key"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
