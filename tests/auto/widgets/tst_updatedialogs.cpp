// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The conversation: every question is answered once, every news is told.

#include "tests/auto/widgets/dialogfixture.h"
#include "tests/auto/widgets/samplepages.h"

#include <QApplication>
#include <QCheckBox>
#include <QDesktopServices>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QProgressBar>
#include <QTcpServer>
#include <QTest>
#include <QTextEdit>

using namespace Freshen;
using namespace Qt::StringLiterals;

using Choice = UserDriver::Choice;
using InstallTime = UserDriver::InstallTime;
using Permission = UserDriver::Permission;
using Phase = UserDriver::Phase;

class TestUpdateDialogs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void permission_data();
    void permission();
    void offer_data();
    void offer();
    void offerRemembersTheBox();
    void ready_data();
    void ready();
    void secondPressChangesNothing();
    void dismissedQuestionsStayUnanswered();
    void destroyedDialogsAnswerNothing();
    void criticalOffer();
    void overdueRelease();
    void informationalOffer();
    void linkOfInformationalOfferIsWebOnly();
    void notesArriveLater();
    void notesFail();
    void progress();
    void interruption();
    void proxyLogin_data();
    void proxyLogin();
    void silentPhasesOpenNoWindow();
    void cancelEndsTheCheck();
    void installTimeOnQuitWaits();
    void errorNamesCauseAndNextStep();
    void errorTriesAgain();
    void resultsStay_data();
    void resultsStay();
    void newsCoverAQuestion_data();
    void newsCoverAQuestion();
    void dismissalEndsACoveredQuestion();
    void offerWaitsBehindNews();

public Q_SLOTS:
    void openUrl(const QUrl &url) { m_opened += url; }

private:
    QList<QUrl> m_opened;
};

void TestUpdateDialogs::initTestCase()
{
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Notes"));
    QApplication::setQuitOnLastWindowClosed(false);
    QLocale::setDefault(QLocale::c());
}

void TestUpdateDialogs::permission_data()
{
    QTest::addColumn<QByteArray>("action");
    QTest::addColumn<bool>("box");
    QTest::addColumn<bool>("checks");
    QTest::addColumn<bool>("downloads");
    QTest::newRow("check") << QByteArray("allowButton") << false << true << false;
    QTest::newRow("check and install") << QByteArray("allowButton") << true << true << true;
    QTest::newRow("refuse") << QByteArray("refuseButton") << true << false << false;
    QTest::newRow("Esc") << QByteArray("Esc") << true << false << false;
    QTest::newRow("frame") << QByteArray("frame") << true << false << false;
}

void TestUpdateDialogs::permission()
{
    QFETCH(QByteArray, action);
    QFETCH(bool, box);
    DialogFixture fixture;
    Answers<Permission> answers;
    fixture.driver().askPermission(answers.reply());
    QVERIFY(fixture.isVisible());
    fixture.find<QCheckBox>("automaticallyBox")->setChecked(box);
    QVERIFY(fixture.act(action));
    QCOMPARE(answers.given.size(), 1);
    QTEST(answers.given.first().automaticallyChecks, "checks");
    QTEST(answers.given.first().automaticallyDownloads, "downloads");
    QVERIFY(!fixture.isVisible());
}

void TestUpdateDialogs::offer_data()
{
    QTest::addColumn<QByteArray>("action");
    QTest::addColumn<Choice>("choice");
    QTest::newRow("install") << QByteArray("installButton") << Choice::Install;
    QTest::newRow("later") << QByteArray("laterButton") << Choice::Later;
    QTest::newRow("skip") << QByteArray("skipButton") << Choice::Skip;
    QTest::newRow("Esc") << QByteArray("Esc") << Choice::Later;
    QTest::newRow("frame") << QByteArray("frame") << Choice::Later;
}

void TestUpdateDialogs::offer()
{
    QFETCH(QByteArray, action);
    QFETCH(Choice, choice);
    for (const bool userInitiated : {true, false}) {
        DialogFixture fixture;
        Answers<Choice> answers;
        fixture.driver().showUpdateFound(sampleRelease(), userInitiated, answers.reply());
        QVERIFY(fixture.text().contains(QLatin1String("Notes 2.0.0")));
        QVERIFY(fixture.text().contains(QLatin1String("version 1.0.0")));
        QVERIFY(fixture.text().contains(QLatin1String("12.4 MB")));
        QVERIFY(fixture.act(action));
        QCOMPARE(answers.given, QList<Choice>{choice});
        QCOMPARE(fixture.isVisible(), choice == Choice::Install);
        QCOMPARE(fixture.find<QProgressBar>("progressBar") != nullptr, choice == Choice::Install);
    }
}

void TestUpdateDialogs::offerRemembersTheBox()
{
    DialogFixture fixture;
    Answers<Choice> answers;
    const auto answerWith = [&](bool checked) {
        fixture.driver().showUpdateFound(sampleRelease(), true, answers.reply());
        auto *box = fixture.find<QCheckBox>("automaticallyBox");
        QCOMPARE(box->isChecked(), fixture.updater().automaticallyDownloads());
        box->setChecked(checked);
        QVERIFY(fixture.act("laterButton"));
        QCOMPARE(fixture.updater().automaticallyDownloads(), checked);
        QVERIFY(fixture.updater().automaticallyChecks());
    };
    QVERIFY(!fixture.updater().automaticallyChecks());
    answerWith(true);
    answerWith(false);
    answerWith(true);
}

void TestUpdateDialogs::ready_data()
{
    QTest::addColumn<QByteArray>("action");
    QTest::addColumn<InstallTime>("time");
    QTest::newRow("now") << QByteArray("restartButton") << InstallTime::Now;
    QTest::newRow("on quit") << QByteArray("onQuitButton") << InstallTime::OnQuit;
    QTest::newRow("Esc") << QByteArray("Esc") << InstallTime::OnQuit;
    QTest::newRow("frame") << QByteArray("frame") << InstallTime::OnQuit;
}

void TestUpdateDialogs::ready()
{
    QFETCH(QByteArray, action);
    QFETCH(InstallTime, time);
    DialogFixture fixture;
    Answers<InstallTime> answers;
    fixture.driver().showReadyToInstall(sampleRelease(), answers.reply());
    QVERIFY(fixture.text().contains(QLatin1String("Signature verified")));
    QVERIFY(fixture.act(action));
    QCOMPARE(answers.given, QList<InstallTime>{time});
    QCOMPARE(fixture.isVisible(), time == InstallTime::Now);
}

void TestUpdateDialogs::secondPressChangesNothing()
{
    DialogFixture fixture;
    Answers<Choice> answers;
    fixture.driver().showUpdateFound(sampleRelease(), true, answers.reply());
    QPointer<QAbstractButton> install = fixture.button("installButton");
    QPointer<QAbstractButton> skip = fixture.button("skipButton");
    install->click();
    QVERIFY(install && skip); // they go with the next event
    install->click();
    skip->click();
    QCOMPARE(answers.given, QList<Choice>{Choice::Install});
    QTRY_VERIFY(!install);
}

void TestUpdateDialogs::dismissedQuestionsStayUnanswered()
{
    DialogFixture fixture;
    Answers<Choice> choices;
    fixture.driver().showUpdateFound(sampleRelease(), true, choices.reply());
    fixture.driver().dismiss();
    QTRY_VERIFY(!fixture.isVisible());
    Answers<Permission> permissions;
    fixture.driver().askPermission(permissions.reply());
    fixture.driver().showUpdateFound(sampleRelease(), true, choices.reply());
    QVERIFY(fixture.act("laterButton"));
    QCOMPARE(choices.given.size(), 1);
    QCOMPARE(permissions.given.size(), 0);
}

void TestUpdateDialogs::destroyedDialogsAnswerNothing()
{
    DialogFixture fixture;
    Answers<Permission> answers;
    fixture.driver().askPermission(answers.reply());
    fixture.destroyDialogs();
    QVERIFY(!fixture.window());
    QCOMPARE(answers.given.size(), 0);
    fixture.updater().checkForUpdates(); // has no driver any more
    fixture.updater().cancel();
}

void TestUpdateDialogs::criticalOffer()
{
    DialogFixture fixture;
    Release release = sampleRelease();
    release.setCritical(true);
    Answers<Choice> answers;
    fixture.driver().showUpdateFound(release, true, answers.reply());
    QVERIFY(fixture.button("installButton"));
    QVERIFY(!fixture.button("laterButton"));
    QVERIFY(!fixture.button("skipButton"));
    QVERIFY(fixture.text().contains(QLatin1String("important")));
    QVERIFY(fixture.act("frame"));
    QCOMPARE(answers.given, QList<Choice>{Choice::Later});
}

void TestUpdateDialogs::overdueRelease()
{
    DialogFixture fixture;
    const QDate day(2026, 3, 12);
    Release release = sampleRelease();
    release.setCritical(true);
    const QString overdue = u"due since "_s + QLocale().toString(day, QLocale::LongFormat);
    for (const bool isOverdue : {false, true}) {
        release.setDeadline(isOverdue ? QDateTime(day, QTime(12, 0))
                                      : fixture.clock().now().addSecs(3600));
        fixture.driver().showUpdateFound(release, true, [](auto) {});
        QCOMPARE(fixture.text().contains("due since"_L1), isOverdue);
        QCOMPARE(fixture.text().contains(overdue), isOverdue);
        QVERIFY(!fixture.button("laterButton"));
        QVERIFY(!fixture.button("skipButton"));
        QVERIFY(fixture.act("Esc"));
        QVERIFY(!fixture.isVisible());
        fixture.driver().showReadyToInstall(release, [](auto) {});
        QCOMPARE(fixture.text().contains("due since"_L1), isOverdue);
        QVERIFY(fixture.text().contains("asks everyone"_L1));
        QVERIFY(fixture.act("onQuitButton"));
    }
}

void TestUpdateDialogs::informationalOffer()
{
    QDesktopServices::setUrlHandler(QStringLiteral("https"), this, "openUrl");
    m_opened.clear();
    DialogFixture fixture;
    fixture.updater().setAutomaticallyDownloads(true);
    Release release = sampleRelease();
    release.setInformational(true);
    release.setLink(QUrl(QStringLiteral("https://example.org/2")));
    Answers<Choice> answers;
    fixture.driver().showUpdateFound(release, true, answers.reply());
    QVERIFY(!fixture.button("installButton"));
    QVERIFY(!fixture.button("automaticallyBox"));
    QVERIFY(fixture.act("linkButton"));
    QDesktopServices::unsetUrlHandler(QStringLiteral("https"));
    QCOMPARE(m_opened, QList<QUrl>{release.link()});
    QCOMPARE(answers.given, QList<Choice>{Choice::Later});
    QVERIFY(fixture.updater().automaticallyDownloads());
}

void TestUpdateDialogs::linkOfInformationalOfferIsWebOnly()
{
    DialogFixture fixture;
    Release release = sampleRelease();
    release.setInformational(true);
    release.setLink(QUrl(QStringLiteral("file:///etc/passwd")));
    release.setFullNotesUrl(QUrl(QStringLiteral("file:///etc/passwd")));
    fixture.driver().showUpdateFound(release, true, [](auto) {});
    QVERIFY(!fixture.button("linkButton")->isEnabled());
    QVERIFY(!fixture.text().contains(QLatin1String("all versions")));
    QVERIFY(fixture.button("laterButton")->isEnabled());
}

void TestUpdateDialogs::notesArriveLater()
{
    DialogFixture fixture;
    Release release = sampleRelease();
    release.setNotes({}, Release::NotesFormat::Html);
    release.setNotesUrl(QUrl(QStringLiteral("https://example.org/notes.md")));
    fixture.driver().showUpdateFound(release, true, [](auto) {});
    const auto notes = [&] { return fixture.find<QTextEdit>("notes")->toPlainText(); };
    QVERIFY(notes().contains(QLatin1String("Loading")));
    fixture.driver().showReleaseNotes(QStringLiteral("**New**"), Release::NotesFormat::Markdown);
    QCOMPARE(notes(), QStringLiteral("New"));
}

void TestUpdateDialogs::notesFail()
{
    DialogFixture fixture;
    Release release = sampleRelease();
    release.setNotes({}, Release::NotesFormat::Html);
    release.setNotesUrl(QUrl(QStringLiteral("https://example.org/notes.md")));
    Answers<Choice> answers;
    fixture.driver().showUpdateFound(release, true, answers.reply());
    fixture.driver().showReleaseNotesFailed(
        UpdateError(QStringLiteral("NETWORK"), QStringLiteral("The server is away.")));
    QVERIFY(fixture.find<QTextEdit>("notes")->toPlainText().contains(
        QLatin1String("The server is away.")));
    QVERIFY(fixture.act("installButton"));
    QCOMPARE(answers.given, QList<Choice>{Choice::Install});
    // Too late: nobody shows them any more.
    fixture.driver().showReleaseNotes(QStringLiteral("x"), Release::NotesFormat::PlainText);
}

void TestUpdateDialogs::progress()
{
    DialogFixture fixture;
    UserDriver &driver = fixture.driver();
    driver.showProgress(Phase::Checking, 0, 0);
    QVERIFY(fixture.isVisible());
    auto *bar = fixture.find<QProgressBar>("progressBar");
    QCOMPARE(bar->maximum(), 0);
    driver.showUpdateFound(sampleRelease(), true, [](auto) {});
    QVERIFY(fixture.act("installButton"));
    bar = fixture.find<QProgressBar>("progressBar");
    QPointer<QAbstractButton> cancel = fixture.button("cancelButton");

    driver.showProgress(Phase::Downloading, 3'100'000, 12'400'000);
    QCOMPARE(bar->text(), QStringLiteral("25%"));
    QVERIFY(fixture.text().contains(QLatin1String("Downloading Notes 2.0.0")));
    QVERIFY(fixture.text().contains(QLatin1String("3.1 MB of 12.4 MB")));
    driver.showProgress(Phase::Downloading, 6'200'000, 12'400'000);
    QTRY_VERIFY(fixture.text().contains(QLatin1String("6.2 MB of 12.4 MB")));
    QTRY_VERIFY(fixture.text().contains(QLatin1String("per second")));
    QVERIFY(fixture.text().contains(QLatin1String(" left")));

    driver.showProgress(Phase::Preparing, 1, 0);
    QVERIFY(fixture.text().contains(QLatin1String("Preparing Notes 2.0.0")));
    QCOMPARE(bar->maximum(), 0);
    driver.showProgress(Phase::Preparing, 5'000'000'000, 10'000'000'000);
    QCOMPARE(bar->text(), QStringLiteral("50%"));
    driver.showProgress(Phase::Preparing, 20, 10);
    QCOMPARE(bar->text(), QStringLiteral("100%"));
    driver.showProgress(Phase::Installing, 0, 0);
    QVERIFY(fixture.text().contains(QLatin1String("Installing Notes 2.0.0")));
    QVERIFY(cancel && cancel->isVisible()); // one page all along
}

void TestUpdateDialogs::interruption()
{
    DialogFixture fixture;
    UserDriver &driver = fixture.driver();
    driver.showInterrupted({u"NETWORK"_s, u"The network is away."_s}, 2);
    QVERIFY(!fixture.isVisible());
    driver.showUpdateFound(sampleRelease(), true, [](auto) {});
    QVERIFY(fixture.act("installButton"));
    driver.showProgress(Phase::Downloading, 3'100'000, 12'400'000);
    driver.showProgress(Phase::Downloading, 6'200'000, 12'400'000);
    QTRY_VERIFY(fixture.text().contains(u"per second"));
    driver.showInterrupted({u"NETWORK"_s, u"The \u202enetwork\nis away."_s}, 2);
    QVERIFY(fixture.text().contains(u"Waiting for the network… Trying again in 2 s"));
    QVERIFY(fixture.text().contains(u"The network is away."));
    QVERIFY(!fixture.text().contains(u"per second"));
    QTRY_VERIFY(fixture.text().contains(u"Trying again in 1 s"));
    QTRY_VERIFY(fixture.text().contains(u"Trying again now"));
    driver.showProgress(Phase::Downloading, 6'200'001, 12'400'000);
    QTRY_VERIFY(fixture.text().contains(u"6.2 MB of 12.4 MB"));
    QVERIFY(!fixture.text().contains(u"Waiting"));
    QVERIFY(!fixture.text().contains(u"away"));
}

void TestUpdateDialogs::proxyLogin_data()
{
    QTest::addColumn<QByteArray>("action");
    QTest::addColumn<QString>("user");
    QTest::newRow("log in") << QByteArray("logInButton") << u"ada"_s;
    QTest::newRow("Enter") << QByteArray("Enter") << u"ada"_s;
    QTest::newRow("cancel") << QByteArray("cancelButton") << QString();
    QTest::newRow("Esc") << QByteArray("Esc") << QString();
    QTest::newRow("frame") << QByteArray("frame") << QString();
}

void TestUpdateDialogs::proxyLogin()
{
    QFETCH(QByteArray, action);
    QFETCH(QString, user);
    DialogFixture fixture;
    Answers<UserDriver::ProxyLogin> answers;
    fixture.driver().showProgress(Phase::Checking, 0, 0);
    fixture.driver().askProxyLogin(u"proxy.example.org:3128"_s, answers.reply());
    QVERIFY(fixture.text().contains(u"proxy.example.org:3128"));
    auto *name = fixture.find<QLineEdit>("userEdit");
    auto *password = fixture.find<QLineEdit>("passwordEdit");
    QCOMPARE(fixture.window()->focusWidget(), name);
    QCOMPARE(password->echoMode(), QLineEdit::Password);
    // A name is needed.
    QTest::keyClick(name, Qt::Key_Return);
    QVERIFY(!fixture.button("logInButton")->isEnabled());
    QCOMPARE(answers.given.size(), 0);
    QTest::keyClicks(name, u"ada"_s);
    QTest::keyClicks(password, u"pass word"_s);
    if (action == "Enter")
        QTest::keyClick(password, Qt::Key_Enter);
    else
        QVERIFY(fixture.act(action));
    QCOMPARE(answers.given.size(), 1);
    QCOMPARE(answers.given.first().user, user);
    QCOMPARE(answers.given.first().password, user.isEmpty() ? QString() : u"pass word"_s);
    QVERIFY(fixture.isVisible());
    QVERIFY(fixture.text().contains(u"Checking for updates"));
    if (user.isEmpty())
        return;
    fixture.driver().askProxyLogin(u"proxy.example.org:3128"_s, answers.reply());
    QVERIFY(fixture.text().contains(u"does not accept"));
    fixture.driver().dismiss();
    fixture.driver().showProgress(Phase::Checking, 0, 0);
    fixture.driver().askProxyLogin(u"proxy.example.org:3128"_s, answers.reply());
    QVERIFY(!fixture.text().contains(u"does not accept"));
}

void TestUpdateDialogs::silentPhasesOpenNoWindow()
{
    DialogFixture fixture;
    fixture.driver().showProgress(Phase::Downloading, 1, 2);
    fixture.driver().showProgress(Phase::Preparing, 1, 2);
    fixture.driver().showProgress(Phase::Installing, 0, 0);
    fixture.driver().dismiss();
    QApplication::processEvents();
    QVERIFY(!fixture.isVisible());
}

void TestUpdateDialogs::cancelEndsTheCheck()
{
    QTcpServer silent; // accepts and never answers
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    const QString feed = QStringLiteral("http://127.0.0.1:%1/appcast.xml").arg(silent.serverPort());
    for (const char *action : {"cancelButton", "Esc", "frame"}) {
        DialogFixture fixture(nullptr, feed);
        fixture.updater().checkForUpdates();
        QTRY_VERIFY(silent.hasPendingConnections());
        silent.nextPendingConnection();
        QCOMPARE(fixture.updater().state(), Updater::State::Checking);
        QVERIFY(fixture.isVisible());
        QElapsedTimer timer;
        timer.start();
        QVERIFY(fixture.act(action));
        QVERIFY(!fixture.isVisible());
        QTRY_COMPARE(fixture.updater().state(), Updater::State::Idle);
        QVERIFY(timer.elapsed() < 200);
        QVERIFY(!fixture.isVisible());
    }
}

void TestUpdateDialogs::installTimeOnQuitWaits()
{
    DialogFixture fixture;
    fixture.driver().showReadyToInstall(sampleRelease(),
                                        [&](InstallTime) { fixture.driver().dismiss(); });
    QVERIFY(fixture.act("onQuitButton"));
    QVERIFY(!fixture.isVisible());
    fixture.driver().requestAttention();
    QVERIFY(fixture.isVisible());
    QVERIFY(fixture.text().contains(QLatin1String("when you quit Notes")));
    QVERIFY(fixture.act("closeButton"));
    QVERIFY(!fixture.isVisible());
}

void TestUpdateDialogs::errorNamesCauseAndNextStep()
{
    DialogFixture fixture;
    fixture.driver().showProgress(Phase::Checking, 0, 0);
    const QString sentence = QStringLiteral("The disk is full: free some space and try again.");
    fixture.driver().showError(UpdateError(QStringLiteral("NO_SPACE"), sentence));
    QCOMPARE(fixture.find<QTextEdit>("errorMessage")->toPlainText(), sentence);
    QVERIFY(fixture.text().contains(QLatin1String("The check for updates failed")));
    QVERIFY(fixture.text().contains(QLatin1String("NO_SPACE")));
    QVERIFY(fixture.text().contains(QLatin1String("Nothing was changed")));
    QVERIFY(fixture.act("closeButton"));
    QVERIFY(!fixture.isVisible());
}

void TestUpdateDialogs::errorTriesAgain()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    DialogFixture fixture(
        nullptr, QStringLiteral("http://127.0.0.1:%1/appcast.xml").arg(silent.serverPort()));
    fixture.driver().showError(UpdateError(QStringLiteral("NETWORK"), QStringLiteral("x")));
    QVERIFY(fixture.act("retryButton"));
    QTRY_COMPARE(fixture.updater().state(), Updater::State::Checking);
    QTRY_VERIFY(fixture.button("cancelButton"));
    fixture.updater().cancel();
}

void TestUpdateDialogs::resultsStay_data()
{
    QTest::addColumn<QByteArray>("page");
    QTest::newRow("up to date") << QByteArray("up-to-date");
    QTest::newRow("failed") << QByteArray("failed");
    QTest::newRow("updated") << QByteArray("updated");
}

void TestUpdateDialogs::resultsStay()
{
    QFETCH(QByteArray, page);
    for (const char *action : {"closeButton", "Esc", "frame"}) {
        DialogFixture fixture;
        for (const SamplePage &sample : samplePages()) {
            if (sample.name == page)
                sample.show(fixture.driver());
        }
        fixture.driver().dismiss();
        QApplication::processEvents();
        QVERIFY(fixture.isVisible());
        QVERIFY(fixture.act(action));
        QVERIFY(!fixture.isVisible());
    }
}

void TestUpdateDialogs::newsCoverAQuestion_data()
{
    QTest::addColumn<bool>("newsFirst");
    QTest::newRow("news first") << true;
    QTest::newRow("question first") << false;
}

// The first start after an update is often the second start of all.
void TestUpdateDialogs::newsCoverAQuestion()
{
    QFETCH(bool, newsFirst);
    DialogFixture fixture;
    Answers<Permission> answers;
    if (newsFirst)
        fixture.driver().showUpdated(QStringLiteral("1"), plainRelease(QStringLiteral("2")));
    fixture.driver().askPermission(answers.reply());
    if (!newsFirst)
        fixture.driver().showUpdated(QStringLiteral("1"), plainRelease(QStringLiteral("2")));
    QVERIFY(fixture.text().contains(QLatin1String("was updated to version 2")));
    const QPoint place = fixture.window()->pos();
    QVERIFY(fixture.act("closeButton"));
    QCOMPARE(answers.given.size(), 0);
    QCOMPARE(fixture.window()->pos(), place);
    QVERIFY(fixture.act("allowButton"));
    QCOMPARE(answers.given.size(), 1);
    QVERIFY(!fixture.isVisible());
}

void TestUpdateDialogs::dismissalEndsACoveredQuestion()
{
    DialogFixture fixture;
    Answers<Permission> answers;
    fixture.driver().askPermission(answers.reply());
    fixture.driver().showUpdated(QStringLiteral("1"), plainRelease(QStringLiteral("2")));
    fixture.driver().dismiss();
    QVERIFY(fixture.act("closeButton"));
    QVERIFY(!fixture.isVisible());
    QCOMPARE(answers.given.size(), 0);
}

void TestUpdateDialogs::offerWaitsBehindNews()
{
    DialogFixture fixture;
    Release release = sampleRelease();
    release.setNotes({}, Release::NotesFormat::Html);
    release.setNotesUrl(QUrl(QStringLiteral("https://example.org/notes.txt")));
    Answers<Choice> answers;
    fixture.driver().showUpdated(QStringLiteral("1"), plainRelease(QStringLiteral("2")));
    fixture.driver().showUpdateFound(release, false, answers.reply());
    fixture.driver().showReleaseNotes(QStringLiteral("fast"), Release::NotesFormat::PlainText);
    QVERIFY(!fixture.button("installButton"));
    QVERIFY(fixture.act("closeButton"));
    QCOMPARE(fixture.find<QTextEdit>("notes")->toPlainText(), QStringLiteral("fast"));
    QVERIFY(fixture.act("installButton"));
    QCOMPARE(answers.given, QList<Choice>{Choice::Install});
}

QTEST_MAIN(TestUpdateDialogs)
#include "tst_updatedialogs.moc"
