"""The pages for people, ``/`` and ``/docs``, and the contract for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from html import escape
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import Services, write_json
from api.conditional import asks_for_none, digest_tag, knows, not_modified, tagged
from api.html import escaped, link, show_page, table, write_page
from api.kept_bytes import KeptBytes, digest_of_bytes
from api.problems import PROBLEMS
from kg.snapshot import Snapshot

__all__ = ["page_router"]

_LINKS = (
    '</.well-known/void>; rel="describedby", </sparql>; rel="service-desc", '
    '</openapi.json>; rel="service-desc", </docs>; rel="service-doc"'
)
"""What describes the data, and the services (RFC 8631)."""

DISCLAIMER = (
    "This is a research tool, not medical advice. It reports what a few documents of 2007 to 2021 "
    "state, with the place of each statement; medicine has moved on since."
)

_ABOUT = (
    "A knowledge graph of soft-tissue sarcoma treatment: trials, drugs, regimens, targets, "
    "histologies, biomarkers, results and recommendations, each with the place it was read from."
)

EXAMPLES = (
    (
        "Which drugs inhibit KIT, and who says so?",
        "SELECT ?drug ?claim ?document WHERE {\n"
        "  ?claim a :DrugTargetAssertion ; :aboutDrug ?drug ; :aboutTarget target:kit ;\n"
        "    :passage/:inDocument ?document .\n}",
    ),
    (
        "Response rates of at least 40% to one drug alone, with the histology",
        "SELECT ?label ?percent ?histology WHERE {\n"
        "  ?result :endpoint :ObjectiveResponseRate ; :treatmentMode :Monotherapy ;\n"
        "    :percent ?percent ; rdfs:label ?label ; :aboutHistology/rdfs:label ?histology .\n"
        "  FILTER (?percent >= 40)\n} ORDER BY DESC(?percent)",
    ),
    (
        "Results in leiomyosarcoma or any of its subtypes",
        "SELECT ?label ?histology WHERE {\n"
        "  ?histology rdfs:subClassOf* histology:leiomyosarcoma .\n"
        "  ?result a :EvidenceItem ; :aboutHistology ?histology ; rdfs:label ?label .\n}",
    ),
)

ADDRESSES = (
    ("/api/v1/paths?drug=imatinib&histology=GIST", "paths from a drug to a histology"),
    ("/api/v1/evidence?histology=leiomyosarcoma&minEvaluable=10", "evidence, chosen"),
    ("/api/v1/drugs/DTIC", "a drug, by a synonym"),
    ("/api/v1/trials", "the clinical trials"),
    ("/.well-known/sparql-examples", "example queries"),
    ("/.well-known/void", "what the data set holds"),
    ("/downloads", "bulk downloads: everything as files"),
    ("/docs", "every address and parameter"),
    ("/version", "the version and the snapshot"),
)


def page_router(services: Services) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)

    async def home(request: Request) -> Response:
        snapshot = services.engine.snapshot
        text = await services.kept.get(
            ("home", snapshot.id),
            lambda: write_page("sarcoma-kg", _home(snapshot, services.version)),
        )
        answer = await _answer(request, services, text, show_page)
        answer.headers["Link"] = _LINKS
        return answer

    async def docs(request: Request) -> Response:
        schema = request.app.openapi()
        title = "sarcoma-kg: the HTTP interface"
        text = await services.kept.get("docs", lambda: write_page(title, _docs(schema)))
        return await _answer(request, services, text, show_page)

    async def contract(request: Request) -> Response:
        schema = request.app.openapi()
        text = await services.kept.get("contract", lambda: write_json(schema))
        show = partial(Response, media_type="application/json")
        return await _answer(request, services, text, show)

    router.add_api_route("/", home, response_class=Response)
    router.add_api_route("/docs", docs, response_class=Response)
    router.add_api_route("/openapi.json", contract, response_class=Response)
    return router


async def _answer(
    request: Request, services: Services, text: KeptBytes, show: Callable[[bytes], Response]
) -> Response:
    digest = (await text.derive("digest", digest_of_bytes)).decode()
    tag = digest_tag(services.engine.snapshot.id, services.version, digest)
    if knows(request, tag) or asks_for_none(request):
        return not_modified(tag)
    answer = show(text)
    answer.headers.update(tagged(tag))
    return answer


def _home(snapshot: Snapshot, version: str) -> Iterator[str]:
    manifest = snapshot.manifest
    yield escaped("p", _ABOUT)
    yield f'<p class="note">{escape(DISCLAIMER)}</p>'
    yield (
        f"<p>Snapshot <code>{escape(snapshot.id[:16])}</code>: {manifest.quads:,} quads and "
        f"{manifest.claims:,} claims in {len(manifest.graphs)} graphs; "
        f"version {escape(version)}.</p>"
    )
    yield "<h2>Start here</h2>"
    yield table(("Address", "What"), ((link(each, each), escape(what)) for each, what in ADDRESSES))
    yield "<h2>SPARQL</h2>"
    yield "<p>Ask <code>/sparql</code>; our prefixes need no declaration.</p>"
    for question, query in EXAMPLES:
        address = "/sparql?" + urlencode({"query": query, "format": "csv"})
        yield f"<h3>{escape(question)}</h3>\n<pre>{escape(query)}</pre>\n"
        yield f"<p>{link(address, 'Ask it')}</p>"


def _docs(schema: Mapping[str, Any]) -> Iterator[str]:
    yield escaped("p", str(schema["info"]["description"]))
    yield f"<p>The same for programs: {link('/openapi.json', '/openapi.json')}.</p>"
    operations = [
        (f"{method.upper()} {path}", operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    yield from _contents([name for name, _ in operations])
    for name, operation in operations:
        yield from _operation(name, operation)
    yield '<h2 id="problems">Problems</h2>'
    yield "<p>Errors are <code>application/problem+json</code> (RFC 9457).</p>"
    kinds = {kind.slug: kind for kind in PROBLEMS.values()}
    rows = ((escape(each.slug), str(each.status), escape(each.title)) for each in kinds.values())
    yield table(("Type ends in", "Status", "Title"), rows)


def _contents(names: Iterable[str]) -> Iterator[str]:
    """Yield the table of contents: a link to each operation, and to the problems."""
    yield "<nav><h2>Contents</h2><ul>"
    for name in (*names, "Problems"):
        yield f"<li>{link(f'/docs#{_anchor(name)}', name)}</li>"
    yield "</ul></nav>"


def _anchor(name: str) -> str:
    """Return the name of a place on the page.

    >>> _anchor("GET /api/v1/drugs/{id}")
    'get-api-v1-drugs-id'
    """
    return "-".join(re.findall(r"[a-z0-9.]+", name.lower()))


def _operation(name: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f'<h2 id="{_anchor(name)}"><code>{escape(name)}</code></h2>'
    yield escaped("p", str(operation.get("summary", "")))
    if description := operation.get("description"):
        yield f"<p>{_prose(description)}</p>"
    if example := operation.get("x-example"):
        yield f"<p>Example: {link(example, example)}</p>"
    if command := operation.get("x-command"):
        yield escaped("pre", command)
    if parameters := operation.get("parameters"):
        heads = ("Parameter", "Meaning", "Default")
        yield table(heads, (_parameter(each) for each in parameters))
    if body := operation.get("requestBody"):
        yield from _body(body["content"])


def _body(content: Mapping[str, Any]) -> Iterator[str]:
    for media_type, described in content.items():
        schema = described["schema"]
        fields = schema.get("properties")
        what = "a form with these fields" if fields else schema["description"]
        yield f"<p>Body <code>{escape(media_type)}</code>: {what}.</p>"
        if fields:
            required = schema.get("required", ())
            rows = (
                {"name": name, "schema": field, "required": name in required, **field}
                for name, field in fields.items()
            )
            yield table(("Field", "Meaning", "Default"), (_parameter(each) for each in rows))


def _parameter(parameter: Mapping[str, Any]) -> tuple[str, str, str]:
    name = f"<code>{escape(parameter['name'])}</code>"
    required = " (required)" if parameter.get("required") else ""
    default = parameter.get("schema", {}).get("default")
    meaning = _prose(str(parameter.get("description", "")))
    return (name + required, meaning, "" if default is None else escape(json.dumps(default)))


def _prose(text: str) -> str:
    """Return a text of the contract as HTML: what stands in backticks is code.

    >>> _prose("the `next` of an answer")
    'the <code>next</code> of an answer'
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
