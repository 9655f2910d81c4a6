// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/commandline/progressline.h"
#include "lib/session/downloadfolder.h"
#include "lib/transfer/networkmanager.h"
#include "lib/transfer/urlpolicy.h"
#include "platform/signals.h"

#include <QEventLoop>
#include <QSocketNotifier>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

namespace Freshen {

// Where a new file, its patch and its signature come from: this computer or the network. A person
// can interrupt it.
class ReplacementSource
{
public:
    static bool isUrl(const QString &fileOrUrl);

    ReplacementSource(bool allowsHttp, bool isQuiet);
    // Removes what was fetched, unless a later run can go on with it.
    ~ReplacementSource();

    // Begins to listen to Ctrl+C.
    Result<void> watch();
    // A small file, such as a signature.
    Result<QByteArray> text(const QString &fileOrUrl);
    // The name of a file on this computer with the bytes.
    Result<QString> file(const QString &fileOrUrl, qint64 maximumSize);
    // Runs `work` in another thread; it asks the function that it gets whether to go on.
    Result<void> run(const QString &step, qint64 total,
                     const std::function<Result<void>(const std::function<bool(qint64)> &)> &work);
    qint64 bytesFetched() const { return m_bytesFetched; }

private:
    UrlPolicy policy() const;
    Result<QByteArray> fetch(const QUrl &url);
    Result<QString> download(const QUrl &url, qint64 maximumSize);
    // Until the loop ends by itself or by Ctrl+C.
    Result<void> wait();
    void end(const Error &error);

    bool m_allowsHttp;
    NetworkManager m_manager;
    ProgressLine m_progress;
    QEventLoop m_loop;
    std::optional<Platform::SignalListener> m_signals;
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::atomic<bool> m_isInterrupted = false;
    std::optional<Error> m_error;
    std::optional<DownloadFolder> m_folder;
    bool m_canGoOn = false;
    qint64 m_bytesFetched = 0;
};

} // namespace Freshen
