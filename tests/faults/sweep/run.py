# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""One copy of an installed app, and the programs working on it."""

import fcntl
import json
import os
import select
import shutil
import signal
import struct
import subprocess
import time

from sweep.scenario import ONLY_WITHOUT_EXCHANGE, OPERATIONS
from sweep.strace import GuardLog, Log

DEADLINE = 60  # s, for everything that is waited for
# One that could not attach is there until it is waited for, so the tries are counted.
AWAIT_STRACE = """tracer=0 tries=0
while [ "$tracer" = 0 ] && [ $((tries += 1)) -lt 10000 ]; do
    while read -r name value; do
        case $name in TracerPid:) tracer=$value ;; esac
    done < /proc/$$/status
done
"""
ALL_OPERATIONS = OPERATIONS | ONLY_WITHOUT_EXCHANGE


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


def copy_install(source, target):
    """A copy that does not know that it is one: the journal of a change tells folders by their
    numbers."""
    shutil.copytree(source, target, symlinks=True)
    journal = target / "apps/.app.freshen/journal"
    if not journal.exists():
        return
    numbers = {}
    for path in (source / "apps/app", *(source / "apps/.app.freshen").iterdir()):
        numbers[str(path.stat().st_ino)] = str((target / path.relative_to(source)).stat().st_ino)
    lines = []
    for line in journal.read_text().splitlines():
        name, _, value = line.partition(" ")
        value = numbers.get(value, value) if name in ("old", "new") else value
        lines.append(f"{name} {value.replace(str(source), str(target))}\n")
    journal.write_text("".join(lines))


class Run:
    def __init__(self, fixture, operation, name, source=None):
        self.fixture = fixture
        self.operation = operation
        self.what = ALL_OPERATIONS[operation]
        self.start = fixture / "start" / (self.what.start or operation)
        self.folder = fixture / "runs" / name
        self.app = self.folder / "apps/app"
        self.control = self.folder / "apps/.app.freshen"
        copy_install(source or self.start, self.folder)
        self.environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
                            "HOME": str(self.folder / "home"),
                            "XDG_STATE_HOME": str(self.folder / "state"),
                            "XDG_CACHE_HOME": str(self.folder / "cache")}
        self.preparation = None  # what its programs do before they begin
        self.text = ""
        self.log = None
        self.status = None
        self.process = None

    def remove(self):
        shutil.rmtree(self.folder)

    def copy(self):
        return Run(self.fixture, self.operation, self.folder.name + "-copy", self.folder)

    def freshen(self, *command):
        """A command that nobody disturbs: its exit code and answer."""
        done = subprocess.run(
            [self.fixture / "programs/bin/freshen", *command, "--app", self.app, "--json"],
            env=self.environment, cwd="/", capture_output=True, timeout=DEADLINE,
            preexec_fn=self.preparation)
        try:
            answer = json.loads(done.stdout)
        except ValueError:
            answer = {"said": done.stdout.decode()}
        # What it has to say besides is of interest when it went wrong.
        return done.returncode, answer | ({"errors": done.stderr.decode()} if done.stderr else {})

    def start_app(self):
        """As a person does, at this very moment: the version that says it runs."""
        try:
            said = subprocess.run([self.app / "bin/app", "an argument"], env=self.environment,
                                  cwd="/", capture_output=True, timeout=DEADLINE,
                                  preexec_fn=self.preparation)
        except OSError as error:
            return f"nothing, but {error}"
        version, _, arguments = said.stdout.decode().strip().partition(" ")
        if said.returncode == 0 and arguments == "an argument":
            return version
        return f"nothing, but {said.stdout + said.stderr}"

    # --- With strace ----------------------------------------------------------------------

    def traced(self, options, traces_helper, aim_at=None):
        """The operation with strace on what it starts with, or on the helper and what that starts,
        until all have ended. `aim_at` is a point to kill from here."""
        fifo = self.folder / "log"
        os.mkfifo(fifo)
        trace = ["strace", "-f", "-y", "-Y", "-o", str(fifo), *options]
        if traces_helper:
            program = [str(self.programs_with_traced_helper(trace))]
        else:
            # The helper that it starts is let go, as is the app that the guard becomes.
            first = self.fixture / "programs/bin/freshen" if self.what.command \
                else self.app / "bin/app"
            program = [*trace, "-D", "-b", "execve", str(first)]
        if self.what.command:
            program += [*self.what.command, "--app", str(self.app), "--json"]
        # Opened for writing, too: so it does not end before strace opens it.
        log = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
        with open(self.folder / "answer", "wb") as answer, \
                open(self.folder / "errors", "wb") as errors:
            self.process = subprocess.Popen(program, env=self.environment, cwd="/",
                                            stdout=answer, stderr=errors)
        try:
            self.follow(log, aim_at)
        finally:
            os.close(log)
            fifo.unlink()
        self.status = self.process.returncode
        self.log = self.log_so_far()

    def programs_with_traced_helper(self, trace):
        """The library copies what stands at ../libexec/freshen-helper, and starts the copy: that
        becomes the helper itself, since it may be needed as the guard. Its strace must not have
        its descriptors, or the lock would last as long."""
        for name in ("bin", "libexec"):
            (self.folder / name).mkdir()
        os.link(self.fixture / "programs/bin/freshen", self.folder / "bin/freshen")
        helper = self.folder / "libexec/freshen-helper"
        quoted = " ".join(f"'{word}'" for word in trace)
        helper.write_text(f"""#!/bin/sh
cp '{self.fixture}/programs/libexec/freshen-helper' "$0.real"
chmod 700 "$0.real"
mv "$0.real" "$0"
{quoted} -p $$ 3<&- 4<&- 5<&- &
{AWAIT_STRACE}exec "$0" "$@"
""")
        helper.chmod(0o755)
        return self.folder / "bin/freshen"

    def log_so_far(self):
        return (Log if self.what.command else GuardLog)(self.text, self.folder)

    def follow(self, log, aim_at):
        deadline = time.monotonic() + DEADLINE
        while handles := self.handles():
            ready = wait_for_any([log, *handles], deadline)
            for handle in handles:
                os.close(handle)
            if not ready:
                raise TimeoutError(f"the processes in {self.folder} do not end")
            self.read_more(log)
            if aim_at and (call := aim_at.find(self.log_so_far())):
                aim_at = None
                os.kill(call.thread, signal.SIGKILL)
        self.read_more(log)

    def read_more(self, log):
        try:
            while text := os.read(log, 1 << 20):
                self.text += text.decode(errors="replace")
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

    def was_killed(self):
        """What the operation started first."""
        return self.status == -signal.SIGKILL
