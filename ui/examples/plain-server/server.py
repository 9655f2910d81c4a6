#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""A web server that knows nothing of Freshen, and is kept fresh all the same.

   freshen-supervise --program server.py --public-key release.pub --on-update handover \\
       --listen http=tcp:127.0.0.1:8080 --source https://example.org/server.py

What it does for that, any language can do: it serves the sockets that it inherits (LISTEN_FDS),
says READY=1 to NOTIFY_SOCKET, ends what is under way when it gets SIGTERM, and, for --self-test,
repeats a token.
"""

import os
import signal
import socket
import socketserver
import sys
import threading

VERSION = "1.0"


class Client(socketserver.StreamRequestHandler):
    def handle(self):
        while request := self.rfile.readline():
            while (line := self.rfile.readline()) not in (b"\r\n", b"\n", b""):
                request += line.lower()
            body = f"{VERSION} {os.environ.get('FRESHEN_GENERATION', 0)} {os.getpid()}\n".encode()
            is_last = self.server.is_leaving or b"connection: close" in request
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s" % (
                len(body), b"Connection: close\r\n" if is_last else b"", body))
            if is_last:
                return


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = False  # the end waits for those that still answer
    is_leaving = False

    def __init__(self, inherited):
        super().__init__(None, Client, bind_and_activate=False)
        self.socket.close()
        self.socket = inherited

    def leave(self, *_):
        self.is_leaving = True
        # Not from this thread: it is the one that serves.
        threading.Thread(target=self.shutdown).start()


def inherited_sockets():
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(os.environ.get("LISTEN_FDS", 0))
    return [socket.socket(fileno=3 + i) for i in range(count)]


def say_ready():
    if name := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.sendto(b"READY=1", name.replace("@", "\0", 1))


def main():
    if sys.argv[1:2] == ["--freshen-selftest"]:
        print(sys.argv[2], VERSION)
        return
    sockets = inherited_sockets() or [socket.create_server(("127.0.0.1", 8080))]
    server = Server(sockets[0])
    signal.signal(signal.SIGTERM, server.leave)
    say_ready()
    server.serve_forever()
    server.server_close()


main()
