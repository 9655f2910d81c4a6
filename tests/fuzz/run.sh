#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# Looks for inputs that break Freshen: builds the fuzz targets with clang and sanitizers and runs
# each of them.
#
#   sh tests/fuzz/run.sh MINUTES [TARGET...]
#
# MINUTES  how long to run each target
# TARGET   "feed" for tests/fuzz/fuzz_feed.cpp; default: all of them
#
# FRESHEN_BUILD is the folder to build in, default: build in the source folder. What a run learnt
# is kept there for the next one. Fails when a target does, and says where the input lies: add it
# to tests/fuzz/corpus/TARGET, where every test run replays it, and mend the cause.

set -eu

source=$(cd "$(dirname "$0")/../.." && pwd)
build=${FRESHEN_BUILD:-$source/build}/fuzz

usage() {
    sed -n '/^# Looks/,/^$/s/^# \{0,1\}//p' "$0"
    exit 2
}

case "${1-}" in
'' | *[!0-9]*) usage ;;
esac
seconds=$(($1 * 60))
shift
if [ $# = 0 ]; then
    for file in "$source"/tests/fuzz/fuzz_*.cpp; do
        name=${file##*/fuzz_}
        set -- "$@" "${name%.cpp}"
    done
fi

build_targets() {
    cmake -S "$source" -B "$build" -G Ninja -DCMAKE_CXX_COMPILER=clang++ \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo -DFRESHEN_BUILD_EXAMPLES=OFF \
        -DFRESHEN_SANITIZE=fuzzer-no-link,address,undefined &&
        cmake --build "$build" --target fuzz
}

# A number from libFuzzer's final statistics.
statistic() { sed -n "s/^stat::$1: *//p" "$log"; }

fuzz() { # TARGET
    corpus=$build/corpus/$1 findings=$build/findings/$1 log=$build/$1.log
    rm -rf "$findings"
    mkdir -p "$corpus" "$findings"
    set -- "$1" "$source/tests/fuzz/corpus/$1" "$source/tests/data/$1s"
    [ -d "$3" ] || set -- "$1" "$2"
    status=0
    # An input may take 10 s and 1 GB here; the sanitizers make everything several times slower
    # and larger.
    UBSAN_OPTIONS=print_stacktrace=1 "$build/bin/fuzz_$1" -max_total_time="$seconds" -timeout=10 \
        -rss_limit_mb=1024 -print_final_stats=1 -dict="$source/tests/fuzz/$1.dict" \
        -artifact_prefix="$findings/" "$corpus" "$2" ${3+"$3"} >"$log" 2>&1 || status=$?
    printf '%s: %s executions in %s minutes, %s inputs in the corpus\n' "$1" \
        "$(statistic number_of_executed_units)" $((seconds / 60)) \
        "$(find "$corpus" -type f | wc -l)"
    [ $status = 0 ] && return
    tail -n 40 "$log"
    printf '%s: FAILED; input: %s\n' "$1" "$(find "$findings" -type f)"
    good=false
}

sh "$source/platform/linux/setup.sh" --fuzz
build_targets
good=true
for target in "$@"; do
    fuzz "$target"
done
[ $good = true ]
