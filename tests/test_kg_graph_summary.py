"""What sorted lines hold, counted in blocks: the same however they are cut."""

from __future__ import annotations

from kg.graph_summary import Summary

ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"


def test_what_is_merged_is_counted_however_it_is_cut() -> None:
    passage, claim = f"<{ONTOLOGY}passage>", f"<{ONTOLOGY}Claim>"
    text = f"""\
<e:a> <e:b> "a b c" <e:g> .
<e:a> <e:b> "a b c" <e:h> .
<e:a> <e:b> "a b c" <e:i> .
<e:a> <e:b> "a b d" .
<e:a> <e:b> <e:g> .
<e:a> <e:b> <e:g> <e:g> .
<e:a> <e:c> "x <e:g>" .
<e:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> {claim} <e:h> .
<e:a> {passage} "of a <e:g>" .
<e:a> {passage} <e:p> <e:g> .
<e:a> {passage} <e:q> <e:g> .
"""
    lines = text.encode().splitlines(keepends=True)
    for size in (1, 2, 3, 11):
        summary = Summary()
        for at in range(0, len(lines), size):
            summary.add(lines[at : at + size])
        assert summary.counts == {"": (4, 1), "e:g": (4, 1), "e:h": (2, 0), "e:i": (1, 0)}
        assert summary.shared == {frozenset({"e:g", "e:h", "e:i"}), frozenset({"", "e:g"})}
