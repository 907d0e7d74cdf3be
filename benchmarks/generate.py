"""Writes a generated graph: ``python -m benchmarks.generate --triples 1000000 --out FILE.nq``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.generator import Plan, generate, plan
from benchmarks.natural import natural
from benchmarks.templates import compile_templates
from benchmarks.tokens import Tokens

__all__ = ["main", "write_graph"]


def write_graph(file: Path, triples: int, seed: int = 1, *, violations: int = 0) -> Plan:
    """Write a graph of about so many triples as sorted N-Quads; return what was planned."""
    templates = compile_templates(seed)
    planned = plan(templates, triples, seed, violations=violations)
    beside = file.with_name(f"{file.name}.part")
    with beside.open("w", encoding="utf-8", newline="\n") as out:
        for block in generate(templates, planned):
            out.write(block)
    beside.replace(file)
    return planned


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a graph as the command line says; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("--triples", type=int, required=True, help="about how many, from 30,000")
    parser.add_argument("--seed", type=natural, default=1, help="0 or more (default 1)")
    parser.add_argument("--violations", type=natural, default=0, help="errors to seed")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.nq")
    given = parser.parse_args(arguments)
    try:
        planned = write_graph(given.out, given.triples, given.seed, violations=given.violations)
    except ValueError as error:
        print(f"generate: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"generate: {given.out} cannot be written: {error.strerror}", file=sys.stderr)
        return 2
    print(f"{planned.size:,} quads, {len(planned.kinds):,} drugs in {given.out}")
    for number, violation in planned.violations.items():
        print(*violation.expected(Tokens.of_unit(number)), violation.name, sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main())
