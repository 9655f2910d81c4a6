// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/release.h>

namespace Freshen {

class ReleaseData : public QSharedData
{
public:
    QString version;
    QString displayVersion;
    QString title;
    QString channel;
    QDateTime published;
    qint64 size = 0;
    QString notes;
    Release::NotesFormat notesFormat = Release::NotesFormat::Html;
    QUrl notesUrl;
    QUrl fullNotesUrl;
    QUrl link;
    bool isCritical = false;
    QDateTime deadline;
    bool isInformational = false;
};

Release::Release()
    : d(new ReleaseData)
{
}
Release::Release(const Release &other) = default;
Release &Release::operator=(const Release &other) = default;
Release::~Release() = default;

bool Release::isNull() const
{
    return d->version.isEmpty();
}

QString Release::version() const
{
    return d->version;
}

void Release::setVersion(const QString &version)
{
    d->version = version;
}

QString Release::displayVersion() const
{
    return d->displayVersion.isEmpty() ? d->version : d->displayVersion;
}

void Release::setDisplayVersion(const QString &version)
{
    d->displayVersion = version;
}

QString Release::title() const
{
    return d->title;
}

void Release::setTitle(const QString &title)
{
    d->title = title;
}

QString Release::channel() const
{
    return d->channel;
}

void Release::setChannel(const QString &channel)
{
    d->channel = channel;
}

QDateTime Release::published() const
{
    return d->published;
}

void Release::setPublished(const QDateTime &published)
{
    d->published = published;
}

qint64 Release::size() const
{
    return d->size;
}

void Release::setSize(qint64 size)
{
    d->size = size;
}

QString Release::notes() const
{
    return d->notes;
}

Release::NotesFormat Release::notesFormat() const
{
    return d->notesFormat;
}

void Release::setNotes(const QString &notes, NotesFormat format)
{
    d->notes = notes;
    d->notesFormat = format;
}

QUrl Release::notesUrl() const
{
    return d->notesUrl;
}

void Release::setNotesUrl(const QUrl &url)
{
    d->notesUrl = url;
}

QUrl Release::fullNotesUrl() const
{
    return d->fullNotesUrl;
}

void Release::setFullNotesUrl(const QUrl &url)
{
    d->fullNotesUrl = url;
}

QUrl Release::link() const
{
    return d->link;
}

void Release::setLink(const QUrl &url)
{
    d->link = url;
}

bool Release::isCritical() const
{
    return d->isCritical;
}

void Release::setCritical(bool critical)
{
    d->isCritical = critical;
}

QDateTime Release::deadline() const
{
    return d->deadline;
}

void Release::setDeadline(const QDateTime &deadline)
{
    d->deadline = deadline;
}

bool Release::isInformational() const
{
    return d->isInformational;
}

void Release::setInformational(bool informational)
{
    d->isInformational = informational;
}

} // namespace Freshen
