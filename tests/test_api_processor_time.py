from __future__ import annotations

import os
import time

import pytest

from api.processor_time import find_processor_time


def test_it_is_what_the_system_counts_of_a_process() -> None:
    found = find_processor_time(os.getpid())
    assert found == pytest.approx(time.process_time(), abs=0.1)


def test_it_does_not_go_on_while_a_process_sleeps() -> None:
    pid = os.fork()
    if not pid:
        time.sleep(5)
        os._exit(0)
    time.sleep(0.1)
    before = find_processor_time(pid)
    time.sleep(0.2)
    assert before is not None
    assert find_processor_time(pid) == before
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    assert find_processor_time(pid) is None
