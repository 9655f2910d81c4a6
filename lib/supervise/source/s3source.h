// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/supervise/source/httpsource.h"

namespace Freshen {

// An object of a store that speaks as S3 does, by its address, with or without a bucket in the
// host's name. Signed where there are credentials and the address is not signed already.
HttpSource::Place s3Place(const QUrl &url, const SourceOptions &options);

} // namespace Freshen
