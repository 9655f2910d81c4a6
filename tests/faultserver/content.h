// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QIODevice>

#include <memory>
#include <optional>

namespace Freshen {

struct FaultAnswer;

// What an answer sends after its head, from front to back.
class Content
{
public:
    virtual ~Content() = default;
    // Up to so many bytes; none at the end.
    virtual QByteArray read(qint64 most) = 0;
};

// What stands in memory or in a file, or is made of nothing.
class PlainContent : public Content
{
public:
    explicit PlainContent(const FaultAnswer &answer);
    ~PlainContent() override;

    // Whether its file can be read.
    bool isOpen() const;
    qint64 size() const;
    void seek(qint64 place);
    QByteArray read(qint64 most) override;

private:
    std::unique_ptr<QIODevice> m_device;
    bool m_isEndless;
    std::optional<qint64> m_damagedAt;
};

} // namespace Freshen
