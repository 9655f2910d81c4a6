# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""The sweep itself; error-sweep.sh makes what it needs and tells what it is for."""

import argparse
import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import time

from sweep import checks
from sweep.points import Point, undisturbed
from sweep.report import Result, sweep, table
from sweep.run import Run
from sweep.withoutexchange import deny_exchange

OPERATION = "update"
FULL = ("ENOSPC", "EDQUOT")
ERRORS = {
    "open": ("EMFILE", "EACCES", "EIO"),
    "open to create": ("EMFILE", "EACCES", "EIO", "EROFS", *FULL),
    "rename": ("EIO", "EACCES", "EROFS", "EXDEV", *FULL),
    "mkdir": ("EIO", "EACCES", "EROFS", *FULL),
    "setxattr": ("EIO", "EACCES", "EROFS", *FULL),
    # The first that is part of the call's name counts.
    "symlink": ("EIO", "EACCES", "EROFS", *FULL),
    "unlink": ("EIO", "EACCES", "EROFS"), "rmdir": ("EIO", "EACCES", "EROFS"),
    "link": ("EIO", "EACCES", "EROFS", "EXDEV", *FULL),
    "chmod": ("EIO", "EACCES", "EROFS"), "chown": ("EIO", "EACCES", "EROFS"),
    "utimens": ("EIO", "EACCES", "EROFS"),
}
WRITES = ("EIO", *FULL)  # what the others can end with that change something
DOWNLOADS = "left over: cache/freshen/downloads/"
FAILED, PASSED = "failed", "passed over"


def errors_of(point):
    name = point.key[0]
    if name.startswith("open"):
        return ERRORS["open to create" if point.changes() else "open"]
    if not point.changes() and name != "close":
        return ()
    return next((errors for kind, errors in ERRORS.items() if kind in name), WRITES)


@dataclasses.dataclass
class Failure:
    point: Point
    error: str

    @property
    def name(self):
        return f"{self.error} {self.point.name}"


def failed_run(fixture, failure, number):
    """One in which this very call failed; nothing when none did."""
    for attempt, aim in enumerate(aim for aim in failure.point.aims if not aim.hold):
        run = Run(fixture, OPERATION, f"{number}-{attempt}")
        options = aim.options(failure.point.key[0], str(run.folder), f"error={failure.error}")
        run.traced(options, failure.point.is_in_helper())
        call = failure.point.find(run.log)
        if call and call.is_injected:
            return run
        run.remove()
    return None


def answer_problems(run, codes, error):
    """What freshen says about it."""
    answer = checks.answer_of(run)
    if run.status == 0:
        return [] if answer.get("result") == "updated" else [f"silence: {answer}"]
    code, message = (answer.get("error", {}).get(key, "") for key in ("code", "message"))
    problems = [f"{code} is no code for exit status {run.status}"] * (codes.get(code) != run.status)
    if error in FULL and code != "NO_SPACE":
        problems.append(f"{error} is told as {code}: {message}")
    if str(run.folder) not in message or not message.endswith("."):
        problems.append(f"no sentence that names a file: {message}")
    return problems


def aftermath(run):
    problems = checks.aftermath(run)
    if not run.status and problems and all(DOWNLOADS in problem for problem in problems):
        # A package that could not be removed goes with the next one.
        problems = checks.succeeds(run, "rollback") + checks.succeeds(run, "update")
        problems += checks.leftovers(run)
    return problems


def fail_at(fixture, codes, failure, number):
    try:
        run = failed_run(fixture, failure, number)
        if not run:
            return Result(False, [])
        tag = FAILED if run.status else PASSED
        problems = [f"a process is killed by {name}" for name in run.log.crashes]
        problems += answer_problems(run, codes, failure.error)
        if not run.status and (version := run.start_app()) != "2.0":
            problems.append(f"it is silent, but whoever starts the app gets {version}")
        problems += aftermath(run)
        if not problems:
            run.remove()
        return Result(True, problems, run.folder, (tag,))
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return Result(True, [repr(error)], fixture / "runs" / f"{number}-0")


def main():
    parser = argparse.ArgumentParser(prog="error-sweep.sh")
    parser.add_argument("--fixture", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--codes", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--build", required=True)
    parser.add_argument("--without-exchange", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()

    begin = time.monotonic()
    if arguments.without_exchange:
        deny_exchange()
    rows = re.findall(r"^\| `([A-Z_]+)` \| (\d) \|", arguments.codes.read_text(), re.MULTILINE)
    codes = {code: int(status) for code, status in rows}
    failures = [Failure(point, error) for point in undisturbed(arguments.fixture, OPERATION)
                for error in errors_of(point)]
    chosen = [f for f in failures if arguments.only in f.name][::arguments.every]
    print(f"{len(chosen)} of {len(failures)} errors")
    if arguments.list:
        print("\n".join(f.name for f in chosen))
        return 0
    results = sweep(chosen, lambda f, n: fail_at(arguments.fixture, codes, f, n), arguments.jobs,
                    lambda f: f.name,
                    f"sh tests/faults/error-sweep.sh --build {arguments.build}"
                    + " --without-exchange" * arguments.without_exchange, arguments.keep)
    table(chosen, results, lambda f: (f.error, f.point.role), (FAILED, PASSED))
    print(f"{time.monotonic() - begin:.0f} s")
    met = sum(result.counts for result in results)
    if not met:
        print("FAILED: no call was made to fail")
    return 1 if not met or any(result.problems for result in results) else 0


sys.exit(main())
