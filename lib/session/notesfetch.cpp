// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/notesfetch.h"

#include "lib/feed/notessignature.h"

namespace Freshen {

namespace {

constexpr qint64 maximumNotes = 1 << 20;
constexpr qsizetype maximumItems = 20;

Release::NotesFormat formatOf(const QUrl &url)
{
    const QString name = url.fileName().toLower();
    if (name.endsWith(QLatin1String(".md")) || name.endsWith(QLatin1String(".markdown")))
        return Release::NotesFormat::Markdown;
    return name.endsWith(QLatin1String(".txt")) ? Release::NotesFormat::PlainText
                                                : Release::NotesFormat::Html;
}

QString displayVersion(const AppcastItem &item)
{
    return item.shortVersion.isEmpty() ? item.version : item.shortVersion;
}

} // namespace

NotesFetch::NotesFetch(QNetworkAccessManager *manager, const UrlPolicy &policy,
                       std::vector<Trust::PublicKey> keys, const QList<AppcastItem> &items,
                       QObject *parent)
    : QObject(parent)
    , m_manager(manager)
    , m_policy(policy)
    , m_keys(std::move(keys))
    , m_items(items.first(std::min(items.size(), maximumItems)))
{
    takeInline();
}

void NotesFetch::start()
{
    goOn();
}

// Up to the next item whose notes are elsewhere.
void NotesFetch::takeInline()
{
    for (; m_next < m_items.size(); ++m_next) {
        const AppcastItem &item = m_items.at(m_next);
        if (!item.notes.isEmpty())
            m_notes.append({displayVersion(item), item.notes, item.notesFormat});
        else if (item.notesUrl.isValid())
            return;
    }
}

void NotesFetch::fetchNext()
{
    m_fetch = std::make_unique<Fetch>(m_manager, m_policy, maximumNotes, ErrorCode::SIZE);
    connect(m_fetch.get(), &Fetch::failed, this, &NotesFetch::skip);
    connect(m_fetch.get(), &Fetch::finished, this, &NotesFetch::take);
    m_fetch->start(m_items.at(m_next).notesUrl);
}

void NotesFetch::take()
{
    const AppcastItem &item = m_items.at(m_next);
    const Release::NotesFormat format = formatOf(m_fetch->finalUrl());
    const QByteArray &bytes = m_fetch->content();
    if (const auto verified = verifyNotes(bytes, item, m_keys); !verified)
        return skip(verified.error());
    const QByteArray notes = withoutSignWarning(bytes, format);
    m_notes.append({displayVersion(item), QString::fromUtf8(notes), format});
    ++m_next;
    goOn();
}

// Older notes may be missing; the release's own may not.
void NotesFetch::skip(const Error &error)
{
    if (m_next == 0)
        return Q_EMIT failed(error);
    ++m_next;
    goOn();
}

void NotesFetch::goOn()
{
    takeInline();
    if (isComplete())
        Q_EMIT finished();
    else // later: the present transfer may be the caller
        QMetaObject::invokeMethod(this, &NotesFetch::fetchNext, Qt::QueuedConnection);
}

} // namespace Freshen
