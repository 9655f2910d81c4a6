// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/layout.h"

#include "platform/exchange.h"
#include "platform/fileattributes.h"
#include "platform/tree.h"
#include "updater-helper/trust/manifest.h"

namespace Freshen::Install {

namespace fs = std::filesystem;

namespace {

constexpr int maximumAttempts = 100;
// lib/package writes and reads it; here it is a file of the release as any other.
constexpr std::string_view descriptionName = "freshen.json";

// Links are resolved once, here: what is exchanged is the folder itself.
fs::path resolved(const fs::path &app)
{
    std::error_code error;
    fs::path path = fs::weakly_canonical(fs::absolute(app, error), error);
    return path.has_filename() ? path : path.parent_path();
}

} // namespace

Layout::Layout(const fs::path &app)
    : Layout(app, {})
{
    m_folder = ownFolder();
}

Layout::Layout(const fs::path &app, const fs::path &folder)
    : m_app(resolved(app))
    , m_folder(folder)
{
    std::error_code error;
    m_isSingleFile = fs::is_regular_file(m_app, error);
}

fs::path Layout::ownFolder() const
{
    return m_app.parent_path() / ("." + m_app.filename().string() + ".freshen");
}

fs::path Layout::descriptionFolder() const
{
    return m_isSingleFile ? ownFolder() : m_app;
}

bool Layout::describes(std::string_view path)
{
    using Trust::Manifest;
    return path == descriptionName || path == Manifest::fileName
        || path == Manifest::signatureFileName;
}

fs::path Layout::place(std::string_view path) const
{
    if (!m_isSingleFile)
        return m_app / path;
    return describes(path) ? ownFolder() / path : m_app;
}

fs::path Layout::previous(int steps) const
{
    const fs::path newest = m_folder / "previous";
    return steps == 1 ? newest : fs::path(newest.string() + "-" + std::to_string(steps));
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
