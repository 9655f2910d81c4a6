# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""What strace says."""

import dataclasses
import re

SCOPE = {"apps", "state", "cache"}
ENTRY = re.compile(r"(\d+)<([^>]*)> +(\w+)\((.*)")
RESUMED = re.compile(r"(\d+)<[^>]*> +<\.\.\. \w+ resumed>(.*)")
HELPER = re.compile(r'"[^"]*/helper", \["[^"]*"[.]*, "(watch|install)"')
PATH = re.compile(r'\b\d+<(/[^<>"]*)>|"(/[^"]*)"')
RELATIVE = re.compile(r'\d+<(/[^<>"]*)>, "([^"/][^"]*)"')
RANDOM = re.compile(r"\.freshen-[A-Za-z0-9]{6}$")  # the end of a durable write's temporary name
HASH = re.compile(r"[0-9a-f]{16,64}")
# Their further strings are data.
ONE_PATH = {"read", "pread64", "write", "pwrite64", "readlink", "readlinkat", "getdents64"}


@dataclasses.dataclass
class Call:
    thread: int
    program: str  # what the system calls the thread
    name: str
    arguments: str
    folder: str
    returned: bool = False
    is_injected: bool = False

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


class Log:
    """The calls of a run, and whose they are."""

    def __init__(self, text, folder):
        self.calls = read_calls(text, folder)
        self.crashes = re.findall(r"\+\+\+ killed by (\w+)", text)
        self._helpers = {}
        for call in self.calls:
            if call.name == "execve" and (role := HELPER.match(call.arguments)):
                self._helpers[call.thread] = {"watch": "watcher", "install": "installer"}[role[1]]

    def role_of(self, call):
        """Nothing for the app, nor for what is about to become a program."""
        if call.thread in self._helpers or call.program in ("app", "helper"):
            return self._helpers.get(call.thread)
        return "freshen"


class GuardLog(Log):
    """Where a person starts the app and the guard stands in for it."""

    def role_of(self, call):
        return "guard"


def read_calls(text, folder):
    calls, entered = [], {}
    for line in text.splitlines():
        if match := ENTRY.match(line):
            call = Call(int(match[1]), match[2], match[3], match[4], str(folder))
            calls.append(call)
            entered[call.thread] = call
        elif match := RESUMED.match(line):
            call = entered.get(int(match[1]))
        else:
            continue
        rest, equals, result = match[match.lastindex].rpartition(" = ")
        if call and equals and not result.endswith("<unfinished ...>"):
            call.returned = result[0] != "?"
            call.is_injected = result.endswith("(INJECTED)")
            if match.re is ENTRY:
                call.arguments = rest
    return calls
