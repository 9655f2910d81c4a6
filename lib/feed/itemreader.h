// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/appcast.h"
#include "lib/feed/feedxml.h"

namespace Freshen {

// Reads one <item>. Each element of it has a row in one of the tables of the source.
class ItemReader
{
public:
    ItemReader(FeedXml &xml, const QUrl &base)
        : m_xml(xml)
        , m_base(base)
    {
    }

    // Reads the item that the walk has just reached, and leaves it. An error is the reason why
    // this item cannot be used, as the end of a sentence ("has no version").
    tl::expected<AppcastItem, QString> read();
    // What was dropped from an item that can be used.
    const QStringList &warnings() const { return m_warnings; }

    using Attributes = FeedXml::Attributes;
    void readChannel();
    void readCriticalUpdate();
    void readDelta();
    void readDescription();
    void readEnclosure();
    void readManifest();
    void readPublicationDate();
    void readTags();

private:
    void readElement();
    bool isBetterLanguage(const QString &name);
    QString finish();
    QString finishEnclosure();
    QString finishManifest();
    QString finishVersion();
    QString readFile(const Attributes &attributes, const QString &hashName,
                     AppcastFile &file) const;

    FeedXml &m_xml;
    const QUrl m_base;
    AppcastItem m_item;
    std::optional<Attributes> m_enclosure;
    std::optional<Attributes> m_manifest;
    QHash<QString, bool> m_namesInEnglish;
    QStringList m_warnings;
};

} // namespace Freshen
