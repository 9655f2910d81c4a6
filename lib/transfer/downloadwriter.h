// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/partrecord.h"
#include "updater-helper/trust/digest.h"

#include <QObject>

#include <atomic>
#include <optional>

namespace Freshen {

// The half of a download that touches the disk. Lives in a thread of its own; every function is
// called there, except discard() and stop(). What is unfinished stands beside the file, in
// NAME.part and NAME.record, until it is finished, discarded or useless.
class DownloadWriter : public QObject
{
    Q_OBJECT

public:
    DownloadWriter(const QString &file, const PartIdentity &identity);
    ~DownloadWriter() override;

    // Takes up what an earlier download left.
    void open();
    // Forgets all bytes.
    void restart(const Pieces &pieces);
    void setValidators(const Validators &validators);
    // The next bytes of a piece.
    void write(int piece, const QByteArray &bytes);
    // All bytes are there, `length` of them: compares them with the hash and gives the file its
    // name. Wrong bytes are forgotten.
    void finish(qint64 length);
    // From any thread: nothing of it is of any use.
    void discard() { m_isUseful = false; }
    // From any thread: ends what takes long, and after a moment all the rest.
    void stop();

Q_SIGNALS:
    void opened(const Freshen::Pieces &pieces, const Freshen::Validators &validators);
    void written(qint64 bytes);
    void finished();
    void mismatched(const Freshen::Error &error);
    void failed(const Freshen::Error &error);

private:
    std::filesystem::path beside(const char *ending) const;
    Result<void> openFiles();
    bool isWholeThere() const;
    Result<void> noteWhole();
    Result<void> forgetUnlessThere();
    Result<void> begin();
    Result<void> take(int piece, const QByteArray &bytes);
    Result<void> hash(qint64 offset, const QByteArray &bytes);
    Result<void> hashMore(qint64 limit);
    Result<void> sync();
    Result<void> complete(qint64 length);
    void fail(const Error &error);

    QString m_file;
    PartIdentity m_identity;
    Platform::RandomFile m_data;
    PartRecord m_record;
    std::optional<Trust::Digest> m_digest;
    std::vector<std::uint8_t> m_buffer; // what is read back
    qint64 m_hashed = 0; // so many bytes from the file's begin
    qint64 m_unsynced = 0;
    std::atomic<bool> m_isUseful = true;
    std::atomic<bool> m_stopped = false;
    std::atomic<qint64> m_lastWrite = 0; // as QDeadlineTimer has it; what comes later is dropped
};

} // namespace Freshen
