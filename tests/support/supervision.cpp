// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/supervision.h"

#include "lib/common/convert.h"
#include "platform/foreignprocess.h"

#include <QDir>
#include <QJsonDocument>
#include <QTcpSocket>
#include <QTest>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 60'000;

} // namespace

Supervision::Supervision()
{
    for (const QString &name : {u"srv"_s, u"run"_s, u"new"_s})
        QDir().mkpath(shop.path(name));
    shop.executable = u"bin/agent"_s;
}

Supervision::~Supervision()
{
    if (!m_process || m_process->state() == QProcess::NotRunning)
        return;
    m_process->terminate();
    if (!m_process->waitForFinished(patience))
        m_process->kill();
    m_process->waitForFinished();
}

QByteArray Supervision::build(const QString &version, const QString &fault)
{
    const QString line = u"\nAGENT version=%1 fault=%2\n"_s.arg(version, fault);
    return readAll(QStringLiteral(FRESHEN_TEST_AGENT)) + line.toUtf8();
}

QByteArray Supervision::appImage(const QString &version)
{
    QByteArray bytes = build(version);
    // Its mark stands in the part of the ELF header that nobody reads (AppImage specification).
    bytes.replace(8, 3, QByteArray("AI\x02"));
    return bytes;
}

void Supervision::install(const QString &version, const QString &fault)
{
    writeAll(agent(), build(version, fault));
    QFile::setPermissions(agent(), QFile::Permissions(0x7755));
    sign(agent(), version);
}

void Supervision::sign(const QString &file, const QString &version, const QString &product)
{
    const Outcome signed_ = shop.run(u"freshen-appcast"_s,
                                     {u"sign"_s, u"--key"_s, shop.key(), u"--minisign"_s,
                                      u"--trusted-comment"_s,
                                      u"freshen-file %1 %2"_s.arg(product, version), file});
    if (signed_.status != 0)
        qFatal("%s", signed_.errors.constData());
}

void Supervision::publish(const QString &file, const QByteArray &bytes, const QString &version)
{
    const QString hidden = shop.path(u"new/build"_s);
    writeAll(hidden, bytes);
    sign(hidden, version);
    QFile::remove(file + u".minisig"_s);
    QFile::rename(hidden + u".minisig"_s, file + u".minisig"_s);
    QFile::remove(file);
    QFile::rename(hidden, file);
}

void Supervision::releaseTree(const QString &version, const QString &fault)
{
    const QString tree = shop.makeTree(version, {}, {{u"bin/agent"_s, build(version, fault)}});
    QFile::setPermissions(tree + u"/bin/agent"_s, QFile::Permissions(0x7755));
    shop.publish(version, tree);
}

QStringList Supervision::forFile(const QStringList &more) const
{
    return QStringList{u"--program"_s, agent(), u"--public-key"_s, shop.publicKey()} + more;
}

QStringList Supervision::forTree(const QStringList &more) const
{
    return QStringList{u"--app"_s, shop.app()} + more;
}

void Supervision::launch(const QStringList &options, const QStringList &command)
{
    QStringList all{u"--control"_s, controlPath(), u"--listen"_s,
                    u"http=tcp:127.0.0.1:%1"_s.arg(m_port.number())};
    all += options;
    if (!command.isEmpty())
        all += QStringList{u"--"_s} + command;
    m_process = shop.start(u"freshen-supervise"_s, all);
}

bool Supervision::start(const QStringList &options, const QStringList &command)
{
    launch(options, command);
    return QTest::qWaitFor([this] {
        return m_process->state() == QProcess::NotRunning
            || status()[u"state"_s] == u"running"_s;
    }, patience) && m_process->state() != QProcess::NotRunning;
}

Outcome Supervision::ctl(const QString &verb)
{
    const auto process = shop.start(
        u"freshen-supervise"_s, {u"ctl"_s, u"--control"_s, controlPath(), verb, u"--json"_s});
    Outcome outcome;
    if (!QTest::qWaitFor([&] { return process->state() == QProcess::NotRunning; }, patience))
        return outcome;
    outcome.status = process->exitCode();
    outcome.output = process->readAllStandardOutput();
    outcome.json = QJsonDocument::fromJson(outcome.output).object();
    return outcome;
}

AgentAnswer Supervision::ask(const QString &path)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, m_port.number());
    socket.write("GET " + path.toUtf8() + " HTTP/1.1\r\nConnection: close\r\n\r\n");
    const auto isOver = [&] { return socket.state() == QAbstractSocket::UnconnectedState; };
    if (!QTest::qWaitFor(isOver, patience))
        return {};
    const QByteArray text = socket.readAll();
    const QList<QByteArray> words = text.mid(text.lastIndexOf("\r\n\r\n") + 4).trimmed().split(' ');
    if (!text.startsWith("HTTP/1.1 200") || words.size() != 3)
        return {};
    return {QString::fromUtf8(words[0]), words[1].toInt(), words[2].toInt()};
}

bool Supervision::answers(const QString &version)
{
    return QTest::qWaitFor([&] { return ask().version == version; }, patience);
}

int Supervision::exitCode()
{
    const auto isOver = [&] { return m_process->state() == QProcess::NotRunning; };
    if (!QTest::qWaitFor(isOver, patience))
        return -1;
    return m_process->exitStatus() == QProcess::NormalExit ? m_process->exitCode() : -1;
}

QString Supervision::log()
{
    if (m_process)
        m_log += m_process->readAllStandardError();
    return QString::fromUtf8(m_log);
}

} // namespace Freshen
