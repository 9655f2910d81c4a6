// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/interruptedupdate.h"

#include "updater-helper/install/intake.h"

#include "platform/tree.h"

#include "lib/common/convert.h"

#include <QProcess>

namespace Freshen {

namespace {

namespace fs = std::filesystem;
using namespace Qt::StringLiterals;
using Install::ChangeKind;

constexpr const char *sameName = "notes.txt"; // the user has one, and 2.0 ships one
constexpr const char *userNotes = "notes of the user";
constexpr const char *guardText = "#!/bin/sh\necho guard\n";

void require(const Result<void> &result)
{
    if (!result)
        qFatal("%s", result.error().message.c_str());
}

// As an update with an administrator's rights does it, which writes nothing through others.
void stage(const EngineFixture &fixture, const std::string &version, const ShippedFiles &files = {})
{
    const QTemporaryDir download;
    const fs::path folder = toPath(download.path());
    const fs::path tree = folder / Install::Offer::treeName;
    fixture.makeTree(tree, version, files);
    const auto release = Trust::readTreeManifest(tree, fixture.keys());
    Install::Offer offer;
    offer.manifest = release->manifest;
    offer.manifestText = readText(tree / Trust::Manifest::fileName).toStdString();
    offer.manifestSignature = readText(tree / Trust::Manifest::signatureFileName).toStdString();
    const Platform::HeldFolder held(std::move(*Platform::HeldFolder::open(folder)));
    const Install::Layout &layout = fixture.layout();
    require(Platform::removeTree(layout.staged()));
    require(Install::takeIn(held, offer, layout.staging(), {}));
    require(Platform::rename(layout.staging(), layout.staged()));
}

// Where the app has to be changed piece by piece, the fixture has a guard.
fs::path guardOf(const EngineFixture &fixture)
{
    return fixture.path("guard");
}

Install::Order orderFor(const EngineFixture &fixture, ChangeKind kind = ChangeKind::Update)
{
    Install::Order order = fixture.order(kind);
    if (fs::exists(guardOf(fixture)))
        order.guard = guardOf(fixture);
    return order;
}

void swap(const EngineFixture &fixture, const Install::Order &order)
{
    require(Install::prepare(fixture.layout(), order));
    require(Install::swap(fixture.layout()));
}

void swapUpdate(const EngineFixture &fixture)
{
    stage(fixture, "2.0", {{sameName, "shipped with 2.0"}});
    swap(fixture, orderFor(fixture));
}

void update(const EngineFixture &fixture)
{
    swapUpdate(fixture);
    require(Install::commit(fixture.layout()));
}

bool isVersion(const QString &version)
{
    return version == u"1.0"_s || version == u"2.0"_s;
}

// Everything below the folder but what tells the time, and what was staged: the next update makes
// that anew.
QByteArray picture(const fs::path &folder)
{
    QByteArray text;
    const auto entries = Platform::listTree(folder);
    for (const Platform::TreeEntry &entry : *entries) {
        const fs::path path = folder / entry.path;
        if (entry.path.find("/staged/") != std::string::npos)
            continue;
        text += entry.path.c_str() + QByteArray::number(entry.mode) + entry.target.c_str() + '\n';
        if (entry.type == Platform::EntryType::File && path.filename() != "result")
            text += readText(path) + '\n';
    }
    return text;
}

} // namespace

const std::vector<Scenario> &scenarios()
{
    static const std::vector<Scenario> all = {
        {"update", [](const EngineFixture &f) { f.makeTree(f.layout().previous(), "0.9"); }, update,
         u"2.0"_s},
        {"update, not ready", [](const EngineFixture &) {},
         [](const EngineFixture &f) {
             swapUpdate(f);
             require(Install::back(f.layout(), true));
         },
         u"1.0"_s},
        {"rollback", update,
         [](const EngineFixture &f) {
             swap(f, orderFor(f, ChangeKind::Rollback));
             require(Install::commit(f.layout()));
         },
         u"1.0"_s},
        {"rollback, not ready", update,
         [](const EngineFixture &f) {
             swap(f, orderFor(f, ChangeKind::Rollback));
             require(Install::back(f.layout(), true));
         },
         u"2.0"_s},
        {"recovery", swapUpdate,
         [](const EngineFixture &f) { (void)Install::recover(f.layout(), f.keys()); }, u"1.0"_s},
    };
    return all;
}

InterruptedUpdate::InterruptedUpdate(const Scenario &scenario, bool isInPieces)
    : m_scenario(&scenario)
    , m_isInPieces(isInPieces)
    , m_fixture(std::make_unique<EngineFixture>())
{
    const fs::path app = m_fixture->layout().app();
    require(Platform::removeTree(m_fixture->layout().staged()));
    // A folder that 2.0 has not, with a file of the user.
    m_fixture->makeTree(app, "1.0", {{"old/shipped.txt", "shipped with 1.0"}});
    m_fixture->addUserFiles();
    writeText(app / "old/mine.txt", "mine in an old folder");
    writeText(app / sameName, userNotes);
    writeText(m_fixture->path("outside"), "not ours");
    if (isInPieces)
        writeText(guardOf(*m_fixture), guardText, 0755);
    const FaultyFiles files(rule());
    scenario.before(*m_fixture);
}

FaultRule InterruptedUpdate::rule() const
{
    return m_isInPieces ? everyFails(Platform::FileCall::Kind::Exchange, EINVAL) : FaultRule();
}

QString InterruptedUpdate::checkStart() const
{
    const fs::path program = m_fixture->layout().app() / "bin/sample";
    if (m_isInPieces && readText(program) == guardText
        && Platform::entryAt(program, {})->mode == 0755)
        return {};
    const QString version = m_fixture->appVersion();
    return isVersion(version) ? QString() : version;
}

// The guard comes first where somebody starts the app, the next update where nobody does.
QString InterruptedUpdate::bringInOrder(bool guardFirst) const
{
    const Install::Layout &layout = m_fixture->layout();
    if (m_isInPieces && guardFirst && !isVersion(m_fixture->appVersion())) {
        const auto whole = Install::makeWhole(layout);
        if (!whole || !isVersion(m_fixture->appVersion()))
            return u"the guard: "_s
                + (whole ? m_fixture->appVersion() : toQString(whole.error().message));
    }
    const auto recovery = Install::recover(layout, m_fixture->keys());
    return recovery ? QString() : u"cannot be recovered: "_s + toQString(recovery.error().message);
}

QString InterruptedUpdate::recover(bool isDone, bool guardFirst)
{
    if (const QString problem = checkStart(); !problem.isEmpty())
        return u"before recovery: "_s + problem;
    if (const QString problem = bringInOrder(guardFirst); !problem.isEmpty())
        return problem;
    const QString version = m_fixture->appVersion();
    if (!isVersion(version))
        return u"after recovery: "_s + version;
    if (isDone && version != m_scenario->outcome)
        return u"what was done is undone: "_s + version;
    const QByteArray result = picture(m_fixture->path({}));
    if (!m_results.insert(result).second)
        return {};
    const auto again = Install::recover(m_fixture->layout(), m_fixture->keys());
    if (!again || *again != Install::Recovery::Nothing || picture(m_fixture->path({})) != result)
        return u"a second recovery does something"_s;
    const QString problem = checkFiles();
    return problem.isEmpty() ? checkNext() : problem;
}

QString InterruptedUpdate::checkFiles() const
{
    const Install::Layout &layout = m_fixture->layout();
    if (const QStringList lost = m_fixture->lostUserFiles(layout.app()); !lost.isEmpty())
        return u"lost: "_s + lost.join(u", "_s);
    if (readText(layout.app() / "old/mine.txt") != "mine in an old folder")
        return u"lost: old/mine.txt"_s;
    if (readText(layout.app() / sameName) != userNotes
        && readText(layout.kept() / "1.0" / sameName) != userNotes)
        return u"lost: notes.txt"_s;
    if (readText(m_fixture->path("outside")) != "not ours")
        return u"something outside is changed"_s;
    for (const auto &entry : fs::directory_iterator(m_fixture->path({}))) {
        if (entry.path() != layout.app() && entry.path() != layout.folder()
            && entry.path().filename() != "outside" && entry.path() != guardOf(*m_fixture))
            return u"left outside: "_s + toQString(entry.path());
    }
    const QStringList mayStay = {u"previous"_s, u"result"_s, u"refused"_s, u"staged"_s, u"kept"_s};
    for (const QString &name : m_fixture->beside()) {
        if (!mayStay.contains(name))
            return u"left: "_s + name;
    }
    return {};
}

// The version starts, and can be updated.
QString InterruptedUpdate::checkNext() const
{
    const Install::Layout &layout = m_fixture->layout();
    const QString version = m_fixture->appVersion();
    QProcess::execute(u"/bin/sh"_s, {toQString(layout.app() / "bin/sample")});
    if (m_fixture->starts() != QStringList(version))
        return u"does not start: "_s + version;
    stage(*m_fixture, "3.0");
    Install::Order order = orderFor(*m_fixture);
    order.fromVersion = version.toStdString();
    order.toVersion = "3.0";
    auto done = Install::prepare(layout, order);
    if (done)
        done = Install::swap(layout);
    if (done)
        done = Install::commit(layout);
    if (!done)
        return u"the next update: "_s + toQString(done.error().message);
    const QStringList beside = m_fixture->beside();
    if (m_fixture->appVersion() != u"3.0"_s || m_fixture->versionOf(layout.previous()) != version
        || beside.contains(u"journal"_s) || beside.contains(u"staged"_s))
        return u"after the next update: "_s + m_fixture->appVersion() + beside.join(u", "_s);
    return m_fixture->lostUserFiles(layout.app()).isEmpty() ? QString()
                                                            : u"lost in the next update"_s;
}

} // namespace Freshen
