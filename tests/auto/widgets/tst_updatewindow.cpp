// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The window of the conversation: keys, focus, closing, quitting, and texts that do not fit.

#include "tests/auto/widgets/dialogfixture.h"
#include "tests/auto/widgets/samplepages.h"

#include <QAccessible>
#include <QApplication>
#include <QCloseEvent>
#include <QScreen>
#include <QTest>
#include <QTimer>
#include <QWindow>

using namespace Freshen;

using Choice = UserDriver::Choice;
using InstallTime = UserDriver::InstallTime;
using Permission = UserDriver::Permission;
using Phase = UserDriver::Phase;

namespace {

// What the event loop returns, 1 when nobody ended it.
int run()
{
    QTimer guard;
    guard.callOnTimeout([] { QCoreApplication::exit(1); });
    guard.start(10'000);
    return QApplication::exec();
}

// A window that does not want to be closed, as one with unsaved work.
class StubbornWindow : public QWidget
{
protected:
    void closeEvent(QCloseEvent *event) override { event->ignore(); }
};

} // namespace

class TestUpdateWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void onlyWhoAskedInstallsWithEnter();
    void enterPressesTheFocusedButton();
    void heldEnterDoesNotReachTheNextPage();
    void scheduledOfferLeavesTheFocus();
    void oldErrorDoesNotTakeTheFocus();
    void errorKeepsTheWindowInPlace();
    void quitsTheApplication();
    void refusedQuitChangesNothing();
    void closedByTheProgramWaits();
    void doesNotKeepTheAppRunning();
    void outlivesItsParent();
    void screenReadersForgetPagesThatAreGone();
    void acc016_hostileText_data();
    void acc016_hostileText();
};

void TestUpdateWindow::initTestCase()
{
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Notes"));
    QApplication::setQuitOnLastWindowClosed(false);
    QLocale::setDefault(QLocale::c());
}

void TestUpdateWindow::onlyWhoAskedInstallsWithEnter()
{
    DialogFixture fixture;
    for (const bool critical : {false, true}) {
        Release release = sampleRelease();
        release.setCritical(critical);
        Answers<Choice> answers;
        fixture.driver().showUpdateFound(release, false, answers.reply());
        QTest::keyClick(fixture.window(), Qt::Key_Return);
        QTest::keyClick(fixture.window()->focusWidget(), Qt::Key_Return);
        QTest::keyClick(fixture.window()->focusWidget(), Qt::Key_Space);
        QCOMPARE(answers.given.size(), 0);
        fixture.driver().showUpdateFound(release, true, answers.reply());
        QTest::keyClick(fixture.window(), Qt::Key_Return);
        QCOMPARE(answers.given, QList<Choice>{Choice::Install});
    }
}

void TestUpdateWindow::enterPressesTheFocusedButton()
{
    DialogFixture fixture;
    Answers<Choice> answers;
    fixture.driver().showUpdateFound(sampleRelease(), true, answers.reply());
    fixture.button("skipButton")->setFocus();
    QTest::keyClick(fixture.button("skipButton"), Qt::Key_Return);
    QCOMPARE(answers.given, QList<Choice>{Choice::Skip});
}

void TestUpdateWindow::heldEnterDoesNotReachTheNextPage()
{
    DialogFixture fixture;
    Answers<InstallTime> answers;
    fixture.driver().showProgress(Phase::Checking, 0, 0);
    fixture.driver().showReadyToInstall(sampleRelease(), answers.reply());
    QKeyEvent repeated(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier, QStringLiteral("\r"),
                       true);
    QApplication::sendEvent(fixture.window(), &repeated);
    QCOMPARE(answers.given.size(), 0);
    QTest::keyClick(fixture.window(), Qt::Key_Return);
    QCOMPARE(answers.given, QList<InstallTime>{InstallTime::Now});
}

void TestUpdateWindow::scheduledOfferLeavesTheFocus()
{
    DialogFixture fixture;
    fixture.driver().showUpdateFound(sampleRelease(), false, [](auto) {});
    QVERIFY(fixture.isVisible());
    QVERIFY(fixture.window()->testAttribute(Qt::WA_ShowWithoutActivating));
    fixture.driver().showUpdateFound(sampleRelease(), true, [](auto) {});
    QVERIFY(!fixture.window()->testAttribute(Qt::WA_ShowWithoutActivating));
    QVERIFY(!fixture.window()->isModal());
}

void TestUpdateWindow::oldErrorDoesNotTakeTheFocus()
{
    DialogFixture fixture;
    fixture.driver().showError(UpdateError(QStringLiteral("ROLLED_BACK"), QStringLiteral("x")));
    QVERIFY(fixture.isVisible());
    QVERIFY(fixture.window()->testAttribute(Qt::WA_ShowWithoutActivating));
    QVERIFY(fixture.text().contains(QLatin1String("Notes was not updated")));
}

void TestUpdateWindow::errorKeepsTheWindowInPlace()
{
    DialogFixture fixture;
    fixture.driver().showProgress(Phase::Checking, 0, 0);
    QVERIFY(QTest::qWaitForWindowExposed(fixture.window()));
    fixture.window()->move(120, 130);
    bool hidden = false;
    connect(fixture.window()->windowHandle(), &QWindow::visibleChanged, this,
            [&](bool visible) { hidden = hidden || !visible; });
    fixture.driver().dismiss();
    fixture.driver().showError(UpdateError(QStringLiteral("NETWORK"), QStringLiteral("x")));
    QApplication::processEvents();
    QVERIFY(fixture.isVisible());
    QVERIFY(!hidden);
    QCOMPARE(fixture.window()->pos(), QPoint(120, 130));
}

void TestUpdateWindow::quitsTheApplication()
{
    QWidget window;
    window.show();
    DialogFixture fixture(&window);
    fixture.driver().showProgress(Phase::Checking, 0, 0);
    QTimer::singleShot(0, this, [&] { fixture.driver().quitApplication(); });
    QCOMPARE(run(), 0);
    QVERIFY(!window.isVisible());
    QVERIFY(!fixture.isVisible());
}

void TestUpdateWindow::refusedQuitChangesNothing()
{
    StubbornWindow window;
    window.show();
    DialogFixture fixture(&window);
    QTimer::singleShot(0, this, [&] { fixture.driver().quitApplication(); });
    QTimer::singleShot(200, this, [] { QCoreApplication::exit(7); });
    QCOMPARE(run(), 7);
    QVERIFY(window.isVisible());
    fixture.driver().requestAttention();
    QVERIFY(fixture.text().contains(QLatin1String("when you quit Notes")));
}

void TestUpdateWindow::closedByTheProgramWaits()
{
    DialogFixture fixture;
    Answers<Permission> answers;
    fixture.driver().askPermission(answers.reply());
    QApplication::closeAllWindows();
    QVERIFY(!fixture.isVisible());
    QCOMPARE(answers.given.size(), 0);
    fixture.driver().requestAttention();
    QVERIFY(fixture.isVisible());
    QVERIFY(fixture.act("allowButton"));
    QCOMPARE(answers.given.size(), 1);
}

void TestUpdateWindow::doesNotKeepTheAppRunning()
{
    QApplication::setQuitOnLastWindowClosed(true);
    DialogFixture fixture;
    QWidget window;
    // A program that lives in the tray does not end with our window …
    QTimer::singleShot(0, this, [&] {
        fixture.driver().showNoUpdate(QStringLiteral("x"));
        QVERIFY(fixture.act("closeButton"));
        QTimer::singleShot(50, this, [] { QCoreApplication::exit(7); });
    });
    QCOMPARE(run(), 7);
    // … and one whose last window is closed does not wait for ours.
    QTimer::singleShot(0, this, [&] {
        window.show();
        fixture.driver().showNoUpdate(QStringLiteral("x"));
        window.close();
    });
    QCOMPARE(run(), 0);
    QApplication::setQuitOnLastWindowClosed(false);
}

void TestUpdateWindow::outlivesItsParent()
{
    auto window = std::make_unique<QWidget>();
    window->show();
    DialogFixture fixture(window.get());
    fixture.driver().showProgress(Phase::Checking, 0, 0);
    QCOMPARE(fixture.window()->parentWidget(), window.get());
    window.reset();
    QVERIFY(!fixture.window());
    fixture.driver().showNoUpdate(QStringLiteral("x"));
    QVERIFY(fixture.isVisible());
}

void TestUpdateWindow::screenReadersForgetPagesThatAreGone()
{
    DialogFixture fixture;
    fixture.driver().showProgress(Phase::Checking, 0, 0);
    QPointer<QWidget> page = fixture.button("cancelButton")->parentWidget()->parentWidget();
    const QAccessible::Id id = QAccessible::uniqueId(
        QAccessible::queryAccessibleInterface(page.data()));
    QVERIFY(QAccessible::accessibleInterface(id));
    fixture.driver().showNoUpdate(QStringLiteral("x"));
    QTRY_VERIFY(!page);
    QVERIFY(!QAccessible::accessibleInterface(id));
}

void TestUpdateWindow::acc016_hostileText_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("1 MB word") << QString(1'000'000, u'W');
    QTest::newRow("1 MB of words") << QStringLiteral("word ").repeated(200'000);
    QTest::newRow("1 MB of lines") << QString(1'000'000, u'\n');
    QTest::newRow("ANSI") << QStringLiteral("\x1b[2J\x1b]0;title\x07 red \x1b[31m").repeated(100);
    QTest::newRow("right-to-left override") << QStringLiteral("\u202e\u2067exe.txt").repeated(100);
    QTest::newRow("markup") << QStringLiteral("<h1><img src='file:///x'>&copy;</h1>").repeated(100);
    QTest::newRow("access keys") << QStringLiteral("&Install &Remind &Skip &Cancel &Close");
    QTest::newRow("placeholders") << QStringLiteral("%1 %2 %3 %n %L1");
    QTest::newRow("wide signs") << QStringLiteral("﷽").repeated(100'000);
}

void TestUpdateWindow::acc016_hostileText()
{
    QFETCH(QString, text);
    DialogFixture fixture;
    const auto isUsable = [&](const char *name) {
        QVERIFY(QTest::qWaitForWindowExposed(fixture.window()));
        const QSize screen = fixture.window()->screen()->availableSize();
        QVERIFY(fixture.window()->width() <= screen.width());
        QVERIFY(fixture.window()->height() <= screen.height());
        QVERIFY(fixture.button(name));
        const QRect button(fixture.button(name)->mapTo(fixture.window(), QPoint()),
                           fixture.button(name)->size());
        QVERIFY(fixture.window()->rect().contains(button));
        for (const QChar c : fixture.text())
            QVERIFY(c == u'\n' || (c.isPrint() && c != QChar(0x202e) && c != QChar(0x2067)));
        QVERIFY(fixture.act(name));
    };
    Release release = sampleRelease();
    release.setVersion(text);
    release.setTitle(text);
    release.setNotes(text, Release::NotesFormat::Html);
    Answers<Choice> choices;
    fixture.driver().showUpdateFound(release, true, choices.reply());
    isUsable("skipButton");
    QCOMPARE(choices.given, QList<Choice>{Choice::Skip});
    Answers<InstallTime> times;
    fixture.driver().showReadyToInstall(release, times.reply());
    isUsable("onQuitButton");
    QCOMPARE(times.given.size(), 1);
    fixture.driver().showProgress(Phase::Checking, 0, 0);
    fixture.driver().showProgress(Phase::Downloading, 1, 2);
    isUsable("cancelButton");
    fixture.driver().showNoUpdate(text);
    isUsable("closeButton");
    fixture.driver().showError(UpdateError(text, text));
    isUsable("closeButton");
    release.setVersion(text);
    fixture.driver().showUpdated(text, release);
    isUsable("closeButton");
}

QTEST_MAIN(TestUpdateWindow)
#include "tst_updatewindow.moc"
