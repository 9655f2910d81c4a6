#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# How long an app does not run while it is updated, for apps small and large, with and without files
# of the user: from the end of the old version's process to the first action of the new version's.
#
#   sh tests/bench/downtime.sh [--build DIR] [--folder DIR] [--rounds N] [--only TEXT]
#
# --build   where Freshen was built, default: build in the source folder
# --folder  where the apps lie, default: a temporary folder; all together take 12 GB
# --rounds  so many updates of each app, default: 15
# --only    only the apps whose name contains TEXT: small, medium, large, "large with"

set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build
case "${1-}" in
--build) build=$2; shift 2 ;;
--help) sed -n '/^# How/,/^$/s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac
build=$(cd "$build" && pwd)
cmake --build "$build" --target downtimeapp freshen freshen-helper freshen-appcast > /dev/null
PYTHONDONTWRITEBYTECODE=1 exec python3 "$here/downtime.py" --build "$build" "$@"
