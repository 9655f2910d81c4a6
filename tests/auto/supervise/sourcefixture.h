// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/supervise/source/updatesource.h"

#include <QNetworkAccessManager>
#include <QTemporaryDir>

namespace Freshen {

// What came of a look.
struct Looked {
    QByteArray end; // "nothing", "found" or the error's code
    QString message;
    std::optional<std::chrono::seconds> retryAfter;
    FetchedBuild build;
    QByteArray content; // of its file, which is removed again

    bool isFound() const { return end == "found"; }
};

// Looks, and waits for the end.
Looked lookAt(UpdateSource &source);

// A supervisor's folder and options, and the source it was told to use.
class SourceFixture
{
public:
    SourceFixture();

    // As in a new process, with the same folder.
    void make(const QString &text);
    Looked look() { return lookAt(*source); }
    // What a supervisor does with a good build.
    Looked lookAndRemember();
    QStringList files() const; // in the folder

    QTemporaryDir temporary;
    QNetworkAccessManager manager;
    SourceOptions options;
    std::unique_ptr<UpdateSource> source;
};

} // namespace Freshen
