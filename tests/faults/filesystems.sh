#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# Updates an app and goes back, with files of the user in it, on every kind of file system that this
# computer can mount, and looks whether it was changed in one step or piece by piece as it has to be.
#
#   sh tests/faults/filesystems.sh [--build DIR] [KIND...]
#
# --build  where Freshen was built, default: build in the source folder
# KIND     tmpfs, overlay, ext4, xfs, btrfs or ntfs; default: all
#
# Ends with 0 when all is well, with 1 when not, with 77 when nothing can be mounted here.

set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build
case "${1-}" in
--build) build=$2; shift 2 ;;
--help) sed -n '/^# Updates/,/^$/s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac
build=$(cd "$build" && pwd)

skip() { echo "Skipped: $1"; exit 77; }
if [ -z "${FRESHEN_OWN_MOUNTS-}" ]; then
    [ "$(id -u)" = 0 ] || skip 'only an administrator can mount file systems.'
    unshare --mount --propagation private true 2>/dev/null \
        || skip 'this system does not give a program mounts of its own.'
    export FRESHEN_OWN_MOUNTS=yes
    exec unshare --mount --propagation private sh "$0" --build "$build" "$@"
fi

# All that is mounted goes with this program's own mounts; a loop device with its last one.
folder=$(mktemp -d)
finish() {
    cd /
    umount -R "$folder/disk" "$folder/tmp" 2>/dev/null || true
    rm -rf --one-file-system "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM
export HOME="$folder/home" XDG_STATE_HOME="$folder/state" XDG_CACHE_HOME="$folder/cache"
mkdir "$HOME" "$folder/host" "$folder/disk" "$folder/tmp"
mount -t tmpfs tmpfs "$folder/tmp" || skip 'nothing can be mounted here.'

feed=file://$folder/host/appcast.xml
make_release() { # VERSION
    tree=$folder/tmp/tree-$1
    mkdir -p "$tree/bin" "$tree/lib" "$tree/share/same"
    printf '#!/bin/sh\necho %s "$(cat "${0%%/*}/../lib/part")" "$@"\n' "$1" > "$tree/bin/app"
    chmod 755 "$tree/bin/app"
    echo "$1" > "$tree/lib/part"
    echo alike > "$tree/share/same/alike"
    ln -s ../lib/part "$tree/share/part"
    [ "$1" = 1.0 ] && echo gone > "$tree/share/gone" || echo come > "$tree/share/come"
    "$build/bin/freshen-appcast" pack --product org.example.disks --version "$1" \
        --executable bin/app --feed "$feed" --key "$folder/release.key" --ready none "$tree" \
        "$folder/host/disks-$1-linux-$(uname -m | sed s/aarch64/arm64/).tar.gz" > "$folder/log"
}
"$build/bin/freshen-appcast" keygen --out "$folder/release" > "$folder/log"
make_release 1.0
make_release 2.0
"$build/bin/freshen-appcast" generate --key "$folder/release.key" --base-url "file://$folder/host/" \
    "$folder/host" > "$folder/log"

install_app() { # FOLDER
    mkdir -p "$1"
    tar -xzf "$folder/host/disks-1.0-"*.tar.gz -C "$1" --no-same-owner
    echo mine > "$1/mine.txt"
    mkdir "$1/plugins"
    echo mine > "$1/plugins/own"
    echo 'of a name that comes' > "$1/share/come"
}

image() { # MKFS...
    truncate -s 400M "$folder/tmp/image"
    "$@" "$folder/tmp/image" > "$folder/log" 2>&1
    mount -o loop "$folder/tmp/image" "$folder/disk" 2> "$folder/log"
}
mount_tmpfs() { mount -t tmpfs tmpfs "$folder/disk"; }
mount_ext4() { image mkfs.ext4 -q -F; }
mount_xfs() { image mkfs.xfs -q -f; }
mount_btrfs() { image mkfs.btrfs -q -f; }
mount_ntfs() {
    truncate -s 400M "$folder/tmp/image"
    mkntfs -Q -F "$folder/tmp/image" > "$folder/log" 2>&1
    ntfs-3g -o permissions "$folder/tmp/image" "$folder/disk" 2> "$folder/log"
}
# The app lies in the lower folder, as in the image of a container.
mount_overlay() {
    mkdir -p "$folder/tmp/upper" "$folder/tmp/work" "$folder/tmp/lower"
    install_app "$folder/tmp/lower/app"
    mount -t overlay overlay "$folder/disk" \
        -o "lowerdir=$folder/tmp/lower,upperdir=$folder/tmp/upper,workdir=$folder/tmp/work"
}

fail() { echo "FAILED: $kind: $1"; cat "$folder/log"; failed=1; }
freshen() { # COMMAND OPTIONS
    command=$1
    shift
    "$build/bin/freshen" "$command" --app "$app" --json "$@" > "$folder/log" 2>&1
}
says() { # VERSION
    [ "$("$app/bin/app" "an argument" 2>&1)" = "$1 $1 an argument" ] || fail "$1 does not run"
    freshen verify || fail "$1 is not as it was signed"
    [ "$(cat "$app/mine.txt" "$app/plugins/own")" = "mine
mine" ] || fail 'files of the user are lost'
}
try() {
    app=$folder/disk/app
    [ -d "$app" ] || install_app "$app"
    before=$(stat -c %i "$app")
    freshen update || fail 'the update fails'
    says 2.0
    [ "$(cat "$folder"/disk/.app.freshen/kept/1.0/share/come)" = 'of a name that comes' ] \
        || fail 'what was in the way is lost'
    method=pieces
    [ "$(stat -c %i "$app")" = "$before" ] || method='one step'
    [ "$method" = "$1" ] || fail "changed in $method"
    freshen rollback || fail 'the way back fails'
    says 1.0
    left=$(ls -A "$folder/disk/.app.freshen" | sort | tr '\n' ' ')
    [ "$left" = 'accepted kept lock refused result ' ] || fail "left behind: $left"
    [ -z "$failed" ] && echo "$kind: updated and gone back in $method"
}

tried=
for kind in ${*:-tmpfs overlay ext4 xfs btrfs ntfs}; do
    failed=
    if ! "mount_$kind" 2> "$folder/log"; then
        echo "$kind: cannot be mounted here"
        continue
    fi
    tried=yes
    case "$kind" in
    overlay | ntfs) try pieces ;;
    *) try 'one step' ;;
    esac
    umount "$folder/disk"
    rm -rf "$folder/tmp/image" "$folder/tmp/upper" "$folder/tmp/work" "$folder/tmp/lower" \
        "$folder/state" "$folder/cache"
    [ -z "$failed" ] || status=1
done
[ -n "$tried" ] || skip 'nothing can be mounted here.'
exit "${status-0}"
