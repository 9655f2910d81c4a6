// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/appcast.h"
#include "lib/session/combinednotes.h"
#include "lib/transfer/fetch.h"
#include "updater-helper/trust/publickey.h"

namespace Freshen {

// The notes of a release and of the versions that it skips, combined; those that are not in the
// feed are fetched, and those that are signed verified. Deleting it ends it.
class NotesFetch : public QObject
{
    Q_OBJECT

public:
    // `items`: the release first, then what lies between it and the installed version.
    NotesFetch(QNetworkAccessManager *manager, const UrlPolicy &policy,
               std::vector<Trust::PublicKey> keys, const QList<AppcastItem> &items,
               QObject *parent = nullptr);

    // Whether nothing has to be fetched: then combined() can be read at once.
    bool isComplete() const { return m_next == m_items.size(); }
    VersionNotes combined() const { return combinedNotes(m_notes); }
    void start();

Q_SIGNALS:
    void finished();
    // The release's own notes cannot be had.
    void failed(const Freshen::Error &error);

private:
    void takeInline();
    void fetchNext();
    void take();
    void skip(const Error &error);
    void goOn();

    QNetworkAccessManager *m_manager;
    UrlPolicy m_policy;
    std::vector<Trust::PublicKey> m_keys;
    QList<AppcastItem> m_items;
    qsizetype m_next = 0;
    QList<VersionNotes> m_notes;
    std::unique_ptr<Fetch> m_fetch;
};

} // namespace Freshen
