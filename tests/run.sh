#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# Installs what is missing, builds Freshen and runs its tests.
#
#   sh tests/run.sh [--ci]
#
# --ci  also the long tests, and those of single parts once more with sanitizers; warnings are
#       errors. All tests with sanitizers: cmake --preset asan, build, ctest --preset asan
#
# FRESHEN_BUILD is the folder to build in, default: build in the source folder. Nothing else is
# written but caches.

set -eu

source=$(cd "$(dirname "$0")/.." && pwd)
build=${FRESHEN_BUILD:-$source/build}
jobs=$(nproc)
ci=false
case "${1-}" in
'') ;;
--ci) ci=true ;;
*) sed -n '/^# Installs/,/^$/s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

durations=
tests=0 failures=0 good=true

# part NAME COMMAND...: runs a part and notes how long it took; a part that fails ends the run.
part() {
    name=$1
    shift
    printf '\n=== %s\n' "$name"
    begin=$(date +%s)
    "$@" || { printf '\n%s: FAILED\n' "$name"; exit 1; }
    durations="$durations$(printf '%5d s  %s' $(($(date +%s) - begin)) "$name")
"
}

build_with() { # FOLDER OPTION...
    folder=$1
    shift
    cmake -S "$source" -B "$folder" -G Ninja "$@" && cmake --build "$folder"
}

# Counts failing tests instead of stopping, so that the other parts run, too.
test_in() { # FOLDER OPTION...
    report=$1/tests.xml
    rm -f "$report"
    ctest --test-dir "$@" -j "$jobs" --output-on-failure --output-junit "$report" || good=false
    [ -e "$report" ] || return 1
    tests=$((tests + $(attribute tests) - $(attribute skipped) - $(attribute disabled)))
    failures=$((failures + $(attribute failures)))
}

# An attribute of the report's first element.
attribute() { sed -n "s/^[[:space:]]*$1=\"\([0-9]*\)\".*/\1/p" "$report" | head -n 1; }

# What reads bytes that others wrote, and what handles descriptors and processes. Whole programs
# take a sanitizer long, and only run what these tests call.
sanitized_parts='auto/conformance auto/feed auto/freshness auto/handover auto/install auto/package
    auto/platform auto/replace auto/trust fuzz'

build_sanitized() {
    cmake -S "$source" -B "$build/asan" -G Ninja --preset asan || return 1
    for sanitized_part in $sanitized_parts; do
        cmake --build "$build/asan" --target "tests/$sanitized_part/all" || return 1
    done
}

test_sanitized() {
    # What Qt and the fonts keep until the end is not ours to free.
    export ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1
    for sanitized_part in $sanitized_parts; do
        test_in "$build/asan/tests/$sanitized_part" || return 1
    done
}

part 'set-up' sh "$source/platform/linux/setup.sh" --tests
if [ $ci = true ]; then
    part 'build' build_with "$build" -DCMAKE_COMPILE_WARNING_AS_ERROR=ON
    part 'tests' test_in "$build" -C ci
    part 'build with sanitizers' build_sanitized
    part 'tests with sanitizers' test_sanitized
else
    part 'build' build_with "$build"
    part 'tests' test_in "$build"
fi

printf '\n%s\n%d passed, %d failed\n' "$durations" $((tests - failures)) "$failures"
[ $good = true ] && [ "$tests" -gt 0 ]
