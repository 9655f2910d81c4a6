// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/prefixcheck.h"

#include "lib/feed/feednames.h"

#include <QXmlStreamReader>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

// Sparkle finds some elements by the prefix alone, and all others by the address alone.
QString prefixObjection(const QByteArray &feed)
{
    QXmlStreamReader xml(feed);
    xml.addExtraNamespaceDeclaration({u"sparkle"_s, u"undeclared"_s});
    const auto isMixedUp = [](QStringView prefix, QStringView address) {
        return (prefix == "sparkle"_L1) != (address == sparkleNamespace);
    };
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        const QXmlStreamAttributes attributes = xml.attributes();
        if (isMixedUp(xml.prefix(), xml.namespaceUri())
            || std::any_of(attributes.begin(), attributes.end(), [&](const auto &attribute) {
                   return isMixedUp(attribute.prefix(), attribute.namespaceUri());
               }))
            return u"Line %1: the prefix \"sparkle\" and Sparkle's name, \"%2\", are not bound to "
                   "each other; some clients look for the one, some for the other."_s
                       .arg(xml.lineNumber())
                       .arg(sparkleNamespace);
    }
    return {};
}

} // namespace Freshen
