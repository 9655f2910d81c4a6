// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/pages/resultpage.h"

#include <QLabel>
#include <QPushButton>

namespace Freshen {

ResultPage::ResultPage(const QString &heading, const QString &text)
    : Page(heading)
{
    addText(text);
    auto *close = addButton(QStringLiteral("closeButton"), tr("&Close"),
                            QDialogButtonBox::RejectRole);
    connect(close, &QPushButton::clicked, this, &ResultPage::leave);
    setDefaultButton(close);
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
