// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/faultserver/content.h"

#include <Freshen/faultanswer.h>

#include <QBuffer>
#include <QFile>

#include <algorithm>
#include <cstring>

namespace Freshen {

namespace {

class ZeroDevice : public QIODevice
{
public:
    explicit ZeroDevice(qint64 size) : m_size(size) {}
    qint64 size() const override { return m_size; }

protected:
    qint64 readData(char *data, qint64 most) override
    {
        const qint64 count = std::min(most, m_size - pos());
        std::memset(data, 0, size_t(count));
        return count;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    qint64 m_size;
};

std::unique_ptr<QIODevice> deviceFor(const FaultAnswer &answer)
{
    if (answer.raw.isEmpty() && !answer.file.isEmpty())
        return std::make_unique<QFile>(answer.file);
    if (answer.raw.isEmpty() && answer.zeros > 0)
        return std::make_unique<ZeroDevice>(answer.zeros);
    auto buffer = std::make_unique<QBuffer>();
    buffer->setData(answer.raw.isEmpty() ? answer.content : answer.raw);
    return buffer;
}

} // namespace

PlainContent::PlainContent(const FaultAnswer &answer)
    : m_device(deviceFor(answer))
    , m_isEndless(answer.isEndless)
    , m_damagedAt(answer.damagedAt)
{
    m_device->open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

PlainContent::~PlainContent() = default;

bool PlainContent::isOpen() const
{
    return m_device->isOpen();
}

qint64 PlainContent::size() const
{
    return m_device->size();
}

void PlainContent::seek(qint64 place)
{
    m_device->seek(place);
}

QByteArray PlainContent::read(qint64 most)
{
    if (m_isEndless && m_device->atEnd())
        m_device->seek(0);
    const qint64 begin = m_device->pos();
    QByteArray block = m_device->read(most);
    if (m_damagedAt && *m_damagedAt >= begin && *m_damagedAt < begin + block.size())
        block[*m_damagedAt - begin] = char(block[*m_damagedAt - begin] ^ 1);
    return block;
}

} // namespace Freshen
