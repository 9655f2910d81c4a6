# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# Sourced by the sweeps, whose folder is $here: reads --build and --plain, and makes an app with its
# publisher and its user in $folder. Packages of a $plain one bring no manifest.

# shellcheck shell=sh disable=SC2154 # $here is the sourcing script's

build=$here/../../build
case "${1-}" in
--build) build=$2; shift 2 ;;
--help) sed -n '5,/^$/s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac
build=$(cd "$build" && pwd)
plain=
case "${1-}" in --plain) plain=--plain; shift ;; esac

skip() { echo "Skipped: $1"; exit 77; }
command -v strace >/dev/null || skip 'strace is not installed.'
command -v python3 >/dev/null || skip 'python3 is not installed.'
strace -D -f -o /dev/null true 2>/dev/null || skip 'this system does not let strace trace.'
[ ! -e /proc/sys/kernel/yama/ptrace_scope ] || [ "$(id -u)" = 0 ] \
    || [ "$(cat /proc/sys/kernel/yama/ptrace_scope)" = 0 ] \
    || skip 'this system does not let strace attach itself.'

# In memory where that is possible: a file system in use elsewhere takes long to synchronise.
make_folder() {
    for place in /dev/shm "${TMPDIR:-/tmp}"; do
        folder=$(mktemp -d "$place/sweep.XXXXXX" 2>/dev/null) || continue
        printf '#!/bin/sh\n' > "$folder/probe" && chmod +x "$folder/probe"
        "$folder/probe" 2>/dev/null && rm "$folder/probe" && return
        rm -r "$folder"
    done
    echo 'There is no folder for temporary files from which programs may run.' >&2
    exit 1
}
make_folder
server=
finish() {
    [ -z "$server" ] || kill "$server"
    rmdir "$folder/runs" 2>/dev/null || [ ! -d "$folder/runs" ] || {
        echo "What went wrong is kept in $folder/runs."
        return
    }
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM
umask 022
unset http_proxy HTTP_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
export PYTHONDONTWRITEBYTECODE=1
export HOME="$folder/home" XDG_STATE_HOME="$folder/state" XDG_CACHE_HOME="$folder/cache"
mkdir "$HOME" "$folder/host" "$folder/programs" "$folder/programs/bin" "$folder/programs/libexec"
cp "$build/bin/freshen" "$folder/programs/bin/"
cp "$build/libexec/freshen-helper" "$folder/programs/libexec/"

mkfifo "$folder/said"
python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$folder/host" \
    > "$folder/said" 2>/dev/null &
server=$!
read -r line < "$folder/said"
port=$(echo "$line" | sed 's/.* port \([0-9]*\) .*/\1/')
url=http://127.0.0.1:$port

appcast() { "$build/bin/freshen-appcast" "$@" > "$folder/appcast.log"; }

# A dozen files. The program starts only where all parts are of its own version.
make_tree() { # VERSION
    tree=$folder/tree-$1
    mkdir -p "$tree/bin" "$tree/lib" "$tree/share/pages/en"
    cat > "$tree/bin/app" <<END
#!/bin/sh
set -e
cd "\${0%/*}/.."
for part in lib/current share/pages/*.txt share/pages/en/*.txt; do
    read -r line < "\$part"
    [ "\$line" = $1 ]
done
echo "$1 \$*"
END
    chmod 755 "$tree/bin/app"
    echo "$1" > "$tree/lib/part-$1"
    ln -s "part-$1" "$tree/lib/current"
    for page in one two three four en/five en/six; do
        echo "$1" > "$tree/share/pages/$page.txt"
    done
    echo "as shipped with $1" > "$tree/share/settings.txt"
    echo "how to use $1" > "$tree/share/manual.txt"
}
publish() { # VERSION
    appcast pack --product org.example.swept --version "$1" --executable bin/app \
        --feed "$url/appcast.xml" --key "$folder/release.key" "$folder/tree-$1" \
        "$folder/host/swept-$1-linux-$(uname -m | sed s/aarch64/arm64/).tar.gz"
}
install() { # VERSION FOLDER
    mkdir -p "$2"
    tar -xzf "$folder/host/swept-$1-"*.tar.gz -C "$2" --no-same-owner
}
if [ -n "$plain" ]; then
    publish() { # VERSION
        tar -czf "$folder/host/swept-$1.tar.gz" -C "$folder/tree-$1" .
        signature=$("$build/bin/freshen-appcast" sign --key "$folder/release.key" \
            "$folder/host/swept-$1.tar.gz")
        cat > "$folder/host/appcast.xml" <<END
<rss version="2.0" xmlns:sparkle="http://www.andymatuschak.org/xml-namespaces/sparkle"><channel>
<item><sparkle:version>$1</sparkle:version>
<enclosure url="$url/swept-$1.tar.gz" sparkle:os="linux" $signature/></item></channel></rss>
END
    }
    # By an update, for that is what makes the manifest.
    install() { # VERSION FOLDER
        publish "$1"
        mkdir -p "$2"
        cat > "$2/freshen.json" <<END
{"product":"org.example.swept","version":"0.9","feed":"$url/appcast.xml","executable":"bin/app",
 "publicKeys":["$(tail -n 1 "$folder/release.pub")"],"requireSignedFeed":false}
END
        "$build/bin/freshen" update --app "$2" --json > "$folder/appcast.log"
        rm -r "$(dirname "$2")/.$(basename "$2").freshen/previous"
    }
fi
# The user's own: beside the app's files, in its folders, in folders of their own.
add_user_files() { # APP
    mkdir -p "$1/mine"
    echo 'own' > "$1/own.txt"
    echo 'own, in a folder' > "$1/mine/notes.txt"
    echo 'own, among pages' > "$1/share/pages/own.txt.bak"
    echo 'own, written over what was shipped' > "$1/share/settings.txt"
}

make_tree 1.0
make_tree 2.0
echo old > "$folder/tree-1.0/OLD"
echo new > "$folder/tree-2.0/NEW"
mkdir "$folder/tree-2.0/extra"
echo shipped > "$folder/tree-2.0/extra/shipped.txt"
appcast keygen --out "$folder/release"
publish 1.0
publish 2.0
[ -n "$plain" ] || appcast generate --key "$folder/release.key" --base-url "$url/" "$folder/host"
install 1.0 "$folder/whole/1.0"
install 2.0 "$folder/whole/2.0"

# What the operations start from: 1.0, whole or damaged, and 2.0 that was updated from 1.0. With
# names in it that the other version ships itself.
install 1.0 "$folder/start/update/apps/app"
add_user_files "$folder/start/update/apps/app"
mkdir "$folder/start/update/apps/app/extra"
echo 'own, in a folder that comes' > "$folder/start/update/apps/app/extra/own.txt"
echo 'own, of a name that comes' > "$folder/start/update/apps/app/NEW"
cp -a "$folder/start/update" "$folder/start/repair"
rm "$folder/start/repair/apps/app/share/manual.txt"
cp -a "$folder/start/update" "$folder/start/rollback"
[ -z "$plain" ] || publish 2.0
XDG_STATE_HOME=$folder/start/rollback/state XDG_CACHE_HOME=$folder/start/rollback/cache \
    "$build/bin/freshen" update --app "$folder/start/rollback/apps/app" --json \
    > "$folder/appcast.log"
echo 'own, of a name that was' > "$folder/start/rollback/apps/app/OLD"
echo 'own, written over what came' > "$folder/start/rollback/apps/app/share/settings.txt"

