// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/faultyfiles.h"

namespace Freshen {

namespace {

namespace fs = std::filesystem;
using Platform::FileCall;
using Kind = FileCall::Kind;

bool isFolder(const fs::path &path)
{
    std::error_code error;
    return fs::symlink_status(path, error).type() == fs::file_type::directory;
}

} // namespace

FaultRule nthFails(int n, int number)
{
    return [n, number, count = 0](const FileCall &) mutable { return ++count == n ? number : 0; };
}

FaultRule nthFails(Kind kind, int n, int number)
{
    return [kind, nth = nthFails(n, number)](const FileCall &call) {
        return call.kind == kind ? nth(call) : 0;
    };
}

FaultRule everyFails(Kind kind, int number)
{
    return [kind, number](const FileCall &call) { return call.kind == kind ? number : 0; };
}

FaultRule folderRenamesFail(int number)
{
    return [number](const FileCall &call) {
        const bool moves = call.kind == Kind::Rename || call.kind == Kind::Exchange;
        return moves && (isFolder(call.path) || isFolder(call.other)) ? number : 0;
    };
}

FaultyFiles::FaultyFiles(FaultRule rule)
    : m_rule(std::move(rule))
    , m_previous(Platform::setFileSeam(this))
{
}

FaultyFiles::~FaultyFiles()
{
    Platform::setFileSeam(m_previous);
}

int FaultyFiles::before(const FileCall &call)
{
    const std::lock_guard lock(m_mutex);
    const int number = m_rule ? m_rule(call) : 0;
    m_failures += number != 0;
    return number;
}

void FaultyFiles::after(const FileCall &call)
{
    const std::lock_guard lock(m_mutex);
    m_calls.push_back({call.kind, call.path, call.other,
                       std::string(call.bytes.begin(), call.bytes.end()), call.mode});
}

} // namespace Freshen
