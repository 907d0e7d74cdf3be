"""How a process leaves the network: into one of its own, or by giving up sockets."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["forbid_sockets", "leave_network"]

_NEW_USERS, _NEW_NETWORK = 0x10000000, 0x40000000
_GET_FLAGS, _SET_FLAGS = 0x8913, 0x8914
_UP = 1
_INTERFACE = struct.Struct("16sh14x")
# Of linux/filter.h, linux/seccomp.h and linux/audit.h.
_FILTER_ROW = struct.Struct("HBBI")
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_CALL_AT, _ARCHITECTURE_AT = 0, 4
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NO_NEW_PRIVILEGES, _SET_FILTER, _BY_PROGRAM = 38, 22, 2
# The machine, then the calls socket and io_uring_setup, which could make one too.
_FORBIDDEN = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}
_IS_LINUX = sys.platform == "linux"
_LIBRARY = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    """The struct sock_fprog of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("rows", ctypes.c_void_p))


def leave_network() -> bool:
    """Move this process to a network of its own that has a loopback and nothing else.

    Returns False, and changes nothing, where the system refuses. The process must have one
    thread only.
    """
    # A namespace without a loopback would be half a change; so a child tries first.
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0 and _unshare()
    try:
        os._exit(0 if _unshare() else 1)
    finally:
        os._exit(1)


def _unshare() -> bool:
    if not _IS_LINUX:
        return False
    user, group = os.getuid(), os.getgid()
    # A new user namespace costs root its right to other users' files, so it comes second.
    if _LIBRARY.unshare(_NEW_NETWORK):
        if _LIBRARY.unshare(_NEW_USERS | _NEW_NETWORK):
            return False
        _map_identity(user, group)
    try:
        _raise_loopback()
    except OSError:
        return False
    return True


def _map_identity(user: int, group: int) -> None:
    """Let the process be who it was in its new user namespace too."""
    for name, text in (
        ("uid_map", f"{user} {user} 1"),
        ("setgroups", "deny"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with suppress(OSError):
            Path(f"/proc/self/{name}").write_text(text, encoding="ascii")


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = _INTERFACE.pack(b"lo", 0)
        name, flags = _INTERFACE.unpack(fcntl.ioctl(any_socket, _GET_FLAGS, asked))
        fcntl.ioctl(any_socket, _SET_FLAGS, _INTERFACE.pack(name, flags | _UP))


def forbid_sockets() -> bool:
    """Let this process, and its children, open no socket any more, by a filter of system calls.

    Returns False, and changes nothing, where the system or the machine has none that we know.
    """
    numbers = _FORBIDDEN.get(platform.machine()) if _IS_LINUX else None
    if numbers is None or sys.maxsize < 1 << 32:
        return False
    architecture, *calls = numbers
    rows = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_IF_EQUAL, 0, len(calls) + 2, architecture),
        (_LOAD, 0, 0, _CALL_AT),
        *((_JUMP_IF_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    code = ctypes.create_string_buffer(b"".join(_FILTER_ROW.pack(*row) for row in rows))
    program = _Program(len(rows), ctypes.addressof(code))
    _LIBRARY.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return not _LIBRARY.prctl(_SET_FILTER, _BY_PROGRAM, ctypes.byref(program), 0, 0)
