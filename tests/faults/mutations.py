# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""The checks that mutation.py takes away: for each source file the tests that have to notice, and
pairs of what stands there once and what comes in its place. A text that is not there any more
makes the script fail: then say here where the check has gone."""

from enginemutations import ENGINE_MUTATIONS

NAME_POLICY = ('updater-helper/trust/namepolicy.cpp', ['tst_namepolicy'], [
    ('    if (text.empty())\n        return "is empty";', ''),
    ('text.size() > maximumPath', 'false'),
    ('!isValidUtf8(text)', 'false'),
    ('if (hasControlCharacter(text))', 'if (false)'),
    (" || c == 0x7f;", ';'),
    ("text.find('\\\\') != std::string_view::npos", 'false'),
    ("text.front() == '/'", 'false'),
    ("text.size() >= 2 && isLetter(text[0]) && text[1] == ':'", 'false'),
    ('parts.size() > maximumDepth', 'false'),
    ('    if (part.empty())\n        return "has an empty part";', ''),
    ('if (part == "." || part == "..")', 'if (part == ".")'),
    ('part.size() > maximumPart', 'false'),
    ('os == "windows" ? objectionOnWindows(part) : Objection()', 'Objection()'),
    ('part.find_first_of("<>:\\"|?*") != std::string_view::npos', 'false'),
    ("part.ends_with('.') || part.ends_with(' ')", 'false'),
    ('if (isWindowsDevice(part))', 'if (false)'),
    ("stem.ends_with(' ')", 'false'),
    ('if (couldBeShortName(part))', 'if (false)'),
    ('            if (isBehindName)\n', '            if (false)\n'),
    ('            if (depth == 0)\n', '            if (false)\n'),
    ('        isBehindName = true;\n', ''),
    ("""    if (const auto objection = objectionToText(target))
        return objection;
""", ''),
])

NAME_TWINS = ('updater-helper/trust/nametwins.cpp', ['tst_nametwins'], [
    ('os == "windows" || os == "macos"', 'os == "windows"'),
    ('mapped(mapped(path, UTF8PROC_DECOMPOSE),', 'mapped(path,'),
    ('UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE', 'UTF8PROC_COMPOSE'),
    ('UTF8PROC_STABLE | UTF8PROC_IGNORE | options', 'UTF8PROC_STABLE | options'),
    ('known->second != spelling', 'false'),
])

LINK_CHAINS = ('updater-helper/trust/linkchains.cpp', ['tst_linkchains'], [
    ('maximumLinks = 32', 'maximumLinks = 1000'),
    ('        place = folderOf(place);\n    }', '    }'),
])

MANIFEST = ('updater-helper/trust/manifest.cpp',
            ['tst_manifest', 'tst_linkchains', 'tst_minisign'], [
    ('(mode & ~allowedMode) != 0', 'false'),
    ('(mode & needed) != needed', 'false'),
    ("text.size() != 4 || text[0] != '0'", 'false'),
    ('m_lines.empty() || m_lines[0] != formatLine', 'false'),
    ('takeWord(line) != name || line.empty()', 'line.empty()'),
    ('line.empty() || escaped(line) != line)\n                return malformed("\\""',
     'line.empty())\n                return malformed("\\""'),
    ('if (!isProductName(manifest.product))', 'if (false)'),
    ("if (line[0] == '!')", 'if (false)'),
    ('manifest.entries.size() >= Manifest::maximumEntries', 'false'),
    ('!isSha256(entry.sha256)', 'false'),
    ('*size > maximumTotal - m_total', 'false'),
    ('if (const auto objection = objectionToPath(entry.path, manifest.os))',
     'if (const auto objection = std::optional<std::string>())'),
    ('entry.path == Manifest::fileName || entry.path == Manifest::signatureFileName', 'false'),
    ('!manifest.entries.empty() && entry.path <= manifest.entries.back().path', 'false'),
    ('if (const auto objection = m_twins->add(entry.path))',
     'if (const auto objection = std::optional<std::string>())'),
    ('if (const auto objection = objectionToLink(entry.path, entry.target, manifest.os))',
     'if (const auto objection = std::optional<std::string>())'),
    ('slash != std::string::npos && !isDirectory(entry.path.substr(0, slash))', 'false'),
    ('entry && entry->type == EntryType::Directory', 'entry'),
    ('return checked ? checkExecutable() : checked;', 'return checkExecutable();'),
    ('return checked ? checkExecutable() : checked;', 'return checked;'),
    ('(needsBit && (entry->mode & 0100) == 0)', 'false'),
    ('text.size() > maximumSize', 'false'),
    ("!text.ends_with('\\n') || ", ''),
    ('verified = verifyMinisign(*signature, text, keys); !verified',
     'verified = verifyMinisign(*signature, text, keys); !verified && false'),
    ('manifest && manifest->trustedComment() != signature->trustedComment', 'false'),
])

MINISIGN = ('updater-helper/trust/minisign.cpp', ['tst_minisign'], [
    ('key.verify(message, signature.signature)\n        && ', ''),
    ('\n        && key.verify(toBytes(signedComment), signature.commentSignature)', ''),
    ("lines.size() != 4 || !text.ends_with('\\n')", 'lines.size() < 4'),
    ('!lines[0].starts_with(untrustedPrefix) || ', ''),
    (' || !lines[2].starts_with(trustedPrefix)', ''),
    ("(*bytes)[0] != 'E' || ", ''),
    (" || ((*bytes)[1] != 'D' && (*bytes)[1] != 'd')", ''),
    ('signature.trustedComment.size() > maximumComment || ', ''),
    (' || !isPrintable(signature.trustedComment)', ''),
])

# Not here: S < L in verify(), which libcrypto looks at as well today.
PUBLIC_KEY = ('updater-helper/trust/publickey.cpp', ['tst_publickey'], [
    ('if (!isUsable(key.m_bytes))', 'if (false)'),
    ('if (!isLess(key.data(), fieldPrime))', 'if (false)'),
    ('    key[keySize - 1] &= 0x7f;\n', ''),
    ('if (bytes.size() != keySize)', 'if (false)'),
    ('if (!text.starts_with("untrusted comment:"))', 'if (false)'),
    ('!std::equal(minisignAlgorithm.begin(), minisignAlgorithm.end(), bytes->begin())', 'false'),
    ('!bytes || bytes->size() != signature.size()', '!bytes'),
    ("""message.data(),
                            message.size()) == 1""", """message.data(),
                            message.size()) >= 0"""),
])

# What only shows when memory fails.
VERIFY_WITHOUT_MEMORY = ('updater-helper/trust/publickey.cpp', ['freshen-test-allocationsweep'], [
    ('    if (!key || !context)\n        return false;',
     '    if (!key || !context)\n        return true;'),
])

TEXT = ('updater-helper/trust/text.cpp', ['tst_text'], [
    ('bits != 0 || ', ''),
    ("text.size() > 1 && text[0] == '0'", 'false'),
    (' || end != text.data() + text.size()', ''),
    ('value < smallest[length] || ', ''),
    (' || value > 0x10ffff', ''),
])

TREE_CHECK = ('updater-helper/trust/treecheck.cpp', ['tst_treecheck'], [
    ('        if (listed.type != there.type)', '        if (false)'),
    ('hasModes && listed.mode != there.mode', 'false'),
    ('listed.type == EntryType::Link && listed.target != there.target', 'false'),
    ('listed.type == EntryType::File && listed.size != there.size', 'false'),
    ('digest.hexResult() != listed.sha256', 'false'),
    ('!isOurs && m_unknown == UnknownFiles::AreDifferences', 'false'),
    ('                add(listed.path, Problem::Missing);', '                (void)listed;'),
    ("""        while (there != present.end())
            addUnknown(*there++);
""", ''),
])

# Every input of the corpus is signed well; only one check stands between it and acceptance.
ROOT = ('updater-helper/trust/root.cpp', ['tst_root', 'fuzz_root'], [
    ('one.keyId == id && key.verify(asBytes(message), one.signature)', 'one.keyId == id'),
    ('if (!trusted.root.isMetBy(next->signatures, next->message()))', 'if (false)'),
    ('if (!next->root.root.isMetBy(next->signatures, next->message()))', 'if (false)'),
    ('next->root.product != trusted.product', 'false'),
    ('next->root.version != trusted.version + 1', 'false'),
    ('first && !first->root.root.isMetBy(first->signatures, first->message())', 'false'),
    ('root.expires >= now', 'true'),
    ('done && root.release.threshold != 1', 'false'),
    ('role.threshold == 0 || ', ''),
    (' || role.threshold > role.keys.size()', ''),
    ('!role.keys.empty() && role.keys.back().toSparkle() >= text', 'false'),
    ('role.keys.size() >= Root::maximumKeys', 'false'),
    (' || root.expires <= root.issued', ''),
    (" || line()[0] == '!'", ''),
    (' || escaped(root.product) != root.product', ''),
])

TRAILERS = ('lib/feed/feedtrailers.cpp', ['tst_feedsignature', 'fuzz_trailer'], [
    ("!trailer.ends_with('\\n') || ", ''),
    (' || lines.front() != opening', ''),
    ('\n        || lines.back() != closing', ''),
    ('!lines || lines->size() > maximumKeys', '!lines'),
    ('!isKeyId(id) || ', ''),
    ('        if (isTwin)', '        if (false)'),
    ('!lines || lines->size() != 2 || ', '!lines || '),
    ('Trust::parseNumber(lines->at(1).substr(sparkleLength.size())) != trailers.sparkleStart',
     'false'),
])

FEED_SIGNATURE = ('lib/feed/feedsignature.cpp', ['tst_feedsignature'], [
    ('key.verify(asBytes(message), signature)', 'true'),
    ('else if (hasKeyId(keys, keyId))', 'else if (false)'),
    ('signers->size() < threshold', 'false'),
    ('trust == FeedTrust::Required && verified && !verified->isSigned', 'false'),
    ('if (!signerOf(content, *trailers.sparkle, keys))', 'if (false)'),
])

RECORD = ('updater-helper/install/record.cpp', ['tst_record'], [
    ('lines.empty() || lines.front() != kind', 'lines.empty()'),
    (" || !text.ends_with('\\n')", ''),
    ('if (space == std::string_view::npos)', 'if (false)'),
    ('4u << 20', '64u << 20'),
    ("else if (c == '%')", 'else if (false)'),
])

ORDER = ('updater-helper/install/order.cpp', ['tst_order'], [
    ('!order.app.is_absolute() || ', ''),
    (' || order.keys.empty()', ''),
    ('record.write(path, 0600)', 'record.write(path, 0644)'),
    ('        if (!key)\n            return failure(key);',
     '        if (!key)\n            continue;'),
    ('order.mayGoBack = record->value("may-go-back") != "no";', ''),
])

JOURNAL = ('updater-helper/install/journal.cpp', ['tst_journal'], [
    ('    return found != names.end();', '    return true;'),
    ('    if (!record)\n        return failure(record);',
     '    if (!record)\n        return std::optional<Journal>();'),
    ('journal.isRefused = record->value("refused") == "yes";', ''),
    ('journal.mayGoBack = record->value("may-go-back") != "no";', ''),
])

MUTATIONS = [NAME_POLICY, NAME_TWINS, LINK_CHAINS, MANIFEST, MINISIGN, PUBLIC_KEY,
             VERIFY_WITHOUT_MEMORY, TEXT, TREE_CHECK, ROOT, TRAILERS, FEED_SIGNATURE, RECORD, ORDER,
             JOURNAL, *ENGINE_MUTATIONS]
