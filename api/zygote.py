"""The process from which all others are forked: everything is imported once, and here.

It is started as ``python -m api.zygote MEANS DESCRIPTOR`` with one end of a socket, and ends
with it. MEANS says whether a filter of system calls shall stand in for a missing namespace.
"""

from __future__ import annotations

import gc
import signal
import socket
import sys
from importlib import import_module

from api.holder import hold_graph
from api.messages import FILTERED, Isolation, Kind, pack
from api.network import forbid_sockets, leave_network
from api.nursery import Nursery, Role

__all__ = ["main"]


def main() -> None:
    """Leave the network, hand over a listener inside the new one, and fork on request."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    means, descriptor = sys.argv[-2:]
    control = socket.socket(fileno=int(descriptor))
    isolation = Isolation.NAMESPACE if leave_network() else Isolation.NONE
    with socket.create_server(("127.0.0.1", 0)) as listener:
        if isolation is Isolation.NONE and means == FILTERED and forbid_sockets():
            isolation = Isolation.FILTER
        message = pack(Kind.READY, isolation.value)
        socket.send_fds(control, [message], [listener.fileno()])
    gc.collect()
    gc.freeze()
    roles = {
        # A graph that is served outlives the zygote, until the server has another one.
        "holder": Role(lambda: hold_graph, dies_with_parent=False),
        "commit": Role(lambda: import_module("api.commit_process").commit_once),
    }
    Nursery(control, roles).run()


if __name__ == "__main__":
    main()
