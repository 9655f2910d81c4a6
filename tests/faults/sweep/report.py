# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""Runs in parallel, and what is said about them."""

import collections
import concurrent.futures
import dataclasses
import pathlib
import shutil


@dataclasses.dataclass
class Result:
    counts: bool  # whether the call was met
    problems: list
    folder: pathlib.Path | None = None
    tags: tuple = ()  # columns of the table that it adds to


def sweep(points, work, jobs, name_of, repeat, keep):
    """`work` does one point; `repeat` is the command that does it again."""
    results = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = [pool.submit(work, point, number) for number, point in enumerate(points)]
        for point, future in zip(points, running):
            result = future.result()
            results.append(result)
            if not result.counts:
                print(f"not reached: {name_of(point)}", flush=True)
            for problem in result.problems:
                print(f"VIOLATION: {name_of(point)}: {problem}", flush=True)
            if result.problems:
                print(f"  {repeat} --keep --only '{name_of(point)}'", flush=True)
                if not keep:
                    shutil.rmtree(result.folder, ignore_errors=True)
    return results


def table(points, results, row_of, tags=()):
    columns = ["points", "counted", "not reached", *tags, "violations"]
    rows = collections.defaultdict(collections.Counter)
    for point, result in zip(points, results):
        for row in (row_of(point), ("all", "")):
            rows[row].update({"points": 1, "counted": result.counts,
                              "not reached": not result.counts,
                              "violations": bool(result.problems)})
            rows[row].update(dict.fromkeys(result.tags, 1))
    print("\n" + f"{'operation':10} {'process':10}", *(f"{name:>11}" for name in columns))
    for (operation, role), row in sorted(rows.items(), key=lambda item: item[0][0] == "all"):
        print(f"{operation:10} {role:10}", *(f"{row[name]:11}" for name in columns))
