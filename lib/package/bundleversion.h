// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

namespace Freshen {

// CFBundleVersion in the text of an Info.plist; empty where there is none or none can be read.
QString bundleVersion(const QByteArray &propertyList);

} // namespace Freshen
