// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A publisher with a chain of roots and a signed feed on a loopback server, and a client of theirs.

#pragma once

#include "lib/session/feedcheck.h"
#include "lib/signing/secretkey.h"

#include <Freshen/FaultServer>

#include <QNetworkAccessManager>
#include <QTemporaryDir>

namespace Freshen {

// One of the publisher's keys, the same in every run.
const SecretKey &keyNumber(int number);

// A role by the numbers of its keys.
struct RoleKeys {
    QList<int> keys;
    int threshold = 1;
    Trust::RootRole role() const;
};

struct RootPlan {
    quint64 version = 1;
    RoleKeys root{{0}};
    RoleKeys feed{{1}};
    RoleKeys release{{2}};
    QList<int> signers{0};
    std::string expires = "2027-11-22T10:00:00Z";
    std::string product = "org.example.notes";
    std::vector<std::string> extraLines = {};
};
// The file, however wrong the plan is.
QByteArray rootText(const RootPlan &plan);
QByteArray withSignatures(const Trust::Root &root, const QList<int> &signers);

struct FeedPlan {
    quint64 counter = 1;
    QList<int> signers{1};
    QByteArray expires = "2026-12-31T00:00:00Z";
    QByteArray issued = "2026-11-22T10:00:00Z";
    quint64 root = 0; // what the publisher requires
    QByteArray product = "org.example.notes";
    QByteArray version = "2.0";
    QByteArray package = "content";
    QByteArray packageUrl = "notes.tar.gz";
};
QByteArray feedText(const FeedPlan &plan);

class Scene
{
public:
    static const QString feedPath;

    Scene();

    // The root in the app's freshen.json; the code of the error, empty when there was none.
    QByteArray embed(const QByteArray &root);
    void serve(const QString &path, const QByteArray &content);
    void serve(const RootPlan &plan);
    void serve(const FeedPlan &plan) { serve(feedPath, feedText(plan)); }
    // Such an answer in place of the file.
    void answer(const QString &path, int status);

    // One check of a client that was started anew: the code of its error, empty without one.
    QByteArray check();
    const CheckOutcome &outcome() const { return m_outcome; }
    const std::string &message() const { return m_message; }
    // The paths that were asked for in the last check.
    QStringList requests() const;

    // What the client keeps.
    QStringList rootFiles() const; // the newest of each chain
    QByteArray keptRoot() const; // the bytes; empty: none but the one in the app
    quint64 keptVersion() const; // of the newest root that the client would begin with
    quint64 keptCounter(const RoleKeys &feed) const;
    // 1.0 of the app is installed, the clock says so.
    CheckRequest request;
    FaultServer &server() { return m_server; }
    QString path(const QString &name) const { return m_home.filePath(name); }

private:
    QTemporaryDir m_home;
    FaultServer m_server;
    QNetworkAccessManager m_manager;
    CheckOutcome m_outcome;
    std::string m_message;
    qsizetype m_requestsBefore = 0;
};

} // namespace Freshen
