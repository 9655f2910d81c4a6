// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/history.h"

#include "updater-helper/install/record.h"

#include <ctime>

namespace Freshen::Install {

namespace {

constexpr std::string_view resultKind = "freshen-result 1";
constexpr std::string_view refusedKind = "freshen-refused 1";

std::string_view refusalName(Refusal refusal)
{
    return refusal == Refusal::Failed ? "failed" : "left";
}

Result<void> writeRefusals(const Layout &layout, const std::set<std::string> &failed,
                           const std::set<std::string> &left)
{
    Record record{std::string(refusedKind)};
    for (const std::string &version : failed)
        record.add(refusalName(Refusal::Failed), version);
    for (const std::string &version : left)
        record.add(refusalName(Refusal::Left), version);
    return record.write(layout.refused());
}

} // namespace

Result<void> LastResult::write(const Layout &layout) const
{
    Record record{std::string(resultKind)};
    record.add("result", result);
    record.add("from", from);
    record.add("to", to);
    record.add("at", at);
    record.add("code", errorCode);
    record.add("message", errorMessage);
    record.add("downtime", downtimeMs);
    for (const std::string &path : kept)
        record.add("kept", path);
    record.add("reported", isReported ? "yes" : "no");
    return record.write(layout.lastResult());
}

std::optional<LastResult> LastResult::read(const Layout &layout)
{
    const auto record = Record::read(layout.lastResult(), resultKind);
    if (!record)
        return {};
    LastResult last;
    last.result = record->value("result");
    last.from = record->value("from");
    last.to = record->value("to");
    last.at = record->value("at");
    last.errorCode = record->value("code");
    last.errorMessage = record->value("message");
    last.downtimeMs = record->value("downtime");
    last.kept = record->values("kept");
    last.isReported = record->value("reported") == "yes";
    return last;
}

void LastResult::setError(const Error &error)
{
    errorCode = errorCodeName(error.code);
    errorMessage = error.message;
}

std::string utcNow()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts = {};
    char text[32] = {};
    if (const std::tm *utc = std::gmtime(&now))
        parts = *utc;
    std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

std::set<std::string> refusedVersions(const Layout &layout, Refusal refusal)
{
    const auto record = Record::read(layout.refused(), refusedKind);
    if (!record)
        return {};
    const auto versions = record->values(refusalName(refusal));
    return {versions.begin(), versions.end()};
}

Result<void> refuse(const Layout &layout, Refusal refusal, const std::string &version)
{
    auto failed = refusedVersions(layout, Refusal::Failed);
    auto left = refusedVersions(layout, Refusal::Left);
    (refusal == Refusal::Failed ? failed : left).insert(version);
    return writeRefusals(layout, failed, left);
}

Result<void> forgetRefusals(const Layout &layout, const std::string &version)
{
    auto failed = refusedVersions(layout, Refusal::Failed);
    auto left = refusedVersions(layout, Refusal::Left);
    const std::size_t forgotten = failed.erase(version) + left.erase(version);
    return forgotten > 0 ? writeRefusals(layout, failed, left) : Result<void>();
}

} // namespace Freshen::Install
