# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""What mutation.py takes away of the engine: single syncs, journal records and checks."""

QUICK = ['tst_engine', 'tst_userfiles', 'tst_recovery', 'tst_attributes', 'tst_versions']
DEEP = [*QUICK, 'tst_brokenoff', 'tst_crashstates']

ENGINE = ('updater-helper/install/engine.cpp', DEEP, [
    ('if (manifest.product != order.product)', 'if (false)'),
    ('if (manifest.version != order.toVersion)', 'if (false)'),
    ('        return isKeptEdit(layout, tree, manifest, difference.path);', '        return true;'),
    ('        return Trust::requireTree(tree, manifest, progress);', '        return {};'),
    ('        done = adoptAttributes(layout, tree, release->manifest);', '        done = {};'),
    ('    if (possible.error().code != ErrorCode::NO_EXCHANGE || guard.empty())',
     '    if (guard.empty())'),
    ('        done = acceptManifest(layout, release->sha256);', '        done = {};'),
    ('''    done = lookAhead(layout, *method, order.guard, progress);
''', ''),
    ('    journal.newIdentity = Journal::identityOf(tree);', ''),
    ('    journal.newManifest = release->sha256;', ''),
    ('order.launches ? order.ready : ReadyCheck{ReadyCheck::Kind::None, 0}', 'order.ready'),
    ('    journal.mayGoBack = order.mayGoBack;', ''),
    ('    journal.keeps = order.keeps;\n    return journal.write(layout);', '    return {};'),
    ('    if (!isImpossible)\n', '    if (true)\n'),
    ('''    if (auto brought = bringNew(layout, *journal); !brought)
        return brought;
''', ''),
    ('''    journal->state = Journal::State::Committed;
    if (auto written = journal->write(layout); !written)
        return written;
''', ''),
    ('''    journal->isRefused = refused;
    if (auto written = journal->write(layout); !written)
        return written;
''', '    journal->isRefused = refused;\n'),
])

OUTCOME = ('updater-helper/install/outcome.cpp', DEEP, [
    ('''    return carryUserFiles(tree, layout.app(), *files);
}

Result<void> exchangeForOld''', '''    return {};
}

Result<void> exchangeForOld'''),
    ('    return files ? carryUserFiles(tree, layout.app(), *files) : failure(files);',
     '    return {};'),
    ('        journal.phase = phase;\n        return journal.write(layout);',
     '        journal.phase = phase;\n        return Result<void>();'),
    ('    auto kept = keepUserFiles(layout, journal.tree(layout), intactAt);',
     '    Result<Kept> kept = Kept();'),
    ('isUpdate ? forgetRefusals(layout, journal.toVersion)', 'isUpdate ? Result<void>()'),
    (': refuse(layout, Refusal::Left, journal.fromVersion)', ': Result<void>()'),
    ('        done = refuse(layout, Refusal::Failed, journal.toVersion);', '        done = {};'),
    ('''    if (done && journal.kind != ChangeKind::Rollback)
        done = discardTree(layout, tree);
''', ''),
    ('    auto done = Journal::remove(layout);', '    Result<void> done;'),
    ('        done = Platform::removeFile(layout.userFiles());', '        done = {};'),
    ('        done = Platform::removeTree(layout.pieces());', '        done = {};'),
])

PIECES = ('updater-helper/install/pieces.cpp', ['tst_brokenoff', 'tst_crashstates'], [
    ('phase == reached ? Result<void>() : note(phase)', 'Result<void>()'),
    ('        if (auto guarded = isFirst ? putGuards() : Result<void>(); !guarded)\n'
     '            return guarded;\n    }\n    return {};',
     '    }\n    return {};'),
    ('        if (auto guarded = isFirst ? putGuards() : Result<void>(); !guarded)\n'
     '            return guarded;\n    }\n    return close(m_tree, m_newFolders);',
     '    }\n    return close(m_tree, m_newFolders);'),
    ('!leavesApp(piece) || isThere(aside(index)) || !isThere(place)',
     '!leavesApp(piece) || !isThere(place)'),
    ("    // Whoever starts the app before its last piece is there finds the guard.\n"
     '    for (const bool isLast : {false, true}) {',
     '    for (const bool isLast : {true, false}) {'),
    ('        if (auto ready = isLast ? closeForLast(m_newFolders) : Result<void>(); !ready)\n',
     '        if (auto ready = Result<void>(); !ready)\n'),
    ('        if (auto ready = isLast ? closeForLast(m_oldFolders) : Result<void>(); !ready)\n',
     '        if (auto ready = Result<void>(); !ready)\n'),
    ('            auto done = replaces ? Result<void>() : clearTheWay(piece.path);',
     '            Result<void> done;'),
    ('piece.kind == Kind::Replace && Layout::describes(piece.path)', 'false'),
    ('''    if (auto fitted = fit(m_tree, m_oldFolders, m_newFolders); !fitted)
        return fitted;
''', ''),
    ('    return close(m_tree, m_oldFolders);', '    return {};'),
])

GUARD = ('updater-helper/install/piecesguard.cpp', ['tst_brokenoff', 'tst_crashstates'], [
    ('        if (done && isExecutable(piece))\n            done = guard(piece.path);\n', ''),
    ('    if (m_layout->isSingleFile() || isGuard(place))\n        return {};',
     '    if (isGuard(place))\n        return {};'),
])

PLAN = ('updater-helper/install/piecesplan.cpp', ['tst_brokenoff', 'tst_crashstates'], [
    ('''        if (startsApp || !isUnchanged(path))
''', '        if (!isUnchanged(path))\n'),
    ('            && intact->second == Platform::stampOf(m_layout.place(path));', ';'),
    ('isAlike(*before, *after) && ', ''),
    ('        return listed && listed->type == entry.type;', '        return true;'),
    ('else if (isInTheWay(entry.path) || m_next.find(entry.path))', 'else if (false)'),
])

USER_FILES = ('updater-helper/install/userfiles.cpp', DEEP, [
    ('            return hasPlaceFor(path) ? move(path) : Result<void>();',
     '            return move(path);'),
    ('    if (listed && listed->type == type)\n', '    if (listed)\n'),
    ('    for (int i = 2; isThere(name); ++i)', '    for (int i = 2; false; ++i)'),
    ('        if (stamp.empty() || stamp != ', '        if (stamp != '),
    ('        if (!changed.contains(fs::path(path).parent_path().string()))\n',
     '        if (true)\n'),
    ('    if (there->size != listed.size)\n        return true;\n', ''),
    ('!hash || *hash != listed.sha256', 'false'),
    ('    if (*manifest) {\n', '    if (true) {\n'),
])

VERSIONS = ('updater-helper/install/versions.cpp', ['tst_versions', 'tst_brokenoff'], [
    ('    if (count <= 0)\n        return discardTree(layout, layout.staged());\n', ''),
    ('    for (; gap > count; --gap) {', '    for (; false; --gap) {'),
    ('    for (; gap > 1; --gap) {', '    for (; false; --gap) {'),
    ('    for (int step = 2; isThere(layout.previous(step)); ++step) {',
     '    for (int step = 2; false; ++step) {'),
])

RECOVERY = ('updater-helper/install/recovery.cpp', DEEP, [
    ('    return journal.ready.kind == ReadyCheck::Kind::None || !journal.mayGoBack;',
     '    return true;'),
    ('    if (mayStay(journal) && isIntact(layout, keys)) {', '    if (mayStay(journal)) {'),
    ('    if (!isIntact(layout, keys))\n        return tl::unexpected<Error>(problem);\n', ''),
    ('    if (journal.state == Journal::State::Back) {', '    if (false) {'),
    ('    if (journal.state == Journal::State::Committed) {', '    if (false) {'),
    ('    if ((*journal)->state == Journal::State::Back)\n', '    if (false)\n'),
])

ENGINE_JOURNAL = ('updater-helper/install/journal.cpp', ['tst_journal', *DEEP], [
    ('    if (app == newIdentity)\n        return true;\n', ''),
    ('    if (app == oldIdentity || other == oldIdentity || other == newIdentity)\n'
     '        return false;\n', ''),
])

# What is not on the disk when it has to be.
SYNCS = [
    ('updater-helper/install/engine.cpp', ['tst_crashstates'], [
        ('        done = Platform::syncFileSystem(tree);', '        done = {};'),
    ]),
    ('updater-helper/install/outcome.cpp', ['tst_crashstates'], [
        ('''    if (auto synced = Platform::syncDirectory(layout.app().parent_path()); !synced)
        return synced;
    return Platform::syncDirectory(tree.parent_path());
''', '    return {};\n'),
        ('    const auto synced = Platform::syncFileSystem(layout.folder());',
         '    const Result<void> synced;'),
    ]),
    ('updater-helper/install/pieces.cpp', ['tst_crashstates'], [
        ('        if (done)\n            done = sync();\n', ''),
    ]),
    ('updater-helper/install/piecesguard.cpp', ['tst_crashstates'], [
        ('    auto done = sync();\n    for (const Piece &piece',
         '    Result<void> done;\n    for (const Piece &piece'),
        ('    return done ? sync() : done;\n}\n\n// A single file',
         '    return done;\n}\n\n// A single file'),
    ]),
    ('updater-helper/install/piecesfolders.cpp', ['tst_crashstates'], [
        ('    const auto done = hasNew ? sync() : Result<void>();', '    const Result<void> done;'),
        ('    return done ? sync() : done;\n}\n\n// What stands',
         '    return done;\n}\n\n// What stands'),
    ]),
    ('updater-helper/install/userfiles.cpp', ['tst_crashstates'], [
        ('    return done ? Platform::syncDirectory(folder.parent_path()) : done;',
         '    return done;'),
    ]),
    ('updater-helper/install/versions.cpp', ['tst_crashstates'], [
        ('    return Platform::syncDirectory(layout.folder());', '    return {};'),
    ]),
    ('updater-helper/install/journal.cpp', ['tst_crashstates'], [
        ('    return Platform::syncDirectory(layout.folder());', '    return {};'),
    ]),
    ('platform/file_posix.cpp', ['tst_crashstates'], [
        ('    return changing({.kind = Kind::SyncFile, .path = path}, '
         '[&] { return ::fsync(fd); });', '    return 0;'),
        ('    return syncDirectory(parentOf(path));\n}\n\nResult<void> copyFile',
         '    return {};\n}\n\nResult<void> copyFile'),
    ]),
]

ENGINE_MUTATIONS = [ENGINE, OUTCOME, PIECES, GUARD, PLAN, USER_FILES, VERSIONS, RECOVERY,
                    ENGINE_JOURNAL, *SYNCS]
