"""The benchmark as one command: ``python -m benchmarks``."""

from __future__ import annotations

import sys

from benchmarks.options import read_options
from benchmarks.process_cost import is_measurable
from benchmarks.report import write_report
from benchmarks.run import run

__all__ = ["main"]


def main() -> int:
    """Run the benchmark as the command line says; return the exit status."""
    options = read_options()
    if not is_measurable():
        print("benchmarks: this system has no /proc/self/schedstat; run it on Linux")
        return 2
    results = run(options)
    print(write_report(results, options.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
