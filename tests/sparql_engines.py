"""SPARQL engines for tests: processes of their own, on free ports, in scratch folders."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

__all__ = ["oxigraph_served", "virtuoso_served"]

_VIRTUOSO = """\
[Database]
DatabaseFile=virtuoso.db
ErrorLogFile=virtuoso.log
LockFile=virtuoso.lck
TransactionFile=virtuoso.trx
xa_persistent_file=virtuoso.pxa
FileExtend=200
MaxCheckpointRemap=2000
Striping=0
TempStorage=TempDatabase
[TempDatabase]
DatabaseFile=virtuoso-temp.db
TransactionFile=virtuoso-temp.trx
MaxCheckpointRemap=2000
Striping=0
[Parameters]
ServerPort=127.0.0.1:{sql}
DisableUnixSocket=1
ServerThreads=20
CheckpointInterval=60
NumberOfBuffers=60000
MaxDirtyBuffers=45000
CaseMode=2
DirsAllowed=.
[HTTPServer]
ServerPort=127.0.0.1:{http}
ServerRoot=.
MaxClientConnections=20
MaxKeepAlives=20
KeepAliveTimeout=10
[Flags]
hash_join_enable=0
[SPARQL]
ResultSetMaxRows=1000000
MaxConstructTriples=1000000
"""


@contextmanager
def oxigraph_served(folder: Path) -> Iterator[str]:
    """Give the address of an Oxigraph server; skips where none is installed."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which(
        "oxigraph"
    )
    if program is None:
        pytest.skip("no oxigraph: pip install oxigraph")
    port = _free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = [program, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    with _running(command, folder, f"http://127.0.0.1:{port}/query") as address:
        yield address


@contextmanager
def virtuoso_served(folder: Path) -> Iterator[str]:
    """Give the address of a Virtuoso that anybody may update; skips where none is installed."""
    program, console = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or console is None:
        pytest.skip("no virtuoso-t: apt-get install virtuoso-opensource")
    sql, http = _free_port(), _free_port()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(sql=sql, http=http))
    command = [program, "+configfile", "virtuoso.ini", "+foreground"]
    with _running(command, folder, f"http://127.0.0.1:{http}/sparql") as address:
        grant = 'GRANT SPARQL_UPDATE TO "SPARQL";'
        subprocess.run(
            [console, f"127.0.0.1:{sql}", "dba", "dba", f"exec={grant}"],
            check=True,
            capture_output=True,
            timeout=60,
        )
        yield address


@contextmanager
def _running(command: list[str], folder: Path, address: str) -> Iterator[str]:
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(process, address, folder)
            yield address
        finally:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], address: str, folder: Path) -> None:
    for _ in range(600):
        try:
            if httpx.get(address, params={"query": "ASK {}"}, timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError((folder / "output.txt").read_text(errors="replace")[-2000:])


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
