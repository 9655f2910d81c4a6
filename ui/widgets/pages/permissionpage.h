// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/pages/page.h"

#include <Freshen/userdriver.h>

class QCheckBox;

namespace Freshen {

// "May it look for updates by itself?"
class PermissionPage : public Page
{
    Q_OBJECT

public:
    explicit PermissionPage(const QString &application);

    void leave() override;

Q_SIGNALS:
    void answered(Freshen::UserDriver::Permission permission);

private:
    void allow();

    QCheckBox *m_downloads;
};

} // namespace Freshen
