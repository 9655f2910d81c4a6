// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGlobal>

// A disk that is slower than any network: as long as it lives, this program's downloads wait until
// they may be written.
class SlowDisk
{
public:
    SlowDisk();
    ~SlowDisk();

    // Lets the next bytes through; a write waits until all of its bytes may.
    void allow(qint64 bytes);
    qint64 written() const;
};
