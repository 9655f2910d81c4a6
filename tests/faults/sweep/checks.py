# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""What has to be true after an operation was disturbed: each function names what is not."""

import collections
import hashlib
import json
import os
import stat

from sweep.scenario import DAMAGED, EDITED, EDITS, USER_FILES, USER_FILES_IN_THE_WAY, USER_PATHS

MEANT_TO_STAY = {"lock", "previous", "result", "refused", "accepted", "kept"}
KEPT = ".app.freshen/kept/"


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def listing(folder):
    entries = {}
    for path in folder.rglob("*"):
        status = path.lstat()
        name = str(path.relative_to(folder))
        if stat.S_ISLNK(status.st_mode):
            entries[name] = ("link", os.readlink(path))
        else:
            content = digest(path) if stat.S_ISREG(status.st_mode) else "folder"
            entries[name] = (oct(status.st_mode), content)
    return entries


def has_guard(run):
    program = run.app / "bin/app"
    return program.exists() and digest(program) == digest(
        run.fixture / "programs/libexec/freshen-helper")


def tree_problems(run, version):
    whole, there = listing(run.fixture / "whole" / version), listing(run.app)
    wrong = [name for name in whole if there.get(name) != whole[name]]
    if (run.app / EDITED).exists() and (run.app / EDITED).read_text().strip() in EDITS.values():
        wrong = [name for name in wrong if name != EDITED]
    if run.operation == "repair" and version == "1.0" and not (run.app / DAMAGED).exists():
        wrong.remove(DAMAGED)
    wrong += [name for name in there if name not in whole and name not in USER_PATHS]
    return [f"the app is not a complete {version}: {', '.join(sorted(wrong))}"] if wrong else []


def places_of_user_files(folder):
    own = {**USER_FILES, **USER_FILES_IN_THE_WAY, **EDITS}
    contents = {text + "\n": name for name, text in own.items()}
    found = collections.defaultdict(list)
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 100:
            if name := contents.get(path.read_text(errors="replace")):
                found[name].append(str(path.relative_to(folder)))
    return found


def user_file_problems(run, is_settled):
    found = places_of_user_files(run.folder / "apps")
    problems = []
    for name in sorted(places_of_user_files(run.start / "apps")):
        places = found[name]
        kept = [place for place in places if place.startswith(KEPT)]
        good = ["app/" + name] + (kept if name in USER_FILES_IN_THE_WAY else [])
        is_good = len(places) == 1 and (not is_settled or places[0] in good)
        if name in EDITS:
            # The version that it belongs to has it, and it is kept once that is not installed.
            is_good = (kept or "app/" + EDITED in places) if is_settled else places
        if not is_good:
            problems.append(f"the user's file {name} is at {places or 'no place'}")
    return problems


def leftovers(run):
    names = [p.name for p in run.control.iterdir()] if run.control.exists() else []
    found = [name for name in names if name not in MEANT_TO_STAY]
    # The last feed is kept.
    found += [str(p.relative_to(run.folder)) for p in (run.folder / "cache").rglob("*")
              if not p.is_dir() and p.parent.name != "feeds"]
    found += [str(p.relative_to(run.folder)) for p in (run.folder / "state").rglob("*")
              if not p.is_dir() and p.suffix != ".json"]
    return [f"left over: {', '.join(sorted(found))}"] if found else []


def answer_of(run):
    return json.loads((run.folder / "answer").read_text() or "{}")


def survivor_problems(run):
    """Freshen's own answer, where another process was killed."""
    if run.was_killed() or not run.what.command:
        return []
    answer = answer_of(run)
    if run.status == 1 and "error" in answer:
        return []
    if run.status == run.what.status and run.start_app() == run.what.version:
        return []
    return [f"freshen {run.operation} ended with {run.status} and answered {answer}"]


def aftermath(run):
    """Somebody starts the app, and it is updated. Where the guard stands, in a copy nobody does."""
    problems = []
    if has_guard(run):
        other = run.copy()
        problems = recovered_problems(other)
        if not problems:
            other.remove()
    return problems + started_problems(run) + recovered_problems(run)


def started_problems(run):
    """A person starts the app at that very moment; the guard, if it stands there."""
    problems = user_file_problems(run, False)
    version = run.start_app()
    if version not in ("1.0", "2.0"):
        return problems + [f"whoever starts the app gets {version}"]
    problems += tree_problems(run, version) + user_file_problems(run, False)
    status, answer = run.freshen("status")
    if status != 0 or answer.get("installed") != version:
        problems.append(f"freshen status: exit code {status}, {answer}")
    return problems


def succeeds(run, *command, statuses=(0,)):
    status, answer = run.freshen(*command)
    if status in statuses:
        return []
    return [f"freshen {' '.join(command)}: exit code {status}, {answer}"]


def recovered_problems(run):
    """What was broken off is recovered, and the next update succeeds."""
    problems = []
    if run.what.command != ("update",):
        problems += succeeds(run, "recover")
    if run.operation == "repair":
        problems += succeeds(run, "repair", statuses=(0, 3)) + succeeds(run, "verify")
    problems += succeeds(run, "update", "--retry", statuses=(0, 3))
    if (version := run.start_app()) != "2.0":
        return problems + [f"after the next update whoever starts the app gets {version}"]
    problems += tree_problems(run, "2.0") + user_file_problems(run, True) + leftovers(run)
    status, answer = run.freshen("verify")
    if status != 0 and [file["path"] for file in answer.get("files", [])] != [EDITED]:
        problems.append(f"freshen verify: exit code {status}, {answer}")
    status, answer = run.freshen("status")
    if status != 0 or answer.get("unfinished") or answer.get("staged"):
        problems.append(f"freshen status at the end: exit code {status}, {answer}")
    return problems
