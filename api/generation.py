"""One snapshot being served: the process that holds it, and the workers forked from that."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress

from api.crew import Crew, Staff, read_first_message
from api.failures import LOST
from api.messages import Kind, Opening, pack
from api.process import Launcher, Process
from api.zygote_process import ZygoteProcess
from kg.snapshot import Snapshot, hold

__all__ = ["Generation"]

_LOAD_SECONDS = 1800.0
"""How long a snapshot may take to be read into memory: ten million quads took five minutes."""
_END_SECONDS = 5.0


class Generation:
    """A holder and its crews; the snapshot is kept from being removed meanwhile."""

    def __init__(
        self,
        zygote: ZygoteProcess,
        holder: Process,
        snapshot: Snapshot,
        opening: Opening,
        staff: Staff,
    ) -> None:
        self.zygote = zygote
        self.snapshot = snapshot
        self.opening = opening
        self._holder = holder
        self._lock = ExitStack()
        self._launcher = Launcher(holder.channel, lambda: holder.pid)
        self.gone = self._launcher.gone
        self.crews = {
            role: Crew(self._launcher, role, staff, memory=opening.memory, snapshot=snapshot.id)
            for role in staff.sizes
        }

    @classmethod
    async def start(
        cls, zygote: ZygoteProcess, snapshot: Snapshot, opening: Opening, staff: Staff
    ) -> Generation:
        """Start serving a snapshot; raises QueryCrashed when it cannot be opened."""
        with ExitStack() as stack:
            stack.enter_context(hold(snapshot))
            holder = zygote.launcher.fork("holder")
            stack.callback(holder.channel.close)
            holder.channel.send(pack(Kind.OPEN, opening.to_bytes()))
            await read_first_message(holder, opening.memory, _LOAD_SECONDS)
            started = cls(zygote, holder, snapshot, opening, staff)
            try:
                await asyncio.gather(*(crew.start() for crew in started.crews.values()))
            except BaseException:
                await started.close()
                raise
            started._lock = stack.pop_all()
            return started

    @property
    def is_ready(self) -> bool:
        """Whether queries are answered, be it by workers that are just replaced."""
        return not self.gone.done() and not any(crew.is_failing for crew in self.crews.values())

    @property
    def pid(self) -> int | None:
        """The id of the holder's process."""
        return self._holder.pid

    def fork_writer(self) -> Process:
        """Return a new process that evaluates one write on a copy of the graph, and ends."""
        return self._launcher.fork("write")

    async def drain(self) -> None:
        """Return when what is under way is finished, and all processes are gone."""
        await asyncio.gather(*(crew.retire() for crew in self.crews.values()))
        await self.close()

    async def close(self) -> None:
        """Kill the processes, and return when they are gone."""
        await asyncio.gather(*(crew.close() for crew in self.crews.values()))
        # Who does not answer does not end when told to either.
        seconds = 0 if self.gone.done() else _END_SECONDS
        self._launcher.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.shield(self._holder.ended)
        self._holder.kill()
        ending = await asyncio.shield(self._holder.ended)
        if ending.words == LOST and self._holder.pid:
            self.zygote.kill_orphan(self._holder.pid)
        self._lock.close()
