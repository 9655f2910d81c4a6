// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/pages/page.h"

#include <Freshen/userdriver.h>

#include <optional>

class QCheckBox;

namespace Freshen {

class NotesView;

// What is offered to whom.
struct Offer {
    Release release;
    QString application;
    QString installedVersion;
    bool userInitiated = false; // only then Enter installs
    bool automatically = false; // what the person chose before
};

// "There is a new version."
class OfferPage : public Page
{
    Q_OBJECT

public:
    explicit OfferPage(const Offer &offer);

    void showNotes(const QString &notes, Release::NotesFormat format);
    void showNotesFailed(const UpdateError &error);
    void leave() override;

    // Whether the person wants future updates installed without being asked; nothing where that
    // was no question.
    std::optional<bool> isAutomatic() const;

Q_SIGNALS:
    void chosen(Freshen::UserDriver::Choice choice);

private:
    void addFacts(const Offer &offer);
    void addNotes(const Release &release);
    void addButtons(const Offer &offer);
    QPushButton *addInstallButton(const Offer &offer);
    QPushButton *addLinkButton(const Offer &offer);

    NotesView *m_notes = nullptr;
    QCheckBox *m_automatically = nullptr;
};

} // namespace Freshen
