# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

"""A file system that cannot exchange two folders in one step, anywhere."""

import ctypes
import errno
import platform
import struct

RENAMEAT2 = {"x86_64": 316, "aarch64": 276}
RENAME_EXCHANGE = 2
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
LOAD, IF_EQUAL, IF_SET, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, FAIL = 0x7FFF0000, 0x00050000
NUMBER, FLAGS = 0, 16 + 4 * 8  # where a filter finds the call's number and its fifth argument


def deny_exchange():
    """From now on, for this process and all that it starts."""
    filters = [(LOAD, 0, 0, NUMBER), (IF_EQUAL, 0, 3, RENAMEAT2[platform.machine()]),
               (LOAD, 0, 0, FLAGS), (IF_SET, 0, 1, RENAME_EXCHANGE),
               (RETURN, 0, 0, FAIL | errno.EINVAL), (RETURN, 0, 0, ALLOW)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *f) for f in filters))
    program = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(filters), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    if (libc.prctl(PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero)
            or libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER),
                          ctypes.byref(program), zero, zero)):
        raise OSError(ctypes.get_errno(), "this system filters no calls")
