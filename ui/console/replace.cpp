// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/commands.h"

#include "lib/common/convert.h"
#include "ui/console/replacementsource.h"
#include "updater-helper/trust/digest.h"

#include <Freshen/Replacement>

#include <QFile>
#include <QFileInfo>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 maximumSize = qint64(4) << 30;

const QList<std::pair<QString, QCryptographicHash::Algorithm>> &checksumOptions()
{
    static const QList<std::pair<QString, QCryptographicHash::Algorithm>> options = {
        {u"sha256"_s, QCryptographicHash::Sha256},
        {u"sha384"_s, QCryptographicHash::Sha384},
        {u"sha512"_s, QCryptographicHash::Sha512},
    };
    return options;
}

Error toError(const UpdateError &error)
{
    return {errorCodeFromName(toStdString(error.code())), toStdString(error.message())};
}

Result<void> resultOf(bool isDone, const Replacement &replacement)
{
    return isDone ? Result<void>() : tl::unexpected(toError(replacement.error()));
}

// One run of the command that brings a new file.
class ConsoleReplacement
{
public:
    explicit ConsoleReplacement(const CommandLine &line)
        : m_line(line)
        , m_asJson(line.isSet(u"json"_s))
        , m_from(line.value(u"from"_s))
        , m_source(line.isSet(u"allow-http"_s), m_asJson)
        , m_replacement(line.arguments().constFirst())
    {
        m_replacement.setMaximumSize(maximumSize);
        m_replacement.setKeepOldAt(line.value(u"keep-old"_s));
    }

    Result<Answer> run()
    {
        auto done = m_source.watch();
        if (done)
            done = readOptions();
        if (done && isThereAlready())
            return unchanged();
        if (done)
            done = prepare();
        if (!done)
            return failure(done);
        return m_replacement.isUnchanged() ? unchanged() : commit();
    }

private:
    Result<void> readOptions()
    {
        for (const auto &[option, algorithm] : checksumOptions()) {
            if (!m_line.isSet(option))
                continue;
            m_replacement.setChecksum(m_line.value(option).toLatin1(), algorithm);
            m_isAuthenticated = true;
        }
        for (const QString &text : m_line.values(u"public-key"_s)) {
            const auto key = publicKeyFrom(text);
            if (!key)
                return failure(key);
            m_keys += toQString(key->toSparkle());
        }
        auto read = readPatchOptions();
        if (read)
            read = readSignature();
        if (read && ReplacementSource::isUrl(m_from) && !m_isAuthenticated)
            return failure(ErrorCode::SIGNATURE,
                           "What comes over the network is not used unverified. Add --sha256 with "
                           "the file's hash, or --minisign and --public-key.");
        return read;
    }

    Result<void> readPatchOptions()
    {
        const bool isPatch = m_line.isSet(u"patch"_s);
        if (isPatch && m_line.value(u"patch"_s) != u"bsdiff"_s)
            return failure(ErrorCode::USAGE, "--patch takes bsdiff.");
        if (!isPatch && m_line.isSet(u"patch-sha256"_s))
            return failure(ErrorCode::USAGE, "--patch-sha256 goes with --patch.");
        if (!isPatch)
            return {};
        m_replacement.setPatch(Replacement::Patch::Bsdiff);
        if (m_line.isSet(u"patch-sha256"_s)) {
            m_replacement.setPatchChecksum(m_line.value(u"patch-sha256"_s).toLatin1());
            m_isAuthenticated = true;
        }
        const QString signature = m_from + u".minisig"_s;
        if (m_keys.isEmpty() || !QFileInfo::exists(signature))
            return {};
        const auto text = m_source.text(signature);
        if (!text)
            return failure(text);
        m_replacement.setPatchSignature(*text, m_keys);
        m_hasSignature = true;
        return {};
    }

    Result<void> readSignature()
    {
        const bool isGiven = m_line.isSet(u"minisign"_s);
        if (isGiven && m_keys.isEmpty())
            return failure(ErrorCode::USAGE, "--minisign goes with --public-key.");
        if (!isGiven && (m_keys.isEmpty() || m_hasSignature)) {
            m_isAuthenticated = m_isAuthenticated || m_hasSignature;
            return {};
        }
        if (!isGiven && m_line.isSet(u"patch"_s))
            return failure(
                ErrorCode::SIGNATURE,
                "There is nothing to check with the public key: neither --minisign nor a "
                "signature beside the patch.");
        const auto text = m_source.text(isGiven ? m_line.value(u"minisign"_s)
                                                : m_from + u".minisig"_s);
        if (!text)
            return failure(text);
        m_replacement.setSignature(*text, m_keys);
        m_isAuthenticated = true;
        return {};
    }

    // Nothing has to be fetched then.
    bool isThereAlready() const
    {
        const auto hash = m_line.isSet(u"sha256"_s)
            ? Trust::sha256OfFile(toPath(m_replacement.target()))
            : failure(ErrorCode::CONFIG, "unknown");
        return hash && toQString(*hash) == m_line.value(u"sha256"_s).toLower();
    }

    Result<void> prepare()
    {
        const auto name = m_source.file(m_from, maximumSize);
        if (!name)
            return failure(name);
        QFile file(*name);
        if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
            return failure(ErrorCode::IO,
                           u"Cannot read %1: %2."_s.arg(shown(*name), file.errorString()));
        const qint64 total = m_line.isSet(u"patch"_s) ? 0 : file.size();
        return m_source.run(u"Preparing"_s, total, [&](const Replacement::Progress &goOn) {
            m_replacement.setProgress(goOn);
            return resultOf(m_replacement.prepare(&file), m_replacement);
        });
    }

    Answer commit()
    {
        const bool isKept = QFileInfo::exists(m_replacement.target())
            && m_line.isSet(u"keep-old"_s);
        const QString hash = QString::fromLatin1(m_replacement.sha256());
        if (!m_replacement.commit())
            return failed();
        const QString kept = QFileInfo(m_line.value(u"keep-old"_s)).absoluteFilePath();
        Answer answer;
        answer.text = u"%1 is replaced."_s.arg(shown(m_replacement.target()));
        if (isKept)
            answer.text += u" The old file is at %1."_s.arg(shown(kept));
        answer.json = object(u"replaced"_s, hash);
        if (isKept)
            answer.json.insert(u"kept"_s, kept);
        return answer;
    }

    Answer failed() const
    {
        Answer answer;
        answer.error = toError(m_replacement.error());
        const UpdateError rollback = m_replacement.rollbackError();
        if (!rollback.isError())
            return answer;
        if (m_asJson)
            answer.json.insert(u"rollbackError"_s, toJson(toError(rollback)));
        else
            answer.warnings += u"The old file could not be put back: "_s + rollback.message();
        return answer;
    }

    Answer unchanged() const
    {
        const QByteArray hash = m_replacement.sha256();
        Answer answer;
        answer.text = u"%1 has this content already."_s.arg(shown(m_replacement.target()));
        answer.json = object(u"unchanged"_s,
                             hash.isEmpty() ? m_line.value(u"sha256"_s).toLower()
                                            : QString::fromLatin1(hash));
        return answer;
    }

    QJsonObject object(const QString &result, const QString &hash) const
    {
        return {{u"result"_s, result},
                {u"target"_s, m_replacement.target()},
                {u"sha256"_s, hash},
                {u"bytesFetched"_s, m_source.bytesFetched()},
                {u"kept"_s, QJsonValue::Null}};
    }

    const CommandLine &m_line;
    bool m_asJson;
    QString m_from;
    ReplacementSource m_source;
    Replacement m_replacement;
    QStringList m_keys;
    bool m_hasSignature = false; // of the patch
    bool m_isAuthenticated = false;
};

Result<Answer> check(const CommandLine &line)
{
    Replacement replacement(line.arguments().constFirst());
    replacement.setKeepOldAt(line.value(u"keep-old"_s));
    if (auto checked = resultOf(replacement.checkCanReplace(), replacement); !checked)
        return failure(checked);
    Answer answer;
    answer.text = u"%1 can be replaced."_s.arg(shown(replacement.target()));
    answer.json = {{u"result"_s, u"replaceable"_s}, {u"target"_s, replacement.target()}};
    return answer;
}

Result<Answer> rollBack(const CommandLine &line)
{
    Replacement replacement(line.arguments().constFirst());
    replacement.setKeepOldAt(line.value(u"keep-old"_s));
    if (auto done = resultOf(replacement.rollback(), replacement); !done)
        return failure(done);
    Answer answer;
    answer.text = u"%1 is the earlier file again."_s.arg(shown(replacement.target()));
    answer.json = {{u"result"_s, u"rolled-back"_s}, {u"target"_s, replacement.target()}};
    return answer;
}

Result<Answer> run(const CommandLine &line)
{
    const int tasks = line.isSet(u"from"_s) + line.isSet(u"check"_s) + line.isSet(u"rollback"_s);
    if (tasks != 1)
        return failure(ErrorCode::USAGE, "Give either --from, --check or --rollback.");
    if (line.isSet(u"rollback"_s) && !line.isSet(u"keep-old"_s))
        return failure(ErrorCode::USAGE, "--rollback goes with --keep-old.");
    if (line.isSet(u"check"_s))
        return check(line);
    return line.isSet(u"rollback"_s) ? rollBack(line) : ConsoleReplacement(line).run();
}

} // namespace

Command replaceCommand()
{
    Command command;
    command.name = u"replace"_s;
    command.summary = u"Replaces one file in place, such as a program that is one file."_s;
    command.example = u"replace /usr/local/bin/tool --from https://example.org/tool "
                      "--minisign https://example.org/tool.minisig --public-key tool.pub"_s;
    command.arguments = u"TARGET"_s;
    command.minimumArguments = 1;
    command.maximumArguments = 1;
    command.options = {
        {u"from"_s, u"The new file, or its patch."_s, u"FILE_OR_URL"_s},
        {u"sha256"_s, u"What the new file's hash has to be."_s, u"HEX"_s},
        {u"sha384"_s, u"The same with SHA-384."_s, u"HEX"_s},
        {u"sha512"_s, u"The same with SHA-512."_s, u"HEX"_s},
        {u"minisign"_s, u"The signature of the new file (FROM.minisig)."_s, u"FILE_OR_URL"_s},
        {u"public-key"_s, u"A key whose signature counts; may be repeated."_s, u"KEY_OR_FILE"_s},
        {u"patch"_s, u"What --from names is a patch of this kind: bsdiff."_s, u"KIND"_s},
        {u"patch-sha256"_s, u"What the patch's own hash has to be."_s, u"HEX"_s},
        {u"keep-old"_s, u"Keeps the old file there."_s, u"PATH"_s},
        {u"allow-http"_s, u"Fetches over http, too; the file is verified all the same."_s},
        {u"check"_s, u"Changes nothing: says whether TARGET could be replaced."_s},
        {u"rollback"_s, u"Puts the file at --keep-old back."_s},
    };
    command.run = run;
    return command;
}

} // namespace Freshen
