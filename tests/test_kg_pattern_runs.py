"""Patterns need neither memory for ways back nor a Python that is newer than ours."""

from __future__ import annotations

import ast
import re
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.pattern_runs import run_of

ROOT = Path(__file__).resolve().parent.parent
ESCAPE = re.compile(r"\\.", re.DOTALL)
CHARACTER_CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
NEWER = re.compile(r"[*+?}]\+|\(\?>")


def newer_quantifiers(source: str) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module that are patterns with possessive quantifiers or atomic groups.

    Python before 3.11.5 matches both wrongly.
    """
    tree = ast.parse(source)
    parts = {id(part) for node in ast.walk(tree) for part in getattr(node, "values", ())}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr | ast.keyword) or id(node) in parts:
            continue
        for child in ast.iter_child_nodes(node):
            text = text_of(child)
            bare = CHARACTER_CLASS.sub("c", ESCAPE.sub("e", text))
            if NEWER.search(bare):
                yield child.lineno, text  # type: ignore[attr-defined]


def text_of(node: ast.AST) -> str:
    """Give a string, with a letter for what is put into it; nothing for another node."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Constant(value=bytes(text)):
            return text.decode("latin-1")
        case ast.JoinedStr(values=values):
            return "".join(text_of(each) or "x" for each in values)
    return ""


def test_no_pattern_needs_a_newer_python() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for folder in ("kg", "api")
        for file in sorted((ROOT / folder).rglob("*.py"))
        if "import re\n" in (source := file.read_text(encoding="utf-8"))
        for line, text in newer_quantifiers(source)
        if "/sparql?query=" not in text
    ]
    assert not found, "write them with kg.pattern_runs, or with classes that exclude each other"


@pytest.mark.parametrize(
    ("pattern", "is_newer"),
    [
        ('r"a*+"', True), ('r"a++"', True), ('r"a?+"', True), ('r"a{2}+"', True),
        ('rf"{x}a{{2}}+"', True), ('rb"a*+"', True), ('r"(?>a)"', True), ('"[a]" r"b*+"', True),
        ('r"a*"', False), ('r"[*+?}]+"', False), (r'r"\*+"', False), ('rf"{x}+"', False),
        (r'r"[\]*+]"', False), (r'r"\\*+"', True),
    ],
)  # fmt: skip
def test_newer_quantifiers_are_noticed(pattern: str, is_newer: bool) -> None:
    assert bool([*newer_quantifiers(f"import re\nA = re.compile({pattern})\n")]) is is_newer


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2500])
def test_a_run_takes_every_piece_and_no_more(count: int) -> None:
    inside = run_of(r"[^'\\]", r"\\.", "inside")
    quoted = re.compile(f"'{inside}'", re.DOTALL)
    text = "'" + "a\\'" * count + "b'"
    found = quoted.match(text + "c'")
    assert found is not None
    assert found.group() == text
    assert quoted.match(text[:-1]) is None


def test_a_run_needs_no_memory_for_each_piece() -> None:
    run = re.compile(run_of("[^b]", "b", "pieces"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    text = "b" * 2_000_000
    found = run.match(text)
    assert found is not None
    assert found.end() == len(text)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 50_000
