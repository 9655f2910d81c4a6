// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Version 1.0 of an app, installed and used, and version 2.0 staged beside it, both signed.

#pragma once

#include "lib/signing/secretkey.h"
#include "updater-helper/install/engine.h"

#include <QString>
#include <QTemporaryDir>

#include <map>

namespace Freshen {

// What a tree ships, by path. What begins with "-> " is a link; folders are made.
using ShippedFiles = std::map<std::string, std::string>;

class EngineFixture
{
public:
    static constexpr const char *product = "org.example.sample";

    EngineFixture();
    ~EngineFixture();

    std::filesystem::path path(const std::string &name) const;
    const Install::Layout &layout() const { return m_layout; }
    std::vector<Trust::PublicKey> keys() const { return {m_key.publicKey()}; }

    // The change to 2.0, or from it back to 1.0.
    Install::Order order(Install::ChangeKind kind = Install::ChangeKind::Update) const;
    // Takes the update as far as it can be taken: 2.0 stands at the app's path, 1.0 is previous.
    void update();

    // Writes a complete signed tree, over what is there: a program that notes its start in the
    // file "starts", a library with a link to it, a folder with a data file, and `files`.
    void makeTree(const std::filesystem::path &tree, const std::string &version,
                  const ShippedFiles &files = {}, const std::string &ofProduct = product) const;
    void signTree(const std::filesystem::path &tree, const Trust::Manifest &manifest) const
    {
        signTree(tree, manifest, m_key);
    }
    void signTree(const std::filesystem::path &tree, const Trust::Manifest &manifest,
                  const SecretKey &signer) const;

    // The version of a complete tree, whatever the user put into it; else what is wrong with it.
    QString versionOf(const std::filesystem::path &tree) const;
    QString appVersion() const { return versionOf(m_layout.app()); }
    // The user's three files, in the app; it has them from the beginning.
    void addUserFiles() const;
    // Where the user's three files are not what they were, relative to `tree`.
    QStringList lostUserFiles(const std::filesystem::path &tree) const;
    // What stands in the folder beside the app, sorted, without the lock and what was accepted.
    QStringList beside() const;
    // The lines that started programs wrote: "1.0 argument …".
    QStringList starts() const;

private:
    QTemporaryDir m_folder;
    SecretKey m_key;
    Install::Layout m_layout;
};

void writeText(const std::filesystem::path &file, std::string_view content, int mode = 0644);
// Empty when there is no such file.
QByteArray readText(const std::filesystem::path &file);

} // namespace Freshen
