#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# Kills everything that changes an installed app at every system call that touches the app or what
# Freshen keeps for it, once each. Afterwards a person starts the app and has a complete version,
# what was broken off is recovered, and the next update succeeds.
#
#   sh tests/faults/kill-sweep.sh [--build DIR] [--plain] [--without-exchange] [--changes]
#                                 [--every N] [--jobs N] [--only TEXT] [--operation NAME] [--keep]
#                                 [--list]
#
# --build             where Freshen was built, default: build in the source folder
# --plain             with packages that bring no manifest, in a feed that nobody signs
# --without-exchange  where two folders cannot be exchanged in one step
# --changes           only the calls that change something: killed at any other, as much is done as
#                     at the next one of these
# --every             only every N-th of these calls, and ten times as many of renames and syncs
# --jobs              so many runs at a time, default: one per processor
# --only              only the points whose name contains TEXT
# --operation         one instead of all: update, rollback, repair, back (of an update whose new
#                     version is not ready), recover (finishes what was broken off), undo (undoes
#                     it) and, without exchange, start (by a person, of what was broken off)
# --keep              keeps the folders of runs that ended badly
# --list              names the points without running them
#
# Ends with 0 when all is well, with 1 when not, with 77 when this system does not allow tracing.

set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/faults/sweepfixture.sh
. "$here/sweepfixture.sh"
# shellcheck disable=SC2086 # nothing, or one option
python3 "$here/killsweep.py" --fixture "$folder" --build "$build" $plain "$@"
