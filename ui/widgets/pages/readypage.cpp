// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/pages/readypage.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>

namespace Freshen {

ReadyPage::ReadyPage(const QString &application, const QString &subject, const QString &reason,
                     bool asked)
    : Page(tr("%1 is ready to install").arg(subject))
{
    if (!reason.isEmpty())
        addText(reason);
    addText(tr("%1 closes and starts again with the new version. This takes a moment.")
                .arg(application));
    addSignatureLine(application);
    auto *restart = addButton(QStringLiteral("restartButton"), tr("&Restart Now"),
                              QDialogButtonBox::AcceptRole);
    auto *onQuit = addButton(QStringLiteral("onQuitButton"), tr("Install on &Quit"),
                             QDialogButtonBox::RejectRole);
    connect(restart, &QPushButton::clicked, this,
            [this] { Q_EMIT chosen(UserDriver::InstallTime::Now); });
    connect(onQuit, &QPushButton::clicked, this, &ReadyPage::leave);
    if (asked)
        setDefaultButton(restart);
    else
        setFirstWidget(onQuit);
}

void ReadyPage::addSignatureLine(const QString &application)
{
    const int side = fontMetrics().height();
    auto *mark = new QLabel;
    mark->setPixmap(style()->standardIcon(QStyle::SP_DialogApplyButton).pixmap(side));
    auto *text = new QLabel(
        tr("Signature verified: the update comes from the makers of %1.").arg(application));
    text->setObjectName(QStringLiteral("signatureLine"));
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    auto *line = new QWidget;
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins({});
    layout->addWidget(mark);
    layout->addWidget(text, 1);
    add(line);
}

void ReadyPage::leave()
{
    Q_EMIT chosen(UserDriver::InstallTime::OnQuit);
}

} // namespace Freshen
