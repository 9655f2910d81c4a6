// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/support/supervision.h"

#include <Freshen/FaultServer>
#include <Freshen/supervisor.h>

namespace Freshen {

// Agents of one kind, laid out for one source, and a supervisor who looks there.
class BuildShelf
{
public:
    enum class Fault { None, Tampered, Unsigned };

    // "appcast", "http", "file", "folder", "github", "s3" or "function"; "elf", "appimage" or
    // "directory".
    BuildShelf(const QString &source, const QString &kind);
    ~BuildShelf();

    // With version 1.0 installed.
    bool start(const QStringList &more = {});
    // In place of what lay there before.
    void put(const QString &version, Fault fault = Fault::None);

    Supervisor *supervisor() { return m_supervisor.get(); } // of "function"
    bool isDirectory() const { return m_kind == QStringLiteral("directory"); }
    // Where "http" and "s3" have the newest build.
    QString path() const;
    // The program, installed; what it has to be.
    QString program() const;
    QByteArray content(const QString &version) const;
    // Files that neither the program nor the supervisor will need again.
    QStringList leftovers() const;

    Supervision supervision;
    FaultServer server; // of "http", "github" (its API) and "s3"
    FaultServer storage{QHostAddress(QStringLiteral("127.0.0.2"))}; // that the API sends to
    SupervisorOptions::Veto veto; // of "function"

private:
    struct Build {
        QString name;
        QByteArray bytes;
        QByteArray signature; // empty: none
    };
    bool isPackage() const { return isDirectory() || m_source == QStringLiteral("appcast"); }
    QString sourceText() const;
    QString nameOf(const QString &version) const;
    void install();
    bool startHere();
    void makePackage(const QString &version);
    // Packs it once more, with something done to what it holds.
    void repack(const QString &version, Fault fault);
    Build make(const QString &version, Fault fault);
    void putFeed(const QString &version, Fault fault);
    void putFile(const QString &path, const Build &build);
    static void serve(FaultServer &where, const QString &path, const QByteArray &content);
    void serveRelease(const QString &version, const Build &build);
    std::optional<SupervisorOptions::Build> takeBuild();

    QString m_source;
    QString m_kind;
    QByteArray m_feed; // as it was signed
    QStringList m_options;
    std::unique_ptr<Supervisor> m_supervisor; // of "function": in this process
};

} // namespace Freshen
