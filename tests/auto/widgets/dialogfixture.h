// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/support/virtualclock.h"

#include <Freshen/UpdateDialogs>
#include <Freshen/Updater>

#include <QAbstractButton>
#include <QDialog>
#include <QSettings>
#include <QTemporaryDir>

#include <functional>

namespace Freshen {

// Remembers every answer.
template<typename T>
struct Answers {
    QList<T> given;
    std::function<void(T)> reply()
    {
        return [this](T answer) { given += answer; };
    }
};

// What the administrator decided, as long as it exists.
class AdministratorsPolicy
{
public:
    explicit AdministratorsPolicy(const QByteArray &content);
    ~AdministratorsPolicy();

private:
    QTemporaryDir m_folder;
};

// An app of version 1.0.0 in a folder of its own, its updater and the dialogs. It has always just
// started, unless its clock goes on.
class DialogFixture
{
public:
    // At the second start, the updater asks for permission, and that only after a while.
    enum class Starts { First, Second };

    explicit DialogFixture(QWidget *window = nullptr, const QString &feed = defaultFeed(),
                           Starts starts = Starts::First);
    ~DialogFixture();

    Updater &updater() { return *m_updater; }
    UserDriver &driver() { return *m_dialogs; }
    UpdateDialogs &dialogs() { return *m_dialogs; }
    VirtualClock &clock() { return m_clock; }
    QSettings &settings() { return *m_settings; }
    QString appDirectory() const { return m_folder.filePath(QStringLiteral("notes")); }
    // The window of the conversation; null when none was shown yet.
    QDialog *window() const;
    bool isVisible() const;
    // A widget on the present page; null when it has no such widget.
    QAbstractButton *button(const char *name) const;
    template<typename T>
    T *find(const char *name) const
    {
        // The newest: a page that was left goes with the next event only.
        const QList<T *> found = window() ? window()->findChildren<T *>(QLatin1String(name))
                                          : QList<T *>();
        return found.isEmpty() ? nullptr : found.last();
    }
    // What a person does: "Esc", "frame" (the close button of the window's frame), or the name of a
    // button that is pressed. False when there is no such button.
    bool act(const QByteArray &action) const;
    // All that the labels and sentences of the present page say.
    QString text() const;
    void destroyDialogs() { m_dialogs.reset(); }

    static QString defaultFeed();

private:
    VirtualClock m_clock;
    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Updater> m_updater;
    std::unique_ptr<UpdateDialogs> m_dialogs;
};

} // namespace Freshen
