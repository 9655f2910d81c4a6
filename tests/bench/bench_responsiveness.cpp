// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// While a 200 MB app is updated through the dialog: the longest gap between two turns of the event
// loop, in every state, and how long a cancel takes there until the conversation is over and until
// nobody works on the install any more.
//
// Goals: no gap of 100 ms, no cancel of 200 ms. Exit status 1 when one is missed.

#include "tests/support/workshop.h"

#include "lib/common/convert.h"
#include "updater-helper/install/layout.h"

#include <Freshen/UpdateDialogs>
#include <Freshen/Updater>

#include <QApplication>
#include <QElapsedTimer>
#include <QMap>
#include <QMetaEnum>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSettings>
#include <QTest>
#include <QTimer>

#include <cstdio>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

using State = Updater::State;

constexpr qint64 appSize = 200 << 20;
constexpr qint64 gapGoal = 100; // ms
constexpr qint64 cancelGoal = 200; // ms
constexpr int patience = 120'000; // ms

QByteArray nameOf(State state)
{
    return QMetaEnum::fromType<State>().valueToKey(static_cast<int>(state));
}

// Notes how long the event loop was away, by the state in which it was.
class Heartbeat : public QObject
{
public:
    explicit Heartbeat(Updater *updater)
    {
        connect(&m_timer, &QTimer::timeout, this, [this, updater] {
            qint64 &longest = m_longest[updater->state()];
            longest = std::max(longest, m_sinceBeat.restart());
        });
        m_sinceBeat.start();
        m_timer.start(0);
    }
    const QMap<State, qint64> &longest() const { return m_longest; }

private:
    QTimer m_timer;
    QElapsedTimer m_sinceBeat;
    QMap<State, qint64> m_longest;
};

// Presses the button with that name as soon as it can be seen.
bool press(const QString &name)
{
    for (QWidget *window : QApplication::topLevelWidgets()) {
        auto *button = window->findChild<QPushButton *>(name);
        if (button && button->isVisible() && button->isEnabled()) {
            QTest::mouseClick(button, Qt::LeftButton);
            return true;
        }
    }
    return false;
}

// The app, its updater and the dialogs, as an application has them.
class Conversation
{
public:
    explicit Conversation(Workshop &shop)
        : m_settings(shop.path(u"settings.ini"_s), QSettings::IniFormat)
        , m_layout(toPath(shop.app()))
        , m_dialogs(&updater)
        , heartbeat(&updater)
    {
        m_settings.setValue(u"Freshen/AutomaticallyChecks"_s, false);
        updater.setApplicationDirectory(shop.app());
        updater.setSettings(&m_settings);
        updater.start();
    }

    // Goes on, pressing what a person would press, until the state is reached.
    bool goTo(State state)
    {
        updater.checkForUpdates();
        return QTest::qWaitFor([&] {
            if (updater.state() == state)
                return true;
            if (updater.state() == State::UpdateFound)
                press(u"installButton"_s);
            else if (updater.state() == State::ReadyToInstall)
                press(u"onQuitButton"_s);
            return updater.state() == state;
        }, patience);
    }

    // Until the conversation is over, and until the lock of the install is free.
    std::pair<qint64, qint64> cancel()
    {
        QElapsedTimer clock;
        clock.start();
        updater.cancel();
        const bool isOver = QTest::qWaitFor([&] { return updater.state() == State::Idle; },
                                            patience);
        const qint64 over = isOver ? clock.elapsed() : patience;
        const bool isFree = QTest::qWaitFor([&] { return m_layout.takeLock().has_value(); },
                                            patience);
        return {over, isFree ? clock.elapsed() : patience};
    }

private:
    QSettings m_settings;
    Install::Layout m_layout;

public:
    Updater updater;

private:
    UpdateDialogs m_dialogs;

public:
    Heartbeat heartbeat;
};

void publish(Workshop &shop)
{
    QByteArray noise(appSize, '\0');
    QRandomGenerator random(1);
    random.generate(reinterpret_cast<quint32 *>(noise.begin()),
                    reinterpret_cast<quint32 *>(noise.end()));
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s, {}, {{u"big"_s, noise}});
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    Workshop shop;
    for (auto variable = shop.environment.cbegin(); variable != shop.environment.cend(); ++variable)
        qputenv(variable.key().toLatin1(), variable.value().toUtf8());
    publish(shop);

    bool isGood = true;
    QMap<State, qint64> gaps;
    for (const State state : {State::Checking, State::UpdateFound, State::Downloading,
                              State::Preparing, State::ReadyToInstall, State::Installing}) {
        Conversation conversation(shop);
        if (!conversation.goTo(state)) {
            std::printf("%-15s never reached\n", nameOf(state).constData());
            return 1;
        }
        const auto [over, free] = conversation.cancel();
        std::printf("%-15s cancelled after %lld ms, all quiet after %lld ms\n",
                    nameOf(state).constData(), over, free);
        isGood = isGood && over < cancelGoal;
        const auto &longest = conversation.heartbeat.longest();
        for (auto gap = longest.cbegin(); gap != longest.cend(); ++gap)
            gaps[gap.key()] = std::max(gaps.value(gap.key()), gap.value());
    }
    for (auto gap = gaps.cbegin(); gap != gaps.cend(); ++gap) {
        std::printf("%-15s longest gap of the event loop %lld ms\n", nameOf(gap.key()).constData(),
                    gap.value());
        isGood = isGood && gap.value() < gapGoal;
    }
    return isGood ? 0 : 1;
}
