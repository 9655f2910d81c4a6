// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/support/workshop.h"

namespace Freshen {

// A workshop whose app is a single file: app() is the file, control() holds its description.
class SingleFileShop : public Workshop
{
public:
    // The sample app as a build of its own, and as an AppImage is marked; see sampleapp.cpp for the
    // behaviours.
    static QByteArray build(const QString &version, const QString &behaviour = {});
    void releaseFile(const QString &version, const QString &behaviour = {})
    {
        releaseFile(*this, version, build(version, behaviour));
    }
    void installFile(const QString &version) { installFile(*this, version); }
    // 1.0 installed, another one published.
    void installAndRelease(const QString &version, const QString &behaviour = {});

    // Any file, in any workshop: packs it as "sample-VERSION", and generates the feed.
    static void releaseFile(Workshop &shop, const QString &version, const QByteArray &content);
    // Puts the published file at the app's path, and what describes it beside it.
    static void installFile(Workshop &shop, const QString &version);

    // What the program at a path says to --version.
    QString versionOf(const QString &program);
    QString installedVersion() { return versionOf(app()); }
    // The app as a running process.
    std::unique_ptr<QProcess> startFile() { return start(app(), {}); }
};

} // namespace Freshen
