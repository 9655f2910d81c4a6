// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/sourcefolder.h"

#include "lib/common/convert.h"
#include "lib/package/packagearchive.h"
#include "platform/file.h"
#include "updater-helper/trust/digest.h"

#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <QUuid>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcSource, "freshen.source", QtWarningMsg)

constexpr int schema = 1;
constexpr std::size_t maximumSize = 64 << 10;
constexpr qsizetype prefixLength = 16;

QString prefixOf(const QString &source)
{
    return toQString(Trust::sha256Hex(toStdString(source))).left(prefixLength);
}

} // namespace

SourceFolder::SourceFolder(const QString &folder, const QString &source)
    : m_folder(folder)
    , m_prefix(folder + u'/' + prefixOf(source))
{
}

Result<void> SourceFolder::make() const
{
    return Platform::makeDirectories(toPath(m_folder), 0700);
}

SourceRecord SourceFolder::record() const
{
    const auto content = Platform::readFile(toPath(stateFile()), maximumSize);
    if (!content)
        return {};
    const auto state = QJsonDocument::fromJson(QByteArray::fromStdString(*content)).object();
    if (state["schema"_L1].toInt() != schema)
        return {};
    const auto text = [&](QLatin1StringView name) { return state[name].toString(); };
    const Validators validators{QUrl(text("url"_L1)), text("etag"_L1).toLatin1(),
                                text("lastModified"_L1).toLatin1()};
    return {validators, text("mark"_L1), text("content"_L1)};
}

void SourceFolder::keep(const SourceRecord &record) const
{
    const QJsonObject state{
        {u"schema"_s, schema},
        {u"url"_s, QString::fromLatin1(record.validators.url.toEncoded())},
        {u"etag"_s, QString::fromLatin1(record.validators.etag)},
        {u"lastModified"_s, QString::fromLatin1(record.validators.lastModified)},
        {u"mark"_s, record.mark},
        {u"content"_s, record.content},
    };
    const auto done = Platform::writeFileDurably(toPath(stateFile()),
                                                 toView(QJsonDocument(state).toJson()), 0600);
    if (!done)
        qCWarning(lcSource, "%s", done.error().message.c_str());
}

QString SourceFolder::newFile(const QString &name) const
{
    const QString number = QUuid::createUuid().toString(QUuid::WithoutBraces);
    return m_prefix + u'-' + number + PackageFormat::endingOf(name);
}

void SourceFolder::removeForgotten() const
{
    const QString pattern = QFileInfo(m_prefix).fileName() + u"-*"_s;
    for (const QFileInfo &file : QDir(m_folder).entryInfoList({pattern}, QDir::Files))
        (void)Platform::removeFile(toPath(file.filePath()));
}

OwnedFile::~OwnedFile()
{
    if (!m_path.isEmpty())
        (void)Platform::removeFile(toPath(m_path));
}

} // namespace Freshen
