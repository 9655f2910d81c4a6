// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/widgets/samplepages.h"

#include "ui/widgets/pages/progresspage.h"

#include <QApplication>
#include <QUrl>

namespace Freshen {

namespace {

using Choice = UserDriver::Choice;
using Phase = UserDriver::Phase;

const char htmlNotes[] = R"(<h1>Notes 2.0</h1>
<p>Your notes now show what they will look like <em>while</em> you write.</p>
<ul>
<li><b>Preview</b>: the rendered note stands beside the text and scrolls along.</li>
<li>Search finds words in titles <em>and</em> text.</li>
<li>Ten times faster with <a href="https://example.org/many">many notes</a>.</li>
</ul>
<h2>Fixed</h2>
<ul><li>Notes whose names contain <code>%</code> can be renamed.</li>
<li>A full disk no longer loses the last sentence.</li></ul>
<table><tr><th>Notes</th><th>1.0</th><th>2.0</th></tr>
<tr><td>1,000</td><td>0.8 s</td><td>0.1 s</td></tr></table>)";

const char markdownNotes[] = R"(## What is new

- **Preview** beside the text
- Search in titles *and* text

## Fixed

1. Names that contain `%`
2. A full disk no longer loses the last sentence

> Thanks to everyone who reported these.

```
notes --folder ~/Documents
```
)";

void offer(UserDriver &driver, const Release &release, bool userInitiated = true)
{
    driver.showUpdateFound(release, userInitiated, [](Choice) {});
}

void offerCritical(UserDriver &driver)
{
    Release release = sampleRelease();
    release.setCritical(true);
    release.setVersion(QStringLiteral("1.0.1"));
    release.setTitle({});
    release.setNotes(QStringLiteral("Opening a note that someone sent you could overwrite other "
                                    "notes. This version refuses such notes."),
                     Release::NotesFormat::PlainText);
    offer(driver, release, false);
}

Release overdueRelease()
{
    Release release = sampleRelease();
    release.setCritical(true);
    release.setDeadline(QDateTime(QDate(2026, 3, 12), QTime(12, 0)));
    return release;
}

void offerInformational(UserDriver &driver)
{
    Release release = sampleRelease();
    release.setInformational(true);
    release.setNotes({}, Release::NotesFormat::Html);
    release.setFullNotesUrl({});
    release.setLink(QUrl(QStringLiteral("https://example.org/notes-2")));
    offer(driver, release);
}

void offerMarkdown(UserDriver &driver)
{
    Release release = sampleRelease();
    release.setNotes(QString::fromUtf8(markdownNotes), Release::NotesFormat::Markdown);
    offer(driver, release);
}

void download(UserDriver &driver, Phase phase, qint64 done, qint64 total)
{
    driver.showProgress(Phase::Checking, 0, 0);
    driver.showUpdateFound(sampleRelease(), true, [](Choice) {});
    driver.showProgress(Phase::Checking, 0, 0);
    driver.showProgress(phase, done, total);
}

// As the updater's say-so would do it.
void pause(UserDriver &driver)
{
    download(driver, Phase::Downloading, 4'700'000, 12'400'000);
    for (QWidget *window : QApplication::topLevelWidgets()) {
        for (auto *page : window->findChildren<ProgressPage *>())
            page->showPaused(true);
    }
}

void interrupt(UserDriver &driver)
{
    download(driver, Phase::Downloading, 4'700'000, 12'400'000);
    driver.showInterrupted(
        UpdateError(QStringLiteral("NETWORK"),
                    QStringLiteral("https://updates.example.org/notes/notes-2.0.0-linux-x86_64"
                                   ".tar.zst could not be fetched: Network is unreachable. Check "
                                   "the connection and try again.")),
        42);
}

void askLogin(UserDriver &driver)
{
    driver.showProgress(Phase::Checking, 0, 0);
    driver.askProxyLogin(QStringLiteral("proxy.example.org:3128"), [](auto) {});
}

void ready(UserDriver &driver, const Release &release)
{
    driver.showProgress(Phase::Checking, 0, 0);
    driver.showReadyToInstall(release, [](auto) {});
}

void fail(UserDriver &driver, const QUrl &link = {})
{
    driver.showProgress(Phase::Checking, 0, 0);
    driver.showProgress(Phase::Downloading, 0, 0);
    UpdateError error(
        QStringLiteral("NO_SPACE"),
        QStringLiteral("There is no space left for /home/ada/Applications/.notes.freshen/staged/"
                       "a-rather-long-name-of-a-folder/lib/libnotes.so.2.0.0: 41.2 MB are needed. "
                       "Free some space and try again."));
    error.setLink(link);
    driver.showError(error);
}

void cannotConfirm(UserDriver &driver)
{
    driver.showProgress(Phase::Checking, 0, 0);
    driver.showError(UpdateError(
        QStringLiteral("STALE"),
        QStringLiteral("The feed of org.example.notes expired at 2026-03-01T10:00:00Z: cannot "
                       "confirm that this is the newest version; try again later.")));
}

} // namespace

Release sampleRelease()
{
    Release release;
    release.setVersion(QStringLiteral("2.0.0"));
    release.setTitle(QStringLiteral("Notes 2.0: see what you write"));
    release.setSize(12'400'000);
    release.setNotes(QString::fromUtf8(htmlNotes), Release::NotesFormat::Html);
    release.setFullNotesUrl(QUrl(QStringLiteral("https://example.org/notes/changes.html")));
    return release;
}

Release plainRelease(const QString &version)
{
    Release release;
    release.setVersion(version);
    return release;
}

QList<SamplePage> samplePages()
{
    return {
        {"permission", [](UserDriver &driver) { driver.askPermission([](auto) {}); }},
        {"checking", [](UserDriver &driver) { driver.showProgress(Phase::Checking, 0, 0); }},
        {"found", [](UserDriver &driver) { offer(driver, sampleRelease()); }},
        {"found-markdown", &offerMarkdown},
        {"found-by-itself", [](UserDriver &driver) { offer(driver, sampleRelease(), false); }},
        {"found-critical", &offerCritical},
        {"found-overdue", [](UserDriver &driver) { offer(driver, overdueRelease(), false); }},
        {"found-informational", &offerInformational},
        {"downloading",
         [](UserDriver &driver) { download(driver, Phase::Downloading, 4'700'000, 12'400'000); }},
        {"paused", pause},
        {"interrupted", interrupt},
        {"proxy-login", askLogin},
        {"preparing",
         [](UserDriver &driver) { download(driver, Phase::Preparing, 31'000'000, 41'000'000); }},
        {"ready", [](UserDriver &driver) { ready(driver, sampleRelease()); }},
        {"ready-overdue", [](UserDriver &driver) { ready(driver, overdueRelease()); }},
        {"installing", [](UserDriver &driver) { download(driver, Phase::Installing, 0, 0); }},
        {"cannot-confirm", cannotConfirm},
        {"up-to-date",
         [](UserDriver &driver) {
             driver.showNoUpdate(QStringLiteral("Version 1.0.0 is the newest there is."));
         }},
        {"managed",
         [](UserDriver &driver) {
             driver.showNoUpdate(QStringLiteral(
                 "Version 1.0.0 is kept up to date by Flatpak, together with all that was "
                 "installed that way. To update it now, open the app that manages your software, "
                 "or enter: flatpak update org.example.notes"));
         }},
        {"failed", [](UserDriver &driver) { fail(driver); }},
        {"failed-with-link",
         [](UserDriver &driver) {
             fail(driver, QUrl(QStringLiteral("https://example.org/notes-2.0.0.tar.zst")));
         }},
        {"updated",
         [](UserDriver &driver) {
             driver.showUpdated(QStringLiteral("1.0.0"), plainRelease(QStringLiteral("2.0.0")));
         }},
        {"updated-with-notes",
         [](UserDriver &driver) { driver.showUpdated(QStringLiteral("1.0.0"), sampleRelease()); }},
    };
}

} // namespace Freshen
