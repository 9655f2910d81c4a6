// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What bench_download measures from outside: downloads one file, and prints by how many bytes its
// memory grew over that of a program that does nothing.
//
//   fetchfile URL FILE LENGTH SHA256 CONNECTIONS [AUTHORITY]

#include "lib/transfer/download.h"
#include "lib/transfer/networkmanager.h"
#include "tests/support/peakmemory.h"

#include <QCoreApplication>
#include <QSslConfiguration>

#include <cstdio>

using namespace Freshen;

namespace {

void trust(const QString &authority)
{
    auto configuration = QSslConfiguration::defaultConfiguration();
    configuration.addCaCertificates(authority);
    QSslConfiguration::setDefaultConfiguration(configuration);
}

int fetch(const DownloadRequest &request)
{
    NetworkManager manager;
    UrlPolicy policy;
    policy.limits.patience = std::chrono::seconds(30);
    Download download(&manager, policy, request);
    QObject::connect(&download, &Download::finished, [] { QCoreApplication::quit(); });
    QObject::connect(&download, &Download::failed, [](const Error &error) {
        std::fprintf(stderr, "%s\n", error.message.c_str());
        QCoreApplication::exit(1);
    });
    download.start();
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    if (words.size() < 6)
        return 2;
    QMetaObject::invokeMethod(&application, &QCoreApplication::quit, Qt::QueuedConnection);
    QCoreApplication::exec();
    const PeakMemory memory;
    if (words.size() > 6)
        trust(words[6]);
    const int status = fetch({.urls = {QUrl(words[1])},
                              .file = words[2],
                              .length = words[3].toLongLong(),
                              .sha256 = words[4],
                              .connections = words[5].toInt()});
    std::printf("%lld\n", static_cast<long long>(memory.growth().value_or(-1)));
    return status;
}
