// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/layout.h"

#include "platform/exchange.h"
#include "platform/tree.h"

namespace Freshen::Install {

namespace fs = std::filesystem;

namespace {

// Links are resolved once, here: what is exchanged is the folder itself.
fs::path resolved(const fs::path &app)
{
    std::error_code error;
    fs::path path = fs::weakly_canonical(fs::absolute(app, error), error);
    return path.has_filename() ? path : path.parent_path();
}

} // namespace

Layout::Layout(const fs::path &app)
    : m_app(resolved(app))
    , m_folder(m_app.parent_path() / ("." + m_app.filename().string() + ".freshen"))
{
}

Result<Platform::Descriptor> Layout::takeLock() const
{
    if (auto made = Platform::makeDirectories(m_folder, 0755); !made)
        return failure(made);
    return Platform::lockFile(lock());
}

Result<void> Layout::checkExchange() const
{
    const auto possible = Platform::checkExchange(probe());
    (void)Platform::removeTree(probe());
    return possible;
}

} // namespace Freshen::Install
