"""Typed literals in the normal form of a store: ``5.50`` becomes ``5.5``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import RdfFormat, Store, parse

__all__ = ["NormalLiterals"]

_MOST = 200_000
_TYPED = b'"^^<'
_PLAINLY_TYPED = re.compile(rb'> ("[^"\\\n]*"\^\^<[^>\n]*)>')
"""A typed literal without an escape after a predicate, but for its last character."""


@dataclass
class NormalLiterals:
    r"""Knows the normal forms of the literals that it met: numbers and dates come again.

    >>> decimal = b"<http://www.w3.org/2001/XMLSchema#decimal>"
    >>> NormalLiterals().normalise([b'<e:a> <e:b> "5.50"^^%b .\n' % decimal])
    [b'<e:a> <e:b> "5.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n']
    """

    _known: dict[bytes, bytes] = field(default_factory=dict, init=False)

    def are_normal(self, text: bytes) -> bool:
        r"""Tell whether lines, as the engine writes them, have typed literals in normal form only.

        Where that cannot be told quickly it is denied.

        >>> integer = b"<http://www.w3.org/2001/XMLSchema#integer>"
        >>> [NormalLiterals().are_normal(b'<e:a> <e:b> "%b"^^%b .\n' % (value, integer))
        ...  for value in (b"5", b"05")]
        [True, False]
        """
        literals = _PLAINLY_TYPED.findall(text)
        # What has an escape within is counted, but not found.
        if len(literals) != text.count(_TYPED):
            return False
        distinct = set(literals)
        self._learn(distinct)
        return all(self._known[literal] == literal + b">" for literal in distinct)

    def normalise(self, lines: Sequence[bytes]) -> list[bytes]:
        """Return lines with typed literals, as the engine writes them, in normal form."""
        parts, others = list[tuple[bytes, bytes, bytes]](), list[bytes]()
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            literal, _, end = rest.partition(b"> ")
            # A quotation mark or an escape within a literal needs a reader.
            if literal.count(b'"') == 2 and _TYPED in literal and b"\\" not in literal:
                parts.append((subject + b" " + predicate, literal, end))
            else:
                others.append(line)
        self._learn({literal for _, literal, _ in parts})
        known = self._known
        found = [b"%b %b %b" % (start, known[literal], end) for start, literal, end in parts]
        return found + _through_store(others)

    def _learn(self, literals: Iterable[bytes]) -> None:
        if len(self._known) > _MOST:
            self._known.clear()
        unknown = [literal for literal in literals if literal not in self._known]
        lines = [b"<e:%d> <e:a> %b> .\n" % each for each in enumerate(unknown)]
        for line in _through_store(lines):
            subject, _, rest = line.split(b" ", 2)
            self._known[unknown[int(subject[3:-1])]] = rest[: -len(b" .\n")]


def _through_store(lines: Sequence[bytes]) -> list[bytes]:
    if not lines:
        return []
    store, text = Store(), b"".join(lines)
    # The loader names blank nodes anew.
    if b"_:" in text:
        store.bulk_extend(parse(text, format=RdfFormat.N_QUADS))
    else:
        store.bulk_load(text, RdfFormat.N_QUADS, lenient=True)
    return (store.dump(format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
