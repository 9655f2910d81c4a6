// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QIcon>

// A sheet with lines, in the edition's colour.
QIcon appIcon();
