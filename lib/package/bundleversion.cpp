// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/bundleversion.h"

#include <QXmlStreamReader>

namespace Freshen {

// <plist><dict><key>CFBundleVersion</key><string>1.0</string>…
QString bundleVersion(const QByteArray &propertyList)
{
    QXmlStreamReader xml(propertyList);
    if (!xml.readNextStartElement() || !xml.readNextStartElement()
        || xml.name() != QLatin1String("dict"))
        return {};
    while (xml.readNextStartElement()) {
        const bool isKey = xml.name() == QLatin1String("key")
            && xml.readElementText(QXmlStreamReader::SkipChildElements)
                == QLatin1String("CFBundleVersion");
        if (isKey)
            return xml.readNextStartElement() && xml.name() == QLatin1String("string")
                ? xml.readElementText(QXmlStreamReader::SkipChildElements).trimmed()
                : QString();
        if (xml.tokenType() == QXmlStreamReader::StartElement)
            xml.skipCurrentElement();
    }
    return {};
}

} // namespace Freshen
