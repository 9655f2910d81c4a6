// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/policy.h"

#include "lib/common/convert.h"
#include "platform/file.h"
#include "platform/paths.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(logPolicy, "freshen.policy", QtWarningMsg)

constexpr std::size_t maximumSize = 1u << 20;

QString replacedFile;

QString policyFile()
{
    return replacedFile.isEmpty() ? toQString(Platform::policyFile()) : replacedFile;
}

bool isAdministrators(const QFileInfo &file)
{
    return file.ownerId() == 0
        && !(file.permissions() & (QFileDevice::WriteGroup | QFileDevice::WriteOther));
}

// Members of the wrong kind are all told at once, by name.
class Members
{
public:
    explicit Members(QJsonObject object)
        : m_object(std::move(object))
    {
    }

    template<typename Text>
    void readText(const QString &name, Text &value)
    {
        const QJsonValue member = m_object.take(name);
        if (member.isString() && !member.toString().isEmpty())
            value = member.toString();
        else if (!member.isUndefined())
            wrong.append(name);
    }
    template<typename Bool>
    void readBool(const QString &name, Bool &value)
    {
        const QJsonValue member = m_object.take(name);
        if (member.isBool())
            value = member.toBool();
        else if (!member.isUndefined())
            wrong.append(name);
    }
    void readNumber(const QString &name, std::optional<qint64> &value)
    {
        const QJsonValue member = m_object.take(name);
        if (const qint64 number = member.toInteger(-1); number >= 0)
            value = number;
        else if (!member.isUndefined())
            wrong.append(name);
    }
    // What nobody asked for: perhaps a rule that this version does not know.
    QStringList unknown() const { return m_object.keys(); }

    QStringList wrong;

private:
    QJsonObject m_object;
};

Policy refusal(const QString &cause)
{
    qCWarning(logPolicy, "%s %s, so no updates are made.", qPrintable(policyFile()),
              qPrintable(cause));
    Policy policy;
    policy.allowsUpdates = false;
    return policy;
}

Policy policyFrom(const QJsonObject &object)
{
    Policy policy;
    Members members(object);
    members.readBool(u"updates"_s, policy.allowsUpdates);
    members.readText(u"version"_s, policy.pinnedPrefix);
    members.readText(u"feed"_s, policy.feed);
    members.readText(u"channel"_s, policy.channel);
    members.readBool(u"automaticallyChecks"_s, policy.automaticallyChecks);
    members.readBool(u"automaticallyDownloads"_s, policy.automaticallyDownloads);
    members.readNumber(u"maximumDownloadRate"_s, policy.maximumDownloadRate);
    const QStringList problems = members.wrong + members.unknown();
    return problems.isEmpty() ? policy
                              : refusal(u"has members that are wrong or unknown (%1)"_s.arg(
                                    problems.join(u", "_s)));
}

} // namespace

void Policy::setFile(const QString &path)
{
    replacedFile = path;
}

Policy Policy::of(const QString &product)
{
    const QFileInfo file(policyFile());
    if (!file.exists())
        return {};
    if (!isAdministrators(file)) {
        qCWarning(logPolicy, "%s is ignored: others than the administrator may write it.",
                  qPrintable(policyFile()));
        return {};
    }
    const auto content = Platform::readFile(toPath(policyFile()), maximumSize);
    if (!content)
        return refusal(u"cannot be read"_s);
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(*content));
    if (!document.isObject())
        return refusal(u"is no JSON object"_s);
    QJsonObject members = document.object().value("*"_L1).toObject();
    const QJsonObject ofProduct = document.object().value(product).toObject();
    for (auto member = ofProduct.begin(); member != ofProduct.end(); ++member)
        members.insert(member.key(), member.value());
    return policyFrom(members);
}

} // namespace Freshen
