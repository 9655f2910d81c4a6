// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A single file is changed as a folder is, whatever its versions call it.

#include "updater-helper/install/installed.h"

#include "lib/common/convert.h"

#include "tests/support/resultcheck.h"
#include "tests/support/singlefile.h"

#include <QTest>

using namespace Freshen;
using Install::ChangeKind;
using Install::Layout;

namespace fs = std::filesystem;

class TestSingleSwap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void becomesTheNewVersion_data() { addNames(); }
    void becomesTheNewVersion();
    void returns_data() { addNames(); }
    void returns();
    void goesBackToThePrevious_data() { addNames(); }
    void goesBackToThePrevious();
    void withoutDescription_data();
    void withoutDescription();
    void moreThanOneFile();

private:
    static void addNames();
    Install::Order order(ChangeKind kind = ChangeKind::Update) const;
    // Version 2.0, under that name, beside the app.
    void stage(const std::string &name) const;
    // "VERSION of the description: what the program says".
    QString installed() const;

    std::unique_ptr<EngineFixture> m_fixture;
    std::unique_ptr<Layout> m_layout;
};

void TestSingleSwap::init()
{
    m_fixture = std::make_unique<EngineFixture>();
    m_layout = std::make_unique<Layout>(installSingleFile(*m_fixture, "my-tool"));
}

void TestSingleSwap::addNames()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"tool-2.0", "tool-1.0", "my-tool"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

Install::Order TestSingleSwap::order(ChangeKind kind) const
{
    Install::Order order = m_fixture->order(kind);
    order.app = m_layout->app();
    return order;
}

void TestSingleSwap::stage(const std::string &name) const
{
    constexpr std::string_view program = "#!/bin/sh\necho 2.0\n";
    const fs::path tree = m_layout->staged();
    fs::create_directories(tree);
    const QByteArray description = singleFileDescription(*m_fixture, name, "2.0");
    writeText(tree / "freshen.json", toView(description));
    writeText(tree / name, program, 0755);
    m_fixture->signTree(tree, singleFileManifest(name, "2.0", program, toView(description)));
}

QString TestSingleSwap::installed() const
{
    const auto release = Install::installedRelease(*m_layout, m_fixture->keys());
    const QString program = QString::fromUtf8(readText(m_layout->app())).section(u' ', -1);
    if (!release)
        return QStringLiteral("unknown: ") + program.trimmed();
    const auto differences = Install::compareInstalled(*m_layout, release->manifest,
                                                       Trust::UnknownFiles::BelongToTheUser);
    const bool isIntact = differences && differences->empty();
    return toQString(release->manifest.version)
        + (isIntact ? QStringLiteral(": ") : QStringLiteral(", damaged: ")) + program.trimmed();
}

void TestSingleSwap::becomesTheNewVersion()
{
    QFETCH(QString, name);
    stage(toStdString(name));
    VERIFY_RESULT(Install::prepare(*m_layout, order()));
    QCOMPARE(installed(), QStringLiteral("1.0: 1.0"));
    VERIFY_RESULT(Install::swap(*m_layout));
    QCOMPARE(installed(), QStringLiteral("2.0: 2.0"));
    VERIFY_RESULT(Install::commit(*m_layout));
    QCOMPARE(installed(), QStringLiteral("2.0: 2.0"));
    QCOMPARE(m_fixture->versionOf(m_layout->previous()), QStringLiteral("1.0"));
    for (const fs::path &gone : {m_layout->staged(), m_layout->pieces(), m_layout->journal(),
                                 m_layout->kept()})
        QVERIFY2(!fs::exists(gone), gone.c_str());
}

void TestSingleSwap::returns()
{
    QFETCH(QString, name);
    stage(toStdString(name));
    VERIFY_RESULT(Install::prepare(*m_layout, order()));
    VERIFY_RESULT(Install::swap(*m_layout));
    VERIFY_RESULT(Install::back(*m_layout, true));
    QCOMPARE(installed(), QStringLiteral("1.0: 1.0"));
    for (const fs::path &gone : {m_layout->staged(), m_layout->previous(), m_layout->pieces(),
                                 m_layout->journal(), m_layout->kept()})
        QVERIFY2(!fs::exists(gone), gone.c_str());
}

void TestSingleSwap::goesBackToThePrevious()
{
    QFETCH(QString, name);
    stage(toStdString(name));
    VERIFY_RESULT(Install::prepare(*m_layout, order()));
    VERIFY_RESULT(Install::swap(*m_layout));
    VERIFY_RESULT(Install::commit(*m_layout));
    VERIFY_RESULT(Install::prepare(*m_layout, order(ChangeKind::Rollback)));
    VERIFY_RESULT(Install::swap(*m_layout));
    VERIFY_RESULT(Install::commit(*m_layout));
    QCOMPARE(installed(), QStringLiteral("1.0: 1.0"));
    QVERIFY(!fs::exists(m_layout->previous()));
}

void TestSingleSwap::withoutDescription_data()
{
    QTest::addColumn<bool>("isReady");
    QTest::newRow("stays") << true;
    QTest::newRow("returns") << false;
}

// As it was downloaded by hand, there is the file alone; and so it is again, if it returns.
void TestSingleSwap::withoutDescription()
{
    QFETCH(bool, isReady);
    fs::remove_all(m_layout->folder());
    fs::create_directories(m_layout->folder());
    stage("tool-2.0");
    VERIFY_RESULT(Install::prepare(*m_layout, order()));
    VERIFY_RESULT(Install::swap(*m_layout));
    QCOMPARE(installed(), QStringLiteral("2.0: 2.0"));
    if (isReady) {
        VERIFY_RESULT(Install::commit(*m_layout));
        QCOMPARE(installed(), QStringLiteral("2.0: 2.0"));
        return;
    }
    VERIFY_RESULT(Install::back(*m_layout, true));
    QCOMPARE(installed(), QStringLiteral("unknown: 1.0"));
    for (const char *name : {"freshen.json", "freshen.manifest", "freshen.manifest.minisig"})
        QVERIFY2(!fs::exists(m_layout->folder() / name), name);
}

void TestSingleSwap::moreThanOneFile()
{
    m_fixture->makeTree(m_layout->staged(), "2.0");
    VERIFY_ERROR(Install::prepare(*m_layout, order()), ErrorCode::MANIFEST);
    QCOMPARE(installed(), QStringLiteral("1.0: 1.0"));
}

QTEST_GUILESS_MAIN(TestSingleSwap)
#include "tst_singleswap.moc"
