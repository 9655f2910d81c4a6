// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/core_export.h>
#include <Freshen/updateerror.h>

#include <QCryptographicHash>
#include <QStringList>

#include <functional>
#include <memory>

class QIODevice;

namespace Freshen {

class ReplacementPrivate;

/*!
 * Replaces one file in place, such as the program that runs: from a stream, verified, and with no
 * moment in which there is no file at its path.
 *
 * Set what is known of the new file, prepare() it, then commit(). Whatever fails or dies in
 * between, the old file or the new one stands at the path, complete. The new one gets owner, mode,
 * access control list, capabilities and the user's attributes of the old one.
 *
 * All functions that touch the disk block; an object may be used in any thread, by one at a time.
 * Programs need the right to write to the file's folder, not to the file. What is needed meanwhile
 * lies in the folder ".NAME.freshen" beside the file; while one object has prepared a file, others
 * get BUSY.
 *
 * \code
 * Freshen::Replacement replacement; // of the program that runs
 * replacement.setSignature(signature, {publicKey});
 * if (!replacement.prepare(&file) || !replacement.commit())
 *     qWarning() << replacement.error().message();
 * \endcode
 * \since 0.1
 */
class FRESHEN_CORE_EXPORT Replacement
{
public:
    //! How what prepare() gets becomes the new file.
    enum class Patch {
        None, //!< It is the new file.
        Bsdiff, //!< It is a patch for the old file, as the bsdiff command writes it (BSDIFF40).
    };

    //! Told the bytes of the new file that are there; false ends prepare() with CANCELLED. Called
    //! in the thread that prepares.
    using Progress = std::function<bool(qint64 done)>;

    //! Replaces \a target, where links are followed; the program that runs when it is empty. A file
    //! that is missing is made, with mode 0755.
    explicit Replacement(const QString &target = {});
    //! Discards what was prepared and not committed.
    ~Replacement();
    Q_DISABLE_COPY_MOVE(Replacement)

    //! Where the program that runs was started from: the same during its whole life, also when the
    //! file was replaced, renamed or deleted since.
    static QString ownExecutable();

    //! The file that is replaced: absolute, links resolved.
    QString target() const;

    //! Permission and set-id bits of the new file, such as 0755; by default those of the old one.
    void setMode(uint mode);
    //! The new file has to have this hash (hexadecimal): SHA-256, SHA-384 or SHA-512. Of several
    //! algorithms all have to fit.
    void setChecksum(const QByteArray &hex,
                     QCryptographicHash::Algorithm algorithm = QCryptographicHash::Sha256);
    //! The text of a minisign signature over the new file, by one of the keys; those are 32 bytes
    //! in base64 or minisign's. With a patch it is over the file that the patch makes.
    void setSignature(const QByteArray &minisign, const QStringList &publicKeys);
    void setPatch(Patch patch);
    //! SHA-256 (hexadecimal) of the patch itself; checked before anything of it is read.
    void setPatchChecksum(const QByteArray &hex);
    //! As setSignature(), over the patch itself; checked before anything of it is read.
    void setPatchSignature(const QByteArray &minisign, const QStringList &publicKeys);
    //! Keeps the old file there, in place of one that was kept before; may be on another volume. By
    //! default, it is removed.
    void setKeepOldAt(const QString &path);
    //! Longer files, and patches that would make them, are refused; 4 GiB by default.
    void setMaximumSize(qint64 bytes);
    void setProgress(const Progress &progress);

    //! Whether commit() could work here for this user, tried out without touching the file. Else
    //! error() is NEEDS_RIGHTS or says what is in the way.
    bool checkCanReplace();

    //! Reads all of the device, verifies it, and stages it beside the file. False: error() tells
    //! why, and nothing is left. The device is open; of a sequential one all is waited for. A
    //! QNetworkReply has to be finished. Without checksum and signature, an empty file is refused.
    bool prepare(QIODevice *content);
    //! Removes what was prepared.
    void discard();
    //! Whether prepare() found the file to have this very content already. commit() works all the
    //! same, but would keep the same version as the old one.
    bool isUnchanged() const;
    //! Where the prepared file lies until commit(), ready to be run for a test.
    QString stagedFile() const;
    //! SHA-256 of the new file, in hexadecimal, once it is prepared.
    QByteArray sha256() const;

    //! Puts the prepared file into the place of the old one, in one step, and keeps or removes the
    //! old one. False: error() tells why. Where the old file could not be kept it is put back; if
    //! even that fails, rollbackError() tells why, and the new file stands at the path.
    bool commit();
    //! Puts the file at setKeepOldAt() back, also that of an earlier program. NO_PREVIOUS when
    //! there is none.
    bool rollback();

    //! Why the last call failed.
    UpdateError error() const;
    //! Why, after that, the way back failed, too: a person has to look at the files. Else no error.
    UpdateError rollbackError() const;

private:
    std::unique_ptr<ReplacementPrivate> d;
};

} // namespace Freshen
