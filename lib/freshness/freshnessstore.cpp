// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/freshness/freshnessstore.h"

#include "lib/common/convert.h"
#include "lib/common/filename.h"
#include "lib/feed/feeddate.h"
#include "platform/file.h"
#include "platform/paths.h"
#include "updater-helper/trust/publickey.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>

#include <optional>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcFreshness, "freshen.freshness", QtWarningMsg)

constexpr int schema = 1;
constexpr std::size_t maximumSize = 64 * 1024;

// The counter is text, because numbers of JSON end at 53 bits.
QByteArray toJson(const FreshnessRecord &record)
{
    const QJsonObject object{
        {u"schema"_s, schema},
        {u"counter"_s, QString::number(record.counter)},
        {u"feedSha256"_s, record.feedSha256},
        {u"issued"_s, record.issued.toUTC().toString(Qt::ISODate)},
        {u"expires"_s, record.expires.toUTC().toString(Qt::ISODate)},
    };
    return QJsonDocument(object).toJson();
}

std::optional<FreshnessRecord> fromJson(const QByteArray &bytes)
{
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    bool isNumber = false;
    FreshnessRecord record;
    record.counter = object.value("counter"_L1).toString().toULongLong(&isNumber);
    record.feedSha256 = object.value("feedSha256"_L1).toString();
    record.issued = parseUtcTime(object.value("issued"_L1).toString());
    record.expires = parseUtcTime(object.value("expires"_L1).toString());
    const bool isOurs = object.value("schema"_L1).toInt() == schema && isNumber
        && record.feedSha256.size() == 64 && record.issued.isValid();
    return isOurs ? std::optional(record) : std::nullopt;
}

} // namespace

FreshnessStore::FreshnessStore(const QString &folder)
    : m_folder(folder.isEmpty() ? toQString(Platform::stateDirectory() / "freshness") : folder)
{
}

FreshnessRecord FreshnessStore::record(const QString &product, const QByteArray &signer) const
{
    const QString file = fileFor(product, signer);
    if (!QFileInfo::exists(file))
        return {};
    const Result<std::string> content = Platform::readFile(toPath(file), maximumSize);
    if (!content) {
        qCWarning(lcFreshness, "%s", content.error().message.c_str());
        return {};
    }
    const std::optional<FreshnessRecord> record = fromJson(QByteArray::fromStdString(*content));
    if (!record)
        qCWarning(lcFreshness, "%s is damaged or of a later version; it counts as missing.",
                  qUtf8Printable(file));
    return record.value_or(FreshnessRecord());
}

Result<void> FreshnessStore::keep(const QString &product, const QByteArray &signer,
                                  const FreshnessRecord &record) const
{
    if (const auto made = Platform::makeDirectories(toPath(m_folder), 0700); !made)
        return failure(made);
    return Platform::writeFileDurably(toPath(fileFor(product, signer)), toView(toJson(record)),
                                      0600);
}

QString FreshnessStore::fileFor(const QString &product, const QByteArray &signer) const
{
    const QString key = signer.isEmpty() ? u"unsigned"_s
                                         : toQString(Trust::toHex(Trust::keyIdOf(toBytes(signer))));
    return u"%1/%2-%3.json"_s.arg(m_folder, fileNamePart(product), key);
}

} // namespace Freshen
