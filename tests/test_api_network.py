from __future__ import annotations

import errno
import socket
import sys

import pytest
from processes import in_child

from api.network import forbid_sockets, leave_network

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="a means of Linux")


def calls(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


@LINUX
def test_a_process_that_left_the_network_reaches_itself_only() -> None:
    def work() -> tuple[bool, bool, bool]:
        with socket.create_server(("127.0.0.1", 0)) as own:
            outside = calls(own.getsockname()[1])
            has_left = leave_network()
        with socket.create_server(("127.0.0.1", 0)) as inside:
            return has_left, outside, calls(inside.getsockname()[1])

    told = in_child(work)
    if told.startswith("(False"):
        pytest.skip("no network namespaces here")
    assert told == "(True, True, True)"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert in_child(lambda: (leave_network(), calls(port))) == "(True, False)"


@LINUX
def test_a_process_keeps_its_network_where_it_may_not_leave(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.network._raise_loopback", lambda: (_ for _ in ()).throw(OSError))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert in_child(lambda: (leave_network(), calls(port))) == "(False, True)"


@LINUX
def test_a_filter_forbids_sockets_to_a_process_and_its_children() -> None:
    def work() -> tuple[bool, object, str]:
        ours, theirs = socket.socketpair()
        is_filtered = forbid_sockets()
        ours.send(b"x")
        return is_filtered, theirs.recv(1), in_child(open_socket)

    assert in_child(work) == f"(True, b'x', '{errno.EPERM}')"


def open_socket() -> int | None:
    try:
        socket.socket().close()
    except OSError as error:
        return error.errno
    return None
