#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# Every test that acceptance.md names is there.

# shellcheck disable=SC2016 # the backticks are Markdown's

set -eu

cd "$(dirname "$0")"
names=$(grep '^| [H0-9]' acceptance.md | grep -o '`[A-Za-z0-9_]*`' | tr -d '`' | sort -u)
[ "$(echo "$names" | wc -l)" -gt 100 ]
good=true
for name in $names; do
    grep -rqw --include='*.cpp' --include=CMakeLists.txt -e "$name" . || {
        echo "acceptance.md names $name, and there is no such test."
        good=false
    }
done
$good
