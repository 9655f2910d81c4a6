// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/faultserver/script.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMetaEnum>

#include <cmath>
#include <limits>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// Each sets a member from a value, or tells what the value has to be.

QString take(const QJsonValue &value, qint64 &member)
{
    const double number = value.toDouble(-1);
    if (number < 0 || number > 1e15 || number != std::floor(number))
        return u"a whole number, 0 or more"_s;
    member = qint64(number);
    return {};
}

QString take(const QJsonValue &value, int &member)
{
    qint64 number = 0;
    const QString wrong = take(value, number);
    if (wrong.isEmpty() && number > std::numeric_limits<int>::max())
        return u"a smaller number"_s;
    member = int(number);
    return wrong;
}

QString take(const QJsonValue &value, bool &member)
{
    member = value.toBool();
    return value.isBool() ? QString() : u"true or false"_s;
}

QString take(const QJsonValue &value, QString &member)
{
    member = value.toString();
    return value.isString() ? QString() : u"a text"_s;
}

// Numbers, too: seconds for retryAfter.
QString take(const QJsonValue &value, QByteArray &member)
{
    QString text = u""_s;
    qint64 number = 0;
    if (value.isDouble() && take(value, number).isEmpty())
        text = QString::number(number);
    else if (const QString wrong = take(value, text); !wrong.isEmpty())
        return wrong;
    member = text.isEmpty() ? QByteArray("") : text.toUtf8();
    return {};
}

QString take(const QJsonValue &value, QByteArrayList &member)
{
    const QJsonArray array = value.toArray();
    for (const QJsonValue &element : array) {
        if (!element.isString() || !take(element, member.emplaceBack()).isEmpty())
            return u"an array of texts"_s;
    }
    return value.isArray() ? QString() : u"an array of texts"_s;
}

template<typename Value>
QString take(const QJsonValue &value, std::optional<Value> &member)
{
    return take(value, member.emplace());
}

// The enumerators, with a small letter first.
template<typename Enum>
    requires std::is_enum_v<Enum>
QString take(const QJsonValue &value, Enum &member)
{
    const auto all = QMetaEnum::fromType<Enum>();
    QStringList names;
    for (int i = 0; i < all.keyCount(); ++i) {
        QString name = QString::fromLatin1(all.key(i));
        name[0] = name[0].toLower();
        if (value.toString() == name) {
            member = Enum(all.value(i));
            return {};
        }
        names.append(u'"' + name + u'"');
    }
    return u"one of "_s + names.join(u", "_s);
}

template<auto member>
QString set(FaultAnswer &answer, const QJsonValue &value)
{
    return take(value, answer.*member);
}

const QHash<QString, QString (*)(FaultAnswer &, const QJsonValue &)> &members()
{
    using A = FaultAnswer;
    static const QHash<QString, QString (*)(FaultAnswer &, const QJsonValue &)> all = {
        {u"status"_s, set<&A::status>},
        {u"content"_s, set<&A::content>},
        {u"headers"_s, set<&A::headers>},
        {u"length"_s, set<&A::length>},
        {u"announced"_s, set<&A::announced>},
        {u"cutAfter"_s, set<&A::cutAfter>},
        {u"stallAfter"_s, set<&A::stallAfter>},
        {u"isEndless"_s, set<&A::isEndless>},
        {u"file"_s, set<&A::file>},
        {u"zeros"_s, set<&A::zeros>},
        {u"isPacked"_s, set<&A::isPacked>},
        {u"damagedAt"_s, set<&A::damagedAt>},
        {u"raw"_s, set<&A::raw>},
        {u"etag"_s, set<&A::etag>},
        {u"lastModified"_s, set<&A::lastModified>},
        {u"ranges"_s, set<&A::ranges>},
        {u"redirect"_s, set<&A::redirect>},
        {u"retryAfter"_s, set<&A::retryAfter>},
        {u"headerBytes"_s, set<&A::headerBytes>},
        {u"delayMs"_s, set<&A::delayMs>},
        {u"bytesPerSecond"_s, set<&A::bytesPerSecond>},
        {u"block"_s, set<&A::block>},
    };
    return all;
}

// What is wrong with it, without saying where it is.
QString readAnswer(const QJsonValue &value, FaultAnswer &answer)
{
    if (!value.isObject())
        return u"has an answer that is no object"_s;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        const auto setter = members().value(it.key());
        if (!setter)
            return u"has a member \"%1\", which there is not"_s.arg(it.key());
        const QString wanted = setter(answer, it.value());
        if (!wanted.isEmpty())
            return u"has a member \"%1\" that is not %2"_s.arg(it.key(), wanted);
    }
    return {};
}

QString readAnswers(const QJsonValue &value, QList<FaultAnswer> &answers)
{
    const QJsonArray array = value.isArray() ? value.toArray() : QJsonArray{value};
    if (array.isEmpty())
        return u"has no answer"_s;
    for (const QJsonValue &element : array) {
        const QString wrong = readAnswer(element, answers.emplaceBack());
        if (!wrong.isEmpty())
            return wrong;
    }
    return {};
}

} // namespace

Script readScript(const QByteArray &json)
{
    QJsonParseError parseError;
    const auto document = QJsonDocument::fromJson(json, &parseError);
    if (parseError.error != QJsonParseError::NoError) {
        const qsizetype line = json.left(parseError.offset).count('\n') + 1;
        return {{}, u"Line %1 of the script is no JSON: %2."_s.arg(line).arg(
                        parseError.errorString())};
    }
    if (!document.isObject())
        return {{}, u"The script has to be an object of paths and their answers."_s};
    Script script;
    const QJsonObject object = document.object();
    for (auto it = object.begin(); it != object.end(); ++it) {
        QString wrong = readAnswers(it.value(), script.answers[it.key()]);
        if (!it.key().startsWith(u'/') && it.key() != u"*"_s)
            wrong = u"is neither a path that starts with \"/\" nor \"*\""_s;
        if (!wrong.isEmpty())
            return {{}, u"\"%1\" in the script %2."_s.arg(it.key(), wrong)};
    }
    return script;
}

} // namespace Freshen
