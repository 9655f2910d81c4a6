// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/pages/page.h"

namespace Freshen {

// How it ended: up to date, updated.
class ResultPage : public Page
{
    Q_OBJECT

public:
    ResultPage(const QString &heading, const QString &text);

    void leave() override;
    bool isResult() const override;

Q_SIGNALS:
    void closed();
};

} // namespace Freshen
