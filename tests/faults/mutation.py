#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""Takes away single checks of the verifier, of the readers of trailers, manifests and roots, of the
name policy, and of the journal, and expects a test to fail each time.

  python3 tests/faults/mutation.py --build BUILD [--every N] [--only TEXT] [--list]

Neither the source nor the build folder is changed: a changed copy of one file is compiled as the
build would, and linked in front of the libraries with the test programs named for it. BUILD must
have been built; its tests must pass as it is. `ctest -C ci` takes a sample of three; all of
them take some minutes. Ends with 1 when a change survives, with 2 when its text is not there once
or does not compile: mend mutations.py then.
"""

import argparse
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

from mutations import MUTATIONS

SOURCE = pathlib.Path(__file__).resolve().parents[2]
FUZZ = SOURCE / 'tests/fuzz'
# What stands in the way of a mutant that never ends; far more than any test takes.
SECONDS = 900


class Broken(Exception):
    """The table and the source do not fit, or the build does not."""


def output_of(command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Broken(f'{shlex.join(map(str, command))}: {done.stderr or done.stdout}')
    return done.stdout


class Build:
    """How a finished build folder compiles its files and links its tests."""

    def __init__(self, folder, work):
        self.folder = folder
        self.work = work
        entries = json.loads(output_of(['ninja', '-t', 'compdb'], folder))
        self.compilers = {}
        for entry in entries:
            self.compilers.setdefault(str((folder / entry['file']).resolve()), entry['command'])
        self.links = {}

    def compile(self, file, text):
        """The object of a file with another text."""
        changed = self.work / pathlib.Path(file).name
        changed.write_text(text, encoding='utf-8')
        words = shlex.split(self.compilers[str(SOURCE / file)])
        words[words.index('-c') + 1] = str(changed)
        words[words.index('-o') + 1] = str(self.work / 'changed.o')
        words[words.index('-MF') + 1] = str(self.work / 'changed.d')
        # What is not used any more is no error here.
        words = [word for word in words if word not in ('-Werror', '-O3')] + ['-w']
        output_of(words, self.folder)
        return self.work / 'changed.o'

    def link(self, test, changed):
        """The test program with an object that comes before the libraries."""
        if test not in self.links:
            last = output_of(['ninja', '-t', 'commands', test], self.folder).splitlines()[-1]
            words = shlex.split(last.replace(': && ', '', 1))
            self.links[test] = words[:words.index('&&')] if '&&' in words else words
        words = list(self.links[test])
        place = words.index('-o')
        words[place + 1] = str(self.work / test)
        words.insert(place, str(changed))
        output_of(words, self.folder)
        return self.work / test

    def program(self, test):
        last = output_of(['ninja', '-t', 'commands', test], self.folder).splitlines()[-1]
        words = shlex.split(last)
        return self.folder / words[words.index('-o') + 1]


def passes(program, test):
    corpus = [str(FUZZ / 'corpus' / test[5:])] if test.startswith('fuzz_') else []
    environment = {'LC_ALL': 'C.UTF-8', 'QT_QPA_PLATFORM': 'offscreen', 'PATH': '/usr/bin:/bin'}
    try:
        done = subprocess.run([str(program), *corpus], env=environment, timeout=SECONDS,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def mutated(file, text, replacement):
    source = (SOURCE / file).read_text(encoding='utf-8')
    if source.count(text) != 1:
        raise Broken(f'{file}: {text!r} stands there {source.count(text)} times, not once')
    return source.replace(text, replacement)


def killer_of(build, file, tests, change):
    """The first of the tests that fails."""
    changed = build.compile(file, mutated(file, *change))
    return next((test for test in tests if not passes(build.link(test, changed), test)), None)


def brief(text):
    line = ' '.join(text.split())
    return line if len(line) <= 64 else line[:61] + '...'


def require_good(build, chosen):
    for test in sorted({test for _, tests, _ in chosen for test in tests}):
        if not passes(build.program(test), test):
            raise Broken(f'{test} fails without any change')


def run(build, chosen):
    require_good(build, chosen)
    survivors = 0
    for file, tests, change in chosen:
        killer = killer_of(build, file, tests, change)
        survivors += killer is None
        name = f'{pathlib.Path(file).name}: {brief(change[0])}'
        print(f'{name:<88} {killer or "SURVIVED"}', flush=True)
    print(f'{len(chosen)} checks were taken away, {len(chosen) - survivors} were noticed by a test')
    return 1 if survivors else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', type=pathlib.Path, required=True)
    parser.add_argument('--every', type=int, default=1, help='take every N-th change alone')
    parser.add_argument('--only', default='', help='files and changes with this text in them')
    parser.add_argument('--list', action='store_true', help='show the changes and do nothing')
    return parser.parse_args()


def main():
    options = arguments()
    all_changes = [(file, tests, change) for file, tests, changes in MUTATIONS
                   for change in changes]
    chosen = [one for one in all_changes if options.only in one[0] + one[2][0]][::options.every]
    try:
        # A moved text is found in every run, whatever the sample.
        for file, _, change in all_changes:
            mutated(file, *change)
        if options.list:
            print(*(f'{file}: {brief(change[0])}' for file, _, change in chosen), sep='\n')
            return 0
        with tempfile.TemporaryDirectory(prefix='freshen-mutation-') as work:
            return run(Build(options.build.resolve(), pathlib.Path(work)), chosen)
    except Broken as broken:
        print(f'BROKEN: {broken}')
        return 2


if __name__ == '__main__':
    sys.exit(main())
