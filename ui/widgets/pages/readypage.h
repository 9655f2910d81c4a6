// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/pages/page.h"

#include <Freshen/userdriver.h>

namespace Freshen {

// "It is ready; when?"
class ReadyPage : public Page
{
    Q_OBJECT

public:
    // \a subject: what is installed, "Notes 2.0"; \a reason: why it should be, may be empty.
    // \a asked: the person waits for it.
    ReadyPage(const QString &application, const QString &subject, const QString &reason,
              bool asked);

    void leave() override;

Q_SIGNALS:
    void chosen(Freshen::UserDriver::InstallTime time);

private:
    void addSignatureLine(const QString &application);
};

} // namespace Freshen
