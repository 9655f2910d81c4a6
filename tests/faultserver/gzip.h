// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/faultserver/content.h"

#include <zlib.h>

namespace Freshen {

// Another content, packed while it is read.
class GzipContent : public Content
{
public:
    explicit GzipContent(std::unique_ptr<Content> plain);
    ~GzipContent() override;

    QByteArray read(qint64 most) override;

private:
    std::unique_ptr<Content> m_plain;
    QByteArray m_input;
    z_stream m_stream{};
    bool m_isAtEnd = false; // of the plain content
};

} // namespace Freshen
