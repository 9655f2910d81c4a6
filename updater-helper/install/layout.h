// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/lock.h"

#include <filesystem>

namespace Freshen::Install {

// Where the engine keeps what it needs for the app at PARENT/NAME: all in PARENT/.NAME.freshen, on
// the same file system, so that every move is one rename. An app is a folder or, as an AppImage is,
// a single file.
class Layout
{
public:
    explicit Layout(const std::filesystem::path &app);
    // With another folder: where somebody works who may not write beside the app.
    Layout(const std::filesystem::path &app, const std::filesystem::path &folder);

    const std::filesystem::path &app() const { return m_app; }
    const std::filesystem::path &folder() const { return m_folder; }

    bool isSingleFile() const { return m_isSingleFile; }
    // Where an entry of the installed version lies. A single file's description, manifest and
    // signature lie in PARENT/.NAME.freshen; it is itself whatever else the release lists.
    std::filesystem::path place(std::string_view path) const;
    // Whether it is freshen.json, the manifest or its signature.
    static bool describes(std::string_view path);
    // Where these of the installed version lie.
    std::filesystem::path descriptionFolder() const;

    std::filesystem::path lock() const { return m_folder / "lock"; }
    std::filesystem::path journal() const { return m_folder / "journal"; }
    std::filesystem::path order() const { return m_folder / "order"; }
    // The helper's private copy: it must not run from the tree that it replaces.
    std::filesystem::path helper() const { return m_folder / "helper"; }
    // A tree that is being made or removed; worth nothing until it was renamed to staged().
    std::filesystem::path staging() const { return m_folder / "staging"; }
    // A complete new version, or, after the exchange, the old one.
    std::filesystem::path staged() const { return m_folder / "staged"; }
    // The version before the installed one, and those before it: 1, 2, 3 …
    std::filesystem::path previous(int steps = 1) const;
    // What an exchange piece by piece works with.
    std::filesystem::path pieces() const { return m_folder / "pieces"; }
    // Files of the user that could not stay where they were.
    std::filesystem::path kept() const { return m_folder / "kept"; }
    std::filesystem::path lastResult() const { return m_folder / "result"; }
    std::filesystem::path refused() const { return m_folder / "refused"; }
    std::filesystem::path accepted() const { return m_folder / "accepted"; }
    // Which files of the user were found while the app still ran.
    std::filesystem::path userFiles() const { return m_folder / "user-files"; }

    // Where an exchange is tried out.
    std::filesystem::path probe() const { return m_folder / "probe"; }

    // Makes the folder and takes the lock (BUSY).
    Result<Platform::Descriptor> takeLock() const;
    // NO_EXCHANGE where the app could not be exchanged in one step.
    Result<void> checkExchange() const;

private:
    std::filesystem::path ownFolder() const;

    std::filesystem::path m_app;
    std::filesystem::path m_folder;
    bool m_isSingleFile = false;
};

} // namespace Freshen::Install
