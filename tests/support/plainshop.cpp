// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/plainshop.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

void mustSucceed(const Outcome &outcome)
{
    if (outcome.status != 0)
        qFatal("%s", outcome.errors.constData());
}

} // namespace

QByteArray PlainShop::description(const QString &version, const QString &product) const
{
    const QJsonObject json{
        {u"product"_s, product.isEmpty() ? u"org.example.sample"_s : product},
        {u"version"_s, version},
        {u"feed"_s, url(u"appcast.xml"_s)},
        {u"publicKeys"_s, QJsonArray{QString::fromUtf8(readAll(publicKey())).trimmed()}},
        {u"executable"_s, executable},
        {u"requireSignedFeed"_s, false},
        {u"aMemberOfLaterTimes"_s, u"kept"_s},
    };
    return QJsonDocument(json).toJson();
}

void PlainShop::installPlain(const QString &version)
{
    QDir(app()).removeRecursively();
    mustSucceed(run(u"cp"_s, {u"-a"_s, makeTree(version), app()}));
    writeAll(app() + u"/freshen.json"_s, description(version));
}

void PlainShop::archive(const QString &tree, const QString &name, bool isInFolder)
{
    const QString what = isInFolder ? tree.section(u'/', -1) : u"."_s;
    const QString folder = isInFolder ? tree.section(u'/', 0, -2) : tree;
    const QString file = host() + u'/' + name;
    QFile::remove(file);
    if (name.endsWith(u".zip"_s))
        mustSucceed(
            run(u"sh"_s, {u"-c"_s, u"cd \"$0\" && zip -qry \"$1\" \"$2\""_s, folder, file, what}));
    else
        mustSucceed(run(u"tar"_s, {u"-caf"_s, file, u"-C"_s, folder, what}));
}

QString PlainShop::signatureOf(const QString &name)
{
    const Outcome said = run(u"freshen-appcast"_s,
                             {u"sign"_s, u"--key"_s, key(), host() + u'/' + name});
    mustSucceed(said);
    return QString::fromUtf8(said.output).trimmed();
}

void PlainShop::writeFeed(const QString &version, const QString &name, const QString &attributes,
                          const QString &elements)
{
    const QString feed =
        u"<?xml version=\"1.0\"?>\n<rss version=\"2.0\""
        " xmlns:sparkle=\"http://www.andymatuschak.org/xml-namespaces/sparkle\""
        " xmlns:freshen=\"urn:freshen:appcast:1\"><channel><title>Sample</title>\n"
        "<item><title>Sample %1</title><sparkle:version>%1</sparkle:version>%2\n"
        "<enclosure url=\"%3\" sparkle:os=\"linux\" type=\"application/octet-stream\" %4/>\n"
        "</item></channel></rss>\n"_s.arg(version, elements, url(name), attributes);
    writeAll(host() + u"/appcast.xml"_s, feed.toUtf8());
}

void PlainShop::releasePlain(const QString &version, const QMap<QString, QByteArray> &files,
                             const QString &behaviour)
{
    const QString name = u"sample-%1.zip"_s.arg(version);
    archive(makeTree(version, behaviour, files), name);
    writeFeed(version, name, signatureOf(name));
}

} // namespace Freshen
