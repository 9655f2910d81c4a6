// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A file that is to be replaced, alone in a folder, and another to replace it.

#pragma once

#include "lib/signing/secretkey.h"
#include "tests/support/samplebytes.h"

#include <Freshen/Replacement>

#include <QBuffer>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

namespace Freshen {

class ReplacementFixture
{
public:
    const QByteArray oldContent = "old " + QByteArray(300'000, 'o');
    const QByteArray newContent = "new " + QByteArray(500'000, 'n');

    ReplacementFixture()
    {
        QDir(m_folder.path()).mkdir(QStringLiteral("bin"));
        write(target(), oldContent);
    }

    QString path(const QString &name) const { return m_folder.filePath(name); }
    QString target() const { return path(QStringLiteral("bin/tool")); }
    // All names beside the target.
    QStringList beside() const
    {
        return QDir(path(QStringLiteral("bin")))
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    }
    // The old file is there, whole, and nothing else.
    bool isUntouched() const
    {
        return contentOf(target()) == oldContent && beside() == QStringList(QStringLiteral("tool"));
    }
    // The new file is there, whole, and nothing else.
    bool isReplaced() const
    {
        return contentOf(target()) == newContent && beside() == QStringList(QStringLiteral("tool"));
    }

    static void write(const QString &name, const QByteArray &content, int mode = 0755)
    {
        QFile file(name);
        QVERIFY2(file.open(QIODevice::WriteOnly | QIODevice::Truncate), qPrintable(name));
        QCOMPARE(file.write(content), content.size());
        file.close();
        std::filesystem::permissions(name.toStdString(), std::filesystem::perms(mode));
    }

private:
    QTemporaryDir m_folder;
};

// prepare() with these bytes.
inline bool prepare(Replacement &replacement, const QByteArray &content)
{
    QBuffer buffer;
    buffer.setData(content);
    return buffer.open(QIODevice::ReadOnly) && replacement.prepare(&buffer);
}

// prepare() and commit(); the code of the error, empty without one.
inline QString apply(Replacement &replacement, const QByteArray &content)
{
    if (!prepare(replacement, content) || !replacement.commit())
        return replacement.error().code();
    return {};
}

inline QByteArray hashOf(const QByteArray &content,
                         QCryptographicHash::Algorithm algorithm = QCryptographicHash::Sha256)
{
    return QCryptographicHash::hash(content, algorithm).toHex();
}

} // namespace Freshen
