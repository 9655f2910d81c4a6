// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/conformance/scene.h"

#include "lib/common/convert.h"
#include "lib/freshness/freshnessstore.h"
#include "lib/package/appdescription.h"
#include "tests/support/waituntil.h"
#include "updater-helper/trust/text.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

const QString Scene::feedPath = u"/appcast.xml"_s;

namespace {

std::vector<SecretKey> makeKeys()
{
    std::vector<SecretKey> keys;
    for (int number = 0; number < 20; ++number)
        keys.push_back(*SecretKey::parse(toView(QByteArray(32, char('A' + number)).toBase64())));
    return keys;
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

const SecretKey &keyNumber(int number)
{
    static const std::vector<SecretKey> keys = makeKeys();
    return keys.at(std::size_t(number));
}

Trust::RootRole RoleKeys::role() const
{
    Trust::RootRole role;
    role.threshold = std::size_t(threshold);
    for (const int number : keys)
        role.keys.push_back(keyNumber(number).publicKey());
    std::sort(role.keys.begin(), role.keys.end(), [](const auto &one, const auto &other) {
        return one.toSparkle() < other.toSparkle();
    });
    return role;
}

QByteArray withSignatures(const Trust::Root &root, const QList<int> &signers)
{
    Trust::SignedRoot file{root, {}, {}};
    const QByteArray message = QByteArray::fromStdString(file.message());
    for (const int number : signers) {
        const SecretKey &key = keyNumber(number);
        file.signatures.push_back({key.publicKey().idHex(), key.sign(toBytes(message))});
    }
    return QByteArray::fromStdString(file.signedText());
}

QByteArray rootText(const RootPlan &plan)
{
    Trust::Root root;
    root.product = plan.product;
    root.version = plan.version;
    root.issued = "2024-11-22T10:00:00Z";
    root.expires = plan.expires;
    root.extraLines = plan.extraLines;
    root.root = plan.root.role();
    root.feed = plan.feed.role();
    root.release = plan.release.role();
    return withSignatures(root, plan.signers);
}

QByteArray feedText(const FeedPlan &plan)
{
    const QByteArray required = plan.root ? " root=\"" + QByteArray::number(plan.root) + '"' : "";
    const QByteArray text =
        R"(<rss version="2.0" xmlns:freshen="urn:freshen:appcast:1" )"
        R"(xmlns:sparkle="http://www.andymatuschak.org/xml-namespaces/sparkle"><channel>)"
        R"(<freshen:feed product=")"
        + plan.product + R"(" version=")" + QByteArray::number(plan.counter) + R"(" issued=")"
        + plan.issued + R"(" expires=")" + plan.expires + '"' + required + "/>"
        + "<item><sparkle:version>" + plan.version + "</sparkle:version>"
        + R"(<enclosure sparkle:os="linux" sparkle:edSignature="x" url=")" + plan.packageUrl
        + R"(" length=")" + QByteArray::number(plan.package.size()) + R"(" freshen:sha256=")"
        + QCryptographicHash::hash(plan.package, QCryptographicHash::Sha256).toHex()
        + "\"/></item></channel></rss>\n";
    if (plan.signers.isEmpty())
        return text;
    QByteArray feed = signFeed(text, keyNumber(plan.signers.first()));
    for (const int number : plan.signers.mid(1))
        feed = *addSignature(feed, keyNumber(number));
    return feed;
}

Scene::Scene()
{
    qputenv("XDG_STATE_HOME", QFile::encodeName(path(u"state"_s)));
    qputenv("XDG_CACHE_HOME", QFile::encodeName(path(u"cache"_s)));
    request.feed = m_server.url(feedPath);
    request.client.installedVersion = u"1.0"_s;
    request.client.os = u"linux"_s;
    request.client.arch = u"x86_64"_s;
    request.client.now = QDateTime({2026, 11, 23}, {10, 0}, Qt::UTC);
    (void)embed(rootText({}));
    serve(FeedPlan());
}

QByteArray Scene::embed(const QByteArray &root)
{
    const auto parsed = Trust::SignedRoot::parse(root.toStdString());
    const QString product = parsed ? toQString(parsed->root.product) : u"org.example.notes"_s;
    const QJsonObject json{{u"product"_s, product},
                           {u"version"_s, u"1.0"_s},
                           {u"feed"_s, request.feed.toString()},
                           {u"executable"_s, u"bin/notes"_s},
                           {u"root"_s, QString::fromLatin1(root.toBase64())}};
    const auto app = AppDescription::parse(QJsonDocument(json).toJson());
    if (!app) {
        m_message = app.error().message;
        return errorCodeName(app.error().code).data();
    }
    request.product = product;
    request.root = app->root;
    return {};
}

void Scene::serve(const QString &path, const QByteArray &content)
{
    m_server.serve(path, content);
}

void Scene::serve(const RootPlan &plan)
{
    serve(u"/%1.root"_s.arg(plan.version), rootText(plan));
}

void Scene::answer(const QString &path, int status)
{
    FaultAnswer answer;
    answer.status = status;
    m_server.serve(path, answer);
}

QByteArray Scene::check()
{
    m_requestsBefore = m_server.requests().size();
    m_message.clear();
    FeedCheck check(&m_manager, request);
    std::optional<QByteArray> code;
    QObject::connect(&check, &FeedCheck::finished, &check, [&] { code = QByteArray(); });
    QObject::connect(&check, &FeedCheck::failed, &check, [&](const Error &error) {
        code = errorCodeName(error.code).data();
        m_message = error.message;
    });
    check.start();
    if (!waitUntil([&] { return code.has_value(); }))
        return "it does not end";
    m_outcome = check.outcome();
    return *code;
}

QStringList Scene::requests() const
{
    QStringList paths;
    for (const FaultRequest &one : m_server.requests().mid(m_requestsBefore))
        paths.append(one.path);
    return paths;
}

QStringList Scene::rootFiles() const
{
    QStringList files;
    for (const QFileInfo &chain : QDir(path(u"state/freshen/roots"_s)).entryInfoList(
             QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot)) {
        const QDir folder(chain.filePath());
        int newest = 0;
        for (const QString &name : folder.entryList(QDir::Files | QDir::Hidden))
            newest = std::max(newest, name.section(u'.', 0, 0).toInt());
        files.append(folder.filePath(u"%1.root"_s.arg(newest)));
    }
    return files;
}

QByteArray Scene::keptRoot() const
{
    const QStringList files = rootFiles();
    return files.size() == 1 ? readFile(files.first()) : QByteArray();
}

quint64 Scene::keptVersion() const
{
    return RootStore(*request.root).newest().root.version;
}

quint64 Scene::keptCounter(const RoleKeys &feed) const
{
    return FreshnessStore().record(request.product, signerOf(feed.role())).counter;
}

} // namespace Freshen
