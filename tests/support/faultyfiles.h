// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A disk that fails as it is told to, for this process, and notes what was done on it.

#pragma once

#include "platform/seam.h"

#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace Freshen {

// A call that succeeded.
struct DoneCall {
    Platform::FileCall::Kind kind;
    std::filesystem::path path;
    std::filesystem::path other;
    std::string bytes;
    std::uint32_t mode = 0;
};

// The errno with which a call is to fail; 0: it is made. One call at a time is asked for.
using FaultRule = std::function<int(const Platform::FileCall &call)>;

// The n-th call fails, the first is 1; or the n-th of a kind.
FaultRule nthFails(int n, int number);
FaultRule nthFails(Platform::FileCall::Kind kind, int n, int number);
// Every call of a kind fails: Exchange with EINVAL, as where the file system knows none.
FaultRule everyFails(Platform::FileCall::Kind kind, int number);
// A folder cannot be renamed, and not be exchanged, as on an overlay (EXDEV) or where a file in it
// is open (EACCES on Windows).
FaultRule folderRenamesFail(int number);

// In force as long as it lives; the one before comes back then.
class FaultyFiles : public Platform::FileSeam
{
public:
    explicit FaultyFiles(FaultRule rule = {});
    ~FaultyFiles() override;
    FaultyFiles(const FaultyFiles &) = delete;
    FaultyFiles &operator=(const FaultyFiles &) = delete;

    const std::vector<DoneCall> &calls() const { return m_calls; }
    // How many calls were made to fail.
    int failures() const { return m_failures; }

    int before(const Platform::FileCall &call) override;
    void after(const Platform::FileCall &call) override;

private:
    std::mutex m_mutex;
    FaultRule m_rule;
    std::vector<DoneCall> m_calls;
    int m_failures = 0;
    Platform::FileSeam *m_previous;
};

} // namespace Freshen
