// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/buildname.h"

#include "lib/common/convert.h"
#include "platform/paths.h"

#include <QHash>
#include <QRegularExpression>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// As a word of its own: "x86" is no part of "x86_64".
bool hasWord(const QString &name, const QString &spellings)
{
    const QRegularExpression form(u"(?:^|[^a-z0-9])(?:%1)(?![a-z0-9]|[_-]64)"_s.arg(spellings),
                                  QRegularExpression::CaseInsensitiveOption);
    return form.match(name).hasMatch();
}

QString spellings(std::string_view word)
{
    static const QHash<QString, QString> others{
        {u"x86_64"_s, u"x86[_-]64|amd64|x64"_s},
        {u"arm64"_s, u"arm64|aarch64"_s},
        {u"x86"_s, u"x86|i[3-6]86"_s},
        {u"macos"_s, u"macos|darwin|osx"_s},
        {u"windows"_s, u"windows|win|win32|win64"_s},
    };
    const QString plain = toQString(word);
    return others.value(plain, plain);
}

} // namespace

bool isBuildName(const QString &name)
{
    static const QRegularExpression other(
        u"\\.(?:minisig|sig|asc|pem|pub|sha\\d+(?:sum)?|md5|manifest|delta|json|xml|txt|md|html"
        "|sbom|deb|rpm|apk|part|tmp|swp)$|sums$|~$"_s,
        QRegularExpression::CaseInsensitiveOption);
    return !name.isEmpty() && !name.startsWith(u'.') && !other.match(name).hasMatch();
}

bool isForThisMachine(const QString &name)
{
    return hasWord(name, spellings(Platform::systemName()))
        && hasWord(name, spellings(Platform::processorName()));
}

// Without a dash, so that the order knows it for a pre-release.
QString versionInName(const QString &name)
{
    static const QRegularExpression form(
        u"(?:^|[-_ v])(\\d+(?:\\.\\d+)+)(?:[-.]?((?:alpha|beta|pre|rc|dev)[.-]?\\d*))?"_s,
        QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(name);
    return match.captured(1) + match.captured(2);
}

} // namespace Freshen
