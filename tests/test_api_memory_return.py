"""Memory that was freed goes back to the system."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from api.memory_return import find_trim, returning_memory

# Small pieces on the heap, and one behind them that keeps the heap from shrinking by itself.
HEAP = """
import ctypes, asyncio, sys
from pathlib import Path
from api.memory_return import returning_memory
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
pieces = []
for _ in range(1000):
    pieces.append(libc.malloc(64 * 1024))
    ctypes.memset(pieces[-1], 1, 64 * 1024)
last = libc.malloc(64 * 1024)
for piece in pieces:
    libc.free(piece)
before = resident()
async def wait():
    async with returning_memory(period=0.05):
        await asyncio.sleep(0.5)
asyncio.run(wait())
print((before - resident()) // 1024**2)
"""


@pytest.mark.skipif(find_trim() is None, reason="this C library has no malloc_trim")
def test_freed_memory_goes_back() -> None:
    environment = {"PYTHONPATH": ":".join(sys.path)}
    found = subprocess.run(
        [sys.executable, "-c", HEAP], env=environment, capture_output=True, text=True, check=True
    )
    assert int(found.stdout) > 40


def test_it_is_done_again_and_again_until_the_end() -> None:
    calls: list[None] = []

    async def wait() -> int:
        async with returning_memory(lambda: calls.append(None), period=0.01):
            await asyncio.sleep(0.2)
        return len(calls)

    assert asyncio.run(wait()) == len(calls) > 1
