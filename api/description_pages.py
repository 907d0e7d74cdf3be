"""The descriptions as pages: what the data set holds, and the example queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from urllib.parse import quote, urlencode

from api.descriptions import Descriptions
from api.html import escaped, link, table
from kg.example_queries import EXAMPLES, read_examples
from kg.formats import GraphFormat
from kg.statistics import ClassStatistics, Statistics

__all__ = ["dataset_page", "examples_page"]


def dataset_page(kept: Descriptions, shorten: Callable[[str], str]) -> Iterator[str]:
    """Yield the page of the data set: its graphs, and its classes and properties where counted."""
    statistics = kept.statistics
    yield escaped("p", kept.names.titles.get("", "An RDF data set"))
    yield f"<p>Snapshot <code>{escape(kept.snapshot.id)}</code>.</p>"
    yield from _other_formats("/.well-known/void")
    yield "<h2>Graphs</h2>"
    yield _cut(len(kept.graphs), kept.more_graphs)
    yield table(
        ("Graph", "What", "Triples"),
        (
            (
                _name(graph or "(default graph)", shorten),
                _title(kept.names.titles, graph),
                f"{count:,}",
            )
            for graph, count in kept.graphs.items()
        ),
    )
    if statistics is None:
        yield escaped("p", "Classes and properties are not counted: there are too many triples.")
        return
    yield "<h2>Classes</h2>"
    yield _cut(len(statistics.classes), statistics.more_classes)
    classes = sorted(statistics.classes.items(), key=lambda each: (-each[1].entities, each[0]))
    yield table(
        ("Class", "Members", "Properties"),
        (
            (_name(name, shorten), f"{counted.entities:,}", _properties(counted, statistics))
            for name, counted in classes
        ),
    )
    yield "<h2>Properties</h2>"
    yield _cut(len(statistics.properties), statistics.more_properties)
    properties = sorted(statistics.properties.items(), key=lambda each: (-each[1].triples, each[0]))
    yield table(
        ("Property", "Triples", "Subjects", "Objects"),
        (
            (
                _name(name, shorten),
                *(f"{count:,}" for count in (counts.triples, counts.subjects, counts.objects)),
            )
            for name, counts in properties
        ),
    )


def examples_page(kept: Descriptions) -> Iterator[str]:
    """Yield the page of the example queries, each with a link that asks it."""
    examples = read_examples(kept.examples)
    yield f"<p>{len(examples)} queries, in the graph <code>{escape(EXAMPLES)}</code>.</p>"
    yield from _other_formats("/.well-known/sparql-examples")
    for each in sorted(examples, key=lambda example: example.question):
        address = "/sparql?" + urlencode({"query": each.query}, quote_via=quote)
        editor = "/sparql#" + urlencode({"query": each.query}, quote_via=quote)
        yield f'<h2>{escape(each.question)}</h2>\n<pre tabindex="0">{escape(each.query)}</pre>'
        yield (
            f"<p>{escape(', '.join(each.keywords))}. {link(address, 'Ask it')}, or "
            f"{link(editor, 'open it in the editor')}</p>"
        )


def _cut(listed: int, more: int) -> str:
    """Return the sentence that a list is cut, or nothing."""
    return escaped("p", f"The largest {listed:,} of {listed + more:,}.") if more else ""


def _properties(counted: ClassStatistics, statistics: Statistics) -> str:
    return f"{len(counted.properties):,}" if statistics.is_detailed else ""


def _other_formats(path: str) -> Iterator[str]:
    links = (link(f"{path}?format={each.extension}", each.title) for each in GraphFormat)
    yield f"<p>For programs: {', '.join(links)}.</p>"


def _name(iri: str, shorten: Callable[[str], str]) -> str:
    return f"<code>{escape(shorten(iri))}</code>"


def _title(titles: Mapping[str, str], graph: str) -> str:
    return escape(titles.get(graph, "")) if graph else ""
