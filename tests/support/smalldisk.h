// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDir>
#include <QString>

#include <sys/mount.h>

// A file system of one mebibyte, mounted at a folder for the time of a test. Only an
// administrator can have one: ask isMounted().
class SmallDisk
{
public:
    explicit SmallDisk(const QString &folder)
        : m_folder(folder.toLocal8Bit())
    {
        QDir().mkpath(folder);
        m_isMounted = ::mount("tmpfs", m_folder.constData(), "tmpfs", 0, "size=1m") == 0;
    }
    ~SmallDisk()
    {
        if (m_isMounted)
            ::umount(m_folder.constData());
    }
    Q_DISABLE_COPY_MOVE(SmallDisk)

    bool isMounted() const { return m_isMounted; }

private:
    QByteArray m_folder;
    bool m_isMounted = false;
};
