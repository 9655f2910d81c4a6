// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/order.h"

#include "updater-helper/install/record.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace Freshen::Install {

namespace {

constexpr std::string_view recordKind = "freshen-order 1";

constexpr std::array<std::string_view, 3> kindNames = {"update", "rollback", "repair"};
constexpr std::array<std::string_view, 3> rightsNames = {"own", "service", "prompt"};

// The first where the name is none of them.
template<typename Enum>
Enum fromName(std::string_view name, const std::array<std::string_view, 3> &names)
{
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? Enum() : Enum(found - names.begin());
}

std::string_view yesNo(bool value)
{
    return value ? "yes" : "no";
}

int toNumber(std::string_view text, int fallback)
{
    int number = fallback;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace

std::string ReadyCheck::toText() const
{
    const std::string_view name = kind == Kind::Signal ? "signal"
        : kind == Kind::Alive                          ? "alive"
                                                       : "none";
    return std::string(name) + ":" + std::to_string(seconds);
}

ReadyCheck ReadyCheck::fromText(std::string_view text)
{
    ReadyCheck check;
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    check.kind = name == "none" ? Kind::None : name == "alive" ? Kind::Alive : Kind::Signal;
    if (colon != std::string_view::npos)
        check.seconds = toNumber(text.substr(colon + 1), check.seconds);
    return check;
}

Result<void> Order::write(const std::filesystem::path &path) const
{
    Record record{std::string(recordKind)};
    record.add("app", app.string());
    record.add("folder", folder.string());
    record.add("rights", rightsNames[std::size_t(rights)]);
    record.add("registration", registration);
    record.add("kind", kindNames[std::size_t(kind)]);
    record.add("product", product);
    record.add("from", fromVersion);
    record.add("to", toVersion);
    for (const Trust::PublicKey &key : keys)
        record.add("key", key.toMinisign());
    record.add("ready", ready.toText());
    record.add("guard", guard.string());
    record.add("may-go-back", yesNo(mayGoBack));
    record.add("keeps", std::to_string(keeps));
    record.add("cause", cause);
    record.add("wait", std::to_string(waitSeconds));
    record.add("launches", yesNo(launches));
    record.add("keeps-output", yesNo(keepsOutput));
    for (const std::string &argument : arguments)
        record.add("argument", argument);
    record.add("directory", workingDirectory.string());
    for (const std::string &variable : environment)
        record.add("environment", variable);
    // The environment may hold secrets of the app.
    return record.write(path, 0600);
}

Result<Order> Order::read(const std::filesystem::path &path)
{
    const auto record = Record::read(path, recordKind);
    if (!record)
        return failure(record);
    Order order;
    order.app = record->value("app");
    order.folder = record->value("folder");
    order.rights = fromName<Rights>(record->value("rights"), rightsNames);
    order.registration = record->value("registration");
    order.kind = fromName<ChangeKind>(record->value("kind"), kindNames);
    order.product = record->value("product");
    order.fromVersion = record->value("from");
    order.toVersion = record->value("to");
    for (const std::string &text : record->values("key")) {
        auto key = Trust::PublicKey::parse(text);
        if (!key)
            return failure(key);
        order.keys.push_back(std::move(*key));
    }
    order.ready = ReadyCheck::fromText(record->value("ready"));
    order.guard = record->value("guard");
    order.mayGoBack = record->value("may-go-back") != "no";
    order.keeps = toNumber(record->value("keeps"), order.keeps);
    order.cause = record->value("cause");
    order.waitSeconds = toNumber(record->value("wait"), -1);
    order.launches = record->value("launches") == "yes";
    order.keepsOutput = record->value("keeps-output") == "yes";
    order.arguments = record->values("argument");
    order.workingDirectory = record->value("directory");
    order.environment = record->values("environment");
    if (!order.app.is_absolute() || order.keys.empty())
        return failure(ErrorCode::HELPER, "The order " + path.string() + " is incomplete.");
    return order;
}

Layout Order::workplace() const
{
    return folder.empty() ? Layout(app) : Layout(app, folder);
}

std::filesystem::path Order::tree() const
{
    return kind == ChangeKind::Rollback ? Layout(app).previous() : workplace().staged();
}

} // namespace Freshen::Install
