// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/certificates.h"

#include <QProcess>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

const QStringList newKey = {u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:P-256"_s,
                            u"-nodes"_s};

} // namespace

Certificates::Certificates()
    : m_isAvailable(makeSelfSigned(u"authority"_s, u"basicConstraints=critical,CA:TRUE"_s, 2))
{
}

Certificates::~Certificates()
{
    if (m_before)
        QSslConfiguration::setDefaultConfiguration(*m_before);
}

bool Certificates::make(const Wish &wish)
{
    const QString extension = u"subjectAltName="_s + wish.subject;
    if (wish.isSelfSigned)
        return makeSelfSigned(wish.name, extension, wish.days);
    QFile extensions(m_folder.filePath(u"extensions"_s));
    const QString request = m_folder.filePath(u"request"_s);
    return extensions.open(QIODevice::WriteOnly) && extensions.write(extension.toUtf8()) > 0
        && extensions.flush()
        && run(QStringList{u"req"_s, u"-new"_s, u"-subj"_s, u"/CN=server"_s, u"-keyout"_s,
                           key(wish.name), u"-out"_s, request}
               + newKey)
        && run({u"x509"_s, u"-req"_s, u"-in"_s, request, u"-out"_s, certificate(wish.name),
                u"-CA"_s, certificate(u"authority"_s), u"-CAkey"_s, key(u"authority"_s), u"-days"_s,
                QString::number(wish.days), u"-extfile"_s, extensions.fileName()});
}

// The one way for Qt 6.4: it looks at no SSL_CERT_FILE.
void Certificates::trust()
{
    m_before = QSslConfiguration::defaultConfiguration();
    QSslConfiguration configuration = *m_before;
    configuration.addCaCertificates(certificate(u"authority"_s));
    QSslConfiguration::setDefaultConfiguration(configuration);
}

bool Certificates::makeSelfSigned(const QString &name, const QString &extension, int days)
{
    return run(QStringList{u"req"_s, u"-x509"_s, u"-subj"_s, u"/CN="_s + name, u"-days"_s,
                           QString::number(days), u"-addext"_s, extension, u"-keyout"_s, key(name),
                           u"-out"_s, certificate(name)}
               + newKey);
}

bool Certificates::run(const QStringList &arguments)
{
    QProcess openssl;
    openssl.start(u"openssl"_s, arguments);
    return openssl.waitForFinished() && openssl.exitStatus() == QProcess::NormalExit
        && openssl.exitCode() == 0;
}

} // namespace Freshen
