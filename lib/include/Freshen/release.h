// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/core_export.h>

#include <QDateTime>
#include <QMetaType>
#include <QSharedDataPointer>
#include <QString>
#include <QUrl>

namespace Freshen {

class ReleaseData;

/*!
 * What a release says about itself: the text of an appcast item.
 *
 * Everything in it comes from the publisher's feed; treat it as text, never as markup or commands.
 * A value, implicitly shared; may be used in any thread.
 * \since 0.1
 */
class FRESHEN_CORE_EXPORT Release
{
    Q_GADGET
    Q_PROPERTY(QString version READ version CONSTANT)
    Q_PROPERTY(QString displayVersion READ displayVersion CONSTANT)
    Q_PROPERTY(qint64 size READ size CONSTANT)

public:
    //! How release notes are written.
    enum class NotesFormat { Html, Markdown, PlainText };
    Q_ENUM(NotesFormat)

    //! A release that is none: isNull() is true.
    Release();
    Release(const Release &other);
    Release &operator=(const Release &other);
    ~Release();

    bool isNull() const;

    //! The version that decides the order.
    QString version() const;
    void setVersion(const QString &version);
    //! The version as people know it; version() where the feed has no other.
    QString displayVersion() const;
    void setDisplayVersion(const QString &version);
    //! The item's title; may be empty.
    QString title() const;
    void setTitle(const QString &title);
    //! Empty for the default (stable) channel.
    QString channel() const;
    void setChannel(const QString &channel);
    //! When it was published; invalid where the feed does not say.
    QDateTime published() const;
    void setPublished(const QDateTime &published);

    //! Bytes to download; 0 when unknown.
    qint64 size() const;
    void setSize(qint64 size);

    //! The notes inside the feed; empty when there are none, or only a notesUrl().
    QString notes() const;
    NotesFormat notesFormat() const;
    void setNotes(const QString &notes, NotesFormat format);
    //! Where the notes are when they are not in the feed.
    QUrl notesUrl() const;
    void setNotesUrl(const QUrl &url);
    //! The page with the notes of all versions.
    QUrl fullNotesUrl() const;
    void setFullNotesUrl(const QUrl &url);
    //! The page about this release.
    QUrl link() const;
    void setLink(const QUrl &url);

    //! Whether the publisher calls it important for the installed version.
    bool isCritical() const;
    void setCritical(bool critical);
    //! From then on the updater downloads it without asking and nobody may skip it; null where
    //! the publisher sets no such time, or the release is not critical for the installed version.
    QDateTime deadline() const;
    void setDeadline(const QDateTime &deadline);
    //! Whether there is nothing to install, only link() to read.
    bool isInformational() const;
    void setInformational(bool informational);

private:
    QSharedDataPointer<ReleaseData> d;
};

} // namespace Freshen

Q_DECLARE_METATYPE(Freshen::Release)
