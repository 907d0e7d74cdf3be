"""RDF files: every format in one data set, the same on every machine, and errors with lines."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from kg.nquads import canonical_quads
from kg.problem import Refused, Unreadable
from kg.rdf_files import digest_files, read_rdf_files

RDF_XML = """\
<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [<!ENTITY e "http://e.org/">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">
<rdf:Description rdf:about="&e;xml"><e:p>1</e:p></rdf:Description>
</rdf:RDF>
"""
FILES = {
    "a.ttl": "@prefix e: <http://e.org/> . e:ttl e:p [ e:q _:x ], (1) . <> e:p _:x .",
    "b.nt": "_:x <http://e.org/p> <http://e.org/nt> .\n",
    "c.jsonld": '{"@id": "http://e.org/json", "http://e.org/p": [{"http://e.org/q": "1"}]}',
    "d.trig": "GRAPH <http://e.org/g> { <http://e.org/trig> <http://e.org/p> 1 }",
    "e.nq": "_:x <http://e.org/p> _:x <http://e.org/g> .\n",
    "f.rdf": RDF_XML,
    "g.OWL": RDF_XML,
}


def _written(folder: Path) -> list[Path]:
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def test_files_of_every_format_make_the_same_quads_anywhere(tmp_path: Path) -> None:
    one, two = _written(tmp_path / "one"), _written(tmp_path / "two")
    quads = canonical_quads(read_rdf_files(one))
    assert quads == canonical_quads(read_rdf_files(reversed(two)))
    assert digest_files(one) == digest_files(reversed(two))
    lines = quads.decode().splitlines()
    assert "<http://e.org/trig>" in quads.decode()
    assert sum(line.endswith(" <http://e.org/g> .") for line in lines) == 2
    assert any(line.startswith("<file:///a.ttl> ") for line in lines)
    labels = {word for line in lines for word in line.split() if word.startswith("_:")}
    assert len({label.partition("-")[0] for label in labels}) == 4


def test_the_same_file_twice_is_one(tmp_path: Path) -> None:
    files = _written(tmp_path / "one")
    assert canonical_quads(read_rdf_files([*files, *files])) == canonical_quads(
        read_rdf_files(files)
    )
    assert digest_files([*files, *files]) == digest_files(files)


def test_two_files_of_one_name_both_count(tmp_path: Path) -> None:
    for folder, value in (("one", 1), ("two", 2)):
        (tmp_path / folder).mkdir()
        text = f"<http://e.org/a> <http://e.org/p> {value} ."
        (tmp_path / folder / "a.ttl").write_text(text, encoding="utf-8")
    files = [tmp_path / "one" / "a.ttl", tmp_path / "two" / "a.ttl"]
    assert len(read_rdf_files(files)) == 2
    assert len(digest_files(files)) == 2
    assert digest_files(files) == digest_files(reversed(files))


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.ttl", "<e:a> <e:b> <e:c> .\nx", "a.ttl:2: not Turtle: "),
        ("a.nq", "\n\n<e:a> <e:b> .", "a.nq:3: not N-Quads: "),
        ("a.jsonld", '{\n"@id": [}', "a.jsonld:2: not JSON-LD: "),
        ("a.rdf", "<a>", "a.rdf:1: not RDF/XML: "),
        ("a.ttl", "<e:a> <e:b> <e: c> .", "a.ttl:1: not Turtle: "),
        ("a.csv", "", "a.csv: the name says no format of RDF; rename the file, it may end in"),
        ("a", "", "a: the name says no format of RDF"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_line(
    tmp_path: Path, name: str, text: str, problem: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_rdf_files([tmp_path / name])
    assert str(refused.value).startswith(f"{tmp_path}/{problem}")


def test_the_problems_of_all_files_are_told(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.ttl").write_text("x", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_rdf_files([tmp_path / "a.ttl", tmp_path / "b.ttl"])
    assert len(refused.value.problems) == 2
    with pytest.raises(Refused) as missing:
        digest_files([tmp_path / "c.ttl", tmp_path])
    assert [str(problem) for problem in missing.value.problems] == [
        f"{tmp_path}: this is a folder; name the files in it, each with --graph",
        f"{tmp_path}/c.ttl: cannot be read: no such file or directory",
    ]


def test_what_is_compressed_is_said_to_be_so(tmp_path: Path) -> None:
    packed = gzip.compress(b"<e:a> <e:b> <e:c> .")
    for name in ("a.nq.gz", "disguised.nq"):
        (tmp_path / name).write_bytes(packed)
        with pytest.raises(Refused, match="this is compressed; unzip it first"):
            digest_files([tmp_path / name])


def test_a_file_that_cannot_be_read_is_no_bad_data(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    with pytest.raises(Unreadable):
        digest_files([tmp_path / "gone.nq"])
    with pytest.raises(Refused) as refused:
        digest_files([tmp_path / "gone.nq", tmp_path / "a.csv"])
    assert not isinstance(refused.value, Unreadable)


def test_a_message_names_one_line_only(tmp_path: Path) -> None:
    """Files of lines are read in parts, of which the parser counts the lines."""
    good = "".join(f"<e:a> <e:b> <e:{number}> .\n" for number in range(60_000))
    (tmp_path / "a.nq").write_text(good + '<e:a> <e:b> "cut', encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_rdf_files([tmp_path / "a.nq"])
    said = str(refused.value)
    assert said.startswith(f"{tmp_path}/a.nq:60001: not N-Quads: ")
    assert "at line" not in said
