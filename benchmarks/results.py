"""Everything a run measured, as plain values that JSON can hold."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Figure", "Results"]


@dataclass(frozen=True)
class Figure:
    """A median: microseconds a request of processor time and by the clock."""

    size: str
    peer: str
    question: str
    mode: str
    cpu: float
    wall: float
    rounds: int


@dataclass
class Results:
    """What a run measured; a part that was left out is empty."""

    machine: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    quads: dict[str, int] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    failures: list[dict[str, str]] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    memory: dict[str, dict[str, float]] = field(default_factory=dict)
    builds: dict[str, dict[str, float]] = field(default_factory=dict)
    starts: dict[str, dict[str, float]] = field(default_factory=dict)
    inside: dict[str, Any] = field(default_factory=dict)

    def cpu(self, size: str, peer: str, question: str, mode: str = "fresh") -> float | None:
        """Return a median of processor microseconds, or None where it was not measured."""
        found = self._index.get((size, peer, question, mode))
        return found.cpu if found else None

    def comparable(self, size: str, peer: str, question: str, mode: str = "fresh") -> float | None:
        """Return the same; None as well where a round failed, or the answer is another one."""
        cell = {"size": size, "peer": peer, "question": question, "mode": mode}
        if any(cell.items() <= failure.items() for failure in self.failures):
            return None
        agreement = self.answers.get(question, {}).get(peer, "")
        is_other = agreement.startswith(("different", "unreadable"))
        return None if is_other else self.cpu(size, peer, question, mode)

    @property
    def _index(self) -> dict[tuple[str, str, str, str], Figure]:
        return {(f.size, f.peer, f.question, f.mode): f for f in self.figures}

    def write(self, file: Path) -> None:
        """Write everything as JSON."""
        file.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> Results:
        """Read what ``write`` wrote."""
        held = json.loads(file.read_text(encoding="utf-8"))
        return cls(**{**held, "figures": [Figure(**each) for each in held["figures"]]})
