// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/nametwins.h"

#include "updater-helper/trust/text.h"

#include <cstdlib>
#include <memory>
#include <new>

#include <utf8proc.h>

namespace Freshen::Trust {

namespace {

struct Free {
    void operator()(utf8proc_uint8_t *text) const { std::free(text); }
};

std::string mapped(std::string_view text, int options)
{
    utf8proc_uint8_t *result = nullptr;
    const utf8proc_ssize_t size = utf8proc_map(
        reinterpret_cast<const utf8proc_uint8_t *>(text.data()), utf8proc_ssize_t(text.size()),
        &result, utf8proc_option_t(UTF8PROC_STABLE | UTF8PROC_IGNORE | options));
    const std::unique_ptr<utf8proc_uint8_t, Free> owned(result);
    // The name policy lets valid UTF-8 of bounded size through: only memory can be missing.
    if (size < 0)
        throw std::bad_alloc();
    return {reinterpret_cast<const char *>(result), std::size_t(size)};
}

// Canonical order comes before folding, which can take the marks away that it sorts by.
std::string folded(std::string_view path)
{
    return mapped(mapped(path, UTF8PROC_DECOMPOSE), UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE);
}

} // namespace

NameTwins::NameTwins(std::string_view os)
    : m_folds(os == "windows" || os == "macos")
{
}

std::optional<std::string> NameTwins::add(std::string_view path)
{
    if (!m_folds)
        return {};
    const std::string key = folded(path);
    std::size_t end = 0;
    std::size_t keyEnd = 0;
    // Folding neither makes nor takes away a '/', so both have the same number of parts.
    for (std::size_t begin = 0, keyBegin = 0; end != std::string_view::npos;
         begin = end + 1, keyBegin = keyEnd + 1) {
        end = path.find('/', begin);
        keyEnd = key.find('/', keyBegin);
        const std::string_view spelling = path.substr(0, end);
        const auto known = m_spellings.try_emplace(key.substr(0, keyEnd), spelling).first;
        if (known->second != spelling)
            return "would be the same name as \"" + escaped(known->second) + "\" on its system";
    }
    return {};
}

} // namespace Freshen::Trust
