# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""What is done to the installed app, and what is the user's in it."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Operation:
    command: tuple  # of freshen; none: a person starts the app
    version: str  # that stands there when nobody disturbs it
    status: int = 0
    start: str = ""  # the folder that it starts from; empty: one of its own name
    breaks_off: str = ""  # or rather what was broken off between two versions


OPERATIONS = {
    "update": Operation(("update",), "2.0"),
    "rollback": Operation(("rollback",), "1.0"),
    "repair": Operation(("repair",), "1.0"),
    # The new version ends without a word, so the old one returns.
    "back": Operation(("update", "--launch"), "1.0", status=6, start="update"),
    "recover": Operation(("recover",), "2.0", breaks_off="update"),
    "undo": Operation(("recover",), "1.0", breaks_off="back"),
}
ONLY_WITH_MANIFEST = ("repair",)
# Where there is no guard a start changes nothing.
ONLY_WITHOUT_EXCHANGE = {
    "start": Operation((), "2.0", breaks_off="update"),
}

# The user's files, with their content; those whose names one of the versions ships itself may
# end up among what is kept.
USER_FILES = {"own.txt": "own", "mine/notes.txt": "own, in a folder",
              "share/pages/own.txt.bak": "own, among pages",
              "extra/own.txt": "own, in a folder that comes"}
USER_FILES_IN_THE_WAY = {"NEW": "own, of a name that comes", "OLD": "own, of a name that was"}
USER_PATHS = {*USER_FILES, *USER_FILES_IN_THE_WAY, "mine", "extra"}
# A shipped file, and what the user made of it in either version.
EDITED = "share/settings.txt"
EDITS = {"settings.txt of 1.0": "own, written over what was shipped",
         "settings.txt of 2.0": "own, written over what came"}
# What the app lacks that is repaired.
DAMAGED = "share/manual.txt"
