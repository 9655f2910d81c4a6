// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/convert.h"
#include "tests/support/enginefixture.h"
#include "tests/support/faultyfiles.h"
#include "tests/support/resultcheck.h"
#include "updater-helper/install/installed.h"
#include "updater-helper/trust/digest.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;
using Install::ChangeKind;
using Kind = Platform::FileCall::Kind;

namespace {

// Nothing is done any more from the n-th call on, as after a kill.
FaultRule diesAt(int n)
{
    return [n, count = 0](const Platform::FileCall &) mutable { return ++count >= n ? EIO : 0; };
}

FaultRule either(FaultRule one, FaultRule other)
{
    return [one, other](const Platform::FileCall &call) mutable {
        const int number = one(call);
        return number ? number : other(call);
    };
}

const ShippedFiles newFiles = {{"clash", "shipped"}, {"turns", "a file now"},
                               {"grows/into/folders", "deep"}, {"mode/file", "same"}};
const ShippedFiles oldFiles = {{"turns/old", "a folder"}, {"grows", "a file"},
                               {"goes/away", "old"}, {"mode/file", "same"}};
const std::map<std::string, QByteArray> usersFiles = {
    {"mine.txt", "mine"}, {"data/mine.txt", "also mine"}, {"plugins/own/plugin.so", "my plugin"},
    {"clash", "of a name that comes"}, {"turns/mine", "in a folder that goes"},
    {"data/shipped.txt", "shipped, but edited"}};

// A folder or a single file that is changed, at once or piece by piece.
class Scene
{
public:
    Scene(const QString &method, const QString &operation)
        : m_isAtOnce(method == u"at once"_s)
        , m_isSingle(method == u"single file"_s)
        , m_layout(m_isSingle ? makeSingle() : m_fixture.layout())
    {
        writeText(m_fixture.path("guard"), "guard", 0755);
        if (!m_isSingle) {
            m_fixture.makeTree(m_layout.app(), "1.0", oldFiles);
            for (const auto &[name, content] : usersFiles) {
                fs::create_directories((m_layout.app() / name).parent_path());
                writeText(m_layout.app() / name, content.toStdString());
            }
        }
        stage("2.0");
        if (operation != u"update"_s && operation != u"back"_s)
            run(u"update"_s, {});
        if (operation == u"next"_s)
            stage("3.0");
    }

    // Whether it came to its end.
    bool run(const QString &operation, const FaultRule &rule)
    {
        FaultyFiles files(m_isAtOnce ? rule
                                     : either(everyFails(Kind::Exchange, EINVAL), allowing(rule)));
        const Install::Layout &layout = m_layout;
        auto done = Install::prepare(layout, order(operation));
        if (done)
            done = Install::swap(layout);
        if (done)
            done = operation.endsWith(u"back"_s) && operation != u"rollback"_s
                ? Install::back(layout, true)
                : Install::commit(layout);
        return done.has_value();
    }

    const Install::Layout &layout() const { return m_layout; }
    std::vector<Trust::PublicKey> keys() const { return m_fixture.keys(); }
    bool isAtOnce() const { return m_isAtOnce; }

    // The complete version that would start, "guard", or what is wrong.
    QString whatStarts() const
    {
        if (readText(m_layout.place(m_isSingle ? "sample" : "bin/sample")) == "guard")
            return u"guard"_s;
        return version();
    }
    QString version() const
    {
        const auto release = Trust::readTreeManifest(m_layout.descriptionFolder(), keys());
        if (!release)
            return toQString(release.error().message);
        const auto differences = Install::compareInstalled(
            m_layout, release->manifest, Trust::UnknownFiles::BelongToTheUser);
        const bool isEdited = differences && differences->size() == 1
            && differences->front().path == "data/shipped.txt";
        if (differences && (differences->empty() || isEdited))
            return toQString(release->manifest.version);
        return toQString(release->manifest.version + ", damaged: "
                         + (differences ? differences->front().path : "unreadable"));
    }
    bool isDescribed() const { return fs::exists(m_layout.place(Trust::Manifest::fileName)); }
    // For a single file: what stands there is whole, whatever its description says.
    bool hasProgram() const
    {
        const QByteArray program = readText(m_layout.app());
        return program == "program 1.0" || program == "program 2.0" || program == "program 3.0";
    }
    bool isSingle() const { return m_isSingle; }

    // The user's that are neither where they were nor among what is kept.
    QStringList lost(bool isSettled) const
    {
        QStringList lost;
        const fs::path kept = m_layout.kept();
        const fs::path folder = isSettled ? m_layout.app() : m_layout.app().parent_path();
        for (const auto &[name, content] : usersFiles) {
            if (!m_isSingle && !hasFile(folder, content) && !hasFile(kept, content))
                lost.append(toQString(name));
        }
        return lost;
    }
    QStringList unexpectedBeside() const
    {
        QStringList found = QDir(toQString(m_layout.folder()))
                                .entryList(QDir::AllEntries | QDir::Hidden | QDir::System
                                           | QDir::NoDotAndDotDot);
        for (const QString &name :
             {u"lock"_s, u"accepted"_s, u"previous"_s, u"previous-2"_s, u"staged"_s, u"result"_s,
              u"refused"_s, u"kept"_s, u"freshen.json"_s, u"freshen.manifest"_s,
              u"freshen.manifest.minisig"_s})
            found.removeAll(name);
        return found;
    }

    void stage(const std::string &version)
    {
        if (m_isSingle)
            return makeRelease(m_layout.staged(), version);
        m_fixture.makeTree(m_layout.staged(), version, newFiles);
    }

    Install::Order order(const QString &operation) const
    {
        const bool isRollback = operation.startsWith(u"rollback"_s);
        auto order = m_fixture.order(isRollback ? ChangeKind::Rollback : ChangeKind::Update);
        order.app = m_layout.app();
        order.guard = m_fixture.path("guard");
        order.keeps = 2;
        if (operation == u"next"_s) {
            order.fromVersion = "2.0";
            order.toVersion = "3.0";
        }
        return order;
    }

private:
    static FaultRule allowing(const FaultRule &rule)
    {
        return rule ? rule : [](const Platform::FileCall &) { return 0; };
    }

    static bool hasFile(const fs::path &folder, const QByteArray &content)
    {
        QDirIterator files(toQString(folder), QDir::Files | QDir::Hidden,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            if (readText(toPath(files.next())) == content)
                return true;
        }
        return false;
    }

    void makeRelease(const fs::path &tree, const std::string &version) const
    {
        fs::create_directories(tree);
        writeText(tree / "sample", "program " + version, 0755);
        writeText(tree / "freshen.json", "description of " + version);
        Trust::Manifest manifest;
        manifest.product = EngineFixture::product;
        manifest.version = version;
        manifest.os = "linux";
        manifest.arch = "x86_64";
        manifest.executable = "sample";
        for (const char *name : {"freshen.json", "sample"}) {
            const std::string text = readText(tree / name).toStdString();
            manifest.entries.push_back({Platform::EntryType::File,
                                        std::string(name) == "sample" ? 0755u : 0644u,
                                        text.size(), Trust::sha256Hex(text), name, {}});
        }
        m_fixture.signTree(tree, manifest);
    }

    Install::Layout makeSingle() const
    {
        const fs::path app = m_fixture.path("tool");
        const fs::path folder = m_fixture.path(".tool.freshen");
        makeRelease(folder, "1.0");
        fs::rename(folder / "sample", app);
        return Install::Layout(app);
    }

    EngineFixture m_fixture;
    bool m_isAtOnce;
    bool m_isSingle;
    Install::Layout m_layout;
};

} // namespace

// Broken off at every call that changes something, once each.
class TestBrokenOff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void acc068_acc074_acc086_atEveryCall_data();
    void acc068_acc074_acc086_atEveryCall();
    void acc079_damagedJournalCostsNoFileOfTheUser_data();
    void acc079_damagedJournalCostsNoFileOfTheUser();

private:
    void compareRecovered(Scene &scene);
};

// In memory, where to wait for the disk takes no time.
void TestBrokenOff::initTestCase()
{
    if (QFileInfo(u"/dev/shm"_s).isWritable())
        qputenv("TMPDIR", "/dev/shm");
}

void TestBrokenOff::acc068_acc074_acc086_atEveryCall_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("operation");
    QTest::addColumn<bool>("isStarted");
    for (const QString &method : {u"at once"_s, u"pieces"_s, u"single file"_s}) {
        for (const QString &operation :
             {u"update"_s, u"back"_s, u"next"_s, u"rollback"_s, u"rollback and back"_s}) {
            QTest::addRow("%s, %s", qPrintable(method), qPrintable(operation))
                << method << operation << false;
            if (method == u"pieces"_s)
                QTest::addRow("%s, %s, then started", qPrintable(method), qPrintable(operation))
                    << method << operation << true;
        }
    }
}

void TestBrokenOff::compareRecovered(Scene &scene)
{
    const auto recovered = Install::recover(scene.layout(), scene.keys());
    VERIFY_RESULT(recovered);
    const QString version = scene.whatStarts();
    QVERIFY2(QStringList({u"1.0"_s, u"2.0"_s, u"3.0"_s}).contains(version), qPrintable(version));
    QCOMPARE(scene.lost(true), QStringList());
    QCOMPARE(scene.unexpectedBeside(), QStringList());
    const auto again = Install::recover(scene.layout(), scene.keys());
    QVERIFY(again && *again == Install::Recovery::Nothing);
    scene.stage("3.0");
    Install::Order order = scene.order(u"next"_s);
    VERIFY_RESULT(Install::prepare(scene.layout(), order));
    VERIFY_RESULT(Install::swap(scene.layout()));
    VERIFY_RESULT(Install::commit(scene.layout()));
    QCOMPARE(scene.whatStarts(), u"3.0"_s);
    QCOMPARE(scene.lost(true), QStringList());
}

void TestBrokenOff::acc068_acc074_acc086_atEveryCall()
{
    QFETCH(QString, method);
    QFETCH(QString, operation);
    QFETCH(bool, isStarted);
    int calls = 0;
    for (bool isThrough = false; !isThrough; ++calls) {
        Scene scene(method, operation);
        isThrough = scene.run(operation, diesAt(calls + 1));
        const QString place = u"at call %1: %2"_s.arg(calls + 1).arg(scene.whatStarts());
        const bool isWhole = scene.isSingle()
            ? scene.hasProgram()
            : QStringList({u"1.0"_s, u"2.0"_s, u"3.0"_s}).contains(scene.whatStarts());
        const bool isGuarded = !scene.isAtOnce() && scene.whatStarts() == u"guard"_s;
        QVERIFY2(isWhole || isGuarded, qPrintable(place));
        QVERIFY2(scene.isDescribed(), qPrintable(place));
        QVERIFY2(scene.lost(false).isEmpty(), qPrintable(place + scene.lost(false).join(u' ')));
        if (isStarted) {
            VERIFY_RESULT(Install::makeWhole(scene.layout()));
            const QString version = scene.whatStarts();
            QVERIFY2(QStringList({u"1.0"_s, u"2.0"_s, u"3.0"_s}).contains(version),
                     qPrintable(place + u", then "_s + version));
        }
        compareRecovered(scene);
        if (QTest::currentTestFailed())
            qWarning("%s", qPrintable(place));
        if (QTest::currentTestFailed())
            return;
    }
    qInfo("%d calls", calls - 1);
    QVERIFY(calls > 30);
}

void TestBrokenOff::acc079_damagedJournalCostsNoFileOfTheUser_data()
{
    QTest::addColumn<QString>("method");
    QTest::newRow("at once") << u"at once"_s;
    QTest::newRow("pieces") << u"pieces"_s;
}

// The disk took it while the new version was to become ready; nobody knows what was under way.
void TestBrokenOff::acc079_damagedJournalCostsNoFileOfTheUser()
{
    QFETCH(QString, method);
    Scene scene(method, u"update"_s);
    {
        const FaultyFiles files(method == u"pieces"_s ? everyFails(Kind::Exchange, EINVAL)
                                                      : FaultRule());
        VERIFY_RESULT(Install::prepare(scene.layout(), scene.order(u"update"_s)));
        VERIFY_RESULT(Install::swap(scene.layout()));
    }
    writeText(scene.layout().journal(), "rubbish");
    VERIFY_RESULT(Install::recover(scene.layout(), scene.keys()));
    QCOMPARE(scene.whatStarts(), u"2.0"_s);
    // Whoever stages the next version removes what lies there.
    fs::remove_all(scene.layout().staged());
    QCOMPARE(scene.lost(true), QStringList());
}

QTEST_GUILESS_MAIN(TestBrokenOff)
#include "tst_brokenoff.moc"
