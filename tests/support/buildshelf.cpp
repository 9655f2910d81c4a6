// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/buildshelf.h"

#include "lib/feed/feedsignature.h"

#include <QDir>
#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

const QString product = u"org.example.sample"_s; // as the workshop calls it
constexpr int patience = 60'000;

void writeProgram(const QString &file, const QByteArray &content)
{
    QDir().mkpath(QFileInfo(file).path());
    writeAll(file, content);
    QFile::setPermissions(file, QFile::Permissions(0x7755));
}

} // namespace

BuildShelf::BuildShelf(const QString &source, const QString &kind)
    : m_source(source)
    , m_kind(kind)
{
    supervision.shop.executable = isDirectory() ? u"bin/agent"_s : u"agent"_s;
    QDir().mkpath(supervision.shop.path(u"shelf"_s));
}

BuildShelf::~BuildShelf() = default;

QString BuildShelf::program() const
{
    return isDirectory() ? supervision.shop.app() + u"/bin/agent"_s : supervision.agent();
}

QByteArray BuildShelf::content(const QString &version) const
{
    return m_kind == u"appimage"_s ? Supervision::appImage(version) : Supervision::build(version);
}

QString BuildShelf::nameOf(const QString &version) const
{
    const QString name = supervision.shop.packageName(version);
    return isPackage() ? name : name.chopped(int(qstrlen(".tar.gz")));
}

QString BuildShelf::path() const
{
    return (m_source == u"s3"_s ? u"/bucket/"_s : u"/"_s) + nameOf(u"latest"_s);
}

QString BuildShelf::sourceText() const
{
    const Workshop &shop = supervision.shop;
    if (m_source == u"appcast"_s)
        return u"appcast:"_s + shop.url(u"appcast.xml"_s);
    if (m_source == u"http"_s)
        return u"http:"_s + server.url(path()).toString();
    if (m_source == u"s3"_s)
        return u"s3:"_s + server.url(path()).toString();
    if (m_source == u"github"_s)
        return u"github:acme/agent@"_s + server.url(u"/"_s).toString();
    const QString shelf = u"file:"_s + shop.path(u"shelf"_s);
    return m_source == u"folder"_s ? shelf : shelf + u'/' + nameOf(u"latest"_s);
}

void BuildShelf::install()
{
    const QString version = u"1.0"_s;
    if (isPackage())
        makePackage(version);
    if (isDirectory()) {
        supervision.shop.install(version);
        return;
    }
    writeProgram(program(), content(version));
    supervision.sign(program(), version, product);
}

bool BuildShelf::start(const QStringList &more)
{
    install();
    if (m_source == u"function"_s)
        return startHere();
    const QStringList options = QStringList{u"--source"_s, sourceText()} + more;
    return supervision.start(isDirectory() ? supervision.forTree(options)
                                           : supervision.forFile(options));
}

bool BuildShelf::startHere()
{
    SupervisorOptions options;
    if (isDirectory())
        options.app = supervision.shop.app();
    else
        options.program = program();
    options.publicKeys = {supervision.shop.publicKey()};
    options.sockets = {u"http=tcp:127.0.0.1:%1"_s.arg(supervision.port())};
    options.controlPath = supervision.controlPath();
    options.veto = veto;
    options.sourceFunction = [this](UpdateError *) { return takeBuild(); };
    m_supervisor = std::make_unique<Supervisor>(options);
    return !m_supervisor->start().isError()
        && QTest::qWaitFor(
            [this] { return m_supervisor->status()[u"state"_s] == u"running"_s; }, patience);
}

std::optional<SupervisorOptions::Build> BuildShelf::takeBuild()
{
    const QString file = supervision.shop.path(u"shelf/"_s) + nameOf(u"latest"_s);
    if (!QFile::exists(file))
        return {};
    const QString taken = supervision.shop.path(u"new/"_s) + nameOf(u"latest"_s);
    QFile::remove(taken);
    QFile::copy(file, taken);
    return SupervisorOptions::Build{taken, readAll(file + u".minisig"_s), {}};
}

// What was damaged before was never there, for the publisher.
void BuildShelf::makePackage(const QString &version)
{
    QDir host(supervision.shop.host());
    for (const QString &package : host.entryList({u"*.tar.gz"_s}))
        host.remove(package);
    if (!m_feed.isEmpty())
        writeAll(host.filePath(u"appcast.xml"_s), m_feed);
    const QString tree = supervision.shop.path(u"trees/"_s + version);
    writeProgram(tree + u'/' + supervision.shop.executable, content(version));
    supervision.shop.publish(version, tree);
    m_feed = readAll(host.filePath(u"appcast.xml"_s));
}

void BuildShelf::repack(const QString &version, Fault fault)
{
    const QString package = supervision.shop.host() + u'/' + supervision.shop.packageName(version);
    const QString tree = supervision.shop.path(u"repacked"_s);
    QDir(tree).removeRecursively();
    QDir().mkpath(tree);
    const auto tar = [&](const QStringList &arguments) {
        const Outcome done = supervision.shop.run(
            u"tar"_s, QStringList{u"-C"_s, tree, u"-f"_s, package} + arguments);
        if (done.status != 0)
            qFatal("%s", done.errors.constData());
        return QString::fromUtf8(done.output).split(u'\n', Qt::SkipEmptyParts);
    };
    QStringList entries = tar({u"-tz"_s}); // the manifest has to come first again
    tar({u"-xz"_s});
    if (fault == Fault::Tampered)
        flipBit(tree + u'/' + supervision.shop.executable);
    else
        entries.removeIf([](const QString &name) { return name.endsWith(".minisig"_L1); });
    tar(QStringList{u"-cz"_s, u"--no-recursion"_s} + entries);
}

BuildShelf::Build BuildShelf::make(const QString &version, Fault fault)
{
    Build build{nameOf(version), content(version), {}};
    if (isDirectory()) {
        makePackage(version);
        if (fault != Fault::None)
            repack(version, fault);
        build.bytes = readAll(supervision.shop.host() + u'/' + build.name);
        return build;
    }
    const QString file = supervision.shop.path(u"new/build"_s);
    writeAll(file, build.bytes);
    supervision.sign(file, version, product);
    if (fault != Fault::Unsigned)
        build.signature = readAll(file + u".minisig"_s);
    if (fault == Fault::Tampered) {
        flipBit(file);
        build.bytes = readAll(file);
    }
    return build;
}

void BuildShelf::putFeed(const QString &version, Fault fault)
{
    makePackage(version);
    const QString host = supervision.shop.host();
    if (fault == Fault::Tampered)
        flipBit(host + u'/' + supervision.shop.packageName(version));
    if (fault == Fault::Unsigned)
        writeAll(host + u"/appcast.xml"_s, withoutTrailers(m_feed));
}

void BuildShelf::putFile(const QString &path, const Build &build)
{
    QFile::remove(path + u".minisig"_s);
    if (!build.signature.isEmpty())
        writeAll(path + u".minisig"_s, build.signature);
    const QString hidden = supervision.shop.path(u"new/hidden"_s);
    writeAll(hidden, build.bytes);
    QFile::remove(path);
    QFile::rename(hidden, path);
}

// Nothing at all where there is no content.
void BuildShelf::serve(FaultServer &where, const QString &path, const QByteArray &content)
{
    FaultAnswer answer;
    answer.content = content;
    answer.status = content.isEmpty() ? 404 : 200;
    if (!content.isEmpty())
        answer.etag = '"' + QByteArray::number(qHash(content)) + '"';
    where.serve(path, answer);
}

void BuildShelf::serveRelease(const QString &version, const Build &build)
{
    QJsonArray assets;
    const auto add = [&](const QString &name, const QByteArray &bytes) {
        const QString path = u"/assets/"_s + name;
        assets.append(QJsonObject{{u"id"_s, int(qHash(bytes) % 1'000'000)},
                                  {u"name"_s, name},
                                  {u"size"_s, bytes.size()},
                                  {u"updated_at"_s, u"2026-11-22T10:00:00Z"_s},
                                  {u"url"_s, server.url(path).toString()},
                                  {u"browser_download_url"_s, storage.url(path).toString()}});
        server.redirect(path, storage.url(path).toEncoded());
        serve(storage, path, bytes);
    };
    add(build.name, build.bytes);
    if (!build.signature.isEmpty())
        add(build.name + u".minisig"_s, build.signature);
    serve(server, u"/repos/acme/agent/releases/latest"_s,
          QJsonDocument(QJsonObject{{u"tag_name"_s, u'v' + version}, {u"assets"_s, assets}})
              .toJson());
}

void BuildShelf::put(const QString &version, Fault fault)
{
    if (m_source == u"appcast"_s) {
        putFeed(version, fault);
        return;
    }
    const Build build = make(version, fault);
    const QString shelf = supervision.shop.path(u"shelf/"_s);
    const QString latest = nameOf(u"latest"_s);
    if (m_source == u"github"_s) {
        serveRelease(version, build);
    } else if (m_source == u"http"_s || m_source == u"s3"_s) {
        serve(server, path(), build.bytes);
        serve(server, path() + u".minisig"_s, build.signature);
    } else {
        putFile(shelf + (m_source == u"folder"_s ? build.name : latest), build);
    }
}

QStringList BuildShelf::leftovers() const
{
    const QString parent = QFileInfo(isDirectory() ? supervision.shop.app() : program()).path();
    const QString control = parent
        + (isDirectory() ? u"/.sample.freshen"_s : u"/.agent.freshen"_s);
    QStringList found = supervision.shop.leftovers();
    if (!isDirectory())
        found += QDir(control).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    for (const char *meant : {"file", "lock", "previous", "result", "refused", "accepted", "kept",
                              "supervised", "source"})
        found.removeAll(QString::fromLatin1(meant));
    QDirIterator fetched(control + u"/source"_s, QDir::Files | QDir::Hidden,
                         QDirIterator::Subdirectories);
    while (fetched.hasNext()) {
        if (const QString file = fetched.next(); !file.endsWith(".json"_L1))
            found += file;
    }
    QStringList beside = QDir(parent).entryList(QDir::AllEntries | QDir::Hidden
                                                | QDir::NoDotAndDotDot);
    for (const char *meant : {"agent", "agent.minisig", ".agent.freshen", "sample",
                              ".sample.freshen"})
        beside.removeAll(QString::fromLatin1(meant));
    return found + beside;
}

} // namespace Freshen
