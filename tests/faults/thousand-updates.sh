#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# Versions in a row, each published in a feed and installed by an update in which everything is
# killed at a random moment. The app starts at once, what was broken off is recovered, the version
# arrives, and the disk does not fill up.
#
#   sh tests/faults/thousand-updates.sh [--build DIR] [--updates N] [--seed N] [--keep]
#
# --build    where Freshen was built, default: build in the source folder
# --updates  so many, default: 1000
# --seed     of the random numbers, default: another one each time; it is printed
# --keep     keeps the folder of a run that ended badly
#
# Ends with 0 when all is well, with 1 when not, with 77 when this system does not allow it.

set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/faults/sweepfixture.sh
. "$here/sweepfixture.sh"
python3 "$here/thousandupdates.py" --fixture "$folder" --build "$build" --url "$url" "$@"
