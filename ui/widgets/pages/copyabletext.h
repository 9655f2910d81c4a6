// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QTextEdit>

namespace Freshen {

// Plain text that wraps anywhere, like a label whose paths and addresses may be long and copied.
class CopyableText : public QTextEdit
{
    Q_OBJECT

public:
    explicit CopyableText(const QString &text);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override;
    int heightForWidth(int width) const override;
};

} // namespace Freshen
