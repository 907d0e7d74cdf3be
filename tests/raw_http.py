"""HTTP by hand for tests: what is sent and received, byte by byte."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from starlette.types import ASGIApp

from api.connection_limits import ConnectionLimits
from api.connections import Connections
from api.front import Front
from api.server import Server, server_config

__all__ = ["connected", "guarded", "read_all", "talk"]


@contextmanager
def guarded(
    app: ASGIApp, limits: ConnectionLimits, front: Front | None = None
) -> Iterator[tuple[str, Connections]]:
    """Run an application as the command line does, within limits; gives its address."""
    connections = Connections(limits, front)
    config = server_config(app, connections)
    config.timeout_graceful_shutdown = 1
    server = Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    host, port = listener.getsockname()[:2]
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        yield f"http://{host}:{port}", connections
    finally:
        server.should_exit = True
        thread.join(timeout=20)


@contextmanager
def connected(address: str, *, receive_buffer: int | None = None) -> Iterator[socket.socket]:
    """Connect to a server; a small receive buffer makes for a client that takes little."""
    parts = urlsplit(address)
    with socket.socket() as connection:
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(30)
        connection.connect((parts.hostname, parts.port))
        yield connection


def read_all(connection: socket.socket) -> bytes:
    """Read until the server closes the connection, or cuts it off."""
    received = bytearray()
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        received += b"(reset)"
    return bytes(received)


def talk(address: str, request: bytes) -> bytes:
    """Send a request, and read all that comes back until the connection ends."""
    with connected(address) as connection:
        connection.sendall(request)
        return read_all(connection)
