#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# The commands with which SECURITY.md checks a release by hand do check it: they pass for a release
# as it was published, and fail for one with a changed byte.
#
#   sh tests/securityguide.sh BIN
#
# BIN  the folder of the programs

set -eu

bin=$(cd "$1" && pwd)
guide=$(cd "$(dirname "$0")/.." && pwd)/SECURITY.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

command -v minisign >/dev/null || { echo 'Skipped: minisign is not installed.'; exit 77; }
sed -n '/^## Checking a release by hand/,$p' "$guide" | sed -n '/^```sh/,/^```/p' |
    sed '/^```/d' >check.sh
grep -q minisign check.sh

mkdir -p app/bin app/share
printf '#!/bin/sh\n' >app/bin/notes
chmod 755 app/bin/notes
echo text >'app/share/read me'
"$bin/freshen-appcast" keygen --out notes >/dev/null
"$bin/freshen-appcast" pack --product org.example.notes --version 2.0.0 --executable bin/notes \
    --os linux --arch x86_64 --feed https://example.org/appcast.xml --key notes.key \
    app notes-2.0.0-linux-x86_64.tar.zst >/dev/null

mkdir tree
sh -e check.sh
echo more >>'tree/share/read me'
sed 's/^tar .*/:/' check.sh >check-again.sh
if sh -e check-again.sh 2>/dev/null; then
    echo 'A changed file was not noticed.'
    exit 1
fi
