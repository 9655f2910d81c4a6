#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# Builds and runs somebody else's project (consumer/) with Freshen.
#
#   sh run.sh shared|static|subproject BUILD
#
# shared: against the installed BUILD; static: against a static build made here; subproject: with
# Freshen's source as part of the same build.

set -eu

kind=$1
build=$(cd "$2" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
work=$build/package-$kind
archive=$(sed -n 's/^KF6Archive_DIR:[A-Z]*=//p' "$build/CMakeCache.txt")

say() { printf '%s: %s\n' "$kind" "$*"; }
fail() { say "FAILED: $*"; exit 1; }

# Runs a command quietly; shows what it printed when it fails.
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; fail "$*"; }; }

# Runs a program in a home and a display of its own.
alone() {
    env HOME="$work/home" XDG_CONFIG_HOME="$work/home/config" XDG_STATE_HOME="$work/home/state" \
        XDG_CACHE_HOME="$work/home/cache" XDG_RUNTIME_DIR="$work/home" QT_QPA_PLATFORM=offscreen \
        LC_ALL=C.UTF-8 "$@"
}

expect() { # expect OUTPUT COMMAND...: the last line of what it prints
    expected=$1
    shift
    printed=$(alone "$@" 2>"$work/log") || { cat "$work/log"; fail "$* does not start"; }
    [ "$(printf '%s\n' "$printed" | tail -n 1)" = "$expected" ] ||
        fail "$* printed '$printed', not '$expected'"
}

install_freshen() { # into $work/made
    if [ "$kind" = static ]; then
        quietly cmake -G Ninja -S "$source" -B "$work/static" -DKF6Archive_DIR="$archive" \
            -DBUILD_SHARED_LIBS=OFF -DFRESHEN_BUILD_TESTS=OFF -DFRESHEN_BUILD_EXAMPLES=OFF
        quietly cmake --build "$work/static"
        quietly cmake --install "$work/static" --prefix "$work/made"
    else
        quietly cmake --install "$build" --prefix "$work/made"
    fi
}

check_headers() {
    strangers=$(find "$work/prefix/include" -type f ! -path "$work/prefix/include/Freshen/*")
    [ -z "$strangers" ] || fail "these headers are not public: $strangers"
    private=$(grep -rlE '#include ["<](lib|platform|updater-helper|tl)/' "$work/prefix/include") ||
        true
    [ -z "$private" ] || fail "these headers include private ones: $private"
}

check_symbols() { # nothing but Freshen's own classes, and none of the layers below
    for library in "$work/prefix/lib/"libFreshen*.so; do
        exported=$(readelf --dyn-syms --wide --demangle "$library" |
            awk '$7 ~ /^[0-9]+$/ && ($5 == "GLOBAL" || $5 == "WEAK") { $1=$2=$3=$4=$5=$6=$7=""; print }')
        [ -n "$exported" ] || fail "$library exports nothing"
        strangers=$(printf '%s\n' "$exported" | grep -vE '^ *([a-zA-Z -]+ (for|to) )?Freshen::') || true
        [ -z "$strangers" ] || fail "$library exports: $strangers"
        private=$(printf '%s\n' "$exported" |
            grep -E 'Freshen::(Install|Platform|Trust)::|Private::') || true
        [ -z "$private" ] || fail "$library exports private symbols: $private"
    done
}

check_helper() { # needs no library that an update may be replacing
    if readelf -d "$work/prefix/libexec/freshen-helper" | grep -E 'NEEDED.*(Qt|KF6|crypto|Freshen)'
    then
        fail 'the helper needs libraries that it must not need'
    fi
}

check_consumer() { # in $work/consumer
    quietly cmake --build "$work/consumer"
    expect 'disabled ' "$work/consumer/console"
    expect 'disabled ' "$work/consumer/window"
    expect 'got 0123' "$work/consumer/faulty"
    quietly cmake --install "$work/consumer" --prefix "$work/tree" --component window
    # What the installed tree needs it has to bring along.
    [ ! -e "$work/prefix" ] || mv "$work/prefix" "$work/away"
    expect 'enabled 1.2.3' "$work/tree/bin/window"
    [ ! -e "$work/away" ] || mv "$work/away" "$work/prefix"
    [ -x "$work/tree/libexec/freshen-helper" ] || fail 'the tree has no helper'
    for member in '"channel": "beta"' '"requireSignedFeed": false'; do
        grep -q "$member" "$work/tree/freshen.json" || fail "freshen.json has no $member"
    done
}

check_without_updates() { # as a distribution builds it
    quietly cmake -DFRESHEN_UPDATES=OFF "$work/consumer"
    quietly cmake --install "$work/consumer" --prefix "$work/without" --component window
    expect 'disabled ' "$work/without/bin/window"
    traces=$(find "$work/without" -name 'freshen*')
    [ -z "$traces" ] || fail "without updates there is still $traces"
}

# What the fault server's page shows works as it stands there: a test in C++ and one in sh.
check_fault_examples() {
    mkdir "$work/example"
    {
        echo 'cmake_minimum_required(VERSION 3.25)'
        echo 'project(Example LANGUAGES CXX)'
        fault_example cmake
    } >"$work/example/CMakeLists.txt"
    fault_example cpp >"$work/example/tst_download.cpp"
    quietly cmake -G Ninja -S "$work/example" -B "$work/example" -DCMAKE_PREFIX_PATH="$work/prefix"
    quietly cmake --build "$work/example"
    quietly alone "$work/example/tst_download"
    command -v curl >/dev/null || { say 'no curl: the example in sh is left out'; return; }
    fault_example sh >"$work/example/example.sh"
    quietly env PATH="$work/prefix/bin:$PATH" sh "$work/example/example.sh"
    grep -q '"bytes":400000.*"range":"bytes=600000-"' "$work/log" || {
        cat "$work/log"
        fail 'the example in sh did not go on where it was cut'
    }
}

fault_example() { # the code of one language
    sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/{/^\`\`\`/d;p}" "$source/tests/faultserver/README.md"
}

check_pkg_config() { # PROGRAM OUTPUT LIBRARY: a program of the consumer, with no CMake
    PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig
    export PKG_CONFIG_PATH
    static=
    [ "$kind" = shared ] || static=--static
    flags=$(pkg-config $static --cflags --libs "$3")
    # shellcheck disable=SC2086 # the flags are words
    quietly c++ -fPIC "$here/consumer/$1.cpp" $flags -Wl,-rpath,"$work/prefix/lib" \
        -o "$work/with-pkg-config"
    expect "$2" "$work/with-pkg-config"
}

rm -rf "$work"
mkdir -p "$work/home"
chmod 700 "$work/home"
if [ "$kind" = subproject ]; then
    quietly cmake -G Ninja -S "$here/consumer" -B "$work/consumer" \
        -DFRESHEN_SOURCE="$source" -DKF6Archive_DIR="$archive"
    check_consumer
else
    install_freshen
    # Everything has to work where it was not installed to, too.
    mv "$work/made" "$work/prefix"
    check_headers
    [ "$kind" = static ] || check_symbols
    check_helper
    alone "$work/prefix/bin/freshen" --version >"$work/log" || fail 'freshen does not start'
    alone "$work/prefix/bin/freshen-appcast" --version >"$work/log" ||
        fail 'freshen-appcast does not start'
    alone "$work/prefix/bin/freshen-fault-server" --version >"$work/log" ||
        fail 'freshen-fault-server does not start'
    quietly cmake -G Ninja -S "$here/consumer" -B "$work/consumer" -DCMAKE_PREFIX_PATH="$work/prefix"
    check_consumer
    check_without_updates
    check_fault_examples
    check_pkg_config console 'disabled ' FreshenCore
    check_pkg_config faulty 'got 0123' FreshenFaultServer
fi
rm -rf "$work"
say 'the consumer builds and runs'
