// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/fakedriver.h"

#include <array>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array phaseNames = {"Checking", "Downloading", "Preparing", "Installing"};

} // namespace

void FakeDriver::askPermission(std::function<void(Permission)> reply)
{
    heard += u"permission"_s;
    permit = std::move(reply);
}

void FakeDriver::showUpdateFound(const Release &found, bool userInitiated,
                                 std::function<void(Choice)> reply)
{
    heard += u"found "_s + found.version();
    release = found;
    wasUserInitiated = userInitiated;
    choose = std::move(reply);
}

void FakeDriver::showReleaseNotes(const QString &text, Release::NotesFormat)
{
    heard += u"notes"_s;
    notes = text;
}

void FakeDriver::showReleaseNotesFailed(const UpdateError &problem)
{
    heard += u"no notes "_s + problem.code();
    error = problem;
}

void FakeDriver::showProgress(Phase phase, qint64 done, qint64 total)
{
    const QString said = u"progress "_s + QLatin1String(phaseNames[std::size_t(phase)]);
    if (heard.isEmpty() || heard.last() != said)
        heard += said;
    if (onProgress)
        onProgress(phase, done, total);
}

void FakeDriver::showInterrupted(const UpdateError &cause, int secondsToNextTry)
{
    heard += u"interrupted "_s + cause.code();
    waits += secondsToNextTry;
}

void FakeDriver::askProxyLogin(const QString &asking, std::function<void(ProxyLogin)> reply)
{
    heard += u"login"_s;
    proxy = asking;
    logIn = std::move(reply);
}

void FakeDriver::showReadyToInstall(const Release &ready, std::function<void(InstallTime)> reply)
{
    heard += u"ready "_s + ready.version();
    install = std::move(reply);
}

void FakeDriver::showNoUpdate(const QString &text)
{
    heard += u"none"_s;
    sentence = text;
}

void FakeDriver::showError(const UpdateError &problem)
{
    heard += u"error "_s + problem.code();
    error = problem;
}

void FakeDriver::showUpdated(const QString &from, const Release &now)
{
    updated = now;
    heard += u"updated %1 %2"_s.arg(from, now.version());
}

} // namespace Freshen
