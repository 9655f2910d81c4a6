// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/pages/page.h"

namespace Freshen {

class Release;

// How it ended: up to date, updated.
class ResultPage : public Page
{
    Q_OBJECT

public:
    ResultPage(const QString &heading, const QString &text);

    // What is new in a release, as far as it tells.
    void addNews(const Release &release);
    void leave() override;
    bool isResult() const override;

Q_SIGNALS:
    void closed();
};

} // namespace Freshen
