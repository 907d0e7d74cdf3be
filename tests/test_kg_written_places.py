"""Places of what was written: the last entry that is about it, else the record."""

from __future__ import annotations

from pathlib import Path

from kg.change import Change
from kg.journal import Entry, make_entry
from kg.places import Places
from kg.problem import Place
from kg.written_places import WrittenPlaces

RECORDS = Places(
    {
        ("e:study", None): Place("study.yaml", 1),
        ("e:study", "e:label"): Place("study.yaml", 2),
        ("http://e.org/a", None): Place("a.yaml", 1),
    }
)


def _entry(number: int, *, removed: tuple[str, ...] = (), added: tuple[str, ...] = ()) -> Entry:
    gone, come = (tuple(sorted(f"{quad} .".encode() for quad in each)) for each in (removed, added))
    return make_entry(Path("home"), number, Change(gone, come), gated=True)


def _find(places: WrittenPlaces, subject: str, predicate: str | None = None) -> str:
    return str(places.find(subject, predicate))


def test_the_last_entry_about_a_statement_counts_before_the_record() -> None:
    first = _entry(1, added=("<e:new> <e:label> 1", "<e:study> <e:label> 1"))
    second = _entry(2, removed=("<e:study> <e:label> 1 <e:g>",))
    places = WrittenPlaces([first, second], RECORDS)
    assert _find(places, "e:study", "e:label") == "journal/00000002.patch:3"
    assert _find(places, "e:study") == "journal/00000002.patch:3"
    assert _find(places, "e:study", "e:other") == "study.yaml:1"
    assert _find(places, "e:new", "e:label") == "journal/00000001.patch:3"


def test_a_statement_that_is_missing_stands_at_its_subject() -> None:
    places = WrittenPlaces([_entry(1, added=("<e:new> <e:label> 1",))], RECORDS)
    assert _find(places, "e:new", "e:missing") == "journal/00000001.patch:3"


def test_a_part_stands_at_its_parent() -> None:
    entry = _entry(1, added=("<http://e.org/b> <e:label> 1", "<http://e.org/a/part> <e:p> 1"))
    places = WrittenPlaces([entry], RECORDS)
    assert _find(places, "http://e.org/a/other", "e:p") == "a.yaml:1"
    assert _find(places, "http://e.org/a/part", "e:q") == "journal/00000001.patch:3"
    assert _find(places, "http://e.org/b/part", "e:q") == "journal/00000001.patch:4"


def test_what_nobody_wrote_has_no_place() -> None:
    places = WrittenPlaces([_entry(1, added=("_:b <e:p> 1",))], RECORDS)
    assert places.find("e:nowhere") is None
    assert not places.knows("e:nowhere")
    assert places.knows("e:study")
