// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

// Rows for a test of names, rows H10 and H12 of the threat table: a QByteArray "name" and a
// QStringList "systems", those whose trees may have a file of that name.
void addNameRows();
