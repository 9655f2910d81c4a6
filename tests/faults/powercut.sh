#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# Cuts the power of a file system before the calls that updates, rollbacks and recoveries make on it,
# in one step and piece by piece: with all that was written, with the file system's journal alone,
# and with nothing but what had been synced. Mounts it again and looks whether a complete version is
# there, nothing of the user's is lost, and the next start brings everything in order.
#
#   sh tests/faults/powercut.sh [--build DIR] [--every N] [--fs ext4|xfs]
#
# --build  where Freshen was built, default: build in the source folder
# --every  only every N-th of these calls
# --fs     one file system instead of both
#
# Needs an administrator and loop devices. Ends with 0 when all is well, with 1 when not, with 77
# when this system has no such file system to offer.

set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build
every=1
types='ext4 xfs'
while [ $# -gt 0 ]; do
    case "$1" in
    --build) build=$2; shift 2 ;;
    --every) every=$2; shift 2 ;;
    --fs) types=$2; shift 2 ;;
    --inside) inside=yes; shift ;;
    --help) sed -n '/^# Cuts/,/^$/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "Unknown argument: $1 (see --help)" >&2; exit 2 ;;
    esac
done

skip() { echo "Skipped: $1"; exit 77; }

# What is mounted in a namespace of its own is gone with the last of its processes, and so are the
# loop devices below it, however this script ends.
if [ -z "${inside-}" ]; then
    [ "$(id -u)" = 0 ] || skip 'only an administrator can mount a file system.'
    unshare --mount true 2>/dev/null || skip 'this system lets nobody have mounts of his own.'
    exec unshare --mount --propagation private \
        sh "$0" --inside --build "$build" --every "$every" --fs "$types"
fi

driver=$(cd "$build" && pwd)/tests/faults/freshen-test-powercut
folder=$(mktemp -d "${TMPDIR:-/tmp}/powercut.XXXXXX")
work=
finish() {
    [ -z "$work" ] || kill "$work" 2>/dev/null || true
    umount --lazy "$folder/disk" 2>/dev/null || true
    umount --lazy "$folder" 2>/dev/null || true
    rmdir "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP
# The image lies in memory: only the file system in it is to know of a power cut.
mount -t tmpfs none "$folder" 2>/dev/null || skip 'nothing can be mounted here.'
mkdir "$folder/disk"

make_disk() { # TYPE
    case "$1" in
    ext4) truncate -s 64M "$folder/disk.image" && mkfs.ext4 -q -F "$folder/disk.image" ;;
    xfs) truncate -s 320M "$folder/disk.image" && mkfs.xfs -q -f "$folder/disk.image" ;;
    *) echo "No such file system here: $1" >&2; exit 2 ;;
    esac > "$folder/log" 2>&1
}

result=77
for type in $types; do
    if ! command -v "mkfs.$type" >/dev/null; then
        echo "$type is left out: mkfs.$type is not installed."
        continue
    fi
    make_disk "$type" || { cat "$folder/log"; exit 1; }
    if ! mount -o loop "$folder/disk.image" "$folder/disk" 2> "$folder/log"; then
        echo "$type is left out: $(cat "$folder/log")"
        continue
    fi
    [ "$result" != 77 ] || result=0
    echo "$type, every $every:"
    "$driver" "$folder/disk.image" "$folder/disk" "$every" &
    work=$!
    wait "$work" || result=1
    work=
    umount "$folder/disk"
    rm "$folder/disk.image"
done
[ "$result" != 77 ] || echo 'Skipped: no file system could be mounted.'
exit "$result"
