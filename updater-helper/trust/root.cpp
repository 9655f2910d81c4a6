// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/root.h"

#include "updater-helper/trust/text.h"

#include <algorithm>
#include <array>
#include <limits>

namespace Freshen::Trust {

namespace {

constexpr std::string_view formatLine = "freshen-root 1";
constexpr std::string_view signaturesLine = "signatures";
// A signature over a root is worth nothing for any other purpose.
constexpr std::string_view context = "freshen-root-1\n";
constexpr std::size_t keyIdSize = 16;
constexpr std::size_t maximumSignatures = 32;

tl::unexpected<Error> malformed(const std::string &why)
{
    return failure(ErrorCode::ROOT_CHAIN, "The root is malformed: " + why + ".");
}

tl::unexpected<Error> refused(const Root &root, const std::string &why)
{
    return failure(ErrorCode::ROOT_CHAIN, "Root " + std::to_string(root.version) + " of "
                                              + root.product + " is refused: " + why + ".");
}

std::string idOf(const PublicKey &key)
{
    return toHex(keyIdOf(key.bytes()));
}

Platform::Bytes asBytes(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

// "2026-11-22T10:00:00Z", as far as comparing needs it.
bool isTime(std::string_view text)
{
    constexpr std::string_view form = "0000-00-00T00:00:00Z";
    return text.size() == form.size()
        && std::equal(form.begin(), form.end(), text.begin(), [](char wanted, char c) {
               return wanted == '0' ? c >= '0' && c <= '9' : c == wanted;
           });
}

std::string roleLine(std::string_view name, const RootRole &role)
{
    std::string line(name);
    line += " " + std::to_string(role.threshold);
    for (const PublicKey &key : role.keys)
        line += " " + key.toSparkle();
    return line + "\n";
}

// What has a place of its own, and cannot stand anywhere else.
bool isKnownName(std::string_view name)
{
    constexpr std::array names{"product", "version", "issued", "expires",
                               "root",    "feed",    "release", "signatures"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

class RootParser
{
public:
    explicit RootParser(std::string_view text) : m_lines(splitLines(text)) {}

    Result<void> run()
    {
        if (m_lines.front() != formatLine)
            return malformed("it does not begin with \"" + std::string(formatLine) + "\"");
        auto done = parseHeader();
        if (done)
            done = parseExtraLines();
        for (const auto &[name, role] :
             {std::pair<std::string_view, RootRole *>{"root", &root.root},
              {"feed", &root.feed},
              {"release", &root.release}}) {
            if (done)
                done = parseRole(name, *role);
        }
        if (done && root.release.threshold != 1)
            return malformed("one release key always has to suffice");
        return done ? parseSignatures() : done;
    }

    Root root;
    std::vector<KeySignature> signatures;

private:
    std::string_view line() const
    {
        return m_next < m_lines.size() ? m_lines[m_next] : std::string_view();
    }

    // The rest of the next line, which has to begin with this name.
    std::string_view value(std::string_view name)
    {
        const std::string_view text = line();
        if (!text.starts_with(name) || text.substr(name.size(), 1) != " ")
            return {};
        ++m_next;
        return text.substr(name.size() + 1);
    }

    Result<void> parseHeader()
    {
        root.product = value("product");
        if (root.product.empty() || escaped(root.product) != root.product)
            return malformed("\"product\" is missing or unusable");
        root.version = parseNumber(value("version")).value_or(0);
        if (root.version == 0 || root.version > std::numeric_limits<std::int64_t>::max())
            return malformed("\"version\" is no number from 1 on");
        root.issued = value("issued");
        root.expires = value("expires");
        if (!isTime(root.issued) || !isTime(root.expires) || root.expires <= root.issued)
            return malformed("\"issued\" and \"expires\" are no times in this order");
        return {};
    }

    Result<void> parseExtraLines()
    {
        while (m_next < m_lines.size() && !line().starts_with("root ")) {
            if (line().empty() || escaped(line()) != line() || line()[0] == '!'
                || isKnownName(line().substr(0, line().find(' '))))
                return malformed("\"" + escaped(line()) + "\" is not known here");
            root.extraLines.emplace_back(m_lines[m_next++]);
        }
        return {};
    }

    Result<void> parseRole(std::string_view name, RootRole &role)
    {
        std::string_view rest = value(name);
        const std::size_t space = std::min(rest.find(' '), rest.size());
        role.threshold = parseNumber(rest.substr(0, space)).value_or(0);
        rest.remove_prefix(space);
        while (!rest.empty()) {
            rest.remove_prefix(1);
            const std::string_view text = rest.substr(0, rest.find(' '));
            if (auto added = addKey(name, text, role); !added)
                return added;
            rest.remove_prefix(text.size());
        }
        if (role.threshold == 0 || role.threshold > role.keys.size())
            return malformed("its role \"" + std::string(name)
                             + "\" is missing, or has fewer keys than have to sign");
        return {};
    }

    static Result<void> addKey(std::string_view name, std::string_view text, RootRole &role)
    {
        auto key = PublicKey::parse(text);
        if (!key || key->toSparkle() != text)
            return malformed("\"" + escaped(text) + "\" is no key of 32 bytes in base64");
        // In one order only: so none can stand twice and count twice.
        if (!role.keys.empty() && role.keys.back().toSparkle() >= text)
            return malformed("the keys of \"" + std::string(name)
                             + "\" are doubled or not in order");
        if (role.keys.size() >= Root::maximumKeys)
            return malformed("\"" + std::string(name) + "\" has more than 16 keys");
        role.keys.push_back(std::move(*key));
        return {};
    }

    Result<void> parseSignatures()
    {
        if (line() != signaturesLine)
            return malformed("the line \"signatures\" is missing");
        for (++m_next; m_next < m_lines.size(); ++m_next) {
            const std::string_view id = line().substr(0, keyIdSize);
            const auto signature = line().size() > keyIdSize && line()[keyIdSize] == ' '
                ? parseSignature(line().substr(keyIdSize + 1))
                : Result<Signature>(malformed(""));
            if (!signature || id.find_first_not_of("0123456789abcdef") != std::string_view::npos)
                return malformed("\"" + escaped(line()) + "\" is no signature");
            if (signatures.size() >= maximumSignatures || hasSignatureOf(id))
                return malformed("a key signed twice, or too many signed");
            signatures.push_back({std::string(id), *signature});
        }
        return {};
    }

    bool hasSignatureOf(std::string_view id) const
    {
        return std::any_of(signatures.begin(), signatures.end(),
                           [&](const KeySignature &one) { return one.keyId == id; });
    }

    std::vector<std::string_view> m_lines;
    std::size_t m_next = 1;
};

} // namespace

bool RootRole::isMetBy(const std::vector<KeySignature> &signatures, std::string_view message) const
{
    const auto signers = std::count_if(keys.begin(), keys.end(), [&](const PublicKey &key) {
        const std::string id = idOf(key);
        return std::any_of(signatures.begin(), signatures.end(), [&](const KeySignature &one) {
            return one.keyId == id && key.verify(asBytes(message), one.signature);
        });
    });
    return std::size_t(signers) >= threshold;
}

std::string Root::toText() const
{
    std::string text(formatLine);
    text += "\nproduct " + product + "\nversion " + std::to_string(version) + "\nissued " + issued
        + "\nexpires " + expires + "\n";
    for (const std::string &line : extraLines)
        text += line + "\n";
    return text + roleLine("root", root) + roleLine("feed", feed) + roleLine("release", release);
}

Result<SignedRoot> SignedRoot::parse(std::string_view text)
{
    if (text.size() > Root::maximumSize)
        return malformed("it is larger than 64 KiB");
    if (!text.ends_with('\n'))
        return malformed("its last line is not finished");
    RootParser parser(text);
    if (const auto done = parser.run(); !done)
        return failure(done);
    SignedRoot parsed{std::move(parser.root), std::string(text), std::move(parser.signatures)};
    // So message() is over the bytes that were read.
    if (parsed.signedText() != text)
        return malformed("it has another form than the only one that is allowed");
    return parsed;
}

std::string SignedRoot::message() const
{
    return std::string(context) + root.toText();
}

std::string SignedRoot::signedText() const
{
    std::string file = root.toText() + std::string(signaturesLine) + "\n";
    for (const auto &[keyId, signature] : signatures)
        file += keyId + " " + toBase64(signature.data(), signature.size()) + "\n";
    return file;
}

Result<SignedRoot> firstRoot(std::string_view text)
{
    auto first = SignedRoot::parse(text);
    if (first && !first->root.root.isMetBy(first->signatures, first->message()))
        return refused(first->root, "too few of its own root keys signed it");
    return first;
}

Result<SignedRoot> nextRoot(const Root &trusted, std::string_view text)
{
    auto next = SignedRoot::parse(text);
    if (!next)
        return next;
    if (next->root.product != trusted.product)
        return refused(trusted, "the next one is for \"" + escaped(next->root.product) + "\"");
    if (next->root.version != trusted.version + 1)
        return refused(next->root, "version " + std::to_string(trusted.version + 1)
                                       + " has to come next");
    if (!trusted.root.isMetBy(next->signatures, next->message()))
        return refused(next->root, "too few root keys of the one before signed it");
    if (!next->root.root.isMetBy(next->signatures, next->message()))
        return refused(next->root, "too few of its own root keys signed it");
    return next;
}

Result<void> requireCurrent(const Root &root, std::string_view now)
{
    if (root.expires >= now)
        return {};
    return failure(ErrorCode::ROOT_EXPIRED,
                   "Root " + std::to_string(root.version) + " of " + root.product + " expired at "
                       + root.expires
                       + ": its publisher has to publish the next one; try again later.");
}

} // namespace Freshen::Trust
