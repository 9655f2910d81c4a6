// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/channel.h"

#include "tests/support/resultcheck.h"

#include <QTest>

using namespace Freshen;
using Platform::Channel;
using Platform::Clock;

class TestChannel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messagesKeepTheirBounds();
    void endIsSeen();
    void deadline();
    void tooLongMessage();

private:
    using Text = std::optional<std::string>;
};

void TestChannel::messagesKeepTheirBounds()
{
    auto ends = Channel::create();
    VERIFY_RESULT(ends);
    Channel &one = ends->first;
    Channel two(std::move(ends->second));
    const std::string largest(Channel::maximumMessage, 'x');
    for (const std::string &message : {std::string("armed"), std::string("a\0b\n", 4), largest}) {
        VERIFY_RESULT(one.send(message));
        VERIFY_RESULT(one.send("next"));
        QCOMPARE(two.receive().value(), Text(message));
        QCOMPARE(two.receive().value(), Text("next"));
    }
    VERIFY_RESULT(two.send("back"));
    QCOMPARE(one.receive().value(), Text("back"));
}

void TestChannel::endIsSeen()
{
    auto ends = Channel::create();
    VERIFY_RESULT(ends);
    Channel &one = ends->first;
    Channel two(std::move(ends->second));
    VERIFY_RESULT(one.send("last words"));
    one.close();
    QCOMPARE(two.receive().value(), Text("last words"));
    QCOMPARE(two.receive().value(), Text());
    QCOMPARE(two.receive().value(), Text());
    VERIFY_ERROR(two.send("anybody there?"), ErrorCode::HELPER);
}

void TestChannel::deadline()
{
    auto ends = Channel::create();
    VERIFY_RESULT(ends);
    VERIFY_ERROR(ends->first.receive(Clock::now()), ErrorCode::HELPER);
    const auto later = Clock::now() + std::chrono::milliseconds(50);
    VERIFY_ERROR(ends->first.receive(later), ErrorCode::HELPER);
    QVERIFY(Clock::now() >= later);
}

// It is not cut silently.
void TestChannel::tooLongMessage()
{
    auto ends = Channel::create();
    VERIFY_RESULT(ends);
    Channel two(std::move(ends->second));
    const std::string text(Channel::maximumMessage + 1, 'x');
    if (ends->first.send(text)) {
        const auto received = two.receive();
        QVERIFY(!received || received->value_or(std::string()).size() == text.size());
    }
}

QTEST_GUILESS_MAIN(TestChannel)
#include "tst_channel.moc"
