"""How long a process has run on a processor, which is less than the time that has passed."""

from __future__ import annotations

import ctypes
import time

__all__ = ["find_processor_time"]

_LIBRARY = ctypes.CDLL(None)


def find_processor_time(pid: int) -> float | None:
    """Return the seconds that all threads of a process have run; None where no system tells.

    >>> find_processor_time(2**22) is None
    True
    """
    clock = ctypes.c_int()
    try:
        if _LIBRARY.clock_getcpuclockid(pid, ctypes.byref(clock)):
            return None
        return time.clock_gettime(clock.value)
    except (AttributeError, OSError):
        return None
