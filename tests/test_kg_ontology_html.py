"""HTML of others is made safe: nothing runs, nothing is fetched, every link leads somewhere."""

from __future__ import annotations

import pytest

from kg.ontology_html import clean_html


def clean(text: str) -> str:
    return clean_html(text, {})[0]


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<p>a<script>if (1 < 2) { '</p>' }</script>b", "<p>ab</p>"),
        ('<p onmouseover="x()" style="color:red" class="a">b</p>', "<p>b</p>"),
        ('<img src="https://e.org/a.png">x', "x"),
        ('<iframe src="https://e.org/"><p>a</p></iframe>b', "b"),
        ('<svg><script>x</script><a href="#">a</a></svg>b', "b"),
        ('<object><object>a</object>b</object>c', "c"),
        ("<font>a</font>", "a"),
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="JaVaScRiPt:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="data:text/html,x">a</a>', "<a>a</a>"),
        ('<a href="//e.org/x">a</a>', "<a>a</a>"),
        ('<a href="https://e.org/?a=1&amp;b=%22">a</a>', '<a href="https://e.org/?a=1&amp;b=%22">a</a>'),
        ('<p title="a&quot;b">c</p>', '<p title="a&quot;b">c</p>'),
        ("<ul><li>a<li>b</ul>c", "<ul><li>a<li>b</li></li></ul>c"),
        ("</p>a</ul><p>b", "a<p>b</p>"),
        ("<br>a<br/>b", "<br>a<br>b"),
        ("<!-- a --><p>b</p><!DOCTYPE html>", "<p>b</p>"),
        ('<div id="pylode"><p>made by</p></div>a', "a"),
        ('<div id="pylode"><div>a</div>b</div>c', "c"),
    ],
)  # fmt: skip
def test_only_what_is_known_is_left(given: str, left: str) -> None:
    assert clean(given) == left


def test_a_place_is_given_once() -> None:
    text, places = clean_html('<p id="a">1</p><p id="a">2</p><p id="b">3</p>', {})
    assert text == '<p id="a">1</p><p>2</p><p id="b">3</p>'
    assert places == {"a", "b"}


def test_a_link_to_a_place_that_is_not_there_goes_to_the_thing() -> None:
    text, _ = clean_html(
        '<a href="#a">1</a><a href="#b">2</a><a href="#c">3</a><p id="a">4</p>',
        {"a": "http://e.org/a", "b": "http://e.org/b"},
    )
    assert text == '<a href="#a">1</a><a href="http://e.org/b">2</a><a>3</a><p id="a">4</p>'


def test_the_contents_come_first() -> None:
    assert clean('<div id="content">a</div><div id="toc">b</div>') == (
        '<div id="toc">b</div><div id="content">a</div>'
    )
