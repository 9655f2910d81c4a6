// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <QHash>
#include <QXmlStreamReader>

#include <optional>

namespace Freshen {

// Walks through the elements of a feed, and refuses what no honest feed has: other encodings than
// UTF-8, document types, entities, deep nesting. After an error every call ends the walk.
class FeedXml
{
public:
    // Values by name; names are those of name().
    using Attributes = QHash<QString, QString>;

    // `where` names the feed in messages.
    FeedXml(const QByteArray &bytes, const QString &where);

    // Steps to the next child of the present element (at first: to the root); false when there is
    // none left. Whoever gets true has to leave that child again: with skip(), with text(), or
    // with calls of nextChild() until it returns false.
    bool nextChild();
    void skip();
    // All text inside the element, that of its children included.
    QString text();

    // The element's name, "title", "sparkle:version" or "freshen:feed", whatever prefix the feed
    // uses; empty for every other vocabulary.
    QString name() const;
    Attributes attributes() const;

    // Ends the walk. `cause` completes the sentence "The feed … ".
    void fail(ErrorCode code, const QString &cause);
    const std::optional<Error> &error() const { return m_error; }

private:
    // Notes which entities a feed refers to, since the parser has no code for that error.
    class EntityWatch : public QXmlStreamEntityResolver
    {
    public:
        QString resolveUndeclaredEntity(const QString &name) override;
        QString entity;
    };

    bool step();
    void judgeToken();
    void failAsParserSays();
    void failForDocumentType();

    QString m_where;
    QString m_content;
    EntityWatch m_watch;
    QXmlStreamReader m_xml;
    int m_depth = 0;
    bool m_rootWasSeen = false;
    std::optional<Error> m_error;
};

} // namespace Freshen
