// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/announcedfile.h"

#include "lib/feed/feedurl.h"

#include <QFileInfo>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

bool isSha256(const QString &text)
{
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](QChar c) {
               return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f');
           });
}

bool isYes(const QString &text)
{
    return text == "true"_L1 || text == "1"_L1 || text == "yes"_L1;
}

// "Notes_1.2.zip" is version 1.2; empty when the name tells none.
QString versionInFileName(const QUrl &url)
{
    const QString name = url.fileName();
    const qsizetype underscore = name.lastIndexOf(u'_');
    if (underscore < 0)
        return {};
    const QString version = QFileInfo(name.mid(underscore + 1)).completeBaseName().trimmed();
    // An address can hold anything, a version cannot.
    const bool isText = std::all_of(version.begin(), version.end(),
                                    [](QChar c) { return c.isPrint(); });
    return isText ? version : QString();
}

// Why the element announces no release; empty when it does.
QString kindObjection(const FeedXml::Attributes &attributes)
{
    const QString installation = attributes.value(u"sparkle:installationType"_s);
    if (!installation.isEmpty() && installation != "application"_L1 && installation != "package"_L1)
        return u"wants to be installed as '%1'"_s.arg(installation);
    return attributes.contains(u"sparkle:deltaFrom"_s) ? u"is a delta and no release"_s : QString();
}

} // namespace

QString readAnnouncedFile(const FeedXml::Attributes &attributes, const QString &hashName,
                          const QUrl &base, AppcastFile &file)
{
    const QString address = attributes.value(u"url"_s);
    file.url = resolvedFeedUrl(address, base);
    file.length = announcedLength(attributes.value(u"length"_s));
    file.sha256 = attributes.value(hashName).toLower();
    if (file.url.isEmpty())
        return u"has an address that is never fetched: '%1'"_s.arg(address);
    if (!file.sha256.isEmpty() && !isSha256(file.sha256))
        return u"has a SHA-256 that is none: '%1'"_s.arg(file.sha256);
    return {};
}

tl::expected<AppcastEnclosure, QString>
readAnnouncedEnclosure(const FeedXml::Attributes &attributes, const QUrl &base,
                       const std::optional<QString> &itemVersion)
{
    if (const QString objection = kindObjection(attributes); !objection.isEmpty())
        return tl::unexpected(objection);
    AppcastEnclosure enclosure;
    if (const QString objection = readAnnouncedFile(attributes, u"freshen:sha256"_s, base,
                                                    enclosure);
        !objection.isEmpty())
        return tl::unexpected(objection);
    enclosure.edSignature = announcedSignature(attributes);
    enclosure.hasDsaSignature = attributes.contains(u"sparkle:dsaSignature"_s);
    enclosure.os = attributes.value(u"sparkle:os"_s).trimmed();
    enclosure.arch = attributes.value(u"freshen:arch"_s).trimmed();
    enclosure.type = attributes.value(u"type"_s);
    enclosure.installationType = attributes.value(u"sparkle:installationType"_s);
    enclosure.isCritical = isYes(attributes.value(u"sparkle:criticalUpdate"_s));
    enclosure.shortVersion = attributes.value(u"sparkle:shortVersionString"_s).trimmed();
    if (attributes.contains(u"sparkle:version"_s))
        enclosure.version = attributes.value(u"sparkle:version"_s).trimmed();
    else
        enclosure.version = itemVersion.value_or(versionInFileName(enclosure.url));
    if (enclosure.version.isEmpty())
        return tl::unexpected(u"has no version"_s);
    return enclosure;
}

QString announcedSignature(const FeedXml::Attributes &attributes)
{
    const QString signature = attributes.value(u"sparkle:edSignature"_s).trimmed();
    return signature.isEmpty() ? attributes.value(u"sparkle:signature"_s).trimmed() : signature;
}

qint64 announcedLength(const QString &text)
{
    return std::max(text.trimmed().toLongLong(), 0LL);
}

} // namespace Freshen
