#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""Kills the supervisor, the old or the new program at every step of a supervised update.

   python3 tests/faults/supervise-sweep.py --build DIR [--every N] [--jobs N] [--only TEXT]
                                           [--keep]

An undisturbed update under strace gives the steps: the calls of the supervisor that change a file
or start, signal or tell another process. Then one update per step. At that very call the
supervisor is killed; or it is stopped there, the old or the new program is killed, and it goes on.
Clients ask all the time, each on a new connection. Afterwards

- nobody was refused, and nobody but clients of a killed program lost an answer; except where the
  supervisor is killed between two generations of a restart: then the port is open again within a
  second,
- a complete build lies in its place, and a supervisor that is started answers within a second,
- the next update succeeds.

Ends with 0 when all is well, with 1 when not, with 77 when this system does not allow tracing.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from reservedport import ReservedPort

DEADLINE = 60  # s, for everything that is waited for
OPEN_AGAIN = 1  # s
FILE_CALLS = ("openat", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat",
              "fsync", "fdatasync", "syncfs", "write", "pwrite64", "ftruncate", "mkdir", "mkdirat")
PROCESS_CALLS = ("clone", "clone3", "fork", "vfork", "pidfd_send_signal", "sendto", "sendmsg",
                 "execve")
ENTRY = re.compile(r"(\d+) +(\w+)\(")
VICTIMS = ("supervisor", "old", "new")
WAYS = list(itertools.product(("file", "tree"), ("restart", "handover")))


class Workshop:
    """Keys and builds; the same for all runs."""

    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        self.agent = (build / "bin/freshen-test-agent").read_bytes()
        self.environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder)}
        self.tool("keygen", "--out", folder / "release")
        self.hashes = {}
        for version in ("1.0", "2.0", "3.0"):
            self.make(version)

    def tool(self, *arguments):
        subprocess.run([self.build / "bin/freshen-appcast", *map(str, arguments)], check=True,
                       env=self.environment, stdout=subprocess.DEVNULL)

    def make(self, version):
        program = self.agent + f"\nAGENT version={version}\n".encode()
        self.hashes[hashlib.sha256(program).digest()] = version
        file = self.folder / "file" / version
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(program)
        self.tool("sign", "--key", self.folder / "release.key", "--minisign", "--trusted-comment",
                  f"freshen-file org.example.agent {version}", file)
        tree = self.folder / f"tree-{version}"
        (tree / "bin").mkdir(parents=True)
        (tree / "bin/agent").write_bytes(program)
        (tree / "bin/agent").chmod(0o755)
        self.tool("pack", "--product", "org.example.agent", "--version", version, "--executable",
                  "bin/agent", "--feed", "https://example.org/appcast.xml", "--key",
                  self.folder / "release.key", tree, self.folder / f"{version}.tar.gz")

    def install(self, kind, version, folder):
        folder.mkdir(parents=True)
        if kind == "file":
            target = folder / "agent"
            shutil.copy(self.folder / "file" / version, target)
            shutil.copy(self.folder / "file" / f"{version}.minisig", folder / "agent.minisig")
            target.chmod(0o755)
            return target
        target = folder / "app"
        target.mkdir()
        subprocess.run(["tar", "-xzf", self.folder / f"{version}.tar.gz", "-C", target,
                        "--no-same-owner"], check=True)
        return target

    def drop(self, kind, version, source):
        """Complete at once."""
        name = self.folder / ("file/" + version if kind == "file" else version + ".tar.gz")
        if kind == "file":
            shutil.copy(f"{name}.minisig", f"{source}.minisig")
        shutil.copy(name, f"{source}.part")
        os.rename(f"{source}.part", source)


class Clients(threading.Thread):
    """Asks all the time, each time on a new connection."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.ends = port, False
        self.answers = collections.deque(maxlen=10000)  # time, version, process
        self.refused, self.lost, self.longest = [], [], 0
        self.start()

    def run(self):
        while not self.ends:
            begin = time.monotonic()
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE) as client:
                    client.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
                    text = b"".join(iter(lambda: client.recv(4096), b""))
                words = text.split(b"\r\n\r\n")[1].split()
                self.answers.append((time.monotonic(), words[0].decode(), int(words[2])))
            except ConnectionRefusedError:
                self.refused.append(begin)
            except (OSError, IndexError) as error:
                self.lost.append(repr(error))
            self.longest = max(self.longest, time.monotonic() - begin)
            time.sleep(0.002)  # others need the processor, too

    def wait(self, condition):
        deadline = time.monotonic() + DEADLINE
        while not (self.answers and condition(self.answers[-1])):
            if time.monotonic() > deadline:
                raise TimeoutError("no such answer")
            time.sleep(0.005)
        return self.answers[-1]


class Run:
    def __init__(self, workshop, way, name):
        self.workshop, (self.kind, self.how) = workshop, way
        self.folder = workshop.folder / "runs" / name
        self.target = workshop.install(self.kind, "1.0", self.folder / "srv")
        self.program = self.target if self.kind == "file" else self.target / "bin/agent"
        self.source = self.folder / ("new/agent" if self.kind == "file" else "new/agent.tar.gz")
        self.source.parent.mkdir()
        self.control = self.folder / "control.sock"
        self.claim = ReservedPort()
        self.port = self.claim.number
        self.clients = None
        self.process = None

    def command(self):
        option = "--program" if self.kind == "file" else "--app"
        return [str(word) for word in (
            self.workshop.build / "bin/freshen-supervise", option, self.target, "--public-key",
            self.workshop.folder / "release.pub", "--listen", f"http=tcp:127.0.0.1:{self.port}",
            "--source", f"file:{self.source}", "--interval", "3600", "--on-update", self.how,
            "--keep-alive", "--ready-timeout", "20", "--control", self.control)]

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(self.command(), stderr=log,
                                            env=self.workshop.environment, cwd="/")

    def trace(self, *options):
        """strace on the supervisor, not on the programs that it starts, from now on."""
        said = self.folder / "strace"
        with open(said, "wb") as errors:
            tracer = subprocess.Popen(["strace", "-f", "-b", "execve", "-p", str(self.process.pid),
                                       *options], stderr=errors)
        deadline = time.monotonic() + DEADLINE
        while b"attached" not in said.read_bytes():
            if tracer.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("strace does not attach")
            time.sleep(0.002)
        return tracer

    def ctl(self, verb, **options):
        done = subprocess.run([self.workshop.build / "bin/freshen-supervise", "ctl", "--control",
                               self.control, verb, "--json"], stdout=subprocess.PIPE,
                              timeout=DEADLINE, env=self.workshop.environment, **options)
        return json.loads(done.stdout)

    def ask_for_update(self):
        try:
            self.ctl("update", stderr=subprocess.DEVNULL)
        except ValueError:
            time.sleep(0.05)  # the supervisor broke off, or is not there yet

    def begin(self):
        """Version 1.0 serves, and 2.0 lies there."""
        self.start()
        deadline = time.monotonic() + DEADLINE
        while True:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the supervisor does not start")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.005)
        self.clients = Clients(self.port)
        self.clients.wait(lambda answer: answer[1] == "1.0")
        self.workshop.drop(self.kind, "2.0", self.source)

    def installed(self):
        return self.workshop.hashes.get(hashlib.sha256(self.program.read_bytes()).digest())

    def children(self):
        """Of the supervisor, the oldest first."""
        listed = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        found = []
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            found += (task / "children").read_text().split() if listed else []
        agents = []
        for child in sorted(map(int, found)):
            try:
                if os.readlink(f"/proc/{child}/exe").startswith(str(self.folder)):
                    agents.append(child)
            except OSError:
                pass
        return agents

    def is_stopped(self):
        try:
            stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        except FileNotFoundError:
            return False
        return stat.rsplit(")")[-1].split()[0] in "tT"

    def end(self):
        if self.clients:
            self.clients.ends = True
            self.clients.join()
        if self.process.poll() is None and self.is_stopped():
            os.kill(self.process.pid, signal.SIGCONT)
        for agent in self.children() if self.process.poll() is None else []:
            os.kill(agent, signal.SIGKILL)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        subprocess.run(["pkill", "-KILL", "-f", str(self.program)], check=False)


def steps_of(workshop, way):
    """Names of calls, and how often one thread makes them at most."""
    run = Run(workshop, way, "-".join(way) + "-steps")
    run.begin()
    log = run.folder / "trace"
    tracer = run.trace("-o", str(log), "-e", "trace=" + ",".join(FILE_CALLS + PROCESS_CALLS))
    answer = run.ctl("update")
    assert answer.get("result") == "updated", answer
    run.clients.wait(lambda one: one[1] == "2.0")
    tracer.kill()
    tracer.wait()
    run.end()
    counts = collections.Counter()
    for line in log.read_text().splitlines():
        if match := ENTRY.match(line):
            counts[match[1], match[2]] += 1
    return sorted({(call, n) for (_, call), count in counts.items() for n in range(1, count + 1)})


def disturb(run, victim, call, n):
    """Whether the step was met, and the victim was there."""
    run.begin()
    what = "SIGKILL" if victim == "supervisor" else "SIGSTOP"
    tracer = run.trace("-o", "/dev/null", "-e", f"trace={call}",
                       f"--inject={call}:signal={what}:when={n}")
    asked = threading.Thread(target=run.ask_for_update, daemon=True)
    asked.start()
    deadline = time.monotonic() + DEADLINE
    while asked.is_alive() and run.process.poll() is None and not run.is_stopped():
        if time.monotonic() > deadline:
            raise TimeoutError("the update does not end")
        time.sleep(0.002)
    if victim == "supervisor":
        tracer.kill()
        tracer.wait()
        try:
            run.process.wait(1)  # its end is told only when strace has seen it
        except subprocess.TimeoutExpired:
            return False
        return True
    agents = run.children() if run.is_stopped() else []
    victims = agents[:1] if victim == "old" else agents[1:]
    for agent in victims:
        os.kill(agent, signal.SIGKILL)
    tracer.kill()  # so that no other thread is stopped as well
    tracer.wait()
    os.kill(run.process.pid, signal.SIGCONT)
    asked.join(DEADLINE)
    return bool(victims)


def judge(run, victim):
    """What is wrong."""
    problems = []
    if run.installed() not in ("1.0", "2.0"):
        problems.append("no complete build is in place")
    begin = time.monotonic()
    if victim == "supervisor":
        run.start()
    answer = run.clients.wait(lambda one: one[0] > begin)
    # A machine at its limit is slow, but never closes the port.
    if answer[0] - begin > OPEN_AGAIN * 5:
        problems.append(f"an answer took {answer[0] - begin:.1f} s")
    # One that failed here is not installed again: so a newer one.
    run.workshop.drop(run.kind, "3.0", run.source)
    deadline = time.monotonic() + DEADLINE
    while run.clients.answers[-1][1] != "3.0":
        if run.process.poll() is not None:
            problems.append(f"the supervisor ended with {run.process.returncode}")
            return problems
        if time.monotonic() > deadline:
            problems.append("the next update does not succeed")
            break
        run.ask_for_update()
    refused = run.clients.refused
    closed = refused[-1] - refused[0] if refused else 0
    # Between two generations of a restart nobody but the supervisor has the port.
    was_alone = refused and victim == "supervisor" and run.how == "restart"
    if refused and not (was_alone and closed <= OPEN_AGAIN):
        problems.append(f"{len(refused)} clients were refused during {closed:.2f} s")
    if run.clients.lost and victim == "supervisor" and not was_alone:
        problems.append(f"{len(run.clients.lost)} answers were lost: {run.clients.lost[0]}")
    if len(run.clients.lost) > 1:
        problems.append(f"{len(run.clients.lost)} answers were lost: {run.clients.lost[0]}")
    return problems


def attempt(workshop, way, victim, call, n, keep):
    run = Run(workshop, way, f"{'-'.join(way)}-{victim}-{call}-{n}")
    try:
        problems = judge(run, victim) if disturb(run, victim, call, n) else None
    except Exception as error:
        problems = [repr(error)]
    finally:
        run.end()
    if problems and keep:
        return (problems, run.folder)
    shutil.rmtree(run.folder, ignore_errors=True)
    return problems, run.clients.longest if run.clients else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    if not shutil.which("strace") or subprocess.run(
            ["strace", "-D", "-f", "-o", "/dev/null", "true"], stderr=subprocess.DEVNULL).returncode:
        print("Skipped: this system does not let strace trace.")
        return 77
    folder = pathlib.Path(tempfile.mkdtemp(prefix="supervise-sweep."))
    (folder / "runs").mkdir()
    workshop = Workshop(options.build.resolve(), folder)
    points = []
    for way in WAYS:
        steps = steps_of(workshop, way)
        for victim in VICTIMS:
            if victim == "new" and way[1] == "restart":
                continue  # there is one at a time
            points += [(way, victim, call, n) for call, n in steps]
    points = [p for p in points if options.only in f"{'-'.join(p[0])} {p[1]} {p[2]} {p[3]}"]
    points = points[::options.every]
    met, bad, longest = 0, 0, 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        work = {pool.submit(attempt, workshop, *p, options.keep): p for p in points}
        for done in concurrent.futures.as_completed(work):
            problems, extra = done.result()
            if problems is None:
                continue
            met += 1
            if problems:
                bad += 1
                way, victim, call, n = work[done]
                print(f"{'-'.join(way)} {victim} {call}[{n}]: {'; '.join(problems)} {extra}",
                      flush=True)
            else:
                longest = max(longest, extra)
    print(f"{len(points)} points, {met} met, {bad} violations, longest answer {longest:.2f} s")
    if not bad:
        shutil.rmtree(folder)
    return 1 if bad or not met else 0


sys.exit(main())
