"""Publishers that are killed at each of their requests: a program of its own, as it forks.

``python publish_deaths.py FOLDER ENGINE UPDATE STEP`` publishes a first snapshot, and then a
second one by a child that is killed before or after every STEP-th request; another goes on.
Prints how many died. Fails where something else than a whole snapshot is visible, or arrives.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from publishing import clear, numbered_snapshot, publish, select

from kg.publication import QUERY, from_rows
from kg.publish_endpoint import Endpoint
from kg.snapshot import Snapshot


def visible(address: str) -> str:
    found = from_rows((row["s"], row["p"], row["o"]) for row in select(address, QUERY))
    return found.snapshot


def publish_and_die(snapshot: Snapshot, address: str, home: Path, number: int) -> bool:
    """Tell whether a child was killed at its nth request, before it or after it, in turn."""
    child = os.fork()
    if not child:
        send, left = Endpoint._send, number

        def counted(*given: Any, **more: Any) -> Any:
            nonlocal left
            left -= 1
            if not left and number % 2:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = send(*given, **more)
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        Endpoint._send = counted  # type: ignore[method-assign]
        publish(snapshot, address, home)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def main(folder: Path, address: str, update: str, step: int) -> int:
    first, second = (numbered_snapshot(folder, number) for number in (1, 2))
    number = 1
    while True:
        clear(address, update)
        publish(first, address, folder)
        died = publish_and_die(second, address, folder, number)
        assert visible(address) in (first.id, second.id)
        outcome = publish(second, address, folder)
        assert outcome.verdict.is_whole
        assert visible(address) == second.id
        if not died:
            return number // step
        number += step


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
