// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/pages/offerpage.h"

#include "ui/widgets/notes/notesview.h"
#include "ui/widgets/text/displaytext.h"
#include "ui/widgets/text/urgency.h"
#include "ui/widgets/text/weblink.h"

#include <QCheckBox>
#include <QPushButton>

namespace Freshen {

namespace {

constexpr qsizetype titleLength = 120;
constexpr qsizetype sentenceLength = 400;

QString headingFor(const Offer &offer)
{
    const QString version = displayVersion(offer.release.displayVersion());
    if (offer.release.isCritical())
        return OfferPage::tr("%1 %2 is an important update").arg(offer.application, version);
    return OfferPage::tr("%1 %2 is available").arg(offer.application, version);
}

} // namespace

OfferPage::OfferPage(const Offer &offer)
    : Page(headingFor(offer))
{
    addFacts(offer);
    addNotes(offer.release);
    addWebLink(QStringLiteral("allVersionsLink"), tr("Read what changed in all versions"),
               offer.release.fullNotesUrl());
    addButtons(offer);
}

void OfferPage::addFacts(const Offer &offer)
{
    const QString installed = displayVersion(offer.installedVersion);
    if (offer.release.isInformational()) {
        addText(tr("You have version %1. A web page tells you about the new one.").arg(installed));
    } else if (offer.release.size() > 0) {
        addText(tr("You have version %1. The update is a download of %2.")
                    .arg(installed, displaySize(offer.release.size())));
    } else {
        addText(tr("You have version %1.").arg(installed));
    }
    if (const QString reason = urgency(offer.release); !reason.isEmpty())
        addText(reason);
}

void OfferPage::addNotes(const Release &release)
{
    const bool follows = release.notesUrl().isValid();
    if (release.notes().isEmpty() && !follows)
        return;
    const QString title = displayText(release.title(), titleLength);
    const bool saysNothing = title.isEmpty() || title == release.displayVersion();
    addSpace();
    addText(saysNothing ? tr("What is new:") : title);
    m_notes = new NotesView;
    if (release.notes().isEmpty())
        m_notes->showNotes(tr("Loading the release notes…"), Release::NotesFormat::PlainText);
    else
        m_notes->showNotes(release.notes(), release.notesFormat());
    add(m_notes, 1);
}

void OfferPage::addButtons(const Offer &offer)
{
    const bool informational = offer.release.isInformational();
    QPushButton *main = informational ? addLinkButton(offer) : addInstallButton(offer);
    if (!offer.release.isCritical()) {
        auto *later = addButton(QStringLiteral("laterButton"), tr("&Remind Me Later"),
                                QDialogButtonBox::RejectRole);
        auto *skip = addButton(QStringLiteral("skipButton"), tr("&Skip This Version"),
                               QDialogButtonBox::ActionRole);
        connect(later, &QPushButton::clicked, this, &OfferPage::leave);
        connect(skip, &QPushButton::clicked, this,
                [this] { Q_EMIT chosen(UserDriver::Choice::Skip); });
    }
    if (offer.userInitiated)
        setDefaultButton(main);
    else if (m_notes)
        setFirstWidget(m_notes);
    else
        setFirstWidget(m_automatically);
}

QPushButton *OfferPage::addInstallButton(const Offer &offer)
{
    m_automatically = new QCheckBox(tr("Install future updates &automatically"));
    m_automatically->setObjectName(QStringLiteral("automaticallyBox"));
    m_automatically->setChecked(offer.automatically);
    add(m_automatically);
    auto *install = addButton(QStringLiteral("installButton"), tr("&Install Update"),
                              QDialogButtonBox::AcceptRole);
    connect(install, &QPushButton::clicked, this,
            [this] { Q_EMIT chosen(UserDriver::Choice::Install); });
    return install;
}

QPushButton *OfferPage::addLinkButton(const Offer &offer)
{
    const QUrl link = offer.release.link();
    auto *button = addButton(QStringLiteral("linkButton"), tr("&Open Web Page"),
                             QDialogButtonBox::AcceptRole);
    button->setEnabled(isWebLink(link));
    connect(button, &QPushButton::clicked, this, [this, link] {
        openWebLink(link);
        leave();
    });
    return button;
}

void OfferPage::showNotes(const QString &notes, Release::NotesFormat format)
{
    if (m_notes)
        m_notes->showNotes(notes, format);
}

void OfferPage::showNotesFailed(const UpdateError &error)
{
    showNotes(tr("The release notes cannot be shown. %1")
                  .arg(displayText(error.message(), sentenceLength)),
              Release::NotesFormat::PlainText);
}

void OfferPage::leave()
{
    Q_EMIT chosen(UserDriver::Choice::Later);
}

std::optional<bool> OfferPage::isAutomatic() const
{
    if (!m_automatically)
        return std::nullopt;
    return m_automatically->isChecked();
}

} // namespace Freshen
