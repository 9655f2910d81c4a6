# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""The sweep itself; kill-sweep.sh makes what it needs and tells what it is for.

An undisturbed run under strace gives the points: the calls that name something below the app's
parent folder, the state or the cache folder. Then one run per point, in a fresh copy, is killed
with SIGKILL on entry to that very call.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import fcntl
import hashlib
import json
import os
import pathlib
import re
import select
import shutil
import signal
import stat
import struct
import subprocess
import sys
import time

DEADLINE = 60  # s, for everything that is waited for
HOLDS = (50_000, 200_000, 500_000)  # µs
OPERATIONS = {"update": "2.0", "rollback": "1.0"}  # and the version that each leads to
SCOPE = {"apps", "state", "cache"}
SYNCS = {"fsync", "fdatasync", "syncfs", "sync_file_range"}
RENAMES = {"rename", "renameat", "renameat2"}
HELPER_ROLES = ("watcher", "installer")

# The user's files, with their content; those whose names one of the versions ships itself may
# end up among what is kept.
USER_FILES = {"own.txt": "own", "mine/notes.txt": "own, in a folder",
              "share/pages/own.txt.bak": "own, among pages",
              "extra/own.txt": "own, in a folder that comes"}
USER_FILES_IN_THE_WAY = {"NEW": "own, of a name that comes", "OLD": "own, of a name that was"}
USER_PATHS = {*USER_FILES, *USER_FILES_IN_THE_WAY, "mine", "extra"}
MEANT_TO_STAY = {"lock", "previous", "result", "refused", "accepted", "kept"}


# --- What strace says -------------------------------------------------------------------------

ENTRY = re.compile(r"(\d+) +(\w+)\((.*)")
RESUMED = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)")
PATH = re.compile(r'\b\d+<(/[^<>"]*)>|"(/[^"]*)"')
RELATIVE = re.compile(r'\d+<(/[^<>"]*)>, "([^"/][^"]*)"')
RANDOM = re.compile(r"\.freshen-[A-Za-z0-9]{6}$")  # the end of a durable write's temporary name
HASH = re.compile(r"[0-9a-f]{16,64}")
# Their further strings are data.
ONE_PATH = {"read", "pread64", "write", "pwrite64", "readlink", "readlinkat", "getdents64"}


@dataclasses.dataclass
class Call:
    thread: int
    name: str
    arguments: str
    folder: str
    returned: bool = False

    @property
    def paths(self):
        """As strace's -P takes them."""
        found = [a or b for a, b in PATH.findall(self.arguments)]
        return found[:1] if self.name in ONE_PATH else found

    @property
    def key(self):
        """The same in every run: without the run's folder, numbers and random names."""
        paths = self.paths
        if relative := RELATIVE.match(self.arguments):
            if self.name.endswith("at"):
                paths[0] = "/".join(relative.groups())
        return (self.name, *(self.common(path) for path in paths))

    def common(self, path):
        path = path.removeprefix(self.folder + "/")
        return HASH.sub("HASH", RANDOM.sub(".RANDOM", path))

    def is_in_scope(self):
        return self.name != "execve" and any(p.split("/")[0] in SCOPE for p in self.key[1:])


def read_log(text, folder):
    calls, entered = [], {}
    for line in text.splitlines():
        if match := ENTRY.match(line):
            call = Call(int(match[1]), match[2], match[3], str(folder))
            calls.append(call)
            entered[call.thread] = call
        elif match := RESUMED.match(line):
            call = entered.get(int(match[1]))
        else:
            continue
        rest, equals, result = match[match.lastindex].rpartition(" = ")
        if call and equals and not result.endswith("<unfinished ...>"):
            call.returned = result[0] != "?"
            if match.re is ENTRY:
                call.arguments = rest
    return calls


# --- Where to kill ----------------------------------------------------------------------------

@dataclasses.dataclass(frozen=True)
class Aim:
    """What strace is told: to kill at the n-th such call, with this path if there is one.

    It counts for each thread, so another one may come to its n-th call earlier. Then every such
    call is held for a while, and the process is killed from here when it is at the right one."""
    path: str | None
    n: int = 0
    hold: int = 0  # µs

    def options(self, call, folder):
        what = f"delay_enter={self.hold}:when=1+" if self.hold else f"signal=SIGKILL:when={self.n}"
        options = ["-e", f"trace={call}", f"--inject={call}:{what}"]
        return options + (["-P", self.path.replace("{run}", folder)] if self.path else [])


@dataclasses.dataclass
class Point:
    operation: str
    role: str
    key: tuple
    occurrence: int
    aims: list

    @property
    def name(self):
        call, *paths = self.key
        return f"{self.operation} {self.role} {call}({', '.join(paths)})[{self.occurrence}]"

    def is_needed(self):
        return self.key[0] in SYNCS | RENAMES

    def find(self, calls, role_of):
        """The call itself in the log of a run."""
        same = [c for c in calls if role_of(c.thread) == self.role and c.key == self.key]
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
            if call.name == target.name and (not path or path in call.paths))
        n = counts.pop(target.thread)
        if all(count < n for count in counts.values()):
            direct += [Aim(common_path(path, target), n)]
    nearby = [Aim(aim.path, aim.n + step) for aim in direct[-1:] for step in (-1, 1)]
    held = [Aim(common_path(path, target), hold=hold)
            for hold in HOLDS for path in (*paths[:1], None)]
    return direct + nearby + held


def common_path(path, call):
    return path and path.replace(call.folder, "{run}")


def points_of(calls, operation, role_of):
    seen = collections.Counter()
    points = []
    for index, call in enumerate(calls):
        role = role_of(call.thread)
        seen[role, call.key] += 1
        if call.is_in_scope():
            points.append(Point(operation, role, call.key, seen[role, call.key],
                                aims_at(calls, index)))
    return points


# --- A run ------------------------------------------------------------------------------------

def wait_for_any(descriptors, deadline):
    poll = select.poll()
    for fd in descriptors:
        poll.register(fd, select.POLLIN)
    return poll.poll(max(0, deadline - time.monotonic()) * 1000)


def is_locked(file):
    try:
        with open(file, "r+b") as lock:
            request = struct.pack("hhxxxxqqixxxx", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
            answer = fcntl.fcntl(lock, fcntl.F_OFD_GETLK, request)
            return struct.unpack("hhxxxxqqixxxx", answer)[0] != fcntl.F_UNLCK
    except FileNotFoundError:
        return False


class Run:
    """One copy of an installed app, and the programs working on it."""

    def __init__(self, fixture, operation, name):
        self.fixture = fixture
        self.operation = operation
        self.folder = fixture / "runs" / name
        self.app = self.folder / "apps/app"
        self.control = self.folder / "apps/.app.freshen"
        shutil.copytree(fixture / "start" / operation, self.folder, symlinks=True)
        self.environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
                            "HOME": str(self.folder / "home"),
                            "XDG_STATE_HOME": str(self.folder / "state"),
                            "XDG_CACHE_HOME": str(self.folder / "cache")}
        self.log = ""
        self.status = None

    def remove(self):
        shutil.rmtree(self.folder)

    def freshen(self, command):
        """A command that nobody disturbs: its exit code and answer."""
        done = subprocess.run(
            [self.fixture / "programs/bin/freshen", command, "--app", self.app, "--json"],
            env=self.environment, cwd="/", capture_output=True, timeout=DEADLINE)
        try:
            answer = json.loads(done.stdout)
        except ValueError:
            answer = {"said": done.stdout.decode()}
        # What it has to say besides is of interest when it went wrong.
        return done.returncode, answer | ({"errors": done.stderr.decode()} if done.stderr else {})

    def traced(self, role, options, aim_at=None):
        """The operation with strace on the processes of this role, until all have ended.

        `aim_at` is a point to kill from here."""
        fifo = self.folder / "log"
        os.mkfifo(fifo)
        trace = ["strace", "-D", "-f", "-y", "-o", str(fifo), *options]
        program = [str(self.fixture / "programs/bin/freshen")]
        if role in HELPER_ROLES:
            program = [str(self.programs_with_traced_helper(trace))]
        else:
            # The helper that it starts is let go.
            program = [*trace, "-b", "execve", *program]
        # Opened for writing, too: so it does not end before strace opens it.
        log = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
        with open(self.folder / "answer", "wb") as answer, \
                open(self.folder / "errors", "wb") as errors:
            self.process = subprocess.Popen(
                [*program, self.operation, "--app", str(self.app), "--json"],
                env=self.environment, cwd="/", stdout=answer, stderr=errors)
        try:
            self.follow(log, aim_at)
        finally:
            os.close(log)
        self.status = self.process.returncode

    def programs_with_traced_helper(self, trace):
        """The library copies what stands at ../libexec/freshen-helper, and starts the copy."""
        for name in ("bin", "libexec"):
            (self.folder / name).mkdir()
        os.link(self.fixture / "programs/bin/freshen", self.folder / "bin/freshen")
        helper = self.folder / "libexec/freshen-helper"
        command = [*trace, str(self.fixture / "programs/libexec/freshen-helper")]
        quoted = " ".join(f"'{word}'" for word in command)
        # Traced with -D, the watcher keeps the number of this shell.
        helper.write_text(f"#!/bin/sh\necho $$ > '{self.folder}/watcher'\n"
                          f"exec {quoted} \"$@\"\n")
        helper.chmod(0o755)
        return self.folder / "bin/freshen"

    def follow(self, log, aim_at):
        deadline = time.monotonic() + DEADLINE
        while handles := self.handles():
            ready = wait_for_any([log, *handles], deadline)
            for handle in handles:
                os.close(handle)
            if not ready:
                raise TimeoutError(f"the processes in {self.folder} do not end")
            self.read_more(log)
            if aim_at and (call := aim_at.find(read_log(self.log, self.folder), self.role_of)):
                aim_at = None
                os.kill(call.thread, signal.SIGKILL)
        self.read_more(log)

    def read_more(self, log):
        try:
            while text := os.read(log, 1 << 20):
                self.log += text.decode(errors="replace")
        except BlockingIOError:
            pass

    def handles(self):
        """On every process that still has to do with this run, strace's included."""
        found = []
        # While a program is being started its command line is empty; but one of the helper's
        # holds the lock then.
        while not found and (self.process.poll() is None or is_locked(self.control / "lock")):
            found = self.handles_by_command_line()
            if self.process.poll() is None:
                found.append(os.pidfd_open(self.process.pid))
        return found or self.handles_by_command_line()

    def handles_by_command_line(self):
        found = []
        wanted = str(self.folder).encode() + b"/"
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    if wanted in file.read():
                        found.append(os.pidfd_open(int(entry)))
            except OSError:
                pass  # it has just ended
        return found

    def role_of(self, thread):
        watcher = self.folder / "watcher"
        if not watcher.exists():
            return "freshen"
        return HELPER_ROLES[thread != int(watcher.read_text())]



# --- What has to be true ----------------------------------------------------------------------

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


def program_version(run):
    try:
        said = subprocess.run([run.app / "bin/app"], env=run.environment, capture_output=True,
                              timeout=DEADLINE)
        return said.stdout.decode().strip() if said.returncode == 0 else None
    except OSError:
        return None


def tree_problems(run, version):
    whole, there = listing(run.fixture / "whole" / version), listing(run.app)
    wrong = [name for name in whole if there.get(name) != whole[name]]
    wrong += [name for name in there if name not in whole and name not in USER_PATHS]
    return [f"the app is not a complete {version}: {', '.join(sorted(wrong))}"] if wrong else []


def user_file_problems(run, is_settled):
    start = run.fixture / "start" / run.operation / "apps"
    own = {**USER_FILES, **USER_FILES_IN_THE_WAY}
    contents = {text + "\n": name for name, text in own.items()}
    expected, found = set(), collections.defaultdict(list)
    for folder, add in ((start, lambda name, _: expected.add(name)),
                        (run.folder / "apps", lambda name, path: found[name].append(path))):
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink() and path.stat().st_size < 100:
                if name := contents.get(path.read_text(errors="replace")):
                    add(name, path.relative_to(folder))
    problems = []
    for name in sorted(expected):
        places = [str(path) for path in found[name]]
        good = ["app/" + name]
        if name in USER_FILES_IN_THE_WAY:
            good += [p for p in places if p.startswith(".app.freshen/kept/")]
        if len(places) != 1 or (is_settled and places[0] not in good):
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


def survivor_problems(run):
    """Freshen's own answer, where the helper was killed."""
    if run.status == -signal.SIGKILL:
        return []
    answer = json.loads((run.folder / "answer").read_text() or "{}")
    if run.status == 0 and program_version(run) == OPERATIONS[run.operation]:
        return []
    if run.status == 1 and "error" in answer:
        return []
    return [f"freshen {run.operation} ended with {run.status} and answered {answer}"]


def killed_problems(run):
    version = program_version(run)
    if version not in ("1.0", "2.0"):
        return ["the app does not start"]
    problems = tree_problems(run, version) + user_file_problems(run, False)
    problems += survivor_problems(run)
    status, answer = run.freshen("status")
    if status != 0 or answer.get("installed") != version:
        problems.append(f"freshen status: exit code {status}, {answer}")
    return problems


def recovered_problems(run):
    problems = []
    if run.operation == "rollback":
        status, answer = run.freshen("recover")
        if status != 0:
            problems.append(f"freshen recover: exit code {status}, {answer}")
    status, answer = run.freshen("update")
    if status not in (0, 3):
        problems.append(f"freshen update: exit code {status}, {answer}")
    if (version := program_version(run)) != "2.0":
        return problems + [f"after the next update the app says {version}"]
    problems += tree_problems(run, "2.0") + user_file_problems(run, True) + leftovers(run)
    status, answer = run.freshen("verify")
    if status != 0:
        problems.append(f"freshen verify: exit code {status}, {answer}")
    status, answer = run.freshen("status")
    if status != 0 or answer.get("unfinished") or answer.get("staged"):
        problems.append(f"freshen status at the end: exit code {status}, {answer}")
    return problems


# --- The sweep --------------------------------------------------------------------------------

def undisturbed(fixture, operation):
    points = []
    for role in ("freshen", "watcher"):
        run = Run(fixture, operation, f"undisturbed-{operation}-{role}")
        run.traced(role, [])
        if run.status != 0 or program_version(run) != OPERATIONS[operation]:
            sys.exit(f"The undisturbed {operation} fails; see {run.folder}.")
        points += points_of(read_log(run.log, run.folder), operation, run.role_of)
        run.remove()
    return points


def kill_at(fixture, point, number):
    """Whether that very call was killed, and what was wrong then."""
    for attempt, aim in enumerate(point.aims):
        run = Run(fixture, point.operation, f"{number}-{attempt}")
        try:
            run.traced(point.role, aim.options(point.key[0], str(run.folder)),
                       aim.hold and point)
            call = point.find(read_log(run.log, run.folder), run.role_of)
            if call and not call.returned:
                problems = killed_problems(run)
                problems += recovered_problems(run)
                if not problems:
                    run.remove()
                return True, problems, run.folder
        except (TimeoutError, subprocess.TimeoutExpired) as error:
            return True, [str(error)], run.folder
        run.remove()
    return False, [], None


def report(points, results):
    print(f"\n{'operation':10} {'process':10} points  counted  not reached  violations")
    rows = collections.defaultdict(collections.Counter)
    for point, (counted, problems, _) in zip(points, results):
        for row in ((point.operation, point.role), ("all", "")):
            rows[row].update(points=1, counted=counted, violations=bool(problems))
    for (operation, role), row in rows.items():
        print(f"{operation:10} {role:10} {row['points']:6} {row['counted']:8} "
              f"{row['points'] - row['counted']:12} {row['violations']:11}")


def sweep(arguments, points):
    fixture = arguments.fixture
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        running = [pool.submit(kill_at, fixture, point, n) for n, point in enumerate(points)]
        results = []
        for point, future in zip(points, running):
            counted, problems, folder = future.result()
            results.append((counted, problems, folder))
            if not counted:
                print(f"not reached: {point.name}", flush=True)
            for problem in problems:
                print(f"VIOLATION: {point.name}: {problem}", flush=True)
            if problems:
                print(f"  sh tests/faults/kill-sweep.sh --build {arguments.build} --keep "
                      f"--only '{point.name}'", flush=True)
                if not arguments.keep:
                    shutil.rmtree(folder, ignore_errors=True)
    return results


def main():
    parser = argparse.ArgumentParser(prog="kill-sweep.sh")
    parser.add_argument("--fixture", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--build", required=True)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="")
    parser.add_argument("--operation", choices=OPERATIONS)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()

    begin = time.monotonic()
    operations = [arguments.operation] if arguments.operation else list(OPERATIONS)
    everything = [p for operation in operations for p in undisturbed(arguments.fixture, operation)]
    points = [p for n, p in enumerate(everything)
              if (n % arguments.every == 0 or p.is_needed()) and arguments.only in p.name]
    needed = sum(p.is_needed() for p in points)
    print(f"{len(points)} of {len(everything)} points, {needed} of them renames and syncs")
    if arguments.list:
        print("\n".join(p.name for p in points))
        return 0
    results = sweep(arguments, points)
    report(points, results)
    missed = [p.name for p, result in zip(points, results) if p.is_needed() and not result[0]]
    for name in missed:
        print(f"FAILED: no run was killed at {name}")
    if not points or not needed and not arguments.only:
        print("FAILED: there is nothing to sweep")
        missed.append("all")
    print(f"{time.monotonic() - begin:.0f} s")
    return 1 if missed or any(problems for _, problems, _ in results) else 0


sys.exit(main())
