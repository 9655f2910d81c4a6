// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/pages/errorpage.h"

#include "ui/widgets/pages/copyabletext.h"
#include "ui/widgets/text/displaytext.h"

#include <QLabel>
#include <QPushButton>
#include <QStyle>

namespace Freshen {

namespace {

constexpr qsizetype messageLength = 600;
constexpr qsizetype codeLength = 40;

} // namespace

ErrorPage::ErrorPage(const QString &heading, const QString &reassurance, const UpdateError &error)
    : Page(heading)
{
    const QString sentence = displayText(error.message(), messageLength);
    setAccessibleDescription(sentence);
    auto *message = new CopyableText(sentence);
    message->setObjectName(QStringLiteral("errorMessage"));
    message->setAccessibleName(tr("What went wrong"));
    add(message);
    addText(reassurance);
    addWebLink(QStringLiteral("downloadLink"), tr("Download it yourself"), error.link());
    addText(tr("Error code: %1").arg(displayText(error.code(), codeLength)));
    auto *retry = addButton(QStringLiteral("retryButton"), tr("&Try Again"),
                            QDialogButtonBox::ActionRole);
    auto *close = addButton(QStringLiteral("closeButton"), tr("&Close"),
                            QDialogButtonBox::RejectRole);
    connect(retry, &QPushButton::clicked, this, &ErrorPage::retried);
    connect(close, &QPushButton::clicked, this, &ErrorPage::leave);
    setDefaultButton(close);
}

void ErrorPage::leave()
{
    Q_EMIT closed();
}

bool ErrorPage::isResult() const
{
    return true;
}

QIcon ErrorPage::emblem() const
{
    return style()->standardIcon(QStyle::SP_MessageBoxWarning);
}

} // namespace Freshen
