// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/support/fakedriver.h"
#include "tests/support/workshop.h"

#include "updater-helper/install/layout.h"

#include <Freshen/updater.h>

#include <QElapsedTimer>
#include <QHash>
#include <QNetworkAccessManager>
#include <QNetworkRequest>
#include <QSettings>

#include <functional>

namespace Freshen {

// Counts requests by file name, and can send some of them elsewhere.
class WatchedNetwork : public QNetworkAccessManager
{
public:
    QHash<QString, int> requests;
    QHash<QString, QNetworkRequest> lastRequests;
    QHash<QString, QUrl> diversions;

protected:
    QNetworkReply *createRequest(Operation operation, const QNetworkRequest &request,
                                 QIODevice *data) override;
};

// An installed app with its updater, and a person who uses it. All of one program share a
// publisher's workshop, where 1.0 and a 2.0 of some size are published.
class UpdaterFixture
{
public:
    static Workshop &shop();

    explicit UpdaterFixture(const QString &installed = QStringLiteral("1.0"));
    ~UpdaterFixture();

    // Each may be called once per start of the app.
    bool start();
    // The app quits and starts again.
    void restart();

    Updater &updater() { return *m_updater; }
    // Given to each updater before it starts.
    std::function<void(Updater &)> prepare;
    FakeDriver driver;
    QSettings settings;
    WatchedNetwork network;
    Install::Layout layout;

    Updater::State state() const { return m_updater->state(); }
    // Until then answers what the person is asked: installs, as soon as the app quits.
    bool answersUntil(const std::function<bool()> &isSo);
    bool reaches(Updater::State wanted)
    {
        return answersUntil([&] { return state() == wanted; });
    }
    bool isIdle() { return reaches(Updater::State::Idle); }
    // What stands beside the app and in the cache, once nobody is at work there any more.
    QStringList beside() const;
    // Ends the updater as the end of the app does.
    void destroyUpdater() { m_updater.reset(); }

private:
    void create();
    void answerQuestions();

    std::unique_ptr<Updater> m_updater;
};

} // namespace Freshen
