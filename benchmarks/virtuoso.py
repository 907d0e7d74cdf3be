"""Virtuoso as Debian packages it, with a graph loaded into it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.peers import Peer, find_program, free_port, running

__all__ = ["virtuoso_command", "virtuoso_served"]

_SETTINGS = """\
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
CheckpointInterval={checkpoint}
NumberOfBuffers={buffers}
MaxDirtyBuffers={dirty}
CaseMode=2
DirsAllowed=.
[HTTPServer]
ServerPort=127.0.0.1:{http}
ServerRoot=.
MaxClientConnections=20
MaxKeepAlives=20
KeepAliveTimeout=60
[Flags]
hash_join_enable={hash_join}
[SPARQL]
ResultSetMaxRows=1000000
MaxConstructTriples=1000000
MaxQueryCostEstimationTime=0
MaxQueryExecutionTime=0
"""


def virtuoso_command(
    folder: Path,
    sql: int,
    http: int,
    *,
    buffers: int,
    checkpoint: int = 0,
    hash_join: bool = True,
) -> list[str]:
    """Return what starts Virtuoso in a folder, whose settings are written; raises PeerMissing.

    ``sql`` and ``http`` are its ports, ``buffers`` pages of 8 KiB, ``checkpoint`` minutes.
    """
    settings = _SETTINGS.format(
        sql=sql,
        http=http,
        buffers=buffers,
        dirty=buffers * 3 // 4,
        checkpoint=checkpoint,
        hash_join=int(hash_join),
    )
    (folder / "virtuoso.ini").write_text(settings, encoding="utf-8")
    return [find_program("virtuoso-t"), "+configfile", "virtuoso.ini", "+foreground"]


@contextmanager
def virtuoso_served(graph: Path, folder: Path) -> Iterator[Peer]:
    """Serve a graph by Virtuoso, whose database is made in an empty folder."""
    console = find_program("isql-vt")
    sql, http = free_port(), free_port()
    folder.mkdir(parents=True)
    command = virtuoso_command(folder, sql, http, buffers=170_000)
    _copy(graph, folder / "graph.nq")
    log = folder / "output.txt"
    with running("Virtuoso", command, http, "/sparql", log, folder=folder) as peer:
        load = "ld_dir('.', 'graph.nq', 'urn:none'); rdf_loader_run(); checkpoint;"
        subprocess.run(
            [console, f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"],
            check=True,
            capture_output=True,
        )
        yield peer


def _copy(graph: Path, place: Path) -> None:
    try:
        os.link(graph, place)
    except OSError:
        shutil.copyfile(graph, place)
