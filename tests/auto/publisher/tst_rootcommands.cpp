// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/publisher/publishing.h"
#include "tests/support/resultcheck.h"

#include "lib/common/convert.h"
#include "updater-helper/trust/root.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 day = 24 * 60 * 60;
constexpr qint64 today = 1'800'000'000;

QString publicText(char seed)
{
    return QString::fromStdString(testKey(seed).publicKey().toSparkle());
}

} // namespace

class TestRootCommands : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void groupHasHelp();
    void initWritesADraft();
    void initNeverOverwrites();
    void badDraftsAreRefused_data();
    void badDraftsAreRefused();
    void keysChangeWhileNobodySigned();
    void signedRootsDoNotChange();
    void signingCompletesTheFirstRoot();
    void orderOfSigningDoesNotMatter();
    void keyWithoutASayIsRefused();
    void keyOfMinisignSigns();
    void rotationNeedsOldAndNewKeys();
    void rotationNeedsACompleteRoot();
    void rotationRefusesWhatDoesNotFit_data();
    void rotationRefusesWhatDoesNotFit();
    void rotationOfAnotherProductIsNotSigned();
    void showTellsWhoSigned();
    void showVerifiesTheChain();
    void showWarnsOfExpiry_data();
    void showWarnsOfExpiry();
    void acc100_expiredRootIsNotSigned();

private:
    QString root(int version) const { return m_place->filePath(u"%1.root"_s.arg(version)); }
    Finished tool(const QStringList &arguments, qint64 now = today) const
    {
        return appcastTool(QStringList{u"root"_s} + arguments + QStringList{u"--json"_s}, now);
    }
    // Root keys a and b, both of which have to sign; feed key f, release key r.
    Finished makeFirst(const QStringList &options = {}) const
    {
        return tool(QStringList{u"init"_s, u"--product"_s, u"org.example.notes"_s, u"--root-key"_s,
                                publicText('a'), u"--root-key"_s, publicText('b'), u"--threshold"_s,
                                u"root=2"_s, u"--feed-key"_s, publicText('f'), u"--release-key"_s,
                                publicText('r')}
                    + options + QStringList{m_place->path()});
    }
    Finished sign(char seed, int version, qint64 now = today) const
    {
        return tool({u"sign"_s, u"--key"_s, keyFile(seed), root(version)}, now);
    }
    QString keyFile(char seed) const
    {
        const QString path = m_place->filePath(QChar::fromLatin1(seed) + u".key"_s);
        writeTextFile(path, QByteArray::fromStdString(testKey(seed).toText()), 0600);
        return path;
    }
    void completeFirst() const
    {
        QCOMPARE(makeFirst().status, 0);
        QCOMPARE(sign('a', 1).status, 0);
        QCOMPARE(sign('b', 1).status, 0);
    }
    Finished rotate(const QStringList &options = {}) const
    {
        return tool(QStringList{u"rotate"_s} + options + QStringList{m_place->path()});
    }

    std::unique_ptr<QTemporaryDir> m_place;
};

void TestRootCommands::init()
{
    m_place = std::make_unique<QTemporaryDir>();
}

void TestRootCommands::groupHasHelp()
{
    const Finished help = appcastTool({u"root"_s, u"--help"_s});
    QCOMPARE(help.status, 0);
    for (const char *name : {"init", "add-key", "remove-key", "sign", "rotate", "show"})
        QVERIFY2(help.out.contains(QByteArray("  root ") + name + ' '), name);
    QVERIFY(!help.out.contains("keygen"));
    QCOMPARE(appcastTool({u"root"_s, u"bake"_s}).status, 2);
}

void TestRootCommands::initWritesADraft()
{
    const Finished made = makeFirst({u"--expires"_s, u"30"_s});
    QCOMPARE(made.status, 0);
    QCOMPARE(made.json().value(u"result"_s).toString(), u"draft"_s);
    QCOMPARE(made.json().value(u"file"_s).toString(), root(1));
    const auto draft = Trust::SignedRoot::parse(toView(readWholeFile(root(1))));
    VERIFY_RESULT(draft);
    QVERIFY(draft->signatures.empty());
    QCOMPARE(draft->root.product, "org.example.notes");
    QCOMPARE(draft->root.version, std::uint64_t(1));
    QCOMPARE(draft->root.issued, "2027-01-15T08:00:00Z");
    QCOMPARE(draft->root.expires, "2027-02-14T08:00:00Z");
    QCOMPARE(draft->root.root.threshold, std::size_t(2));
    QCOMPARE(draft->root.root.keys.size(), std::size_t(2));
    QVERIFY(draft->root.feed.keys == std::vector{testKey('f').publicKey()});
    QVERIFY(draft->root.release.keys == std::vector{testKey('r').publicKey()});
    // A year, where nothing is said.
    QVERIFY(QFile::remove(root(1)));
    QCOMPARE(makeFirst().json().value(u"expires"_s).toString(), u"2028-01-15T08:00:00Z"_s);
}

void TestRootCommands::initNeverOverwrites()
{
    writeTextFile(root(1), "precious");
    QCOMPARE(makeFirst().errorCode(), u"CONFIG"_s);
    QCOMPARE(readWholeFile(root(1)), "precious");
    QVERIFY(QFile::remove(root(1)));
    QVERIFY(QFile::link(u"nowhere"_s, root(1)));
    QCOMPARE(makeFirst().errorCode(), u"CONFIG"_s);
}

void TestRootCommands::badDraftsAreRefused_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name, const QStringList &options, const QString &code) {
        QTest::newRow(name) << options << code;
    };
    row("more than there are", {u"--threshold"_s, u"root=3"_s}, u"CONFIG"_s);
    row("two releases", {u"--release-key"_s, publicText('x'), u"--threshold"_s, u"release=2"_s},
        u"CONFIG"_s);
    row("none", {u"--threshold"_s, u"root=0"_s}, u"USAGE"_s);
    row("no number", {u"--threshold"_s, u"root"_s}, u"USAGE"_s);
    row("no role", {u"--threshold"_s, u"timestamp=1"_s}, u"USAGE"_s);
    row("key twice", {u"--root-key"_s, publicText('a')}, u"CONFIG"_s);
    row("no key", {u"--root-key"_s, u"nonsense"_s}, u"KEY"_s);
    row("acc100 over a year", {u"--expires"_s, u"367"_s}, u"USAGE"_s);
    row("acc100 in the past", {u"--expires"_s, u"-1"_s}, u"USAGE"_s);
    row("product", {u"--product"_s, u"a\nb"_s}, u"ROOT_CHAIN"_s);
    QStringList many;
    for (const char seed : QByteArray("cdefghijklmnopq"))
        many += {u"--root-key"_s, publicText(seed)};
    row("17 keys", many, u"CONFIG"_s);
}

void TestRootCommands::badDraftsAreRefused()
{
    QFETCH(QStringList, options);
    QFETCH(QString, code);
    QCOMPARE(makeFirst(options).errorCode(), code);
    QVERIFY(!QFileInfo::exists(root(1)));
}

void TestRootCommands::keysChangeWhileNobodySigned()
{
    QCOMPARE(makeFirst().status, 0);
    const auto change = [&](const QString &command, const QString &role, char seed,
                            const QStringList &options = {}) {
        return tool(QStringList{command, u"--role"_s, role, u"--key"_s, publicText(seed)} + options
                    + QStringList{root(1)});
    };
    QCOMPARE(change(u"add-key"_s, u"feed"_s, 'g', {u"--threshold"_s, u"feed=2"_s}).status, 0);
    QCOMPARE(change(u"add-key"_s, u"feed"_s, 'g').errorCode(), u"CONFIG"_s);
    QCOMPARE(change(u"remove-key"_s, u"feed"_s, 'h').errorCode(), u"CONFIG"_s);
    QCOMPARE(change(u"remove-key"_s, u"feed"_s, 'f').errorCode(), u"CONFIG"_s); // 2 of 1
    QCOMPARE(change(u"remove-key"_s, u"feed"_s, 'f', {u"--threshold"_s, u"feed=1"_s}).status, 0);
    const auto draft = Trust::SignedRoot::parse(toView(readWholeFile(root(1))));
    VERIFY_RESULT(draft);
    QVERIFY(draft->root.feed == (Trust::RootRole{1, {testKey('g').publicKey()}}));
}

void TestRootCommands::signedRootsDoNotChange()
{
    QCOMPARE(makeFirst().status, 0);
    QCOMPARE(sign('a', 1).status, 0);
    const QByteArray before = readWholeFile(root(1));
    for (const QString &command : {u"add-key"_s, u"remove-key"_s}) {
        const Finished answer = tool(
            {command, u"--role"_s, u"feed"_s, u"--key"_s, publicText('g'), root(1)});
        QCOMPARE(answer.errorCode(), u"CONFIG"_s);
        QVERIFY(answer.out.contains("root rotate"));
    }
    QCOMPARE(readWholeFile(root(1)), before);
}

void TestRootCommands::signingCompletesTheFirstRoot()
{
    QCOMPARE(makeFirst().status, 0);
    VERIFY_ERROR(Trust::firstRoot(toView(readWholeFile(root(1)))), ErrorCode::ROOT_CHAIN);
    const QJsonObject first = sign('a', 1).json();
    QCOMPARE(first[u"complete"_s].toBool(), false);
    QCOMPARE(first[u"missing"_s][u"own"_s].toInt(), 1);
    QCOMPARE(sign('a', 1).json(), first); // the same key again counts once
    VERIFY_ERROR(Trust::firstRoot(toView(readWholeFile(root(1)))), ErrorCode::ROOT_CHAIN);
    QCOMPARE(sign('b', 1).json()[u"complete"_s].toBool(), true);
    VERIFY_RESULT(Trust::firstRoot(toView(readWholeFile(root(1)))));
}

void TestRootCommands::orderOfSigningDoesNotMatter()
{
    completeFirst();
    const QByteArray one = readWholeFile(root(1));
    QVERIFY(QFile::remove(root(1)));
    QCOMPARE(makeFirst().status, 0);
    QCOMPARE(sign('b', 1).status, 0);
    QCOMPARE(sign('a', 1).status, 0);
    QCOMPARE(readWholeFile(root(1)), one);
}

void TestRootCommands::keyWithoutASayIsRefused()
{
    QCOMPARE(makeFirst().status, 0);
    const QByteArray before = readWholeFile(root(1));
    for (const char seed : {'f', 'r', 'x'}) {
        const Finished answer = sign(seed, 1);
        QCOMPARE(answer.status, 1);
        QCOMPARE(answer.errorCode(), u"KEY"_s);
    }
    QCOMPARE(readWholeFile(root(1)), before);
}

// The stock tool gives its keys ids of its own, which have no meaning in a root.
void TestRootCommands::keyOfMinisignSigns()
{
    const QString name = m_place->filePath(u"stock"_s);
    if (runProgram(u"minisign"_s,
                   {u"-G"_s, u"-W"_s, u"-p"_s, name + u".pub"_s, u"-s"_s, name + u".key"_s})
            .status
        != 0)
        QSKIP("The minisign command is not installed.");
    QCOMPARE(tool({u"init"_s, u"--product"_s, u"notes"_s, u"--root-key"_s, name + u".pub"_s,
                   u"--feed-key"_s, name + u".pub"_s, u"--release-key"_s, name + u".pub"_s,
                   m_place->path()})
                 .status,
             0);
    QCOMPARE(tool({u"sign"_s, u"--key"_s, name + u".key"_s, root(1)}).json()[u"complete"_s],
             QJsonValue(true));
    VERIFY_RESULT(Trust::firstRoot(toView(readWholeFile(root(1)))));
}

void TestRootCommands::rotationNeedsOldAndNewKeys()
{
    completeFirst();
    const auto first = Trust::firstRoot(toView(readWholeFile(root(1))));
    VERIFY_RESULT(first);
    const Finished made = rotate(
        {u"--remove"_s, u"root="_s + publicText('b'), u"--add"_s, u"root="_s + publicText('c'),
         u"--remove"_s, u"feed="_s + publicText('f'), u"--add"_s, u"feed="_s + publicText('g')});
    QCOMPARE(made.status, 0);
    QCOMPARE(made.json()[u"version"_s].toInt(), 2);
    const QJsonObject missing = sign('a', 2).json()[u"missing"_s].toObject();
    QCOMPARE(missing[u"previous"_s].toInt(), 1);
    QCOMPARE(missing[u"own"_s].toInt(), 1);
    QCOMPARE(sign('c', 2).json()[u"complete"_s].toBool(), false);
    VERIFY_ERROR(Trust::nextRoot(first->root, toView(readWholeFile(root(2)))),
                 ErrorCode::ROOT_CHAIN);
    QCOMPARE(sign('b', 2).json()[u"complete"_s].toBool(), true);
    const auto second = Trust::nextRoot(first->root, toView(readWholeFile(root(2))));
    VERIFY_RESULT(second);
    QVERIFY(second->root.feed == (Trust::RootRole{1, {testKey('g').publicKey()}}));
    // Without the root before it nobody can tell whose signature counts.
    QVERIFY(QFile::rename(root(1), m_place->filePath(u"away"_s)));
    QCOMPARE(sign('c', 2).errorCode(), u"ROOT_CHAIN"_s);
}

void TestRootCommands::rotationNeedsACompleteRoot()
{
    QCOMPARE(rotate().errorCode(), u"CONFIG"_s);
    QCOMPARE(makeFirst().status, 0);
    QCOMPARE(sign('a', 1).status, 0);
    QCOMPARE(rotate().errorCode(), u"ROOT_CHAIN"_s);
    QVERIFY(!QFileInfo::exists(root(2)));
    QCOMPARE(sign('b', 1).status, 0);
    QCOMPARE(rotate().status, 0);
    QCOMPARE(rotate().errorCode(), u"ROOT_CHAIN"_s); // 2.root is a draft still
}

void TestRootCommands::rotationRefusesWhatDoesNotFit_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("code");
    QTest::newRow("key that is there")
        << QStringList{u"--add"_s, u"feed="_s + publicText('f')} << u"CONFIG"_s;
    QTest::newRow("key that is not there")
        << QStringList{u"--remove"_s, u"feed="_s + publicText('x')} << u"CONFIG"_s;
    QTest::newRow("last key of a role")
        << QStringList{u"--remove"_s, u"feed="_s + publicText('f')} << u"CONFIG"_s;
    QTest::newRow("fewer than the threshold")
        << QStringList{u"--remove"_s, u"root="_s + publicText('a')} << u"CONFIG"_s;
    QTest::newRow("no role") << QStringList{u"--add"_s, publicText('x')} << u"USAGE"_s;
}

void TestRootCommands::rotationRefusesWhatDoesNotFit()
{
    QFETCH(QStringList, options);
    QFETCH(QString, code);
    completeFirst();
    QCOMPARE(rotate(options).errorCode(), code);
    QVERIFY(!QFileInfo::exists(root(2)));
}

void TestRootCommands::rotationOfAnotherProductIsNotSigned()
{
    completeFirst();
    QCOMPARE(rotate().status, 0);
    QByteArray other = readWholeFile(root(2)).replace("org.example.notes", "org.example.other");
    writeTextFile(root(2), other);
    QCOMPARE(sign('a', 2).errorCode(), u"WRONG_PRODUCT"_s);
    QCOMPARE(readWholeFile(root(2)), other);
}

void TestRootCommands::showTellsWhoSigned()
{
    QCOMPARE(makeFirst().status, 0);
    QCOMPARE(sign('a', 1).status, 0);
    const Finished answer = tool({u"show"_s, root(1)});
    QCOMPARE(answer.status, 0);
    const QJsonValue shown = answer.json()[u"roots"_s][0];
    QCOMPARE(shown[u"product"_s].toString(), u"org.example.notes"_s);
    QCOMPARE(shown[u"complete"_s].toBool(), false);
    QCOMPARE(shown[u"missing"_s][u"own"_s].toInt(), 1);
    QCOMPARE(shown[u"roles"_s][u"root"_s][u"threshold"_s].toInt(), 2);
    int signers = 0;
    const QJsonArray keys = shown[u"roles"_s][u"root"_s][u"keys"_s].toArray();
    for (const QJsonValue &key : keys) {
        const bool isA = key[u"sparkle"_s].toString() == publicText('a');
        QCOMPARE(key[u"signed"_s].toBool(), isA);
        QCOMPARE(key[u"minisign"_s].toString().toStdString(),
                 testKey(isA ? 'a' : 'b').publicKey().toMinisign());
        signers += isA;
    }
    QCOMPARE(signers, 1);
    const Finished text = appcastTool({u"root"_s, u"show"_s, root(1)});
    QCOMPARE(text.out.count(" signed\n"), 1);
    // Whoever asks for the folder wants to know whether clients would follow.
    QCOMPARE(tool({u"show"_s, m_place->path()}).errorCode(), u"ROOT_CHAIN"_s);
}

void TestRootCommands::showVerifiesTheChain()
{
    completeFirst();
    for (int version = 2; version <= 3; ++version) {
        QCOMPARE(rotate().status, 0);
        QCOMPARE(sign('a', version).status, 0);
        QCOMPARE(sign('b', version).status, 0);
    }
    const auto show = [&] { return tool({u"show"_s, m_place->path()}); };
    const Finished good = show();
    QCOMPARE(good.status, 0);
    QCOMPARE(good.json()[u"roots"_s].toArray().size(), 3);
    const QByteArray second = readWholeFile(root(2));
    const QByteArray third = readWholeFile(root(3));
    writeTextFile(root(2), QByteArray(second).replace("issued 2027", "issued 2026"));
    QCOMPARE(show().errorCode(), u"ROOT_CHAIN"_s);
    writeTextFile(root(2), third); // under another name
    QCOMPARE(show().errorCode(), u"ROOT_CHAIN"_s);
    QVERIFY(QFile::remove(root(2)));
    QCOMPARE(show().errorCode(), u"ROOT_CHAIN"_s);
    writeTextFile(root(2), second);
    QCOMPARE(show().status, 0);
}

void TestRootCommands::showWarnsOfExpiry_data()
{
    QTest::addColumn<int>("days");
    QTest::addColumn<int>("warnings");
    QTest::newRow("fresh") << 300 << 0;
    QTest::newRow("soon") << 340 << 1;
    QTest::newRow("expired") << 366 << 1;
}

void TestRootCommands::showWarnsOfExpiry()
{
    QFETCH(int, days);
    QFETCH(int, warnings);
    completeFirst();
    const Finished shown = tool({u"show"_s, m_place->path()}, today + days * day);
    QCOMPARE(shown.status, 0);
    QCOMPARE(shown.json()[u"warnings"_s].toArray().size(), warnings);
}

void TestRootCommands::acc100_expiredRootIsNotSigned()
{
    QCOMPARE(makeFirst().status, 0);
    const QByteArray before = readWholeFile(root(1));
    const Finished answer = sign('a', 1, today + 366 * day);
    QCOMPARE(answer.errorCode(), u"ROOT_EXPIRED"_s);
    QVERIFY(answer.out.contains("root rotate"));
    QCOMPARE(readWholeFile(root(1)), before);
}

QTEST_GUILESS_MAIN(TestRootCommands)
#include "tst_rootcommands.moc"
