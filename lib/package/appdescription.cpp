// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/appdescription.h"

#include "lib/common/convert.h"
#include "updater-helper/trust/text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t maximumSize = 1u << 20;
constexpr int maximumAliveSeconds = 3600;

tl::unexpected<Error> wrongMember(const QString &name, const QString &expected)
{
    return failure(ErrorCode::CONFIG, u"freshen.json: \"%1\" has to be %2."_s.arg(name, expected));
}

// Reads members one after the other; the first that is missing or wrong is kept.
class Members
{
public:
    explicit Members(const QJsonObject &object)
        : m_object(object)
    {
    }

    void require(const QString &name, QString &value)
    {
        if (!m_object.contains(name))
            fail(name, u"there"_s);
        read(name, value);
    }
    void read(const QString &name, QString &value)
    {
        const QJsonValue member = m_object.value(name);
        if (!member.isUndefined() && (!member.isString() || member.toString().isEmpty()))
            fail(name, u"a text"_s);
        value = member.toString(value);
    }
    void read(const QString &name, bool &value)
    {
        const QJsonValue member = m_object.value(name);
        if (!member.isUndefined() && !member.isBool())
            fail(name, u"true or false"_s);
        value = member.toBool(value);
    }
    void require(const QString &name, QStringList &values)
    {
        const QJsonArray members = m_object.value(name).toArray();
        for (const QJsonValue &member : members)
            values += member.toString();
        const bool areTexts = std::all_of(
            members.begin(), members.end(),
            [](const QJsonValue &member) { return member.isString(); });
        if (values.isEmpty() || !areTexts)
            fail(name, u"a list of texts"_s);
    }
    std::optional<int> wholeNumber(const QString &name, int maximum) const
    {
        const int number = m_object.value(name).toInt(-1);
        return number >= 0 && number <= maximum ? std::optional(number) : std::nullopt;
    }
    bool has(const QString &name) const { return m_object.contains(name); }
    void fail(const QString &name, const QString &expected)
    {
        if (result)
            result = wrongMember(name, expected);
    }

    Result<void> result;

private:
    const QJsonObject m_object;
};

void readKeepPrevious(Members &members, int &count)
{
    const auto name = u"keepPrevious"_s;
    if (!members.has(name))
        return;
    if (const auto number = members.wholeNumber(name, AppDescription::maximumPrevious))
        count = *number;
    else
        members.fail(name, u"a whole number from 0 to 100"_s);
}

void readReady(Members &members, ReadyRule &ready)
{
    QString text = ready.toText();
    members.read(u"ready"_s, text);
    const auto rule = ReadyRule::parse(text);
    if (rule)
        ready = *rule;
    else
        members.fail(u"ready"_s, u"\"signal\", \"alive:SECONDS\" or \"none\""_s);
}

void readVersioning(Members &members, QString &versioning)
{
    members.read(u"versioning"_s, versioning);
    if (versioning != u"sparkle"_s && versioning != u"semver"_s)
        members.fail(u"versioning"_s, u"\"sparkle\" or \"semver\""_s);
}

void readRoot(Members &members, AppDescription &description)
{
    if (!members.has(u"root"_s))
        return members.require(u"publicKeys"_s, description.publicKeys);
    if (members.has(u"publicKeys"_s))
        members.require(u"publicKeys"_s, description.publicKeys);
    QString text;
    members.read(u"root"_s, text);
    const auto bytes = Trust::fromBase64(toStdString(text));
    if (!bytes || bytes->empty())
        return members.fail(u"root"_s, u"a root file in base64"_s);
    auto root = Trust::firstRoot({reinterpret_cast<const char *>(bytes->data()), bytes->size()});
    if (!root)
        return members.fail(u"root"_s, u"one that its own keys signed; "_s
                                           + toQString(root.error().message));
    if (toQString(root->root.product) != description.product)
        return members.fail(u"root"_s, u"for the same product"_s);
    description.root = std::move(*root);
}

} // namespace

Result<ReadyRule> ReadyRule::parse(const QString &text)
{
    const QString alive = u"alive:"_s;
    if (text == u"signal"_s)
        return ReadyRule{Kind::Signal, 0};
    if (text == u"none"_s)
        return ReadyRule{Kind::None, 0};
    const auto seconds = text.startsWith(alive)
        ? Trust::parseNumber(toStdString(text.mid(alive.size())))
        : std::nullopt;
    if (!seconds || *seconds == 0 || *seconds > maximumAliveSeconds)
        return failure(ErrorCode::CONFIG,
                       u"\"%1\" is no way to be ready. Use \"signal\", \"none\" or "
                       "\"alive:SECONDS\" with at most 3600 seconds."_s.arg(
                           toQString(Trust::escaped(toStdString(text)))));
    return ReadyRule{Kind::Alive, int(*seconds)};
}

QString ReadyRule::toText() const
{
    switch (kind) {
    case Kind::Alive:
        return u"alive:%1"_s.arg(aliveSeconds);
    case Kind::None:
        return u"none"_s;
    case Kind::Signal:
        break;
    }
    return u"signal"_s;
}

Result<AppDescription> AppDescription::parse(const QByteArray &json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject())
        return failure(ErrorCode::CONFIG,
                       u"freshen.json is no JSON object (%1)."_s.arg(
                           document.isNull() ? error.errorString() : u"it is a list"_s));
    Members members(document.object());
    AppDescription description;
    members.require(u"product"_s, description.product);
    members.require(u"version"_s, description.version);
    members.read(u"channel"_s, description.channel);
    members.require(u"feed"_s, description.feed);
    readRoot(members, description);
    members.require(u"executable"_s, description.executable);
    members.read(u"requireSignedFeed"_s, description.requireSignedFeed);
    members.read(u"allowHttp"_s, description.allowHttp);
    members.read(u"rollback"_s, description.rollback);
    readKeepPrevious(members, description.keepPrevious);
    readReady(members, description.ready);
    readVersioning(members, description.versioning);
    if (!members.result)
        return failure(members.result);
    return description;
}

Result<AppDescription> AppDescription::read(const QString &folder)
{
    const std::filesystem::path path = toPath(folder) / fileName;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path)))
        return failure(ErrorCode::CONFIG,
                       u"There is no %1/freshen.json, so this is no app that Freshen keeps up to "
                       "date."_s.arg(folder));
    const auto content = Platform::readFile(path, maximumSize);
    if (!content)
        return failure(content);
    auto description = parse(QByteArray::fromStdString(*content));
    if (!description)
        return failure(description.error().code,
                       folder.toStdString() + "/" + description.error().message);
    return description;
}

QByteArray AppDescription::toJson() const
{
    const AppDescription usual;
    QJsonObject object{
        {u"product"_s, product},
        {u"version"_s, version},
        {u"channel"_s, channel},
        {u"feed"_s, feed},
        {u"executable"_s, executable},
        {u"requireSignedFeed"_s, requireSignedFeed},
    };
    if (!publicKeys.isEmpty() || !root)
        object.insert(u"publicKeys"_s, QJsonArray::fromStringList(publicKeys));
    if (root)
        object.insert(u"root"_s,
                      QString::fromLatin1(QByteArray::fromStdString(root->text).toBase64()));
    if (ready != usual.ready)
        object.insert(u"ready"_s, ready.toText());
    if (versioning != usual.versioning)
        object.insert(u"versioning"_s, versioning);
    if (allowHttp != usual.allowHttp)
        object.insert(u"allowHttp"_s, allowHttp);
    if (rollback != usual.rollback)
        object.insert(u"rollback"_s, rollback);
    if (keepPrevious != usual.keepPrevious)
        object.insert(u"keepPrevious"_s, keepPrevious);
    return QJsonDocument(object).toJson();
}

Result<std::vector<Trust::PublicKey>> AppDescription::keys() const
{
    if (root)
        return root->root.release.keys;
    if (publicKeys.isEmpty())
        return failure(ErrorCode::CONFIG, "freshen.json names no public key.");
    std::vector<Trust::PublicKey> keys;
    for (const QString &text : publicKeys) {
        auto key = Trust::PublicKey::parse(toStdString(text));
        if (!key)
            return failure(key);
        keys.push_back(std::move(*key));
    }
    return keys;
}

} // namespace Freshen
