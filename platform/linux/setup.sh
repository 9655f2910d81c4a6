#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# Installs what building Freshen needs and the system lacks, and builds KArchive for Qt 6 where the
# system has no package of it. Says what it will do, and asks when there is a terminal. Servers
# that only tests start are unpacked, not installed.
#
#   sh platform/linux/setup.sh [--yes] [--tests] [--fuzz] [--check]
#
# --yes    do not ask
# --tests  also what the tests need
# --fuzz   also what tests/fuzz/run.sh needs
# --check  change nothing: print what is missing and exit 1, or exit 0 when nothing is
#
# Environment:
# FRESHEN_CACHE           where KArchive is built and servers are unpacked, default
#                         ~/.cache/freshen-build; CMake looks there
# FRESHEN_DEBIAN_MIRROR   the Debian mirror to fetch KArchive's source from, needed on Ubuntu 24.04
#                         only; Debian uses the one that it is set up with

set -eu

# A static libcrypto can need the libraries of zstd and zlib, which its package does not ask for.
build_packages="build-essential ccache cmake libbz2-dev libdivsufsort-dev libexpected-dev libssl-dev
    libutf8proc-dev libzstd-dev ninja-build pkgconf qt6-base-dev zlib1g-dev"
karchive_package=libkf6archive-dev
# What KArchive is made of, where there is no package of it.
karchive_packages="$build_packages debian-archive-keyring liblzma-dev"
test_packages="bsdiff btrfs-progs curl dbus e2fsprogs fonts-dejavu-core imagemagick iproute2
    libcap2-bin minisign ntfs-3g openbox openssl pkexec polkitd procps python3 strace systemd unzip
    util-linux xdotool xfsprogs xvfb zip zstd"
# The sanitizers come apart from clang; llvm has what names the functions in their reports.
fuzz_packages="clang libclang-rt-dev llvm"

# Each with its program that tests run.
server_packages="nginx:usr/sbin/nginx tinyproxy-bin:usr/bin/tinyproxy
    hey:usr/bin/hey"

# Changes whenever KArchive has to be built anew.
karchive_recipe=1

cache=${FRESHEN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/freshen-build}

say() { printf '%s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
indented() { printf '    %s\n' "$@"; }

usage() { sed -n '/^# Installs/,/^$/s/^# \{0,1\}//p' "$0"; }

read_arguments() {
    yes=false tests=false fuzz=false check=false
    for argument in "$@"; do
        case $argument in
        --yes) yes=true ;;
        --tests) tests=true ;;
        --fuzz) fuzz=true ;;
        --check) check=true ;;
        --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
        esac
    done
}

# ------------------------------------------------------------------ what is there, what is missing

read_system() {
    ID=unknown VERSION_ID='' VERSION_CODENAME=''
    # shellcheck disable=SC1091
    [ ! -r /etc/os-release ] || . /etc/os-release
    case $ID-$VERSION_ID in
    debian-12 | ubuntu-24.04) supported=true karchive=build ;;
    debian-13) supported=true karchive=package ;;
    ubuntu-*)
        karchive=package
        if dpkg --compare-versions "${VERSION_ID:-0}" gt 24.04; then supported=true
        else supported=false
        fi
        ;;
    *) supported=false karchive=package ;;
    esac
    if [ $karchive = build ] && is_available $karchive_package; then karchive=package; fi
}

is_available() { apt-cache show --no-all-versions "$1" >/dev/null 2>&1; }

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | head -n 1)" = installed ]
}

find_missing() {
    wanted=$build_packages
    [ $karchive = package ] && wanted="$wanted $karchive_package" || wanted=$karchive_packages
    [ $tests = false ] || wanted="$wanted $test_packages"
    [ $fuzz = false ] || wanted="$wanted $fuzz_packages"
    missing=
    for package in $wanted; do
        is_installed "$package" || missing="$missing $package"
    done
    missing=${missing# }
}

karchive_stamp() { printf '%s %s %s' $karchive_recipe "$ID-$VERSION_ID" "$(uname -m)"; }

is_karchive_missing() {
    [ $karchive = build ] &&
        [ "$(cat "$cache/kf6/recipe" 2>/dev/null)" != "$(karchive_stamp)" ]
}

# Those of the servers that are neither installed nor unpacked.
missing_servers() {
    [ $tests = true ] || return 0
    for server in $server_packages; do
        file=${server#*:}
        [ -x "/$file" ] || [ -x "$cache/servers/${file##*/}" ] || printf '%s\n' "$server"
    done
}

explain_unsupported() {
    say 'This script knows Debian 12 and 13 and Ubuntu from 24.04 on. Here, please install these'
    say '(the names are those of Debian 13), then build as the README says:'
    # shellcheck disable=SC2086 # one word, one line
    indented $build_packages $karchive_package $test_packages $fuzz_packages nginx tinyproxy
    exit 1
}

# ------------------------------------------------------------------------------- asking, installing

print_plan() {
    if [ -n "$missing" ]; then
        say 'Freshen needs these packages, which are not installed:'
        # shellcheck disable=SC2086 # one word, one line
        indented $missing
    fi
    if is_karchive_missing; then
        say 'Freshen needs KArchive for Qt 6, which this system has no package of.'
        say 'It is built from the source package of Debian 13 into this folder:'
        indented "$cache/kf6"
    fi
    if [ -n "$servers" ]; then
        say 'Some tests start servers. These are unpacked, not installed, into this folder:'
        # shellcheck disable=SC2086 # one word, one line
        indented "$cache/servers" $servers
    fi
}

ask() {
    if [ $yes = true ] || [ ! -t 0 ]; then return; fi
    printf 'Go ahead? [Y/n] '
    read -r answer || answer=n
    case $answer in
    '' | [Yy]*) ;;
    *) fail 'nothing was changed.' ;;
    esac
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

update_lists() { as_root apt-get update -q; }

install_packages() {
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        fail "neither root nor sudo; as root, run: apt-get install --no-install-recommends $missing"
    fi
    for package in $missing; do
        is_available "$package" || { update_lists; break; }
    done
    # The lists can be older than the mirror.
    apt_install || { update_lists && apt_install; } ||
        fail "these packages could not be installed: $missing"
}

apt_install() {
    # shellcheck disable=SC2086 # the packages are words
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 $missing
}

# No other run changes the cache until this one ends. What waits for one may find all done.
lock_cache() {
    mkdir -p "$cache"
    exec 9>"$cache/lock"
    flock 9
    rm -rf "$cache"/work.*
    work=$(mktemp -d "$cache/work.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 1' HUP INT TERM
}

# ----------------------------------------------------------------------------------------- KArchive

# The address that this system fetches Debian's packages from.
debian_address() {
    if [ -n "${FRESHEN_DEBIAN_MIRROR:-}" ]; then
        printf '%s' "$FRESHEN_DEBIAN_MIRROR"
        return
    fi
    # shellcheck disable=SC2016 # apt expands them
    apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(LABEL)' 'Created-By: Packages' |
        awk -v codename="$VERSION_CODENAME" '$2 == codename && $3 == "Debian" { print $1; exit }'
}

find_debian_address() {
    address=$(debian_address)
    if [ -z "$address" ] && [ "$ID" = debian ]; then
        update_lists
        address=$(debian_address)
    fi
    [ -n "$address" ] ||
        fail 'set FRESHEN_DEBIAN_MIRROR to the address of a Debian mirror, for KArchive'"'"'s source.'
}

# apt-get with Debian 13 for its only source and with lists of its own: the system's stay as they are.
apt_debian_13() {
    apt-get -q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/sources" \
        -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User=root -o APT::Default-Release= "$@"
}

write_source_list() {
    mkdir -p sources lists/partial cache/archives/partial
    cat >sources/debian-13.sources <<END
Types: deb deb-src
URIs: $address
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
}

fetch_karchive() {
    apt_debian_13 update &&
        apt_debian_13 source --download-only kf6-karchive &&
        apt_debian_13 download extra-cmake-modules &&
        dpkg-source --no-check -x kf6-karchive_*.dsc source &&
        dpkg -x extra-cmake-modules_*.deb tools
}

# KArchive asks for a newer Qt than it needs: one header is all that 6.4 does not include by itself.
# Its translations are left out: they need more tools, and Freshen shows none of them.
adapt_karchive() {
    sed -i 's/^set(REQUIRED_QT_VERSION .*/set(REQUIRED_QT_VERSION 6.4.0)/' source/CMakeLists.txt &&
        grep -q '^set(REQUIRED_QT_VERSION 6.4.0)' source/CMakeLists.txt &&
        sed -i 's/^#include <QDebug>$/&\n#include <QStringConverter>/' source/src/k7zip.cpp &&
        grep -q '^#include <QStringConverter>' source/src/k7zip.cpp &&
        rm -rf source/poqm
}

compile_karchive() {
    cmake -G Ninja -S source -B build -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF \
        -DECM_DIR="$work/tools/usr/share/ECM/cmake" -DCMAKE_INSTALL_LIBDIR=lib \
        -DCMAKE_SKIP_INSTALL_RPATH=ON &&
        cmake --build build &&
        cmake --install build --prefix "$work/kf6" &&
        karchive_stamp >kf6/recipe
}

make_karchive() {
    cd "$work" && write_source_list && fetch_karchive && adapt_karchive && compile_karchive
}

build_karchive() {
    find_debian_address
    say 'Building KArchive ...'
    (make_karchive) >"$cache/kf6.log" 2>&1 || {
        tail -n 30 "$cache/kf6.log"
        fail "KArchive could not be built; see $cache/kf6.log"
    }
    # In place only when complete: an interrupted run leaves nothing half-made.
    [ ! -e "$cache/kf6" ] || mv "$cache/kf6" "$work/old"
    mv "$work/kf6" "$cache/kf6"
}

# --------------------------------------------------------------------------- servers for the tests

unpack_server() { # PACKAGE:FILE
    folder=$work/${1%%:*}
    rm -rf "$folder"
    mkdir "$folder"
    # Whoever apt would become may not write there. It is of use only with all its libraries.
    (cd "$folder" && apt-get -q -o APT::Sandbox::User=root download "${1%%:*}" &&
        dpkg -x ./*.deb . && ! ldd "${1#*:}" | grep 'not found') >>"$cache/servers.log" 2>&1
}

# Tests do without those that cannot be had, and say so.
unpack_servers() {
    : >"$cache/servers.log"
    for server in $(missing_servers); do
        # The lists can be older than the mirror.
        if unpack_server "$server" || { update_lists && unpack_server "$server"; }; then
            mkdir -p "$cache/servers"
            mv "$folder/${server#*:}" "$cache/servers/"
        else
            say "There is no ${server%%:*} (see $cache/servers.log); tests with it are skipped."
        fi
    done
}

# ---------------------------------------------------------------------------------------------------

main() {
    read_arguments "$@"
    read_system
    [ $supported = true ] || explain_unsupported
    find_missing
    servers=$(missing_servers | sed 's/:.*//')
    [ -n "$missing$servers" ] || is_karchive_missing || exit 0
    if [ $check = true ]; then
        # shellcheck disable=SC2086 # one word, one line
        [ -z "$missing" ] || printf '%s\n' $missing
        ! is_karchive_missing || say 'KArchive for Qt 6'
        # shellcheck disable=SC2086 # one word, one line
        [ -z "$servers" ] || printf '%s\n' $servers
        exit 1
    fi
    print_plan
    ask
    [ -z "$missing" ] || install_packages
    lock_cache
    ! is_karchive_missing || build_karchive
    unpack_servers
    say 'Everything that Freshen needs is there.'
}

main "$@"
