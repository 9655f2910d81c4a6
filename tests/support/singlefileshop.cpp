// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/singlefileshop.h"

#include <QDir>
#include <QFile>

namespace Freshen {

using namespace Qt::StringLiterals;

QByteArray SingleFileShop::build(const QString &version, const QString &behaviour)
{
    QByteArray bytes = readAll(QStringLiteral(FRESHEN_SAMPLE_APP));
    // An AppImage's mark stands in the part of the ELF header that nobody reads.
    bytes.replace(8, 3, QByteArray("AI\x02"));
    return bytes + u"\nSAMPLE version=%1 behaviour=%2\n"_s.arg(version, behaviour).toUtf8();
}

void SingleFileShop::releaseFile(Workshop &shop, const QString &version, const QByteArray &content)
{
    shop.executable = u"sample-"_s + version;
    const QString file = shop.path(u"trees/"_s + shop.executable);
    writeAll(file, content);
    QFile::setPermissions(file, QFile::Permissions(0x7755));
    shop.publish(version, file);
}

void SingleFileShop::installFile(Workshop &shop, const QString &version)
{
    QDir().mkpath(shop.control());
    const Outcome unpacked = shop.run(
        u"tar"_s, {u"-xzf"_s, shop.host() + u'/' + shop.packageName(version), u"-C"_s,
                   shop.control(), u"--no-same-owner"_s});
    QFile::remove(shop.app());
    const QString file = shop.control() + u"/sample-"_s + version;
    if (unpacked.status != 0 || !QFile::rename(file, shop.app()))
        qFatal("%s is not there", qPrintable(file));
}

void SingleFileShop::installAndRelease(const QString &version, const QString &behaviour)
{
    releaseFile(u"1.0"_s);
    installFile(u"1.0"_s);
    releaseFile(version, behaviour);
}

QString SingleFileShop::versionOf(const QString &program)
{
    const Outcome said = run(program, {u"--version"_s});
    return said.status == 0 ? QString::fromUtf8(said.output).trimmed() : u"does not start"_s;
}

} // namespace Freshen
