// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/rootdraft.h"

#include "lib/common/convert.h"

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

tl::unexpected<Error> unsuitable(const QString &role, const QString &why)
{
    return failure(ErrorCode::CONFIG, u"The role \"%1\" %2"_s.arg(role, why));
}

// The number in "ROLE=N" goes into that role.
Result<void> setThreshold(Trust::Root &root, const QString &text)
{
    const QString name = text.section(u'=', 0, 0);
    bool isNumber = false;
    const int number = text.section(u'=', 1).toInt(&isNumber);
    if (!isNumber || number < 1)
        return failure(
            ErrorCode::USAGE,
            u"--threshold has to be ROLE=N, such as root=2, not \"%1\"."_s.arg(shown(text)));
    const auto role = roleOf(root, name);
    if (!role)
        return failure(role);
    (*role)->threshold = std::size_t(number);
    return {};
}

Result<void> checkRole(const QString &name, const Trust::RootRole &role)
{
    const std::size_t count = role.keys.size();
    if (role.threshold > count)
        return unsuitable(name,
                          u"has %1 keys, of which %2 could never sign. Add keys, or lower it "
                          "with --threshold %3=N."_s.arg(count)
                              .arg(role.threshold)
                              .arg(name));
    if (count > Trust::Root::maximumKeys)
        return unsuitable(name, u"has more than 16 keys, which no client accepts."_s);
    return {};
}

} // namespace

Result<Trust::RootRole *> roleOf(Trust::Root &root, const QString &name)
{
    const std::array<Trust::RootRole *, 3> roles = {&root.root, &root.feed, &root.release};
    for (std::size_t i = 0; i < roles.size(); ++i) {
        if (name == QLatin1String(rootRoleNames[i]))
            return roles[i];
    }
    return failure(ErrorCode::USAGE,
                   u"\"%1\" is no role. Say root, feed or release."_s.arg(shown(name)));
}

Result<void> addKey(Trust::Root &root, const QString &role, const QString &text)
{
    const auto place = roleOf(root, role);
    if (!place)
        return failure(place);
    // Taken from its plain form: an id that a tool gave it has no meaning here.
    const auto given = publicKeyFrom(text);
    const auto key = given ? Trust::PublicKey::fromBytes(given->bytes()) : given;
    if (!key)
        return failure(key);
    auto &keys = (*place)->keys;
    const std::string spelling = key->toSparkle();
    const auto at = std::lower_bound(keys.begin(), keys.end(), spelling,
                                     [](const Trust::PublicKey &one, const std::string &other) {
                                         return one.toSparkle() < other;
                                     });
    if (at != keys.end() && *at == *key)
        return unsuitable(role, u"has the key %1 already."_s.arg(toQString(key->idHex())));
    keys.insert(at, *key);
    return {};
}

Result<void> removeKey(Trust::Root &root, const QString &role, const QString &text)
{
    const auto place = roleOf(root, role);
    if (!place)
        return failure(place);
    const auto key = publicKeyFrom(text);
    if (!key)
        return failure(key);
    auto &keys = (*place)->keys;
    const auto at = std::find(keys.begin(), keys.end(), *key);
    if (at == keys.end())
        return unsuitable(role, u"has no key %1."_s.arg(toQString(key->idHex())));
    keys.erase(at);
    return {};
}

QCommandLineOption thresholdOption()
{
    return {u"threshold"_s,
            u"How many keys of the role root or feed have to sign (1); repeatable."_s, u"ROLE=N"_s};
}

QCommandLineOption expiresOption()
{
    return {u"expires"_s, u"After how many days clients mistrust it (365)."_s, u"DAYS"_s, u"365"_s};
}

Result<void> setThresholds(Trust::Root &root, const CommandLine &line)
{
    for (const QString &text : line.values(u"threshold"_s)) {
        if (auto set = setThreshold(root, text); !set)
            return set;
    }
    return {};
}

Result<void> setTimes(Trust::Root &root, const CommandLine &line)
{
    const auto days = line.number(u"expires"_s, 1, maximumDays);
    if (!days)
        return failure(days);
    const auto now = publishingTime();
    if (!now)
        return failure(now);
    root.issued = toStdString(timeText(*now));
    root.expires = toStdString(timeText(now->addSecs(*days * secondsPerDay)));
    return {};
}

Result<std::string> draftText(const Trust::Root &root)
{
    Trust::SignedRoot draft{root, {}, {}};
    for (const char *name : rootRoleNames) {
        const QString role = QString::fromLatin1(name);
        if (auto checked = checkRole(role, **roleOf(draft.root, role)); !checked)
            return failure(checked);
    }
    if (root.release.threshold != 1)
        return failure(ErrorCode::CONFIG,
                       "One release key always has to suffice: its threshold "
                       "is 1. Thresholds are for root and feed.");
    const std::string text = draft.signedText();
    const auto parsed = Trust::SignedRoot::parse(text);
    if (!parsed)
        return failure(parsed);
    return text;
}

Result<Answer> writeNewDraft(const Trust::Root &root, const QString &path)
{
    const auto text = draftText(root);
    if (!text)
        return failure(text);
    if (std::filesystem::exists(std::filesystem::symlink_status(toPath(path))))
        return failure(ErrorCode::CONFIG,
                       u"%1 exists already, and roots are never overwritten. Change a draft with "
                       "\"root add-key\", or remove it first."_s.arg(path));
    if (auto written = createFile(toPath(path), *text, 0644); !written)
        return failure(written);
    return draftAnswer(root, path);
}

Answer draftAnswer(const Trust::Root &root, const QString &path)
{
    Answer answer;
    answer.text = u"%1 is a draft of root %2, valid until %3. Look at it with \"root show\", then "
                  "let its keepers sign it with \"root sign\"."_s.arg(path)
                      .arg(root.version)
                      .arg(toQString(root.expires));
    answer.json = {{u"result"_s, u"draft"_s},
                   {u"file"_s, path},
                   {u"version"_s, qint64(root.version)},
                   {u"expires"_s, toQString(root.expires)}};
    return answer;
}

} // namespace Freshen
