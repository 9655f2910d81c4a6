#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# Fails every system call of an update that changes, opens or closes something of the app or of what
# Freshen keeps for it, once with every error that fits. Afterwards the old or the new version is
# complete and starts; a failed update says so and why; the next one succeeds and nothing is left
# over. An error that does no harm may be passed over.
#
#   sh tests/faults/error-sweep.sh [--build DIR] [--without-exchange] [--every N] [--jobs N]
#                                  [--only TEXT] [--keep] [--list]
#
# --build             where Freshen was built, default: build in the source folder
# --without-exchange  where two folders cannot be exchanged in one step
# --every             only every N-th of them
# --jobs              so many runs at a time, default: one per processor
# --only              only those whose name contains TEXT
# --keep              keeps the folders of runs that ended badly
# --list              names them without running them
#
# Ends with 0 when all is well, with 1 when not, with 77 when this system does not allow tracing.

set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/faults/sweepfixture.sh
. "$here/sweepfixture.sh"
python3 "$here/errorsweep.py" --fixture "$folder" --build "$build" \
    --codes "$here/../../README.md" "$@"
