// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/replacement.h>

#include "lib/replace/announcedcontent.h"
#include "lib/replace/fileswap.h"
#include "platform/fileattributes.h"

#include <optional>

namespace Freshen {

class ReplacementPrivate
{
public:
    explicit ReplacementPrivate(const QString &target);

    void setKeepAt(const QString &path);
    // Keeps the error, if it is one; returns whether it is none.
    bool note(const Result<void> &result);
    void discard();
    Result<void> check() const;
    Result<void> prepare(QIODevice *content);
    SwapResult commit();
    Result<void> takeBack();

    Install::Layout layout;
    std::filesystem::path keepAt;
    std::optional<std::uint32_t> mode;
    AnnouncedContent announced;
    AnnouncedContent announcedPatch;
    Replacement::Patch patch = Replacement::Patch::None;
    qint64 maximumSize = qint64(4) << 30;
    Replacement::Progress progress;

    std::unique_ptr<FileSwap> swap; // while something is prepared
    std::string sha256;
    bool isUnchanged = false;
    UpdateError error;
    UpdateError rollbackError;

private:
    Result<void> checkPaths() const;
    Result<void> giveAttributes(const std::filesystem::path &file) const;
    Result<void> stage(FileSwap &staging, QIODevice *content);
    Result<void> fetchPatch(FileSwap &staging, QIODevice *content) const;
    Result<void> fill(ContentFile &file, QIODevice *content) const;
    Result<void> fillFromPatch(ContentFile &file, const FileSwap &staging) const;
    Result<void> add(ContentFile &file, Platform::Bytes bytes) const;
    Result<void> checkRoom(qint64 size) const;
    Result<void> compareWithOld();
};

} // namespace Freshen
