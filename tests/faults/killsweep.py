# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""The sweep itself; kill-sweep.sh makes what it needs and tells what it is for.

An undisturbed run under strace gives the points: the calls that name something below the app's
parent folder, the state or the cache folder. Then one run per point, in a fresh copy, is killed
with SIGKILL on entry to that very call.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import time

from sweep import checks
from sweep.points import choose, undisturbed
from sweep.report import Result, sweep, table
from sweep.run import ALL_OPERATIONS, Run
from sweep.scenario import ONLY_WITH_MANIFEST, ONLY_WITHOUT_EXCHANGE, OPERATIONS
from sweep.withoutexchange import deny_exchange

GUARDED = "guarded"


def killed_run(fixture, point, name):
    """One that was killed at this very call; nothing when none was."""
    for attempt, aim in enumerate(point.aims):
        run = Run(fixture, point.operation, f"{name}-{attempt}")
        run.traced(aim.options(point.key[0], str(run.folder), "signal=SIGKILL"),
                   point.is_in_helper(), aim.hold and point)
        call = point.find(run.log)
        if call and not call.returned:
            return run
        run.remove()
    return None


def between(points, operation, without_exchange):
    """A call of a change that leaves `operation` something to do when it is killed there."""
    renames = [p for p in points if p.role == "installer" and p.key[0].startswith("rename")]
    if operation == "undo":
        # The new version stands there, and its end is about to be noted.
        notes = [p for p in renames if p.key[-1] == "apps/.app.freshen/journal"]
        return notes[5 if without_exchange else 1]
    if without_exchange:
        pieces = [p for p in renames if p.key[1].startswith("apps/.app.freshen/staged/")]
        return pieces[len(pieces) // 2]
    exchange = next(p for p in renames if p.key[0] == "renameat2" and p.key[1] == "apps/app")
    return points[points.index(exchange) + 1]


def break_off(fixture, operation, without_exchange):
    """Makes what `operation` starts from."""
    broken = ALL_OPERATIONS[operation].breaks_off
    point = between(undisturbed(fixture, broken), operation, without_exchange)
    run = killed_run(fixture, point, f"start-{operation}")
    is_between = without_exchange and operation != "undo"
    if not run or not (checks.has_guard(run) if is_between else run.start_app() == "2.0"):
        sys.exit(f"No {broken} is broken off at {point.name}.")
    for tools in ("bin", "libexec"):
        shutil.rmtree(run.folder / tools)
    shutil.move(run.folder, fixture / "start" / operation)


def kill_at(fixture, point, number):
    try:
        run = killed_run(fixture, point, str(number))
        if not run:
            return Result(False, [])
        tags = (GUARDED,) if checks.has_guard(run) else ()
        problems = checks.survivor_problems(run) + checks.aftermath(run)
        if not problems:
            run.remove()
        return Result(True, problems, run.folder, tags)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return Result(True, [repr(error)], fixture / "runs" / f"{number}-0")


def main():
    parser = argparse.ArgumentParser(prog="kill-sweep.sh")
    parser.add_argument("--fixture", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--build", required=True)
    parser.add_argument("--plain", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--without-exchange", action="store_true")
    parser.add_argument("--changes", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="")
    parser.add_argument("--operation", choices=ALL_OPERATIONS)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()

    begin = time.monotonic()
    operations = dict(OPERATIONS)
    variant = "--plain" * arguments.plain
    if arguments.plain:
        operations = {name: o for name, o in OPERATIONS.items() if name not in ONLY_WITH_MANIFEST}
    if arguments.without_exchange:
        deny_exchange()
        variant += " --without-exchange"
        operations |= ONLY_WITHOUT_EXCHANGE
    if arguments.operation:
        operations = {arguments.operation: operations[arguments.operation]}
    everything = []
    for name, operation in operations.items():
        if operation.breaks_off:
            break_off(arguments.fixture, name, arguments.without_exchange)
        everything += undisturbed(arguments.fixture, name)
    points = choose(everything, arguments.every, arguments.only, arguments.changes)
    needed = sum(p.is_needed() for p in points)
    print(f"{len(points)} of {len(everything)} points, {needed} of them renames and syncs")
    if arguments.list:
        print("\n".join(p.name for p in points))
        return 0
    results = sweep(points, lambda p, n: kill_at(arguments.fixture, p, n), arguments.jobs,
                    lambda p: p.name,
                    f"sh tests/faults/kill-sweep.sh --build {arguments.build} {variant}",
                    arguments.keep)
    table(points, results, lambda p: (p.operation, p.role),
          (GUARDED,) if arguments.without_exchange else ())
    missed = [p.name for p, result in zip(points, results) if p.is_needed() and not result.counts]
    for name in missed:
        print(f"FAILED: no run was killed at {name}")
    if not points or not needed and not arguments.only:
        print("FAILED: there is nothing to sweep")
        missed.append("all")
    print(f"{time.monotonic() - begin:.0f} s")
    return 1 if missed or any(result.problems for result in results) else 0


sys.exit(main())
