// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/feedhazard.h"
#include "platform/result.h"

#include <QList>
#include <QXmlStreamReader>

#include <array>
#include <optional>

namespace Freshen {

// Walks through the elements of a feed, and refuses what no honest feed has: other encodings than
// UTF-8, document types, entities, deep nesting, elements with very many attributes or parts. After
// an error every call ends the walk.
class FeedXml
{
public:
    // Values by name; names are those of name(). They are few: a hash would be slower and larger.
    class Attributes
    {
    public:
        bool contains(const QString &name) const { return find(name) != m_all.end(); }
        QString value(const QString &name) const
        {
            const auto found = find(name);
            return found == m_all.end() ? QString() : found->value;
        }

    private:
        friend class FeedXml;
        struct Attribute {
            QString name;
            QString value;
        };
        QList<Attribute>::const_iterator find(const QString &name) const;
        QList<Attribute> m_all;
    };

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
    Attributes attributes();

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

    static constexpr int maximumDepth = 16;

    bool step();
    void judgeToken();
    void enterElement();
    void failAsParserSays();
    void failForDocumentType(const QByteArray &declaration);

    QString m_where;
    const FeedHazard m_hazard;
    EntityWatch m_watch;
    QXmlStreamReader m_xml;
    std::optional<Attributes> m_attributes; // of the present element, once asked for
    int m_depth = 0;
    std::array<int, maximumDepth + 1> m_parts{}; // seen so far, of each element around this one
    std::optional<Error> m_error;
};

} // namespace Freshen
