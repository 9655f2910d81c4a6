// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/appcast.h"
#include "lib/feed/feedxml.h"

namespace Freshen {

// Reads one <item>. Each element of it has a row in one of the tables of the source; those of files
// are read in itemfiles.cpp.
class ItemReader
{
public:
    ItemReader(FeedXml &xml, const QUrl &base, const QStringList &languages)
        : m_xml(xml)
        , m_base(base)
        , m_languages(languages)
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
    void readHardwareRequirements();
    void readInformationalUpdate();
    void readDeadline();
    void readMustUnderstand();
    void readRollout();
    void readManifest();
    void readMirror();
    void readPhasedRolloutInterval();
    void readPublicationDate();
    void readReleaseNotesLink();
    void readSparkleDeltas();
    void readTags();

private:
    void readElement();
    int languageRank() const;
    bool isBestLanguage(const QString &name);
    void addDelta(const Attributes &attributes, const QString &fromName,
                  QList<AppcastDelta> &deltas);
    QString finish();
    bool hasEndlessVersion() const;
    QString finishEnclosures();
    tl::expected<AppcastEnclosure, QString> usableEnclosure(const Attributes &attributes) const;
    void finishMirrors();
    QString finishManifest();

    FeedXml &m_xml;
    const QUrl m_base;
    const QStringList &m_languages;
    AppcastItem m_item;
    struct FoundEnclosure {
        Attributes attributes;
        int languageRank;
    };
    QList<FoundEnclosure> m_enclosures;
    QStringList m_mirrors; // as written
    std::optional<Attributes> m_manifest;
    QString m_rolloutObjection;
    QHash<QString, int> m_languageRanks; // of what was read, by name
    QStringList m_warnings;
};

} // namespace Freshen
