// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/supervise/source/builddownload.h"
#include "lib/supervise/source/recordedsource.h"

namespace Freshen {

// The file at one address, with URL.minisig beside it. The server is asked whether it has changed;
// where it cannot tell, all of it is fetched and its bytes decide.
class HttpSource : public RecordedSource
{
    Q_OBJECT

public:
    struct Place {
        QUrl url;
        UrlPolicy policy;
        QList<int> absent = BuildRequest().absent;
        QString prefix = {}; // of its name in messages
    };
    HttpSource(const Place &place, const SourceOptions &options);

private:
    void start() override;
    void stop() override;
    void judge(const HttpGet *question);
    void download(qint64 length);
    void settleDownload();

    Place m_place;
    std::unique_ptr<HttpGet> m_question;
    std::unique_ptr<BuildDownload> m_download;
    Validators m_validators; // as the answer to the question has them
};

} // namespace Freshen
