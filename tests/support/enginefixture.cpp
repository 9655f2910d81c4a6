// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/enginefixture.h"

#include "lib/common/convert.h"
#include "lib/package/appdescription.h"
#include "platform/paths.h"
#include "updater-helper/trust/digest.h"

#include <QDir>
#include <QFile>

namespace Freshen {

namespace {

namespace fs = std::filesystem;
using namespace Qt::StringLiterals;
using Platform::EntryType;

constexpr std::string_view linkMark = "-> ";
const std::map<std::string, std::string> userFiles = {
    {"mine.txt", "mine"}, {"data/mine.txt", "also mine"}, {"plugins/own/plugin.so", "my plugin"}};

template<typename T>
T require(Result<T> result)
{
    if (!result)
        qFatal("%s", result.error().message.c_str());
    return std::move(*result);
}

void require(const Result<void> &result)
{
    if (!result)
        qFatal("%s", result.error().message.c_str());
}

SecretKey newKey()
{
    return require(SecretKey::generate());
}

// Notes its start beside the app and the engine's folder.
std::string programOf(const std::string &version)
{
    return "#!/bin/sh\necho " + version + " \"$@\" >> \"$(dirname \"$0\")/../../starts\"\n";
}

ShippedFiles filesOf(const std::string &version, const AppDescription &description)
{
    return {{"bin/sample", programOf(version)},
            {"data/shipped.txt", "shipped with " + version + "\n"},
            {"freshen.json", description.toJson().toStdString()},
            {"lib/libsample.so", "-> libsample.so." + version},
            {"lib/libsample.so." + version, "library of " + version + "\n"}};
}

void writeShipped(const fs::path &file, const std::string &content)
{
    fs::create_directories(file.parent_path());
    const bool isProgram = content.starts_with("#!");
    if (content.starts_with(linkMark))
        fs::create_symlink(content.substr(linkMark.size()), file);
    else
        writeText(file, content, isProgram ? 0755 : 0644);
}

Trust::Manifest manifestOf(const fs::path &tree)
{
    Trust::Manifest manifest;
    manifest.os = Platform::systemName();
    manifest.arch = Platform::processorName();
    manifest.executable = "bin/sample";
    for (const Platform::TreeEntry &found : require(Platform::listTree(tree))) {
        Trust::ManifestEntry entry{found.type, found.mode, found.size, {}, found.path,
                                   found.target};
        if (found.type == EntryType::File)
            entry.sha256 = Trust::sha256Hex(toView(readText(tree / found.path)));
        manifest.entries.push_back(entry);
    }
    return manifest;
}

} // namespace

EngineFixture::EngineFixture()
    : m_key(newKey())
    , m_layout(path("sample"))
{
    makeTree(m_layout.app(), "1.0");
    addUserFiles();
    fs::create_directories(m_layout.folder());
    makeTree(m_layout.staged(), "2.0");
}

// Names that are no text are beyond QTemporaryDir.
EngineFixture::~EngineFixture()
{
    std::error_code error;
    fs::remove_all(path({}), error);
}

fs::path EngineFixture::path(const std::string &name) const
{
    return toPath(m_folder.path()) / name;
}

Install::Order EngineFixture::order(Install::ChangeKind kind) const
{
    const bool isUpdate = kind == Install::ChangeKind::Update;
    Install::Order order;
    order.app = m_layout.app();
    order.kind = kind;
    order.product = product;
    order.fromVersion = isUpdate ? "1.0" : "2.0";
    order.toVersion = isUpdate ? "2.0" : "1.0";
    order.keys = keys();
    order.launches = true;
    return order;
}

void EngineFixture::update()
{
    require(Install::prepare(m_layout, order()));
    require(Install::swap(m_layout));
    require(Install::commit(m_layout));
}

void EngineFixture::makeTree(const fs::path &tree, const std::string &version,
                             const ShippedFiles &files, const std::string &ofProduct) const
{
    require(Platform::removeTree(tree));
    AppDescription description;
    description.product = toQString(ofProduct);
    description.version = toQString(version);
    description.feed = u"https://updates.example.org/appcast.xml"_s;
    description.publicKeys = {toQString(m_key.publicKey().toMinisign())};
    description.executable = u"bin/sample"_s;
    ShippedFiles all = filesOf(version, description);
    all.insert(files.begin(), files.end());
    for (const auto &[name, content] : all)
        writeShipped(tree / name, content);
    Trust::Manifest manifest = manifestOf(tree);
    manifest.product = ofProduct;
    manifest.version = version;
    signTree(tree, manifest);
}

void EngineFixture::signTree(const fs::path &tree, const Trust::Manifest &manifest,
                             const SecretKey &signer) const
{
    const std::string text = manifest.toText();
    writeText(tree / Trust::Manifest::fileName, text);
    writeText(tree / Trust::Manifest::signatureFileName,
              signer.minisign(text, manifest.trustedComment()));
}

QString EngineFixture::versionOf(const fs::path &tree) const
{
    const auto release = Trust::readTreeManifest(tree, keys());
    if (!release)
        return toQString(release.error().message);
    const auto differences = require(Trust::compareTree(tree, release->manifest,
                                                        Trust::UnknownFiles::BelongToTheUser));
    if (!differences.empty())
        return toQString(release->manifest.version + ", damaged: " + differences.front().path);
    return toQString(release->manifest.version);
}

void EngineFixture::addUserFiles() const
{
    for (const auto &[name, content] : userFiles) {
        fs::create_directories((m_layout.app() / name).parent_path());
        writeText(m_layout.app() / name, content);
    }
}

QStringList EngineFixture::lostUserFiles(const fs::path &tree) const
{
    QStringList lost;
    for (const auto &[name, content] : userFiles) {
        if (readText(tree / name) != content.c_str())
            lost.append(toQString(name));
    }
    return lost;
}

QStringList EngineFixture::beside() const
{
    QStringList found = QDir(toQString(m_layout.folder()))
                            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System
                                           | QDir::NoDotAndDotDot,
                                       QDir::Name);
    for (const QString &memory : {u"lock"_s, u"accepted"_s})
        found.removeAll(memory);
    return found;
}

QStringList EngineFixture::starts() const
{
    return QString::fromUtf8(readText(path("starts"))).split(u'\n', Qt::SkipEmptyParts);
}

void writeText(const fs::path &file, std::string_view content, int mode)
{
    QFile opened(toQString(file));
    const auto size = qint64(content.size());
    if (!opened.open(QIODevice::WriteOnly) || opened.write(content.data(), size) != size)
        qFatal("Cannot write %s", file.c_str());
    opened.close();
    fs::permissions(file, fs::perms(mode));
}

QByteArray readText(const fs::path &file)
{
    QFile opened(toQString(file));
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
}

} // namespace Freshen
