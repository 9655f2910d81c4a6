// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/pages/page.h"

#include <Freshen/updateerror.h>

namespace Freshen {

// What went wrong and what to do next.
class ErrorPage : public Page
{
    Q_OBJECT

public:
    ErrorPage(const QString &heading, const QString &reassurance, const UpdateError &error);

    void leave() override;
    bool isResult() const override;
    QIcon emblem() const override;

Q_SIGNALS:
    void closed();
    void retried();
};

} // namespace Freshen
