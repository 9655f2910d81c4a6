// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/workshop.h"

#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"
#include "lib/feed/appcastwriter.h"
#include "lib/feed/feedsignature.h"
#include "lib/signing/secretkey.h"
#include "platform/process.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// Ends the test program: without its workshop nothing that follows means anything.
void require(bool condition, const QString &what)
{
    if (!condition)
        qFatal("%s", qPrintable(what));
}

QString system()
{
    return u"linux-"_s + (QSysInfo::currentCpuArchitecture() == u"arm64"_s ? u"arm64"_s
                                                                          : u"x86_64"_s);
}

} // namespace

QString Outcome::errorCode() const
{
    return json[u"error"_s].toObject()[u"code"_s].toString();
}

QString Outcome::errorMessage() const
{
    return json[u"error"_s].toObject()[u"message"_s].toString();
}

Workshop::Workshop()
{
    for (const QString &name : {u"host"_s, u"apps"_s, u"trees"_s, u"home"_s})
        require(QDir().mkpath(path(name)), u"cannot make the workshop"_s);
    environment = {{u"HOME"_s, path(u"home"_s)},
                   {u"XDG_STATE_HOME"_s, path(u"home/state"_s)},
                   {u"XDG_CACHE_HOME"_s, path(u"home/cache"_s)},
                   {u"SAMPLE_LOG"_s, path(u"starts"_s)}};
    serve();
    const Outcome keys = run(u"freshen-appcast"_s, {u"keygen"_s, u"--out"_s, path(u"release"_s)});
    require(keys.status == 0, QString::fromUtf8(keys.errors));
}

Workshop::~Workshop()
{
    m_server.kill();
    m_server.waitForFinished();
}

void Workshop::serve()
{
    m_server.setProcessChannelMode(QProcess::MergedChannels);
    m_server.start(u"python3"_s, {u"-u"_s, u"-m"_s, u"http.server"_s, u"0"_s, u"--bind"_s,
                                  u"127.0.0.1"_s, u"--directory"_s, host()});
    QByteArray said;
    while (!said.contains('\n') && m_server.waitForReadyRead(30'000))
        said += m_server.readAll();
    const auto match = QRegularExpression(u"port (\\d+)"_s).match(QString::fromUtf8(said));
    m_port = match.captured(1).toInt();
    require(m_port > 0, u"the web server does not start: "_s + QString::fromUtf8(said));
    m_server.setStandardOutputFile(QProcess::nullDevice());
}

QString Workshop::path(const QString &name) const
{
    return m_folder.filePath(name);
}

QString Workshop::url(const QString &name) const
{
    return u"http://127.0.0.1:%1/%2"_s.arg(m_port).arg(name);
}

QString Workshop::packageName(const QString &version, const QString &ending) const
{
    return u"sample-%1-%2"_s.arg(version, system()) + (ending.isEmpty() ? u".tar.gz"_s : ending);
}

QString Workshop::makeTree(const QString &version, const QString &behaviour,
                           const QMap<QString, QByteArray> &files)
{
    const QString tree = path(u"trees/"_s + version);
    QMap<QString, QByteArray> all = files;
    all[u"version"_s] = version.toUtf8() + '\n';
    all[u"behaviour"_s] = behaviour.toUtf8() + '\n';
    for (auto file = all.cbegin(); file != all.cend(); ++file) {
        QDir().mkpath(QFileInfo(tree + u'/' + file.key()).path());
        writeAll(tree + u'/' + file.key(), file.value());
    }
    QDir().mkpath(tree + u"/bin"_s);
    const QString program = tree + u"/bin/sample"_s;
    require(QFile::copy(QStringLiteral(FRESHEN_SAMPLE_APP), program), u"no sample app"_s);
    QFile::setPermissions(program, QFile::Permissions(0x7755));
    return tree;
}

void Workshop::publish(const QString &version, const QString &tree)
{
    const Outcome packed = run(u"freshen-appcast"_s,
                               QStringList{u"pack"_s, u"--product"_s, u"org.example.sample"_s,
                                           u"--version"_s, version, u"--executable"_s,
                                           executable, u"--feed"_s, url(u"appcast.xml"_s),
                                           u"--key"_s, key()}
                                   + packOptions
                                   + QStringList{tree, host() + u'/' + packageName(version)});
    require(packed.status == 0, QString::fromUtf8(packed.errors));
    generate();
}

void Workshop::generate()
{
    const Outcome made = run(u"freshen-appcast"_s, {u"generate"_s, u"--key"_s, key(),
                                                    u"--base-url"_s, url({}), host()});
    require(made.status == 0, QString::fromUtf8(made.errors));
}

void Workshop::install(const QString &version)
{
    QDir().mkpath(app());
    const Outcome unpacked = run(
        u"tar"_s,
        {u"-xzf"_s, host() + u'/' + packageName(version), u"-C"_s, app(), u"--no-same-owner"_s});
    require(unpacked.status == 0, QString::fromUtf8(unpacked.errors));
}

void Workshop::release(const QString &version, const QString &behaviour,
                       const QMap<QString, QByteArray> &files)
{
    publish(version, makeTree(version, behaviour, files));
}

Outcome Workshop::run(const QString &program, const QStringList &arguments, int timeoutMs)
{
    const auto process = start(program, arguments);
    Outcome outcome;
    if (!process->waitForFinished(timeoutMs)) {
        process->kill();
        process->waitForFinished();
        return outcome;
    }
    outcome.status = process->exitStatus() == QProcess::NormalExit ? process->exitCode() : -1;
    outcome.output = process->readAllStandardOutput();
    outcome.errors = process->readAllStandardError();
    outcome.json = QJsonDocument::fromJson(outcome.output).object();
    return outcome;
}

QProcessEnvironment Workshop::variables() const
{
    QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
    for (auto variable = environment.cbegin(); variable != environment.cend(); ++variable)
        all.insert(variable.key(), variable.value());
    return all;
}

std::unique_ptr<QProcess> Workshop::start(const QString &program, const QStringList &arguments)
{
    const QString ours = QStringLiteral(FRESHEN_BUILD_BIN "/") + program;
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(variables());
    process->start(QFile::exists(ours) ? ours : program, arguments);
    require(process->waitForStarted(), program + u" does not start"_s);
    return process;
}

Outcome Workshop::freshen(const QString &command, const QStringList &options)
{
    return run(u"freshen"_s, QStringList{command, u"--app"_s, app(), u"--json"_s} + options);
}

QString Workshop::runningVersion()
{
    const Outcome said = run(app() + u'/' + executable, {u"--version"_s});
    return said.status == 0 ? QString::fromUtf8(said.output).trimmed() : u"does not start"_s;
}

std::unique_ptr<QProcess> Workshop::startApp(const QStringList &arguments)
{
    return start(app() + u'/' + executable, arguments);
}

void Workshop::endApp() const
{
    Platform::endProcesses(toPath(app()), Platform::Clock::now() + std::chrono::seconds(20));
}

void Workshop::editFeed(const std::function<void(Appcast &)> &change)
{
    const QString feedFile = host() + u"/appcast.xml"_s;
    const auto secret = SecretKey::read(key());
    require(secret.has_value(), u"the key cannot be read"_s);
    auto feed = readAppcast(withoutTrailers(readAll(feedFile)), QUrl(url(u"appcast.xml"_s)));
    require(feed && !feed->items.isEmpty(), u"the feed cannot be read"_s);
    change(*feed);
    ++feed->stamp->version;
    writeAll(feedFile, signFeed(writeAppcast(*feed), *secret));
}

void Workshop::replacePackage(const QByteArray &bytes)
{
    const auto secret = SecretKey::read(key());
    require(secret.has_value(), u"the key cannot be read"_s);
    const auto signature = secret->sign(toBytes(bytes));
    editFeed([&](Appcast &feed) {
        AppcastEnclosure &enclosure = *feed.items.first().enclosure;
        enclosure.length = bytes.size();
        enclosure.sha256 = toQString(Trust::sha256Hex(toView(bytes)));
        enclosure.edSignature = toQString(Trust::toBase64(signature.data(), signature.size()));
        writeAll(host() + u'/' + enclosure.url.fileName(), bytes);
    });
}

QStringList Workshop::starts() const
{
    return QString::fromUtf8(readAll(path(u"starts"_s))).split(u'\n', Qt::SkipEmptyParts);
}

QStringList Workshop::leftovers() const
{
    QStringList found = QDir(control()).entryList(QDir::AllEntries | QDir::Hidden
                                                  | QDir::NoDotAndDotDot);
    for (const QString &meant : {u"lock"_s, u"previous"_s, u"result"_s, u"refused"_s, u"accepted"_s,
                                 u"kept"_s})
        found.removeAll(meant);
    // Of a single file.
    if (QFileInfo(app()).isFile()) {
        for (const QString &part :
             {u"freshen.json"_s, u"freshen.manifest"_s, u"freshen.manifest.minisig"_s})
            found.removeAll(part);
    }
    QDirIterator files(downloads(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext())
        found.append(files.next());
    return found;
}

QByteArray readAll(const QString &file)
{
    QFile opened(file);
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
}

void writeAll(const QString &file, const QByteArray &content)
{
    QFile opened(file);
    require(opened.open(QIODevice::WriteOnly) && opened.write(content) == content.size(),
            u"cannot write "_s + file);
}

void flipBit(const QString &file)
{
    QByteArray content = readAll(file);
    require(!content.isEmpty(), u"nothing to damage in "_s + file);
    const qsizetype middle = content.size() / 2;
    content[middle] = char(content[middle] ^ 1);
    writeAll(file, content);
}

} // namespace Freshen
