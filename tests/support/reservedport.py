# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

import itertools
import os
import socket

FIRST, COUNT = 20_000, 12_000


class ReservedPort:
    """A port for a server that is still to be started, as reservedport.h has it."""

    def __init__(self):
        for attempt in itertools.count(os.getpid()):
            self.number = FIRST + attempt % COUNT
            self.claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            try:
                self.claim.bind(f"\0freshen-test-port-{self.number}")
                with socket.socket() as free:
                    free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    free.bind(("127.0.0.1", self.number))
                return
            except OSError:
                self.claim.close()
