# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""The measurement; downtime.sh makes what it needs and tells what it is for."""

import argparse
import collections
import dataclasses
import json
import os
import pathlib
import random
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

DEADLINE = 600  # s, for everything that is waited for
MEGABYTE = 1_000_000
SETTLE = 2.5  # s; what changed less long ago is looked at again
POLL = 0.002  # s
FOLDERS = 50  # that every app ships


@dataclasses.dataclass
class App:
    size: str
    megabytes: int
    files: int
    user_files: int

    @property
    def name(self):
        return self.size + (" with user files" if self.user_files else "")


APPS = [App(*app, user_files) for app in (("small", 1, 10), ("medium", 100, 1_000),
                                          ("large", 1_000, 20_000)) for user_files in (0, 1_000)]


def wait_until(condition):
    deadline = time.monotonic() + DEADLINE
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError
        select.select([], [], [], POLL)
    return result


class Measurement:
    def __init__(self, programs, folder, app):
        self.programs, self.folder, self.what = programs / "bin", folder, app
        self.app = folder / "apps/app"
        self.control = folder / "apps/.app.freshen"
        self.log = folder / "starts"
        self.feed = (folder / "host/appcast.xml").as_uri()
        self.environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder),
                            "XDG_STATE_HOME": str(folder / "state"),
                            "XDG_CACHE_HOME": str(folder / "cache"),
                            "DOWNTIME_LOG": str(self.log)}
        folder.mkdir()
        self.publish()

    # --- What is installed ----------------------------------------------------------------

    def tool(self, name, *arguments):
        done = subprocess.run([self.programs / name, *arguments], env=self.environment,
                              capture_output=True, timeout=DEADLINE)
        if done.returncode:
            sys.exit(f"{name} {arguments[0]}: {done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout

    def publish(self):
        host, key = self.folder / "host", self.folder / "release.key"
        host.mkdir()
        self.tool("freshen-appcast", "keygen", "--out", key.with_suffix(""))
        for version in ("1.0", "2.0"):
            tree = self.folder / "tree"
            self.make_tree(tree, version)
            self.tool("freshen-appcast", "pack", "--product", "org.example.measured", "--version",
                      version, "--executable", "bin/app", "--feed", self.feed, "--key", key, tree,
                      host / f"measured-{version}.tar.zst")
            shutil.rmtree(tree)
        self.app.mkdir(parents=True)
        subprocess.run(["tar", "-xf", host / "measured-1.0.tar.zst", "-C", self.app,
                        "--no-same-owner"], check=True)
        self.tool("freshen-appcast", "generate", "--key", key, "--base-url", host.as_uri() + "/",
                  host)
        self.add_user_files()

    def make_tree(self, tree, version):
        (tree / "bin").mkdir(parents=True)
        shutil.copy2(self.programs / "downtimeapp", tree / "bin/app")
        (tree / "version").write_text(version)
        for number in range(FOLDERS):
            (tree / f"part-{number}").mkdir()
        number_of_files = self.what.files - 2
        length = max(1, (self.what.megabytes * MEGABYTE - (tree / "bin/app").stat().st_size)
                     // number_of_files)
        # Packed well, so that to make the packages does not take the day.
        content = random.Random(version).randbytes(64) * (length // 64 + 1)
        for number in range(number_of_files):
            file = tree / f"part-{number % FOLDERS}" / f"file-{number}"
            file.write_bytes(b"%d" % number + content[:length])

    def add_user_files(self):
        """Half of them in ten folders of their own, half of them in those of the app."""
        for number in range(self.what.user_files // 2):
            own = self.app / f"own-{number % 10}"
            own.mkdir(exist_ok=True)
            (own / f"note-{number}").write_text("own")
            (self.app / f"part-{number % FOLDERS}" / f"note-{number}").write_text("own")

    # --- One update -----------------------------------------------------------------------

    def has_settled(self):
        folders = [self.app, *(path for path in self.app.iterdir() if path.is_dir())]
        return time.time() - max(path.stat().st_ctime for path in folders) > SETTLE

    def is_awaited(self, process):
        """Whether the helper has a handle on it, and so waits for its end."""
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                command = pathlib.Path("/proc", entry, "cmdline").read_bytes().split(b"\0")
                if command[:2] != [os.fsencode(self.control / "helper"), b"watch"]:
                    continue
                for info in pathlib.Path("/proc", entry, "fdinfo").iterdir():
                    if f"\nPid:\t{process}\n" in info.read_text():
                        return True
            except OSError:
                pass  # it has just ended
        return False

    def starts(self):
        lines = self.log.read_text().splitlines(keepends=True) if self.log.exists() else []
        return [int(line) for line in lines if line.endswith("\n")]

    def running(self):
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                if pathlib.Path("/proc", entry, "exe").resolve() == self.app / "bin/app":
                    yield int(entry)
            except OSError:
                pass

    def round(self):
        """Milliseconds: what the update says, and what it looks like from outside."""
        wait_until(self.has_settled)
        self.log.unlink(missing_ok=True)
        old = subprocess.Popen([self.app / "bin/app"], env=self.environment, cwd="/")
        wait_until(self.starts)
        handle = os.pidfd_open(old.pid)
        update = subprocess.Popen(
            [self.programs / "freshen", "update", "--app", self.app, "--feed", self.feed,
             "--wait", str(DEADLINE), "--launch", "--json"], env=self.environment, cwd="/",
            stdout=subprocess.PIPE)
        wait_until(lambda: self.is_awaited(old.pid) or update.poll() is not None)
        old.send_signal(signal.SIGTERM)
        select.select([handle], [], [])
        ended = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        os.close(handle)
        old.wait()
        answer = json.loads(update.communicate(timeout=DEADLINE)[0])
        if answer.get("result") != "updated" or (self.app / "version").read_text() != "2.0":
            sys.exit(f"The update of {self.app} fails: {answer}")
        started = self.starts()[1]
        for process in self.running():
            os.kill(process, signal.SIGKILL)
        wait_until(lambda: not list(self.running()))
        self.tool("freshen", "rollback", "--app", self.app)
        return answer["downtimeMs"], (started - ended) / 1e6


def main():
    parser = argparse.ArgumentParser(prog="downtime.sh")
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--folder")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()

    apps = [app for app in APPS if arguments.only in app.name]
    if not apps:
        sys.exit(f"No app has {arguments.only} in its name.")
    with tempfile.TemporaryDirectory(prefix="downtime-", dir=arguments.folder) as folder:
        folder = pathlib.Path(folder).resolve()
        # Whoever builds meanwhile disturbs nothing.
        for programs in ("bin", "libexec"):
            shutil.copytree(arguments.build / programs, folder / programs)
        measurements = [Measurement(folder, folder / str(number), app)
                        for number, app in enumerate(apps)]
        # In turn, so that what else the computer does hits them alike.
        rounds = [[m.round() for m in measurements] for _ in range(arguments.rounds)]
    report(apps, rounds)


def report(apps, rounds):
    print(f"{len(rounds)} rounds\n{'app':24} {'MB':>5} {'files':>6} {'own':>5}   "
          "says: median worst   measured: median worst  (ms)")
    medians = collections.defaultdict(list)
    for app, results in zip(apps, zip(*rounds)):
        said, seen = zip(*results)
        medians[app.user_files].append(statistics.median(seen))
        print(f"{app.name:24} {app.megabytes:5} {app.files:6} {app.user_files:5} "
              f"{statistics.median(said):14} {max(said):5} "
              f"{statistics.median(seen):19.1f} {max(seen):6.1f}")
    for user_files, each in medians.items():
        print(f"largest / smallest median with {user_files} user files: "
              f"{max(each) / min(each):.2f}")


main()
