// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Any bytes as a record, an order or a journal of the engine: what is read stays the same when it
// is written and read again.

#include "tests/fuzz/fuzztarget.h"
#include "tests/fuzz/scratchfolder.h"

#include "platform/file.h"
#include "updater-helper/install/journal.h"
#include "updater-helper/install/record.h"

using namespace Freshen;
using namespace Freshen::Install;

namespace {

namespace fs = std::filesystem;

void put(const fs::path &path, std::string_view text)
{
    (void)Platform::removeFile(path);
    auto file = Platform::NewFile::create(path);
    require(file.has_value(), "the file can be made");
    const auto *data = reinterpret_cast<const std::uint8_t *>(text.data());
    require(file->write({data, text.size()}) && file->finish(0600), "the file can be written");
}

std::string contentOf(const fs::path &path)
{
    const auto text = Platform::readFile(path);
    require(text.has_value(), "what was written is there");
    return *text;
}

void tryRecord(const fs::path &file, std::string_view text)
{
    const auto record = Record::read(file, text.substr(0, text.find('\n')));
    if (!record)
        return;
    const fs::path copy = file.string() + "-copy";
    require(record->write(copy).has_value(), "a record can be written");
    const std::string once = contentOf(copy);
    const auto again = Record::read(copy, text.substr(0, text.find('\n')));
    require(again && again->write(copy), "what is written can be read");
    require(contentOf(copy) == once, "written again, it has the same bytes");
}

void tryOrder(const fs::path &file)
{
    const auto order = Order::read(file);
    if (!order)
        return;
    require(order->app.is_absolute() && !order->keys.empty(), "an order is complete");
    const fs::path copy = file.string() + "-copy";
    require(order->write(copy).has_value(), "an order can be written");
    const std::string once = contentOf(copy);
    const auto again = Order::read(copy);
    require(again && again->write(copy), "what is written can be read");
    require(contentOf(copy) == once, "written again, it has the same bytes");
    require(again->arguments == order->arguments && again->environment == order->environment
                && again->keys == order->keys && again->app == order->app,
            "what is started stays the same");
}

void tryJournal(const Layout &layout)
{
    const auto journal = Journal::read(layout);
    if (!journal)
        return;
    require(journal->has_value(), "a journal that is there is not passed over");
    require((*journal)->state <= Journal::State::Back, "its state is one of three");
    require((*journal)->write(layout).has_value(), "a journal can be written");
    const std::string once = contentOf(layout.journal());
    const auto again = Journal::read(layout);
    require(again && *again && (*again)->write(layout), "what is written can be read");
    require(contentOf(layout.journal()) == once, "written again, it has the same bytes");
    require((*again)->state == (*journal)->state && (*again)->newIdentity == (*journal)->newIdentity
                && (*again)->oldIdentity == (*journal)->oldIdentity,
            "what is under way stays the same");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const Layout layout(scratchFolder() / "app");
    std::error_code error;
    fs::create_directory(layout.folder(), error);
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    put(layout.order(), text);
    tryRecord(layout.order(), text);
    tryOrder(layout.order());
    put(layout.journal(), text);
    tryJournal(layout);
    return 0;
}
