"""Files of snapshots that are made when somebody asks for them: once, one at a time."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from api.download_offer import KGX
from api.download_wish import Wish
from api.failures import Overloaded
from api.version import find_version
from kg.difference_writing import FILES
from kg.inputs import TOOLS
from kg.shipped import Shipped
from kg.snapshot import Snapshot
from kg.snapshot_shelf import Made, Shelf

__all__ = ["Maker", "MakingFailed"]

_LOG = logging.getLogger(__name__)
_PROGRAM = ("-m", "api.download_process")
_AGAIN = 5
_MOST = 16
_PATIENCE = 50.0


class MakingFailed(Exception):  # noqa: N818 - what the client is told
    """A file of a snapshot could not be made; the log says why."""


class Maker:
    """Lets processes make files, and keeps these beside their snapshots.

    Who asks waits for up to ``patience`` seconds; at most ``most`` files are waited for. What
    nobody waits for any more is given up. Where a home cannot be written to, the files are kept
    in a folder of the server for as long as it runs.
    """

    def __init__(
        self,
        program: Sequence[str] = _PROGRAM,
        *,
        patience: float = _PATIENCE,
        most: int = _MOST,
    ) -> None:
        self._program = tuple(program)
        self._patience = patience
        self._most = most
        self._turn = asyncio.Semaphore(1)
        self._making: dict[Wish, _Making] = {}
        self._own: tempfile.TemporaryDirectory[str] | None = None

    async def get(self, snapshot: Snapshot, name: str, shipped: Shipped) -> Made:
        """Return a file of a snapshot; raises Overloaded, while it is made, and MakingFailed."""
        shelf = self._shelf_of(snapshot)
        made = KGX if name.startswith(f"{KGX}/") else name
        return await self._get(shelf, name, _wish(snapshot, shelf, made, shipped))

    async def compare(self, before: Snapshot, after: Snapshot, shipped: Shipped) -> Shelf:
        """Return a shelf with the differences between two snapshots; raises as ``get`` does."""
        shelf, name = self._shelf_of(after), f"since-{before.id}"
        wish = _wish(after, shelf, name, shipped, before.id)
        await self._get(shelf, f"{name}/{FILES[-1]}", wish)
        return Shelf(shelf.folder / name)

    def _shelf_of(self, snapshot: Snapshot) -> Shelf:
        """Return the shelf for what this version makes of a snapshot."""
        version = f"{find_version()}-{TOOLS['pyoxigraph']}"
        folder = snapshot.directory
        if not os.access(folder, os.W_OK):
            self._own = self._own or tempfile.TemporaryDirectory(prefix="sarcoma-kg-downloads-")
            folder = Path(self._own.name) / snapshot.id
        return Shelf(folder / f"downloads-{version}")

    async def close(self) -> None:
        """Give up what is being made, and remove what no home keeps."""
        tasks = [making.task for making in self._making.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._own is not None:
            self._own.cleanup()
            self._own = None

    async def _get(self, shelf: Shelf, name: str, wish: Wish) -> Made:
        made = None
        while made is None:
            made = await asyncio.to_thread(shelf.find, name)
            if made is None:
                await self._wait(wish)
        return made

    async def _wait(self, wish: Wish) -> None:
        making = self._making.get(wish)
        if making is None:
            if len(self._making) >= self._most:
                raise Overloaded(_AGAIN, "too many files are being made; try again later")
            making = self._making[wish] = _Making(asyncio.create_task(self._make(wish)))
            making.task.add_done_callback(lambda _: self._making.pop(wish, None))
        making.waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await asyncio.shield(making.task)
        except TimeoutError:
            message = f"{wish.name} is being made; ask again in a moment"
            making.is_kept = True
            raise Overloaded(_AGAIN, message) from None
        finally:
            making.waiting -= 1
            if not making.waiting and not making.is_kept:
                making.task.cancel()

    async def _make(self, wish: Wish) -> None:
        async with self._turn:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", *self._program, wish.to_json(), str(os.getpid())),
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
            try:
                words = (await process.communicate())[1].decode(errors="replace").strip()
            except BaseException:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.communicate()
                raise
            if process.returncode:
                _LOG.error("%s of snapshot %s: %s", wish.name, wish.snapshot[:12], words)
                raise MakingFailed(f"{wish.name} could not be made; the log of the server says why")


def _wish(
    snapshot: Snapshot, shelf: Shelf, name: str, shipped: Shipped, before: str | None = None
) -> Wish:
    home = snapshot.directory.parent.parent
    return Wish(home, snapshot.id, shelf.folder, name, shipped.root, before)


class _Making:
    """A file that is being made, and how many wait for it; ``is_kept``: one comes again."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self.task = task
        self.waiting = 0
        self.is_kept = False
