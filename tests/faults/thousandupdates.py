# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""The updates in a row; thousand-updates.sh makes what it needs and tells what it is for."""

import argparse
import collections
import os
import pathlib
import random
import shutil
import signal
import statistics
import subprocess
import sys
import time

from sweep import checks
from sweep.run import Run
from sweep.withoutexchange import deny_exchange

TEMPLATE = "1.0"
MEASURED = 5  # undisturbed updates of each kind, for how long they take
REPORTED = (1, 10, 100, 1000)
ROOM = 4096  # bytes by which the disk use may differ, for numbers that get longer


class Publisher:
    """Only the newest version is offered, and remembered."""

    def __init__(self, fixture, build, url):
        self.fixture, self.build, self.url = fixture, build, url
        self.package = next((fixture / "host").glob(f"swept-{TEMPLATE}-*.tar.gz"))

    def tool(self, *arguments):
        subprocess.run([self.build / "bin/freshen-appcast", *arguments], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def publish(self, version):
        tree, whole = self.fixture / f"tree-{version}", self.fixture / "whole" / version
        self.make_tree(tree, version)
        for old in (self.fixture / "host").glob("swept-*"):
            old.unlink()
        package = self.package.with_name(self.package.name.replace(TEMPLATE, version))
        self.tool("pack", "--product", "org.example.swept", "--version", version, "--executable",
                  "bin/app", "--feed", f"{self.url}/appcast.xml", "--key",
                  self.fixture / "release.key", tree, package)
        self.tool("generate", "--key", self.fixture / "release.key", "--base-url", f"{self.url}/",
                  "--maximum-versions", "1", self.fixture / "host")
        whole.mkdir()
        subprocess.run(["tar", "-xzf", package, "-C", whole, "--no-same-owner"], check=True)
        shutil.rmtree(tree)

    def make_tree(self, tree, version):
        template = self.fixture / f"tree-{TEMPLATE}"
        for source in sorted(template.rglob("*")):
            target = tree / str(source.relative_to(template)).replace(TEMPLATE, version)
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_symlink():
                target.symlink_to(os.readlink(source).replace(TEMPLATE, version))
            elif source.is_file():
                target.write_text(source.read_text().replace(TEMPLATE, version))
                target.chmod(source.stat().st_mode)

    def forget(self, version):
        shutil.rmtree(self.fixture / "whole" / version)


def bytes_and_files(run):
    files = [path.lstat() for top in ("apps", "state", "cache")
             for path in (run.folder / top).rglob("*") if not path.is_dir()]
    return sum(status.st_size for status in files), len(files)


def kill_everything(run, process):
    """As often as it takes: one may just be starting another."""
    while True:
        for handle in run.handles_by_command_line():
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            os.close(handle)
        process.kill()
        process.wait()
        remaining = run.handles_by_command_line()
        for handle in remaining:
            os.close(handle)
        if not remaining:
            return


def broken_off(run, seconds):
    process = subprocess.Popen(
        [run.fixture / "programs/bin/freshen", "update", "--app", run.app, "--json"],
        env=run.environment, cwd="/", preexec_fn=run.preparation, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    # What is waited for is the time.
    time.sleep(seconds)
    kill_everything(run, process)


class Sequence:
    def __init__(self, arguments):
        self.random = random.Random(arguments.seed)
        self.publisher = Publisher(arguments.fixture, arguments.build, arguments.url)
        self.run = Run(arguments.fixture, "update", "sequence")
        self.version, self.number = "1.0", 2
        self.counts = collections.Counter()
        self.durations = {}

    def publish(self):
        self.number += 1
        self.old, self.version = self.version, f"{self.number}.0"
        self.publisher.publish(self.version)

    def measure(self):
        """How long an undisturbed update takes, with and without exchange."""
        for preparation in (None, deny_exchange):
            self.run.preparation = preparation
            seconds = []
            for _ in range(MEASURED):
                self.publish()
                begin = time.monotonic()
                problems = checks.succeeds(self.run, "update")
                seconds.append(time.monotonic() - begin)
                problems += self.arrived()
                if problems:
                    sys.exit("\n".join(problems))
            self.durations[preparation] = statistics.median(seconds)

    def arrived(self):
        version = self.run.start_app()
        problems = [] if version == self.version else [f"whoever starts the app gets {version}"]
        problems += checks.tree_problems(self.run, self.version)
        problems += checks.user_file_problems(self.run, True) + checks.leftovers(self.run)
        if (self.run.fixture / "whole" / self.old).exists():
            self.publisher.forget(self.old)
        return problems

    def disturbed(self):
        """One update, killed, and what was wrong then."""
        self.publish()
        self.run.preparation = self.random.choice((None, deny_exchange))
        broken_off(self.run, self.random.uniform(0, self.durations[self.run.preparation]))
        self.counts["guarded"] += checks.has_guard(self.run)
        self.counts["unfinished"] += (self.run.control / "journal").exists()
        problems = []
        version = self.run.start_app()
        if version in (self.old, self.version):
            problems += checks.tree_problems(self.run, version)
        else:
            problems.append(f"whoever starts the app at once gets {version}")
        self.counts["new"] += version == self.version
        problems += checks.user_file_problems(self.run, False)
        if self.random.random() < 0.5:
            problems += checks.succeeds(self.run, "recover")
        problems += checks.succeeds(self.run, "update", statuses=(0, 3))
        return problems + self.arrived()


def main():
    parser = argparse.ArgumentParser(prog="thousand-updates.sh")
    parser.add_argument("--fixture", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--url", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--updates", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()

    print(f"seed {arguments.seed}", flush=True)
    sequence = Sequence(arguments)
    sequence.measure()
    begin, broken, sizes = time.monotonic(), 0, []
    for number in range(1, arguments.updates + 1):
        problems = sequence.disturbed()
        broken += bool(problems)
        sizes.append(bytes_and_files(sequence.run))
        for problem in problems:
            print(f"VIOLATION: update {number}, to {sequence.version}: {problem}", flush=True)
        if number in (*REPORTED, arguments.updates):
            print(f"after {number} updates: {sizes[-1][0]} bytes in {sizes[-1][1]} files",
                  flush=True)
        if problems and arguments.keep:
            return 1
    counts = sequence.counts
    print(f"{arguments.updates} updates, each killed within {sequence.durations[None]:.2f} s, "
          f"or {sequence.durations[deny_exchange]:.2f} s without exchange; "
          f"{counts['unfinished']} left a journal and {counts['guarded']} the guard; "
          f"started at once, the app was {counts['new']} times the new version; "
          f"{broken} violations; {time.monotonic() - begin:.0f} s")
    least, most = min(sizes), max(sizes)
    print(f"disk use: {least[0]} to {most[0]} bytes")
    fills = most[0] - least[0] > ROOM
    if fills:
        print("FAILED: the disk use is not constant")
    sequence.run.remove()
    return 1 if broken or fills else 0


sys.exit(main())
