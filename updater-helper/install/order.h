// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/install/layout.h"
#include "updater-helper/trust/publickey.h"

namespace Freshen::Install {

// Repair: the installed version once more, for files of it that were damaged.
enum class ChangeKind { Update, Rollback, Repair };

// How a started version shows that it works.
struct ReadyCheck {
    enum class Kind { Signal, Alive, None };
    Kind kind = Kind::Signal;
    int seconds = 60; // Signal: at most until then; Alive: still running after that long

    std::string toText() const;
    static ReadyCheck fromText(std::string_view text);
};

// Where the rights come from that the caller lacks.
enum class Rights { OwnOnly, Service, Prompt };

// What the helper is to do, written by the library for one change.
struct Order {
    std::filesystem::path app;
    std::filesystem::path folder; // of the caller, where the new tree lies; empty: beside the app
    Rights rights = Rights::OwnOnly;
    std::string registration; // the install's id, where the rights are not the caller's own
    ChangeKind kind = ChangeKind::Update;
    std::string product;
    std::string fromVersion;
    std::string toVersion;
    std::vector<Trust::PublicKey> keys; // of the installed app
    ReadyCheck ready;
    // A program to stand at the executable's path while the app is changed piece by piece; without
    // one it can only be exchanged as a whole. It knows what to do from where it stands.
    std::filesystem::path guard;
    bool mayGoBack = true; // false: the new version stays even when it is not ready
    int keeps = 1; // so many previous versions
    std::string cause; // why the app goes back, told to the person, where no person wanted that
    int waitSeconds = -1; // for the app's processes to end; -1: as long as it takes

    bool launches = false;
    bool keepsOutput = false; // the started app writes where its starter wrote
    std::vector<std::string> arguments;
    std::filesystem::path workingDirectory;
    std::vector<std::string> environment;

    Result<void> write(const std::filesystem::path &path) const;
    static Result<Order> read(const std::filesystem::path &path);

    // Where the caller works.
    Layout workplace() const;
    // The tree that is to take the app's place.
    std::filesystem::path tree() const;
};

} // namespace Freshen::Install
