// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/pages/resultpage.h"

#include "ui/widgets/notes/notesview.h"
#include "ui/widgets/pages/copyabletext.h"
#include "ui/widgets/text/displaytext.h"

#include <QLabel>
#include <QPushButton>

namespace Freshen {

ResultPage::ResultPage(const QString &heading, const QString &text)
    : Page(heading)
{
    setAccessibleDescription(text);
    auto *sentence = new CopyableText(text);
    sentence->setObjectName(QStringLiteral("resultText"));
    sentence->setAccessibleName(heading);
    add(sentence);
    auto *close = addButton(QStringLiteral("closeButton"), tr("&Close"),
                            QDialogButtonBox::RejectRole);
    connect(close, &QPushButton::clicked, this, &ResultPage::leave);
    setDefaultButton(close);
}

void ResultPage::addNews(const Release &release)
{
    if (!release.notes().isEmpty()) {
        addSpace();
        addText(tr("What is new in %1:").arg(displayVersion(release.displayVersion())));
        auto *notes = new NotesView;
        notes->showNotes(release.notes(), release.notesFormat());
        add(notes, 1);
    }
    addWebLink(QStringLiteral("allVersionsLink"), tr("All versions"), release.fullNotesUrl());
}

void ResultPage::leave()
{
    Q_EMIT closed();
}

bool ResultPage::isResult() const
{
    return true;
}

} // namespace Freshen
