"""``sarcoma-kg serve`` as a process of its own, with a token that may write."""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.settings import PREFIX

__all__ = ["TOKEN", "Server", "find_free_port", "serving"]

TOKEN = "token-0123456789-token-0123456789"
DESCRIPTORS = 1024
"""Files that the server may have open: what systems grant when nobody asks for more."""

PROGRAM = (sys.executable, "-c", "from api.command_line import main; main()", "serve")
START_SECONDS = 40.0


class Server:
    """A running server: its process, the file of what it says, and where it listens."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log
        self.host, self.port = self._find_address()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def said(self) -> str:
        return self._log.read_text(errors="replace")

    def _find_address(self) -> tuple[str, int]:
        deadline = time.monotonic() + START_SECONDS
        while not (found := re.search(r"^http://([0-9.]+):(\d+)", self.said, re.MULTILINE)):
            assert self.is_running, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)
        return found[1], int(found[2])


@contextmanager
def serving(folder: Path, *flags: str) -> Iterator[Server]:
    """Run ``sarcoma-kg serve`` until the block is left, with a token that may write."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "token").write_text(f"{TOKEN}\n")
    (folder / "token").chmod(0o600)
    common = ("--home", str(folder / "home"), "--token-file", str(folder / "token"))
    with (folder / "server.log").open("wb") as output:
        process = subprocess.Popen(
            [*PROGRAM, *common, *flags],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=_environment(),
            preexec_fn=_limit_descriptors,  # noqa: PLW1509
        )
    try:
        yield Server(process, folder / "server.log")
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
        process.kill()
        process.wait()


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**own, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _limit_descriptors() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))


def find_free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
