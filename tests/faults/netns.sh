#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# Takes the network away from an update while it downloads, and gives it back, again and again:
# acceptance row acc052. The update runs in a network of its own, with the server at the other end
# of a virtual cable; nothing of this computer's network is touched.
#
#   sh tests/faults/netns.sh [--build DIR] [--outages N] [--megabytes N] [--seed N]
#
# --build      where Freshen was built, default: build in the source folder
# --outages    how often, default 20
# --megabytes  the size of the release, default 100
# --seed       repeats what a run has printed
#
# An outage is one of these, for 0.3 to 2 s: the cable is pulled; the address is taken; the system
# takes the address and ends the connections as well; the address is another one afterwards, which
# nobody tells those who wait for an answer to the old one.
#
# Ends with 0 when the update arrived, with 1 when not, with 77 where this system does not allow
# networks of one's own.

set -eu

fail() { echo "$1" >&2; exit 1; }
skip() { echo "Skipped: $1"; exit 77; }

# ------------------------------------------------------------------------- a network of its own

if [ "${1-}" != --inside ]; then
    [ "${1-}" != --help ] || { sed -n '/^# Takes/,/^$/s/^# \{0,1\}//p' "$0"; exit 0; }
    for program in ip ss unshare nsenter; do
        command -v $program >/dev/null || skip "$program is not installed."
    done
    for way in '--net' '--user --map-root-user --net'; do
        # shellcheck disable=SC2086 # options are words
        unshare $way ip link add cable type veth peer name far 2>/dev/null || continue
        # shellcheck disable=SC2086,SC2093 # the next way only where this one is barred
        exec unshare $way sh "$0" --inside "$@"
    done
    skip 'this system allows nobody here to make a virtual network.'
fi
shift

here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build outages=20 megabytes=100 seed=$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')
while [ $# -gt 1 ]; do
    case $1 in
    --build) build=$2 ;;
    --outages) outages=$2 ;;
    --megabytes) megabytes=$2 ;;
    --seed) seed=$2 ;;
    *) fail "Unknown option $1; --help tells more." ;;
    esac
    shift 2
done
build=$(cd "$build" && pwd)

# -------------------------------------------------------------------- server, release, installed app

folder=$(mktemp -d "${TMPDIR:-/tmp}/netns.XXXXXX")
server='' update=''
finish() {
    # shellcheck disable=SC2086 # those that run are words
    [ -z "$server$update" ] || kill -KILL $server $update 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM
unset http_proxy HTTP_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
export HOME="$folder/home" XDG_STATE_HOME="$folder/state" XDG_CACHE_HOME="$folder/cache"
mkdir "$HOME" "$folder/host"

server_address=10.111.0.1 port=8080
url=http://$server_address:$port
package=app-2.0-linux-$(uname -m | sed s/aarch64/arm64/).tar.zst

make_tree() { # VERSION
    mkdir -p "$folder/tree-$1/bin"
    printf '#!/bin/sh\necho %s\n' "$1" > "$folder/tree-$1/bin/app"
    chmod 755 "$folder/tree-$1/bin/app"
}
pack() { # VERSION PACKAGE
    "$build/bin/freshen-appcast" pack --product org.example.app --version "$1" --allow-http \
        --executable bin/app --feed "$url/appcast.xml" --key "$folder/release.key" \
        "$folder/tree-$1" "$2" >/dev/null
}
make_tree 1.0
make_tree 2.0
head -c "${megabytes}000000" /dev/urandom > "$folder/tree-2.0/data"
"$build/bin/freshen-appcast" keygen --out "$folder/release" >/dev/null
pack 1.0 "$folder/app-1.0.tar.gz"
pack 2.0 "$folder/host/$package"
"$build/bin/freshen-appcast" generate --key "$folder/release.key" --base-url "$url/" \
    "$folder/host" >/dev/null
mkdir -p "$folder/apps/app"
tar -xzf "$folder/app-1.0.tar.gz" -C "$folder/apps/app" --no-same-owner
length=$(stat -c %s "$folder/host/$package")

# Three connections at once make 10 MB/s.
echo "{\"/$package\": {\"bytesPerSecond\": 3400000}}" > "$folder/script.json"
mkfifo "$folder/said" "$folder/go"
# shellcheck disable=SC2016 # the inner shell expands them
unshare --net sh -c 'echo here; read -r _ < "$1/go"; exec "$2" --address "$3" --port "$4" \
    --script "$1/script.json" "$1/host"' sh "$folder" "$build/bin/freshen-fault-server" \
    $server_address $port > "$folder/said" &
server=$!
exec 3< "$folder/said"
read -r _ <&3

there() { nsenter --net="/proc/$server/ns/net" "$@"; }
address() { echo "10.111.0.$number/24"; }
number=2
ip link add cable type veth peer name far netns "$server"
there ip address add "$server_address/24" dev far
there ip link set far up
ip address add "$(address)" dev cable
ip link set cable up
echo > "$folder/go"
read -r listening <&3 || fail 'The server does not start.'

# ------------------------------------------------------------------------------------ the outages

random() { # LESS-THAN: sets $random; every run with the same seed has the same numbers
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    random=$((seed / 65536 % $1))
}
received() { sed -n 's/^ *cable: *\([0-9]*\).*/\1/p' /proc/net/dev; }
is_running() { kill -0 "$update" 2>/dev/null; }
wait_for_bytes() { # COUNT
    while [ "$(received)" -lt "$1" ]; do
        is_running || fail "The update ended after $outage outages: $(cat "$folder/answer")"
        sleep 0.01
    done
}
last_for() { random 171; sleep "$(printf '%d.%02d' $(((random + 30) / 100)) $(((random + 30) % 100)))"; }

pull_the_cable() { ip link set cable down; last_for; ip link set cable up; }
take_the_address() {
    ip address del "$(address)" dev cable
    last_for
    ip address add "$(address)" dev cable
}
end_the_connections() {
    ip address del "$(address)" dev cable
    ss -H -K -t dst $server_address >/dev/null
    last_for
    ip address add "$(address)" dev cable
}
change_the_network() {
    ip address del "$(address)" dev cable
    number=$((number + 1))
    last_for
    ip address add "$(address)" dev cable
}

echo "seed $seed; $listening"
begin=$(date +%s)
timeout 1500 "$build/bin/freshen" update --app "$folder/apps/app" --json > "$folder/answer" &
update=$!
outage=0 kinds=''
while [ "$outage" -lt "$outages" ]; do
    random 1000
    share=$(((length - $(received)) / (outages - outage)))
    [ "$share" -gt 0 ] || share=1
    wait_for_bytes $(($(received) + share * random / 1000))
    # Noticed only after half a minute of silence, the last kind is rarer.
    random 10
    case $random in
    0 | 1 | 2) kind=pull_the_cable ;;
    3 | 4 | 5) kind=take_the_address ;;
    6 | 7 | 8) kind=end_the_connections ;;
    9) kind=change_the_network ;;
    esac
    $kind
    kinds="$kinds $kind"
    outage=$((outage + 1))
done
status=0
wait "$update" || status=$?
update=
[ $status = 0 ] || fail "The update ended with $status: $(cat "$folder/answer")"
version=$("$folder/apps/app/bin/app")
[ "$version" = 2.0 ] || fail "The installed version is $version."
"$build/bin/freshen" verify --app "$folder/apps/app" >/dev/null || fail 'The app is damaged.'

fetched=$(sed -n 's/.*"bytesFetched": *\([0-9]*\).*/\1/p' "$folder/answer")
echo "$kinds" | tr ' ' '\n' | sort | uniq -c | sed -n 's/_/ /g;/[a-z]/p'
echo "$outages outages, $(($(date +%s) - begin)) s; package $length bytes, fetched $fetched," \
    "over the cable $(received)"
