// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/updater_p.h"

#include "lib/common/convert.h"
#include "lib/session/noteskeeper.h"
#include "lib/session/plainpackage.h"
#include "lib/session/sentences.h"
#include "lib/session/surroundings.h"

#include <QLoggingCategory>

namespace Freshen {

namespace {

Q_LOGGING_CATEGORY(logCheck, "freshen.updater", QtWarningMsg)

using State = Updater::State;

} // namespace

bool UpdaterPrivate::sparesSurroundings() const
{
    const Surroundings &surroundings = Surroundings::current();
    return (settings.avoidsBattery() && surroundings.isOnBattery())
        || (settings.avoidsMeteredNetworks() && surroundings.isMetered());
}

bool UpdaterPrivate::mayCheck(CheckKind kind) const
{
    if (kind == CheckKind::Scheduled && sparesSurroundings()) {
        qCInfo(logCheck, "The scheduled check waits for mains power or a free network.");
        return false;
    }
    return m_delegate->mayCheck(kind);
}

void UpdaterPrivate::begin(CheckKind kind)
{
    if (!isEnabled() || (state != State::Idle && state != State::WaitingForQuit)) {
        if (isEnabled() && kind == CheckKind::User && m_driver) {
            m_driver->requestAttention();
            adoptDownload();
        }
        return;
    }
    if (!mayCheck(kind))
        return;
    if (state == State::WaitingForQuit)
        return lookAgain(kind);
    m_kind = kind;
    openSession();
    prepareRequest(m_session->request());
    if (kind != CheckKind::User)
        applySchedule(m_session->request().client);
    m_session->check();
}

void UpdaterPrivate::openSession()
{
    m_userChose = false;
    lastError = UpdateError();
    m_session = std::make_unique<UpdateSession>(networkManager(), *installation);
    m_session->setMaximumRate(settings.maximumDownloadRate());
    connect(m_session.get(), &UpdateSession::checked, this, &UpdaterPrivate::offer);
    connect(m_session.get(), &UpdateSession::progressed, this, &UpdaterPrivate::noteProgress);
    connect(m_session.get(), &UpdateSession::sourceFailed, this, [](const SourceFailure &failure) {
        qCWarning(logCheck, "%s", qPrintable(toSentence(failure)));
    });
    connect(m_session.get(), &UpdateSession::interrupted, this, &UpdaterPrivate::noteInterruption);
    connect(m_session.get(), &UpdateSession::staged, this, &UpdaterPrivate::arm);
    connect(m_session.get(), &UpdateSession::armed, this, &UpdaterPrivate::offerInstall);
    connect(m_session.get(), &UpdateSession::failed, this, &UpdaterPrivate::fail);
}

// What the person and the application want to know of.
void UpdaterPrivate::prepareRequest(CheckRequest &request)
{
    if (installation->policy.feed.isEmpty())
        request.feed = m_delegate->feedUrl(request.feed);
    if (!installation->policy.channel) {
        const QStringList channels = m_delegate->channels(settings.channels());
        request.client.channels = QSet<QString>(channels.begin(), channels.end());
    }
    request.policy.prepare = [self = QPointer<UpdaterPrivate>(this)](QNetworkRequest &asked) {
        if (self)
            self->m_delegate->prepareRequest(asked);
    };
}

// What counts where no person asked.
void UpdaterPrivate::applySchedule(ClientConditions &client)
{
    client.skippedVersions = installation->leftVersions();
    if (!settings.skippedVersion().isEmpty())
        client.skippedVersions.insert(settings.skippedVersion());
    client.skippedMajorVersion = settings.skippedMajorVersion();
    client.skippedMajorSubrelease = settings.skippedMajorSubrelease();
    client.rolloutGroup = settings.rolloutGroup();
    client.installId = settings.installId();
}

bool UpdaterPrivate::isMajorUpgrade() const
{
    return isMajorUpgradeFor(m_session->item(), installation->description.version,
                             installation->order);
}

// What another installer would have to do is a link for the person.
Release UpdaterPrivate::publicRelease(const AppcastItem &item) const
{
    Release result = toRelease(item, installation->description.version, installation->order);
    if (!item.enclosure || item.manifest || !isInstaller(*item.enclosure))
        return result;
    result.setInformational(true);
    if (result.link().isEmpty())
        result.setLink(item.enclosure->url);
    return result;
}

// The check's choice, unless the application makes another.
std::optional<AppcastItem> UpdaterPrivate::choose()
{
    const Selection &selection = m_session->outcome().selection;
    noUpdateReason = selection.item ? QString() : selection.reason;
    if (!selection.item || m_delegate == &m_noDelegate)
        return selection.item;
    QList<Release> newer;
    for (const AppcastItem &item : selection.newer)
        newer.append(publicRelease(item));
    const Release best = m_delegate->bestRelease(newer, publicRelease(*selection.item));
    noUpdateReason = QStringLiteral("declined");
    for (const AppcastItem &item : selection.newer) {
        if (item.version != best.version() || !m_delegate->shouldProceed(best, m_kind))
            continue;
        noUpdateReason.clear();
        return item;
    }
    return {};
}

void UpdaterPrivate::offer()
{
    settings.setLastCheckTime(Clock::current().now());
    if (m_session->outcome().isSigned && m_session->outcome().appcast.stamp)
        confirmedUntil = m_session->outcome().appcast.stamp->expires;
    if (m_session->outcome().appcast.withdrawnVersions.contains(settings.versionForNextStart()))
        settings.setVersionForNextStart({});
    const auto item = choose();
    m_session->choose(item);
    release = item ? publicRelease(*item) : Release();
    if (item)
        takeNotes();
    const int turn = m_turn;
    if (item)
        setState(State::UpdateFound);
    Q_EMIT q->settingsChanged();
    Q_EMIT q->availableReleaseChanged();
    Q_EMIT q->checkFinished(item.has_value());
    schedule.update();
    if (turn == m_turn)
        speakOf(item.has_value());
}

QString UpdaterPrivate::sentenceForNone() const
{
    const QString managed = managedSentence(m_session->outcome().origin);
    return managed.isEmpty() ? noUpdateSentence(noUpdateReason, installation->description.version)
                             : managed;
}

void UpdaterPrivate::speakOf(bool isFound)
{
    if (!isFound && speaks())
        m_driver->showNoUpdate(sentenceForNone());
    if (!isFound || m_kind == CheckKind::Information)
        return end();
    const bool isSilent = m_kind == CheckKind::Scheduled
        && (settings.automaticallyDownloads() || isOverdue()) && !release.isInformational()
        && !isMajorUpgrade() && installation->rights != Install::Rights::Prompt;
    if (!isSilent && !m_driver)
        return end();
    m_isSilent = isSilent;
    if (isSilent) {
        fetchNotes();
        return stage();
    }
    m_driver->showUpdateFound(release, m_kind == CheckKind::User, once(&UpdaterPrivate::answer));
    if (m_isAsking)
        fetchNotes();
}

void UpdaterPrivate::answer(UserDriver::Choice choice)
{
    if (choice == UserDriver::Choice::Skip && isMajorUpgrade())
        settings.setSkippedMajor(m_session->item().minimumAutoupdateVersion, release.version());
    else if (choice == UserDriver::Choice::Skip)
        settings.setSkippedVersion(release.version());
    if (choice != UserDriver::Choice::Install || release.isInformational())
        return end();
    m_userChose = true;
    stage();
}

// All that happened since the installed version, as far as the feed has it.
void UpdaterPrivate::takeNotes()
{
    QList<AppcastItem> items{m_session->item()};
    for (const AppcastItem &item : m_session->outcome().selection.newer) {
        if (installation->order(item.version, items.constLast().version) < 0)
            items.append(item);
    }
    m_notes = std::make_unique<NotesFetch>(networkManager(), m_session->request().policy,
                                           installation->keys, items);
    if (!m_notes->isComplete())
        return;
    const VersionNotes notes = m_notes->combined();
    release.setNotes(notes.notes, notes.format);
    m_notes.reset();
}

// Where a part of the notes lies elsewhere.
void UpdaterPrivate::fetchNotes()
{
    if (!m_notes)
        return;
    connect(m_notes.get(), &NotesFetch::failed, this, [this](const Error &error) {
        if (m_driver && !m_isSilent)
            m_driver->showReleaseNotesFailed(toUpdateError(error));
    });
    connect(m_notes.get(), &NotesFetch::finished, this, [this] {
        const VersionNotes notes = m_notes->combined();
        release.setNotes(notes.notes, notes.format);
        if (m_isSilent)
            keepNotes(installation->description.product, release);
        else if (m_driver)
            m_driver->showReleaseNotes(notes.notes, notes.format);
    });
    m_notes->start();
}

} // namespace Freshen
