// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/appcastwriter.h"

#include "lib/feed/feednames.h"

#include <QLocale>
#include <QXmlStreamWriter>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

class Writer
{
public:
    explicit Writer(QByteArray *out)
        : m_xml(out)
    {
        m_xml.setAutoFormatting(true);
        m_xml.setAutoFormattingIndent(2);
    }

    void write(const Appcast &appcast)
    {
        m_xml.writeStartDocument();
        // Some elements are found by the literal prefix "sparkle", so it is bound right here.
        m_xml.writeNamespace(sparkle, u"sparkle"_s);
        m_xml.writeNamespace(freshen, u"freshen"_s);
        m_xml.writeStartElement(u"rss"_s);
        m_xml.writeAttribute(u"version"_s, u"2.0"_s);
        m_xml.writeStartElement(u"channel"_s);
        if (appcast.stamp)
            writeStamp(*appcast.stamp);
        m_xml.writeTextElement(u"title"_s, appcast.title);
        for (const QString &version : appcast.withdrawnVersions) {
            m_xml.writeEmptyElement(freshen, u"withdrawn"_s);
            m_xml.writeAttribute(u"version"_s, version);
        }
        for (const AppcastItem &item : appcast.items)
            writeItem(item);
        m_xml.writeEndDocument();
    }

private:
    static inline const QString sparkle = sparkleNamespace;
    static inline const QString freshen = freshenNamespace;

    void writeStamp(const FeedStamp &stamp)
    {
        m_xml.writeEmptyElement(freshen, u"feed"_s);
        m_xml.writeAttribute(u"product"_s, stamp.product);
        m_xml.writeAttribute(u"version"_s, QString::number(stamp.version));
        m_xml.writeAttribute(u"issued"_s, time(stamp.issued));
        m_xml.writeAttribute(u"expires"_s, time(stamp.expires));
        if (stamp.root > 0)
            m_xml.writeAttribute(u"root"_s, QString::number(stamp.root));
    }

    void writeItem(const AppcastItem &item)
    {
        m_xml.writeStartElement(u"item"_s);
        writeText(u"title"_s, item.title);
        writeText(u"pubDate"_s, publicationDate(item));
        writeSparkle(u"version"_s, item.version);
        writeSparkle(u"shortVersionString"_s, item.shortVersion);
        writeSparkle(u"channel"_s, item.channel);
        writeText(u"link"_s, text(item.link));
        writeNotes(item);
        writeNotesLink(item);
        writeSparkle(u"fullReleaseNotesLink"_s, text(item.fullNotesUrl));
        writeConditions(item);
        if (item.enclosure)
            writeEnclosure(*item.enclosure);
        if (item.manifest)
            writeFile(u"manifest"_s, {}, *item.manifest);
        for (const AppcastDelta &delta : item.deltas)
            writeFile(u"delta"_s, delta.from, delta);
        for (const QUrl &mirror : item.mirrors) {
            m_xml.writeEmptyElement(freshen, u"mirror"_s);
            m_xml.writeAttribute(u"url"_s, text(mirror));
        }
        m_xml.writeEndElement();
    }

    void writeNotes(const AppcastItem &item)
    {
        if (item.notes.isEmpty())
            return;
        m_xml.writeStartElement(u"description"_s);
        m_xml.writeAttribute(sparkle, u"format"_s, formatName(item.notesFormat));
        m_xml.writeCDATA(item.notes);
        m_xml.writeEndElement();
    }

    void writeNotesLink(const AppcastItem &item)
    {
        if (item.notesUrl.isEmpty())
            return;
        m_xml.writeStartElement(sparkle, u"releaseNotesLink"_s);
        writeAttribute(sparkle, u"edSignature"_s, item.notesSignature);
        if (item.notesLength > 0)
            m_xml.writeAttribute(sparkle, u"length"_s, QString::number(item.notesLength));
        m_xml.writeCharacters(text(item.notesUrl));
        m_xml.writeEndElement();
    }

    void writeConditions(const AppcastItem &item)
    {
        writeSparkle(u"minimumSystemVersion"_s, item.minimumSystemVersion);
        writeSparkle(u"maximumSystemVersion"_s, item.maximumSystemVersion);
        writeSparkle(u"minimumAutoupdateVersion"_s, item.minimumAutoupdateVersion);
        writeSparkle(u"minimumUpdateVersion"_s, item.minimumUpdateVersion);
        writeSparkle(u"ignoreSkippedUpgradesBelowVersion"_s, item.ignoreSkippedUpgradesBelow);
        writeSparkle(u"hardwareRequirements"_s, item.needsArm64 ? u"arm64"_s : QString());
        if (item.phasedRolloutInterval > 0)
            writeSparkle(u"phasedRolloutInterval"_s, QString::number(item.phasedRolloutInterval));
        if (item.isCritical) {
            m_xml.writeEmptyElement(sparkle, u"criticalUpdate"_s);
            writeAttribute(sparkle, u"version"_s, item.criticalBelow);
        }
        if (item.isInformational)
            writeInformational(item);
        writeOwnConditions(item);
    }

    void writeOwnConditions(const AppcastItem &item)
    {
        if (!item.mustUnderstand.isEmpty())
            m_xml.writeTextElement(freshen, u"mustUnderstand"_s, item.mustUnderstand.join(u' '));
        if (item.rollout) {
            m_xml.writeEmptyElement(freshen, u"rollout"_s);
            m_xml.writeAttribute(
                u"percent"_s,
                QString::number(item.rollout->percent, 'f', QLocale::FloatingPointShortest));
            writeAttribute({}, u"salt"_s, item.rollout->salt);
            writeAttribute({}, u"from"_s, time(item.rollout->from));
            writeAttribute({}, u"until"_s, time(item.rollout->until));
        }
        if (item.deadline.isValid()) {
            m_xml.writeEmptyElement(freshen, u"deadline"_s);
            m_xml.writeAttribute(u"at"_s, time(item.deadline));
        }
    }

    void writeInformational(const AppcastItem &item)
    {
        m_xml.writeStartElement(sparkle, u"informationalUpdate"_s);
        for (const QString &version : item.informationalVersions)
            writeSparkle(u"version"_s, version);
        writeSparkle(u"belowVersion"_s, item.informationalBelow);
        m_xml.writeEndElement();
    }

    void writeEnclosure(const AppcastEnclosure &file)
    {
        m_xml.writeEmptyElement(u"enclosure"_s);
        m_xml.writeAttribute(u"url"_s, text(file.url));
        m_xml.writeAttribute(u"length"_s, QString::number(file.length));
        writeAttribute({}, u"type"_s, file.type);
        writeAttribute(sparkle, u"installationType"_s, file.installationType);
        writeAttribute(sparkle, u"edSignature"_s, file.edSignature);
        writeAttribute(sparkle, u"os"_s, file.os);
        writeAttribute(freshen, u"sha256"_s, file.sha256);
        writeAttribute(freshen, u"arch"_s, file.arch);
    }

    void writeFile(const QString &element, const QString &from, const AppcastFile &file)
    {
        m_xml.writeEmptyElement(freshen, element);
        writeAttribute({}, u"from"_s, from);
        m_xml.writeAttribute(u"url"_s, text(file.url));
        m_xml.writeAttribute(u"length"_s, QString::number(file.length));
        m_xml.writeAttribute(u"sha256"_s, file.sha256);
    }

    // What is empty is left out.
    void writeText(const QString &element, const QString &value)
    {
        if (!value.isEmpty())
            m_xml.writeTextElement(element, value);
    }
    void writeSparkle(const QString &element, const QString &value)
    {
        if (!value.isEmpty())
            m_xml.writeTextElement(sparkle, element, value);
    }
    void writeAttribute(const QString &space, const QString &name, const QString &value)
    {
        if (!value.isEmpty())
            m_xml.writeAttribute(space, name, value);
    }

    // Freshen's own form; empty for no time.
    static QString time(const QDateTime &time) { return time.toUTC().toString(Qt::ISODate); }

    static QString text(const QUrl &url) { return url.toString(QUrl::FullyEncoded); }

    static QString formatName(Release::NotesFormat format)
    {
        switch (format) {
        case Release::NotesFormat::Markdown:
            return u"markdown"_s;
        case Release::NotesFormat::PlainText:
            return u"plain-text"_s;
        case Release::NotesFormat::Html:
            break;
        }
        return u"html"_s;
    }

    static QString publicationDate(const AppcastItem &item)
    {
        if (!item.published.isEmpty() || !item.publishedTime.isValid())
            return item.published;
        return QLocale::c().toString(item.publishedTime.toUTC(), u"ddd, dd MMM yyyy HH:mm:ss"_s)
            + u" +0000"_s;
    }

    QXmlStreamWriter m_xml;
};

} // namespace

QByteArray writeAppcast(const Appcast &appcast)
{
    QByteArray xml;
    Writer(&xml).write(appcast);
    return xml;
}

} // namespace Freshen
