// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QSslConfiguration>
#include <QString>
#include <QTemporaryDir>

#include <optional>

namespace Freshen {

// Certificates as the openssl command makes them, in a temporary folder.
class Certificates
{
public:
    struct Wish {
        QString name; // of its files
        QString subject = QStringLiteral("IP:127.0.0.1"); // "DNS:example.org"
        int days = 2; // that it is good for; negative: it was until then
        bool isSelfSigned = false;
    };

    // Makes the authority that issues all but those that sign themselves.
    Certificates();
    ~Certificates();

    // False without the command.
    bool isAvailable() const { return m_isAvailable; }
    bool make(const Wish &wish);
    QString certificate(const QString &name) const { return file(name, QStringLiteral("pem")); }
    QString key(const QString &name) const { return file(name, QStringLiteral("key")); }
    // Until it is destroyed, managers made from now on trust the authority.
    void trust();

private:
    QString file(const QString &name, const QString &kind) const
    {
        return m_folder.filePath(name + QLatin1Char('.') + kind);
    }
    bool makeSelfSigned(const QString &name, const QString &extension, int days);
    bool run(const QStringList &arguments);

    QTemporaryDir m_folder;
    bool m_isAvailable = false;
    std::optional<QSslConfiguration> m_before; // since trust()
};

} // namespace Freshen
