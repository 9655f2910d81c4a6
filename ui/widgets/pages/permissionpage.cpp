// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/pages/permissionpage.h"

#include <QCheckBox>
#include <QPushButton>

namespace Freshen {

PermissionPage::PermissionPage(const QString &application)
    : Page(tr("Check for updates automatically?"))
    , m_downloads(new QCheckBox(tr("&Install updates automatically")))
{
    addText(tr("%1 can look for a new version once a day. It fetches a list of versions and sends "
               "nothing about you. You can always check for updates yourself.")
                .arg(application));
    m_downloads->setObjectName(QStringLiteral("automaticallyBox"));
    add(m_downloads);
    auto *check = addButton(QStringLiteral("allowButton"), tr("Check &Automatically"),
                            QDialogButtonBox::AcceptRole);
    auto *refuse = addButton(QStringLiteral("refuseButton"), tr("&Don’t Check"),
                             QDialogButtonBox::RejectRole);
    connect(check, &QPushButton::clicked, this, &PermissionPage::allow);
    connect(refuse, &QPushButton::clicked, this, &PermissionPage::leave);
    setFirstWidget(m_downloads);
}

void PermissionPage::leave()
{
    Q_EMIT answered({});
}

void PermissionPage::allow()
{
    Q_EMIT answered({true, m_downloads->isChecked()});
}

} // namespace Freshen
