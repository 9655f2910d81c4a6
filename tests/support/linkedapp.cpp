// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// An application that links the library, as the end-to-end tests update it. One whose "behaviour"
// is "fragile" first reads the file that SAMPLE_TROUBLE names, which a test can let it wait for,
// and crashes, leaves at once or quits in order where that says so.

#include <Freshen/Updater>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSettings>
#include <QTimer>

#include <csignal>
#include <cstdio>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

QByteArray lineOf(const QString &name)
{
    return contentOf(QCoreApplication::applicationDirPath() + u"/../"_s + name);
}

void noteStart()
{
    QFile log(qEnvironmentVariable("SAMPLE_LOG"));
    QStringList words = QCoreApplication::arguments();
    words[0] = QString::fromUtf8(lineOf(u"version"_s));
    if (log.open(QIODevice::WriteOnly | QIODevice::Append))
        log.write(words.join(u'|').replace(u'\n', u"\\n"_s).toUtf8() + '\n');
}

void meetTrouble()
{
    const QByteArray trouble = contentOf(qEnvironmentVariable("SAMPLE_TROUBLE"));
    if (trouble == "crash")
        ::raise(SIGSEGV);
    if (trouble == "leave")
        ::_exit(0);
    if (trouble == "quit")
        QTimer::singleShot(0, qApp, &QCoreApplication::quit);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (application.arguments().value(1) == u"--version") {
        std::puts(lineOf(u"version"_s).constData());
        return 0;
    }
    QSettings settings(QDir::homePath() + u"/linkedapp.ini"_s, QSettings::IniFormat);
    settings.setValue(u"Freshen/AutomaticallyChecks"_s, false);
    Freshen::Updater updater;
    updater.setSettings(&settings);
    updater.start();
    noteStart();
    if (lineOf(u"behaviour"_s) == "fragile")
        meetTrouble();
    return QCoreApplication::exec();
}
