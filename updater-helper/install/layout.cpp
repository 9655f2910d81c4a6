// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/layout.h"

#include "platform/exchange.h"
#include "platform/fileattributes.h"
#include "platform/tree.h"

namespace Freshen::Install {

namespace fs = std::filesystem;

namespace {

constexpr int maximumAttempts = 100;

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

Layout::Layout(const fs::path &app, const fs::path &folder)
    : m_app(resolved(app))
    , m_folder(folder)
{
}

Result<Platform::Descriptor> Layout::takeLock() const
{
    // Whoever had it last may remove the folder with the file that was just opened.
    for (int attempt = 0; attempt < maximumAttempts; ++attempt) {
        if (auto made = Platform::makeDirectories(m_folder, 0755); !made)
            return failure(made);
        auto taken = Platform::lockFile(lock());
        const bool isGone = taken ? !Platform::standsAt(*taken, lock())
                                  : taken.error().code == ErrorCode::IO;
        if (!isGone)
            return taken;
    }
    return failure(ErrorCode::BUSY, lock().string() + " cannot be kept locked. Try again.");
}

Result<void> Layout::checkExchange() const
{
    const auto possible = Platform::checkExchange(probe());
    (void)Platform::removeTree(probe());
    return possible;
}

} // namespace Freshen::Install
