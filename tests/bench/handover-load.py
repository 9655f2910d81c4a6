#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""Requests by a stock load generator, hey, at a server that hands over to itself meanwhile.

   python3 tests/bench/handover-load.py --build DIR [--hey FILE] [--requests N] [--handovers N]
                                        [--clients N]

The example echo-agent is asked over kept and over fresh connections, half of the requests each:
first without handovers, a tenth of the requests, then with all of them. Ends with 0 when every
request of the second part was answered, rightly, and all handovers happened; with 77 without hey.
"""

import argparse
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from reservedport import ReservedPort

DEADLINE = 60  # s


class Agent:
    def __init__(self, program):
        self.claim = ReservedPort()
        self.port = self.claim.number
        self.first = subprocess.Popen([program, str(self.port)])
        self.wait(lambda: self.ask(may_fail=True))

    def ask(self, may_fail=False):
        """Generation and process."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE) as client:
                client.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
                text = b"".join(iter(lambda: client.recv(4096), b""))
            words = text.split()
            return int(words[-3]), int(words[-1])
        except (OSError, IndexError):
            if may_fail:
                return None
            raise

    @staticmethod
    def wait(condition):
        deadline = time.monotonic() + DEADLINE
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.002)

    def hand_over(self):
        """One handover; returns when the old process is gone."""
        generation, process = self.ask()
        handle = os.pidfd_open(process)
        begin = time.monotonic()
        os.kill(process, signal.SIGHUP)
        self.wait(lambda: self.ask()[0] > generation)
        duration = time.monotonic() - begin
        if process == self.first.pid:
            self.first.wait()
        else:
            poll = select.poll()  # also of one that nobody has reaped
            poll.register(handle, select.POLLIN)
            poll.poll(DEADLINE * 1000)
        os.close(handle)
        return duration

    def end(self):
        os.kill(self.ask()[1], signal.SIGTERM)


class Load:
    """What hey said."""

    def __init__(self, hey, port, requests, clients, is_kept):
        self.requests = requests
        command = [hey, "-n", str(requests), "-c", str(clients), f"http://127.0.0.1:{port}/"]
        if not is_kept:
            command.insert(1, "-disable-keepalive")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def finish(self):
        self.text, _ = self.process.communicate()
        statuses = dict(re.findall(r"\[(\d+)\]\s+(\d+) responses", self.text))
        self.right = int(statuses.pop("200", 0))
        self.wrong = sum(map(int, statuses.values()))
        self.errors = re.findall(r"^\s+\[(\d+)\]\s+(?!\d+ responses)(.*)$",
                                 self.text.partition("Error distribution")[2], re.M)
        return self

    def row(self, name):
        def of(pattern):
            found = re.search(pattern, self.text)
            return f"{float(found[1]) * 1000:8.1f}" if found else "       -"
        lost = self.requests - self.right
        return (f"{name:26} {self.requests:9} {lost:6} {of(r'50%+ in ([0-9.]+)')}"
                f" {of(r'99%+ in ([0-9.]+)')} {of(r'Slowest:.([0-9.]+)')}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--hey", default=shutil.which("hey"))
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--handovers", type=int, default=100)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    if not options.hey or not os.path.exists(options.hey):
        print("Skipped: there is no hey.")
        return 77
    agent = Agent(options.build.resolve() / "bin/echo-agent")
    clients = options.clients - options.clients % 2
    print(f"{'':26} {'requests':>9} {'lost':>6} {'p50 ms':>8} {'p99 ms':>8} {'worst ms':>8}")
    good = True
    pause = 0  # s, between two handovers, so that there are some all the time
    for name, requests, handovers in (("without handovers", options.requests // 10, 0),
                                      ("with handovers", options.requests, options.handovers)):
        share = requests // 2 // clients * clients + clients
        loads = {f"{name}, {kind}": Load(options.hey, agent.port, share, clients // 2, is_kept)
                 for kind, is_kept in (("kept", True), ("fresh", False))}
        begin = time.monotonic()
        durations = []
        while len(durations) < handovers:
            durations.append(agent.hand_over())
            if not any(load.process.poll() is None for load in loads.values()):
                break
            time.sleep(max(0, pause - durations[-1]))
        for title, load in loads.items():
            print(load.finish().row(title))
            for count, error in load.errors:
                print(f"    {count} times {error}")
            good = good and load.right == load.requests
        # Ten times as many requests; they are done faster than the first.
        pause = (time.monotonic() - begin) * 10 / options.handovers / 4
        if handovers:
            durations.sort()
            print(f"{len(durations)} handovers under load: median "
                  f"{durations[len(durations) // 2] * 1000:.0f} ms, longest "
                  f"{durations[-1] * 1000:.0f} ms")
            good = good and len(durations) == handovers
    agent.end()
    return 0 if good else 1


sys.exit(main())
