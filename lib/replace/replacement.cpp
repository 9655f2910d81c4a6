// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/replace/replacement_p.h"

#include "lib/common/convert.h"

namespace Freshen {

Replacement::Replacement(const QString &target)
    : d(std::make_unique<ReplacementPrivate>(target))
{
}

Replacement::~Replacement() = default;

QString Replacement::target() const
{
    return toQString(d->layout.app());
}

void Replacement::setMode(uint mode)
{
    d->mode = mode;
}

void Replacement::setChecksum(const QByteArray &hex, QCryptographicHash::Algorithm algorithm)
{
    d->announced.checksums[algorithm] = hex;
}

void Replacement::setSignature(const QByteArray &minisign, const QStringList &publicKeys)
{
    d->announced.signature = minisign;
    d->announced.keys = publicKeys;
}

void Replacement::setPatch(Patch patch)
{
    d->patch = patch;
}

void Replacement::setPatchChecksum(const QByteArray &hex)
{
    d->announcedPatch.checksums[QCryptographicHash::Sha256] = hex;
}

void Replacement::setPatchSignature(const QByteArray &minisign, const QStringList &publicKeys)
{
    d->announcedPatch.signature = minisign;
    d->announcedPatch.keys = publicKeys;
}

void Replacement::setKeepOldAt(const QString &path)
{
    d->setKeepAt(path);
}

void Replacement::setMaximumSize(qint64 bytes)
{
    d->maximumSize = bytes;
}

void Replacement::setProgress(const Progress &progress)
{
    d->progress = progress;
}

bool Replacement::checkCanReplace()
{
    return d->note(d->check());
}

bool Replacement::prepare(QIODevice *content)
{
    return d->note(d->prepare(content));
}

void Replacement::discard()
{
    d->discard();
}

bool Replacement::isUnchanged() const
{
    return d->isUnchanged;
}

QString Replacement::stagedFile() const
{
    return d->swap ? toQString(d->swap->incoming()) : QString();
}

QByteArray Replacement::sha256() const
{
    return QByteArray::fromStdString(d->sha256);
}

bool Replacement::commit()
{
    const auto committed = d->commit();
    if (committed)
        return d->note({});
    d->note(tl::unexpected(committed.error().error));
    if (committed.error().rollback)
        d->rollbackError = toUpdateError(*committed.error().rollback);
    return false;
}

bool Replacement::rollback()
{
    return d->note(d->takeBack());
}

UpdateError Replacement::error() const
{
    return d->error;
}

UpdateError Replacement::rollbackError() const
{
    return d->rollbackError;
}

} // namespace Freshen
