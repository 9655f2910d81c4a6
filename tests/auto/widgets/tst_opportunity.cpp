// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/opportunity.h"

#include "tests/support/virtualclock.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QWidget>

using namespace Freshen;
using namespace std::chrono_literals;

namespace {

// What the system tells an app of itself.
void tell(Qt::ApplicationState state)
{
    Q_EMIT qApp->applicationStateChanged(state);
}

} // namespace

class TestOpportunity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesAtTheStart();
    void comesOnce();
    void comesWithThePerson();
    void comesWhenNothingIsDone();
    void actionsPutItOff_data();
    void actionsPutItOff();
    void idlenessElsewhereDoesNotCount();
    void stops();
};

void TestOpportunity::comesAtTheStart()
{
    VirtualClock clock;
    Opportunity opportunity;
    const QSignalSpy came(&opportunity, &Opportunity::came);
    clock.pass(2900ms);
    QCOMPARE(came.size(), 0);
    opportunity.await();
    QCOMPARE(came.size(), 1);
    clock.pass(200ms);
    opportunity.await();
    QCOMPARE(came.size(), 1);
}

void TestOpportunity::comesOnce()
{
    VirtualClock clock;
    Opportunity opportunity;
    const QSignalSpy came(&opportunity, &Opportunity::came);
    opportunity.await();
    clock.pass(1h);
    tell(Qt::ApplicationInactive);
    tell(Qt::ApplicationActive);
    clock.pass(1h);
    QCOMPARE(came.size(), 1);
}

void TestOpportunity::comesWithThePerson()
{
    VirtualClock clock;
    Opportunity opportunity;
    const QSignalSpy came(&opportunity, &Opportunity::came);
    clock.pass(4s);
    tell(Qt::ApplicationActive);
    opportunity.await();
    tell(Qt::ApplicationActive); // it was already
    QCOMPARE(came.size(), 0);
    tell(Qt::ApplicationInactive);
    clock.pass(1min);
    QCOMPARE(came.size(), 0);
    tell(Qt::ApplicationActive);
    QCOMPARE(came.size(), 1);
}

void TestOpportunity::comesWhenNothingIsDone()
{
    VirtualClock clock;
    Opportunity opportunity;
    const QSignalSpy came(&opportunity, &Opportunity::came);
    clock.pass(4s);
    tell(Qt::ApplicationActive);
    opportunity.await();
    clock.pass(5min - 1ms);
    QCOMPARE(came.size(), 0);
    clock.pass(1ms);
    QCOMPARE(came.size(), 1);
}

void TestOpportunity::actionsPutItOff_data()
{
    QTest::addColumn<std::function<void(QWidget *)>>("act");
    using Act = std::function<void(QWidget *)>;
    QTest::newRow("key") << Act([](QWidget *w) { QTest::keyPress(w, Qt::Key_A); });
    QTest::newRow("click") << Act([](QWidget *w) { QTest::mousePress(w, Qt::LeftButton); });
    QTest::newRow("mouse") << Act([](QWidget *w) {
        QMouseEvent move(QEvent::MouseMove, {1, 1}, {1, 1}, Qt::NoButton, {}, {});
        QApplication::sendEvent(w, &move);
    });
    QTest::newRow("wheel") << Act([](QWidget *w) {
        QWheelEvent turn({1, 1}, {1, 1}, {}, {0, 120}, {}, {}, Qt::NoScrollPhase, false);
        QApplication::sendEvent(w, &turn);
    });
    QTest::newRow("touch") << Act([](QWidget *w) {
        static QPointingDevice *screen = QTest::createTouchDevice();
        w->setAttribute(Qt::WA_AcceptTouchEvents);
        QTest::touchEvent(w, screen).press(0, {1, 1}, w);
    });
}

void TestOpportunity::actionsPutItOff()
{
    QFETCH(std::function<void(QWidget *)>, act);
    VirtualClock clock;
    Opportunity opportunity;
    const QSignalSpy came(&opportunity, &Opportunity::came);
    QWidget widget;
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
    clock.pass(4s);
    tell(Qt::ApplicationActive);
    opportunity.await();
    clock.pass(4min);
    act(&widget);
    clock.pass(4min);
    QEvent paint(QEvent::UpdateRequest); // nobody did that
    QApplication::sendEvent(&widget, &paint);
    QCOMPARE(came.size(), 0);
    clock.pass(1min);
    QCOMPARE(came.size(), 1);
}

void TestOpportunity::idlenessElsewhereDoesNotCount()
{
    VirtualClock clock;
    Opportunity opportunity;
    const QSignalSpy came(&opportunity, &Opportunity::came);
    clock.pass(4s);
    tell(Qt::ApplicationActive);
    opportunity.await();
    clock.pass(4min);
    tell(Qt::ApplicationInactive);
    clock.pass(8h);
    QCOMPARE(came.size(), 0);
}

void TestOpportunity::stops()
{
    VirtualClock clock;
    Opportunity opportunity;
    const QSignalSpy came(&opportunity, &Opportunity::came);
    clock.pass(4s);
    tell(Qt::ApplicationActive);
    opportunity.await();
    opportunity.stop();
    clock.pass(1h);
    tell(Qt::ApplicationInactive);
    tell(Qt::ApplicationActive);
    QTest::keyPress(std::make_unique<QWidget>().get(), Qt::Key_A);
    clock.pass(1h);
    QCOMPARE(came.size(), 0);
}

QTEST_MAIN(TestOpportunity)
#include "tst_opportunity.moc"
