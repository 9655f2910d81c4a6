# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""The calls of an undisturbed run, and how strace finds each of them in another run."""

import collections
import dataclasses
import sys

from sweep.run import ALL_OPERATIONS, Run
from sweep.strace import RANDOM

HELPER = "apps/.app.freshen/helper"
HOLDS = (50_000, 200_000, 500_000)  # µs
NEEDED_SHARE = 10  # so much more of the renames and syncs than of others
SYNCS = {"fsync", "fdatasync", "syncfs", "sync_file_range"}
RENAMES = {"rename", "renameat", "renameat2", "link", "linkat"}
CHANGES = SYNCS | RENAMES | {
    "write", "pwrite64", "ftruncate", "fallocate", "copy_file_range", "ioctl", "unlink", "unlinkat",
    "rmdir", "mkdir", "mkdirat", "symlink", "symlinkat", "chmod", "fchmod", "fchmodat", "fchmodat2",
    "chown", "fchown", "lchown", "fchownat", "utimensat", "setxattr", "lsetxattr", "fsetxattr"}


@dataclasses.dataclass(frozen=True)
class Aim:
    """What strace is told: the n-th such call, with this path if there is one.

    It counts for each thread, so another one may come to its n-th call earlier. Then every such
    call is held for a while, and the process is killed from here when it is at the right one."""
    path: str | None
    n: int = 0
    hold: int = 0  # µs

    def options(self, call, folder, what):
        what = f"delay_enter={self.hold}:when=1+" if self.hold else f"{what}:when={self.n}"
        # The execve of the helper tells who is who.
        options = ["-e", f"trace={call},execve", f"--inject={call}:{what}"]
        if self.path:
            options += ["-P", self.path.replace("{run}", folder), "-P", folder + "/" + HELPER]
        return options


@dataclasses.dataclass
class Point:
    operation: str
    role: str
    key: tuple
    occurrence: int
    aims: list
    arguments: str

    @property
    def name(self):
        call, *paths = self.key
        return f"{self.operation} {self.role} {call}({', '.join(paths)})[{self.occurrence}]"

    def is_in_helper(self):
        return self.role in ("watcher", "installer")

    def changes(self):
        """Killed at any other call, as much is done as at the next one that changes something."""
        name = self.key[0]
        return name in CHANGES or name.startswith("open") and "O_CREAT" in self.arguments

    def is_needed(self):
        return self.key[0] in SYNCS | RENAMES

    def find(self, log):
        """The call itself in the log of a run."""
        same = [c for c in log.calls if c.key == self.key and log.role_of(c) == self.role]
        return same[self.occurrence - 1] if len(same) >= self.occurrence else None


def aims_at(calls, index):
    """In the order in which they are tried: threads do not meet alike every time, and strace
    does not look at every path of a call."""
    target = calls[index]
    paths = [path for path in target.paths if not RANDOM.search(path)]
    direct = []
    for path in (*paths, None):
        counts = collections.Counter(
            call.thread for call in calls[:index + 1]
            if call.name == target.name
            and (not path or {path, f"{call.folder}/{HELPER}"} & set(call.paths)))
        n = counts.pop(target.thread)
        if all(count < n for count in counts.values()):
            direct += [Aim(common_path(path, target), n)]
    nearby = [Aim(aim.path, aim.n + step) for aim in direct[-1:] for step in (-1, 1)]
    held = [Aim(common_path(path, target), hold=hold)
            for hold in HOLDS for path in (*paths[:1], None)]
    return direct + nearby + held


def choose(points, every, only, changes_only=False):
    """A sample, with more of what matters most."""
    points = [p for p in points if only in p.name and (p.changes() or not changes_only)]
    needed = [p for p in points if p.is_needed()]
    others = [p for p in points if not p.is_needed()]
    return others[::every] + needed[::max(1, every // NEEDED_SHARE)]


def common_path(path, call):
    return path and path.replace(call.folder, "{run}")


def points_of(log, operation):
    seen = collections.Counter()
    points = []
    for index, call in enumerate(log.calls):
        role, key = log.role_of(call), call.key
        seen[role, key] += 1
        if role and call.is_in_scope():
            points.append(Point(operation, role, key, seen[role, key], aims_at(log.calls, index),
                                call.arguments))
    return points


def undisturbed(fixture, operation):
    """Where an operation can be disturbed that comes to its end by itself."""
    points = []
    for traces_helper in (False, True):
        if traces_helper and not ALL_OPERATIONS[operation].command:
            continue
        run = Run(fixture, operation, f"undisturbed-{operation}-{traces_helper}")
        run.traced(["-e", "trace=%file,%desc,%process"], traces_helper)
        if (run.status, run.start_app()) != (run.what.status, run.what.version):
            sys.exit(f"The undisturbed {operation} fails; see {run.folder}.")
        run.remove()
        points += points_of(run.log, operation)
    return points
