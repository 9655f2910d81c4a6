#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# The README's table of errors is the list in platform/errorcode.h, in the same words and order.

# shellcheck disable=SC2016 # the backticks are Markdown's

set -eu

cd "$(dirname "$0")/.."
listed=$(sed -n 's/^ *X(\([A-Z_]*\), \([0-9]\), "\(.*\)").*/| `\1` | \2 | \3 |/p' platform/errorcode.h)
table=$(grep '^| `[A-Z_]*` | [0-9] |' README.md)
[ -n "$listed" ]
[ "$listed" = "$table" ] || {
    printf 'platform/errorcode.h has:\n%s\n\nREADME.md has:\n%s\n' "$listed" "$table"
    exit 1
}
