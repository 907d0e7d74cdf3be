"""What is attacked: a server with small limits, and listeners around it; and what went wrong."""

from __future__ import annotations

import resource
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from abuse_case import Case
from abuse_listeners import WICKED, Canary, canary_listening, wicked_endpoints
from abuse_watch import Watch
from abuse_wire import Answer, Target
from server_process import TOKEN, Server, find_free_port, serving

__all__ = ["Attacked", "attacked_server", "find_faults", "write_graph"]

NODES = 20_000
SECONDS = 3
WORKERS = 2
WORKER_MEMORY = 256
MOST_MEMORY = 400 << 20
"""Bytes that the server's own process may hold."""
MOST_MEMORY_BELOW = (400 + (WORKERS + 3) * WORKER_MEMORY) << 20
"""Bytes that all processes below it may hold: the graph, and the queries of every worker."""

SECRETS = (b"root:x:0", b"<script>alert", b'href="javascript:')
"""What no answer may hold: a system's files, and markup that a graph or a query brought in."""


@dataclass(frozen=True)
class Attacked:
    """A server under attack, and the listener that nobody may reach."""

    server: Server
    target: Target
    canary: Canary


@contextmanager
def attacked_server(folder: Path, *flags: str, is_empty: bool = False) -> Iterator[Attacked]:
    """Run a writable server of 20,000 triples, or of none; it allows endpoints that misbehave."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, most), most))
    port = find_free_port()
    with canary_listening() as canary, wicked_endpoints(canary) as wicked:
        allowed = [f"{wicked}/{path}" for path in WICKED]
        allowed.append(f"http://127.0.0.1:{port}/sparql")
        data = ["--empty"] if is_empty else ["--graph", str(write_graph(folder / "graph.nq"))]
        given = [
            *(*data, "--writable", "--no-gate"),
            *("--port", str(port), "--workers", str(WORKERS), "--query-timeout", str(SECONDS)),
            *("--worker-memory", str(WORKER_MEMORY)),
            *(word for iri in allowed for word in ("--service-allow", iri)),
        ]
        with serving(folder, *given, *flags) as server:
            target = Target(
                server.host,
                server.port,
                token=TOKEN,
                canary=canary.address,
                wicked=wicked,
                pid=server.pid,
            )
            yield Attacked(server, target, canary)


def find_faults(
    case: Case, answers: Sequence[Answer], watch: Watch, attacked: Attacked
) -> list[str]:
    """Return what went wrong, a sentence each: nothing, when the server survived."""
    return [*_faults_of_answers(case, answers), *_faults_of_server(case, watch, attacked)]


def _faults_of_answers(case: Case, answers: Sequence[Answer]) -> Iterable[str]:
    for answer in answers:
        if answer.status not in case.expected:
            yield f"the status {answer.status} is not expected: {answer.text[:300]}"
        if answer.seconds > case.seconds:
            yield f"an answer took {answer.seconds:.1f} s"
        for secret in SECRETS:
            if secret in answer.body and (secret[:1] != b"<" or _is_page(answer)):
                yield f"an answer holds {secret.decode()}"
        if "x-injected" in answer.headers:
            yield "a header of the attacker's is sent"
    missing = case.required - {answer.status for answer in answers}
    if missing:
        yield f"no answer has the status {missing}: {[answer.status for answer in answers]}"


def _is_page(answer: Answer) -> bool:
    return answer.headers.get("content-type", "").startswith("text/html")


def _faults_of_server(case: Case, watch: Watch, attacked: Attacked) -> Iterable[str]:
    if not attacked.server.is_running:
        yield f"the server is gone: {attacked.server.said[-2000:]}"
    if attacked.canary.visits:
        yield f"the canary saw {attacked.canary.visits} visits"
    if fault := watch.find_fault(case.pause):
        yield fault
    if watch.most_memory_of_server > MOST_MEMORY:
        yield f"the server held {watch.most_memory_of_server >> 20} MiB"
    if watch.most_memory_of_workers > MOST_MEMORY_BELOW:
        yield f"the processes below it held {watch.most_memory_of_workers >> 20} MiB"


def write_graph(file: Path) -> Path:
    """Write a chain of 20,000 nodes, and a graph that nobody may delete."""
    lines = ["<urn:s> <urn:p> <urn:o> <urn:kept> ."]
    for n in range(NODES):
        lines.append(f"<urn:node:{n}> <urn:next> <urn:node:{n + 1}> .")
    file.write_text("\n".join(lines) + "\n")
    return file
