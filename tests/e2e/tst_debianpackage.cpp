// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A program that strangers wrote: two versions of openssl with its libraries, from the
// distribution's packages.

#include "tests/support/workshop.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

// The program finds the libraries of its own tree.
constexpr const char *starter =
    "#!/bin/sh\n"
    "tree=$(dirname \"$(dirname \"$(readlink -f \"$0\")\")\")\n"
    "LD_LIBRARY_PATH=$(echo \"$tree\"/usr/lib/*-linux-gnu) exec \"$tree/usr/bin/openssl\" \"$@\"\n";

// Newest first.
QStringList offeredVersions(Workshop &shop)
{
    QStringList versions;
    const Outcome offered = shop.run(u"apt-cache"_s, {u"madison"_s, u"openssl"_s});
    for (const QString &line : QString::fromUtf8(offered.output).split(u'\n')) {
        const QString version = line.section(u'|', 1, 1).trimmed();
        if (!version.isEmpty() && !line.contains(u"Sources"_s))
            versions.append(version);
    }
    return versions;
}

// "3.0.22" of "3.0.22-1~deb12u2".
QString upstream(const QString &version)
{
    return version.section(u'-', 0, 0);
}

QString libraryPackage(Workshop &shop)
{
    const Outcome needed = shop.run(u"apt-cache"_s, {u"depends"_s, u"openssl"_s});
    return QRegularExpression(u"Depends: (libssl\\S+)"_s)
        .match(QString::fromUtf8(needed.output))
        .captured(1);
}

// The unpacked packages as a tree that can be moved anywhere; empty when they cannot be had.
QString treeOf(Workshop &shop, const QString &version)
{
    const QString tree = shop.path(u"trees/"_s + version);
    const QString downloads = shop.path(u"debs/"_s + version);
    QDir().mkpath(tree + u"/bin"_s);
    QDir().mkpath(downloads);
    const QString fetch = u"cd '%1' && apt-get download -q openssl=%2 %3=%2 && "
                          "for deb in *.deb; do dpkg-deb -x \"$deb\" '%4' || exit 1; done"_s;
    const Outcome fetched = shop.run(
        u"sh"_s, {u"-c"_s, fetch.arg(downloads, version, libraryPackage(shop), tree)});
    if (fetched.status != 0)
        return {};
    // Links into /etc, which no release may have.
    QDir(tree + u"/usr/lib/ssl"_s).removeRecursively();
    writeAll(tree + u"/bin/openssl"_s, starter);
    QFile::setPermissions(tree + u"/bin/openssl"_s, QFile::Permissions(0x7755));
    return tree;
}

} // namespace

class TestDebianPackage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void updatesOpenssl();
};

void TestDebianPackage::updatesOpenssl()
{
    Workshop shop;
    shop.executable = u"bin/openssl"_s;
    const QStringList versions = offeredVersions(shop);
    if (versions.size() < 2)
        QSKIP("the distribution does not offer two versions of openssl");
    const QString newer = versions[0];
    const QString older = versions[1];
    for (const QString &version : {older, newer}) {
        const QString tree = treeOf(shop, version);
        if (tree.isEmpty())
            QSKIP("the packages cannot be downloaded");
        shop.publish(upstream(version), tree);
    }
    const auto says = [&shop] {
        return QString::fromUtf8(shop.run(shop.app() + u"/bin/openssl"_s, {u"version"_s}).output);
    };
    shop.install(upstream(older));
    QVERIFY2(says().startsWith(u"OpenSSL %1 "_s.arg(upstream(older))), qPrintable(says()));

    const Outcome updated = shop.freshen(u"update"_s);
    QVERIFY2(updated.status == 0, updated.output + updated.errors);
    QVERIFY2(says().startsWith(u"OpenSSL %1 "_s.arg(upstream(newer))), qPrintable(says()));

    QCOMPARE(shop.freshen(u"rollback"_s).status, 0);
    QVERIFY2(says().startsWith(u"OpenSSL %1 "_s.arg(upstream(older))), qPrintable(says()));
    QCOMPARE(shop.freshen(u"verify"_s).status, 0);

    flipBit(shop.app() + u"/usr/bin/openssl"_s);
    const Outcome verified = shop.freshen(u"verify"_s);
    QCOMPARE(verified.status, 4);
    QCOMPARE(verified.json[u"files"_s][0][u"path"_s].toString(), u"usr/bin/openssl"_s);
}

QTEST_GUILESS_MAIN(TestDebianPackage)
#include "tst_debianpackage.moc"
