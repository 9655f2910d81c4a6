#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# A real application updates itself, before your eyes: builds Freshen and the example "notes" in two
# versions, signs and serves them on this computer alone, installs version 1.0, starts it and
# updates it to 2.0 through its own dialog.
#
#   sh ui/examples/demo.sh [FOLDER]
#
# With a display you click; without one the dialog's buttons are pressed under Xvfb. FOLDER (default
# build/demo) takes everything, the screenshots in FOLDER/screenshots included.

set -eu

source=$(cd "$(dirname "$0")/../.." && pwd)
build=${FRESHEN_BUILD:-$source/build}
case "${1-}" in
-*) sed -n '/^# A real/,/^$/s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
demo=${1:-$build/demo}
jobs=$(nproc)
arch=$(uname -m)
[ "$arch" != aarch64 ] || arch=arm64

say() { printf '%s\n' "$*"; }
fail() { printf 'demo: %s\n' "$*" >&2; exit 1; }
quietly() { "$@" >>"$demo/build.log" 2>&1 || { tail -n 30 "$demo/build.log" >&2; fail "$1 failed"; }; }

# Everything that was started ends with the demo.
started=
finish() {
    [ -z "${app:-}" ] || pkill -TERM -f "^$app/bin/notes" || :
    # shellcheck disable=SC2086 # a list of process numbers
    [ -z "$started" ] || kill $started 2>/dev/null || :
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for() {
    deadline=$(($(date +%s) + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$(date +%s)" -lt $deadline ] || { say "(waited in vain for: $*)" >&2; return 1; }
        sleep 0.1
    done
}

# ---------------------------------------------------------------------------- build, sign, publish

build_freshen() {
    quietly cmake -S "$source" -B "$build" -G Ninja
    quietly cmake --build "$build" -j "$jobs" --target freshen freshen-appcast freshen-helper \
        freshen-supervise freshen-fault-server FreshenCore FreshenFaultServer FreshenWidgets
    quietly cmake --install "$build" --strip --prefix "$demo/freshen"
    PATH=$demo/freshen/bin:$PATH
}

serve() {
    mkdir -p "$demo/site"
    python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$demo/site" >"$demo/server.log" 2>&1 &
    started="$started $!"
    wait_for 30 grep -q 'port [0-9]' "$demo/server.log" || fail 'the web server does not start'
    port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' "$demo/server.log" | head -n 1)
    site=http://127.0.0.1:$port
}

build_notes() { # VERSION
    quietly cmake -S "$source/ui/examples/notes" -B "$demo/notes-$1" -G Ninja \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$demo/freshen" -DNOTES_VERSION="$1.0" \
        -DNOTES_FEED="$site/appcast.xml" -DNOTES_PUBLIC_KEY="$demo/notes.pub"
    quietly cmake --build "$demo/notes-$1" -j "$jobs"
    quietly cmake --install "$demo/notes-$1" --strip --prefix "$demo/tree-$1" --component notes
}

publish() { # VERSION ENDING
    quietly freshen-appcast pack --product org.example.notes --version "$1.0" \
        --executable bin/notes --feed "$site/appcast.xml" --key "$demo/notes.key" \
        "$demo/tree-$1" "$demo/site/notes-$1.0-linux-$arch.$2"
    cp "$source/ui/examples/notes/release-notes-$1.md" "$demo/site/notes-$1.0-linux-$arch.md"
    quietly freshen-appcast generate --key "$demo/notes.key" --base-url "$site" "$demo/site"
}

# ------------------------------------------------------------------------------ a person without hands

start_display() {
    Xvfb -displayfd 3 -screen 0 1280x860x24 -nolisten tcp 3>"$demo/display" 2>"$demo/xvfb.log" &
    started="$started $!"
    wait_for 30 test -s "$demo/display" || fail 'Xvfb does not start'
    DISPLAY=:$(cat "$demo/display")
    export DISPLAY
    openbox >"$demo/openbox.log" 2>&1 &
    started="$started $!"
    # The window manager is there when it says so on the root window.
    wait_for 30 sh -c 'xdotool get_num_desktops' || fail 'openbox does not start'
}

picture() { # NAME
    import -window root "$demo/screenshots/$1.png"
    say "  picture: $demo/screenshots/$1.png"
}

window() { xdotool search --onlyvisible --name "$1"; }

# Waits for what the app logs about its updater, and for the window to be drawn.
state() { # STATE COUNT
    wait_for 60 sh -c "[ \"\$(grep -c 'freshen.updater: $1\$' '$demo/notes.log')\" -ge $2 ]" ||
        fail "the updater does not come to the state $1; see $demo/notes.log"
}

press() { # WINDOW KEYS...
    wait_for 30 window "$1" || fail "there is no window \"$1\""
    xdotool windowactivate --sync "$(window "$1" | tail -n 1)"
    shift
    xdotool key "$@"
}

start_app() {
    QT_LOGGING_RULES='freshen.updater.info=true' "$app/bin/notes" --folder "$demo/my-notes" \
        >>"$demo/notes.log" 2>&1 &
    app_process=$!
}

drive() {
    start_app
    wait_for 60 window 'version 1.0' || fail "version 1.0 shows no window; see $demo/notes.log"
    picture 1-version-1.0
    press 'version 1.0' ctrl+q
    wait "$app_process" || fail "version 1.0 does not quit; see $demo/notes.log"

    # From the second start on the app may ask.
    start_app
    state AskingPermission 1
    wait_for 60 window 'Software Update' || fail 'the dialog does not show'
    picture 2-permission
    press 'Software Update' alt+d
    state Idle 1

    press 'version 1.0' alt+h
    picture 3-menu
    xdotool key u
    state UpdateFound 1
    picture 4-update-found
    press 'Software Update' alt+i
    state ReadyToInstall 1
    picture 5-ready-to-install
    press 'Software Update' alt+r
    wait_for 60 window 'version 2.0' || fail "version 2.0 does not start; see $demo/notes.log"
    wait_for 60 window 'Software Update' || fail 'version 2.0 does not tell of the update'
    picture 6-updated
    press 'Software Update' Escape
    picture 7-version-2.0
}

let_a_person_click() {
    say 'Notes 1.0 opens. Choose Help > Check for Updates, then click "Install Update".'
    start_app
    wait_for 3600 window_or_version || fail 'nobody updated it'
}

window_or_version() { grep -q '"version": *"2.0' "$app/freshen.json" && is_done; }
is_done() { freshen status --app "$app" --json | grep -q '"unfinished": false'; }

write_a_note() {
    cat >"$demo/my-notes/Packing list.md" <<'END'
# Packing list

For **three days** by the sea:

- tent and *two* sleeping bags
- stove, matches, tea
- a book that is too long for home

> Water is at the farm, not at the beach.
END
}

# --------------------------------------------------------------------------------------------- the show

sh "$source/platform/linux/setup.sh" --tests
rm -rf "$demo"
mkdir -p "$demo/screenshots" "$demo/my-notes"

say 'Building Freshen …'
build_freshen
say 'Making keys, building notes 1.0 and 2.0, publishing both …'
quietly freshen-appcast keygen --out "$demo/notes"
serve
for version in 1.0 2.0; do build_notes $version; done
publish 1.0 tar.gz
publish 2.0 tar.zst

# From here on nothing outside of the demo's folder is read or written.
export HOME="$demo/home" XDG_STATE_HOME="$demo/home/state" XDG_CACHE_HOME="$demo/home/cache" \
    XDG_CONFIG_HOME="$demo/home/config"
write_a_note
app=$demo/apps/Notes
mkdir -p "$app"
tar -xzf "$demo/site/notes-1.0.0-linux-$arch.tar.gz" -C "$app"
say "Installed: $(freshen status --app "$app")"
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    let_a_person_click
else
    start_display
    drive
fi
wait_for 60 is_done || fail 'the update does not come to its end'

freshen verify --app "$app"
status=$(freshen status --app "$app" --json)
printf '\nWhat happened:\n'
say "  versions:           1.0.0 -> $(say "$status" | sed -n 's/.*"installed": "\(.*\)".*/\1/p')"
say "  bytes fetched:      $(sed -n 's/.*Staged after \([0-9]*\) bytes.*/\1/p' "$demo/notes.log" | tail -n 1)"
say "  without a running app: $(say "$status" | sed -n 's/.*"downtimeMs": \([0-9]*\).*/\1/p') ms"
say "  pictures:           $demo/screenshots"
