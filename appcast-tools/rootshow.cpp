// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/commands.h"

#include "appcast-tools/rootchain.h"
#include "appcast-tools/rootdraft.h"
#include "lib/common/convert.h"

#include <QFileInfo>
#include <QJsonArray>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

QJsonObject toJson(const Trust::PublicKey &key, const Trust::SignedRoot &root)
{
    return {{u"id"_s, toQString(key.idHex())},
            {u"minisign"_s, toQString(key.toMinisign())},
            {u"sparkle"_s, toQString(key.toSparkle())},
            {u"signed"_s, hasSigned(key, root)}};
}

QJsonObject toJson(const Trust::RootRole &role, const Trust::SignedRoot &root)
{
    QJsonArray keys;
    for (const Trust::PublicKey &key : role.keys)
        keys += toJson(key, root);
    return {{u"threshold"_s, qint64(role.threshold)}, {u"keys"_s, keys}};
}

// One root, for people and programs.
class RootReport
{
public:
    RootReport(QString path, Trust::SignedRoot root, const Trust::Root *previous)
        : m_path(std::move(path))
        , m_root(std::move(root))
        , m_missing(missingSignatures(m_root, previous))
    {
    }

    QJsonObject json()
    {
        QJsonObject roles;
        for (const char *name : rootRoleNames)
            roles.insert(QLatin1String(name), toJson(role(name), m_root));
        return {{u"file"_s, m_path},
                {u"product"_s, toQString(m_root.root.product)},
                {u"version"_s, qint64(m_root.root.version)},
                {u"issued"_s, toQString(m_root.root.issued)},
                {u"expires"_s, toQString(m_root.root.expires)},
                {u"roles"_s, roles},
                {u"complete"_s, m_missing.areNone()},
                {u"missing"_s,
                 QJsonObject{{u"previous"_s, qint64(m_missing.ofPrevious)},
                             {u"own"_s, qint64(m_missing.ofOwn)}}}};
    }

    QString text()
    {
        QString text = u"%1: root %2 of %3, issued %4, expires %5\n"_s.arg(m_path)
                           .arg(m_root.root.version)
                           .arg(toQString(m_root.root.product), toQString(m_root.root.issued),
                                toQString(m_root.root.expires));
        for (const char *name : rootRoleNames)
            text += roleText(name);
        if (m_missing.areNone())
            return text + u"Complete."_s;
        return text
            + u"Signatures missing: %1 by root keys of the root before, %2 by its own."_s
                  .arg(m_missing.ofPrevious)
                  .arg(m_missing.ofOwn);
    }

private:
    const Trust::RootRole &role(const char *name)
    {
        return **roleOf(m_root.root, QString::fromLatin1(name));
    }

    QString roleText(const char *name)
    {
        const Trust::RootRole &shownRole = role(name);
        QString text = u"%1: %2 of %3\n"_s.arg(QLatin1String(name))
                           .arg(shownRole.threshold)
                           .arg(shownRole.keys.size());
        for (const Trust::PublicKey &key : shownRole.keys)
            text += u"  %1  %2  %3%4\n"_s.arg(toQString(key.idHex()), toQString(key.toMinisign()),
                                              toQString(key.toSparkle()),
                                              hasSigned(key, m_root) ? u"  signed"_s : QString());
        return text;
    }

    QString m_path;
    Trust::SignedRoot m_root;
    MissingSignatures m_missing;
};

void warnOfExpiry(Answer &answer, const Trust::Root &root, const QDateTime &now)
{
    const QDateTime expires = QDateTime::fromString(toQString(root.expires), Qt::ISODate);
    const QString remedy = u"Make the next one with \"root rotate\"."_s;
    if (expires < now)
        answer.warnings += u"Root %1 expired at %2. %3"_s.arg(root.version)
                               .arg(toQString(root.expires), remedy);
    else if (now.daysTo(expires) < soonDaysOfRoot)
        answer.warnings += u"Root %1 expires soon, at %2. %3"_s.arg(root.version)
                               .arg(toQString(root.expires), remedy);
}

Answer finish(std::vector<RootReport> reports, const Trust::Root &newest, const QDateTime &now)
{
    QJsonArray roots;
    QStringList texts;
    for (RootReport &report : reports) {
        roots += report.json();
        texts += report.text();
    }
    Answer answer;
    answer.text = texts.join(u"\n\n"_s);
    answer.json = {{u"roots"_s, roots}};
    warnOfExpiry(answer, newest, now);
    return answer;
}

// The root before the one in this file, if it lies beside it.
Result<std::optional<Trust::SignedRoot>> previousOf(const QString &path, quint64 version)
{
    const QString before = rootPath(QFileInfo(path).path(), version - 1);
    if (version == 1 || !QFileInfo::exists(before))
        return std::nullopt;
    auto root = readRoot(before);
    if (!root)
        return failure(root);
    return std::move(*root);
}

Result<Answer> showFile(const QString &path, const QDateTime &now)
{
    const auto root = readRoot(path);
    if (!root)
        return failure(root);
    const auto previous = previousOf(path, root->root.version);
    if (!previous)
        return failure(previous);
    Answer answer = finish({{path, *root, *previous ? &(*previous)->root : nullptr}}, root->root,
                           now);
    if (root->root.version > 1 && !*previous)
        answer.warnings += u"%1 does not lie beside it: who of its root keys has to sign cannot be "
                           "told."_s.arg(rootPath(QFileInfo(path).path(), root->root.version - 1));
    return answer;
}

// All of a folder; what breaks the chain is the answer's error.
Result<Answer> showFolder(const QString &folder, const QDateTime &now)
{
    const quint64 newest = newestRootIn(folder);
    if (newest == 0)
        return failure(ErrorCode::CONFIG,
                       u"%1 holds no root. Make one with \"root init\"."_s.arg(folder));
    std::vector<RootReport> reports;
    std::optional<Trust::SignedRoot> last;
    for (quint64 version = 1; version <= newest; ++version) {
        const QString path = rootPath(folder, version);
        if (!QFileInfo::exists(path))
            return failure(readRootChain(folder, version));
        auto root = readRoot(path);
        if (!root)
            return failure(root);
        reports.push_back({path, *root, last ? &last->root : nullptr});
        last = std::move(*root);
    }
    Answer answer = finish(reports, last->root, now);
    if (const auto chain = readRootChain(folder); !chain)
        answer.error = chain.error();
    return answer;
}

Result<Answer> run(const CommandLine &line)
{
    const QString place = line.arguments().constFirst();
    const auto now = publishingTime();
    if (!now)
        return failure(now);
    return QFileInfo(place).isDir() ? showFolder(place, *now) : showFile(place, *now);
}

} // namespace

Command rootShowCommand()
{
    Command command;
    command.name = u"root show"_s;
    command.summary = u"Shows who may sign what, who signed and what is missing; of a folder, "
                      "verifies the whole chain."_s;
    command.example = u"root show site/"_s;
    command.arguments = u"FILE_OR_DIR"_s;
    command.minimumArguments = command.maximumArguments = 1;
    command.run = run;
    return command;
}

} // namespace Freshen
