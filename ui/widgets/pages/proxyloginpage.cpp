// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/pages/proxyloginpage.h"

#include "ui/widgets/text/displaytext.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>

namespace Freshen {

namespace {

constexpr qsizetype proxyLength = 100;

} // namespace

ProxyLoginPage::ProxyLoginPage(const QString &application, const QString &proxy, bool isAgain)
    : Page(isAgain ? tr("The network does not accept this name and password")
                   : tr("The network asks for a name and a password"))
    , m_user(new QLineEdit)
    , m_password(new QLineEdit)
{
    addText(tr("All connections go through the proxy %1, which wants to know who you are. Your "
               "answer is for this proxy alone, and is forgotten when %2 quits.")
                .arg(displayText(proxy, proxyLength), application));
    m_user->setObjectName(QStringLiteral("userEdit"));
    m_password->setObjectName(QStringLiteral("passwordEdit"));
    m_password->setEchoMode(QLineEdit::Password);
    auto *fields = new QWidget;
    auto *layout = new QFormLayout(fields);
    layout->setContentsMargins({});
    layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    layout->addRow(tr("&Name:"), m_user);
    layout->addRow(tr("&Password:"), m_password);
    addSpace();
    add(fields);
    auto *logIn = addButton(QStringLiteral("logInButton"), tr("&Log In"),
                            QDialogButtonBox::AcceptRole);
    auto *cancel = addButton(QStringLiteral("cancelButton"), tr("&Cancel"),
                             QDialogButtonBox::RejectRole);
    logIn->setEnabled(false);
    connect(m_user, &QLineEdit::textChanged, logIn,
            [logIn](const QString &user) { logIn->setEnabled(!user.isEmpty()); });
    connect(logIn, &QPushButton::clicked, this,
            [this] { Q_EMIT answered({m_user->text(), m_password->text()}); });
    connect(cancel, &QPushButton::clicked, this, &ProxyLoginPage::leave);
    setDefaultButton(logIn);
    setFirstWidget(m_user);
}

void ProxyLoginPage::leave()
{
    Q_EMIT answered({});
}

} // namespace Freshen
