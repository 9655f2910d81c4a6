// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/pages/page.h"

#include <Freshen/userdriver.h>

class QLineEdit;

namespace Freshen {

// "The proxy wants a name and a password", or other ones than those it got.
class ProxyLoginPage : public Page
{
    Q_OBJECT

public:
    ProxyLoginPage(const QString &application, const QString &proxy, bool isAgain);

    void leave() override;

Q_SIGNALS:
    void answered(const Freshen::UserDriver::ProxyLogin &login);

private:
    QLineEdit *m_user;
    QLineEdit *m_password;
};

} // namespace Freshen
