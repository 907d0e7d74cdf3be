from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kg import yaml_source
from kg.yaml_source import Entry, Mapping, Scalar, Sequence, parse_yaml, read_yaml


def complaints(text: str) -> list[str]:
    return [str(problem) for problem in parse_yaml(text, shown_as="a.yaml").problems]


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with libyaml and with the pure Python parser that replaces it."""
    monkeypatch.setattr(yaml_source, "_LOADER", getattr(yaml, request.param))
    return str(request.param)


def test_tree_knows_the_lines_of_keys_and_values(loader: str) -> None:
    tree = parse_yaml("a: 1\nb:\n  - x\n  - c: y\n", shown_as="a.yaml").tree
    assert tree == Mapping(
        (
            Entry("a", 1, Scalar("1", 1)),
            Entry(
                "b",
                2,
                Sequence((Scalar("x", 3), Mapping((Entry("c", 4, Scalar("y", 4)),), 4)), 3),
            ),
        ),
        1,
    )


@pytest.mark.parametrize(
    "text", ["no", "012", "12:30", "1e3", "2017-01-31", "0.50", "true", "0x1F", "1_000", "=", "5.0"]
)
def test_scalars_stay_as_written(loader: str, text: str) -> None:
    source = parse_yaml(f"a: {text}", shown_as="a.yaml")
    assert source.problems == ()
    assert source.tree == Mapping((Entry("a", 1, Scalar(text, 1)),), 1)


def test_folded_and_literal_texts_are_read() -> None:
    tree = parse_yaml("a: >-\n  x\n  y\nb: |-\n  x\n  y\n", shown_as="a.yaml").tree
    assert isinstance(tree, Mapping)
    assert [entry.value for entry in tree.entries] == [Scalar("x y", 1), Scalar("x\ny", 4)]


def test_quoted_null_is_a_text() -> None:
    assert complaints('a: "null"\nb: "~"\nc: "12"') == []


def test_find_returns_the_entry_or_none() -> None:
    tree = parse_yaml("a: 1", shown_as="a.yaml").tree
    assert isinstance(tree, Mapping)
    assert tree.find("a") == Entry("a", 1, Scalar("1", 1))
    assert tree.find("b") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3", "a.yaml:3: key 'a' is already on line 1; keep one of them"),
        ("a: 1\nb:\n", "a.yaml:2: 'b' has no value; write one or delete it"),
        ("a: ~", "a.yaml:1: 'a' has no value; write one or delete it"),
        ("a: null", "a.yaml:1: 'a' has no value; write one or delete it"),
        ("a:\n  - x\n  -", "a.yaml:3: an item of 'a' has no value; write one or delete it"),
        ('a: ""', "a.yaml:1: 'a' is an empty text; write a value or delete it"),
        ('a: " "', "a.yaml:1: 'a' is an empty text; write a value or delete it"),
        ("a: {}", "a.yaml:1: 'a' is empty; write a value or delete it"),
        ("a: []", "a.yaml:1: 'a' is empty; write a value or delete it"),
        ("[]", "a.yaml:1: the file is empty; write a value or delete it"),
        ("a: &x 1", "a.yaml:1: anchor '&x' is refused; delete it"),
        ("a: &x {b: 1}", "a.yaml:1: anchor '&x' is refused; delete it"),
        ("&x a: 1", "a.yaml:1: anchor '&x' is refused; delete it"),
        ("a: *x", "a.yaml:1: alias '*x' is refused; write the value itself"),
        ("*x : 1", "a.yaml:1: alias '*x' is refused; write the value itself"),
        ("a: !!str 1", "a.yaml:1: tag 'tag:yaml.org,2002:str' is refused; delete it, the context "),
        ("a: !date 1", "a.yaml:1: tag '!date' is refused; delete it, the context types values"),
        ("a: ! 1", "a.yaml:1: tag '!' is refused; delete it, the context types values"),
        ("b: 1\n<<: {a: 1}", "a.yaml:2: merge key '<<' is refused; write the keys"),
        ("? [a]\n: 1", "a.yaml:1: a key must be a word, not a list or a mapping"),
        ("{a: 1}: 1", "a.yaml:1: a key must be a word, not a list or a mapping"),
        ("? \n: 1", "a.yaml:1: a key has no value; write one or delete it"),
        ("null: 1", "a.yaml:1: a key has no value; write one or delete it"),
        ("a: 1\n---\nb: 2", "a.yaml:2: a second document begins; write one list of records"),
        ("", "a.yaml:1: the file is empty; write a record or delete the file"),
        ("# only a comment\n", "a.yaml:1: the file is empty; write a record or delete the file"),
        ("a: |\n  x\n", "a.yaml:1: 'a' begins or ends with white space; remove it (after '|'"),
        ('a: "\\0"', "a.yaml:1: 'a' holds the character U+0000; remove it"),
        ("a: 1\nb: \x07", "a.yaml:2: character U+0007 is not allowed; delete it"),
        ("a: 1\nb: \ud800", "a.yaml:2: character U+D800 is not allowed; delete it"),
        ("a: éééé\nb: \x00", "a.yaml:2: character U+0000 is not allowed; delete it"),
        ("a: éé\nb: \x0b\nc: 1\nd: 2", "a.yaml:2: character U+000B is not allowed; delete it"),
        ("# 😀\r\na: \x84", "a.yaml:2: character U+0084 is not allowed; delete it"),
    ],
)
def test_refuses_what_yaml_could_misread(loader: str, text: str, expected: str) -> None:
    found = complaints(text)
    assert found
    assert found[0].startswith(expected)
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\nb: [", 2), ("a: 1\nb: c: d", 2), ("a: 1\n\tb: 2", 2), ("- a\nb: 1", 2), ("a: @x", 1)],
)
def test_broken_yaml_is_one_sentence_with_its_line(loader: str, text: str, line: int) -> None:
    [found] = complaints(text)
    assert found.startswith(f"a.yaml:{line}: the YAML is broken: ")
    assert "\n" not in found
    assert found.endswith("check indentation, quotes, colons and brackets up to here")


def test_all_problems_of_a_file_are_reported() -> None:
    assert complaints("a: ~\nb: 1\nb: &x 2\nc: *x\nd: []\ne: [") == [
        "a.yaml:1: 'a' has no value; write one or delete it",
        "a.yaml:3: anchor '&x' is refused; delete it",
        "a.yaml:3: key 'b' is already on line 2; keep one of them",
        "a.yaml:4: alias '*x' is refused; write the value itself",
        "a.yaml:5: 'd' is empty; write a value or delete it",
        "a.yaml:6: the YAML is broken: while parsing a flow node did not find expected node "
        "content; check indentation, quotes, colons and brackets up to here",
    ]


def test_deep_nesting_is_refused_at_the_limit() -> None:
    deepest = yaml_source.DEEPEST
    assert complaints("a: " + "[" * (deepest - 1) + "x" + "]" * (deepest - 1)) == []
    [found] = complaints("a: 1\nb: " + "[" * 100_000)
    assert found == f"a.yaml:2: nested more than {deepest} deep; flatten the record"


def test_a_text_that_no_parser_would_take_is_refused() -> None:
    assert complaints("a: " + "x" * yaml_source.LONGEST) == []
    assert complaints("b: 1\na: x" + "x" * yaml_source.LONGEST) == [
        "a.yaml:2: 'a' has 1,000,001 characters; write no more than 1,000,000"
    ]


def test_aliases_never_grow() -> None:
    levels = "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    assert len(complaints("a0: &a0 x\n" + levels)) == 1 + 11 * 11


def test_a_file_that_is_not_utf8_names_the_byte_and_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("a: 1\nb: é\n".encode("latin-1"))
    source = read_yaml(path, shown_as="data/a.yaml")
    assert source.tree is None
    assert [str(problem) for problem in source.problems] == [
        "data/a.yaml:2: byte 0xe9 is not UTF-8; save the file as UTF-8"
    ]


def test_a_file_is_named_by_its_path_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: ~", encoding="utf-8")
    assert read_yaml(path).problems[0].place.file == str(path)
