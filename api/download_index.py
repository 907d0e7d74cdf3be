"""The list of what can be downloaded of a snapshot, for programs and as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from api.download_definitions import Definition
from api.download_offer import Offer, kgx_offers
from api.graph_listing import largest_graphs
from api.html import escaped, link, table
from api.snapshot_names import made_at
from kg.formats import GraphFormat
from kg.graph_titles import GraphTitles
from kg.snapshot import Snapshot
from kg.snapshot_shelf_parts import Part, part_name

__all__ = ["PATH", "describe_downloads", "downloads_page"]

PATH = "/downloads"

_MERGED = "all graphs merged: each triple once, whatever graphs state it"
_WHOLE = {True: "all graphs, each quad with its graph", False: _MERGED}
_CREDIT = "sarcoma-kg, by the sarcoma-kg contributors, CC BY 4.0; snapshot {}"
_SEVERAL = (
    "The graphs are under several licences. Each graph is a file of its own too, under its own "
    "licence; what is in a file with all graphs stays under the licence of its graph."
)
_HOW = (
    "A file of the served snapshot is also found under its snapshot's id, "
    "/downloads/<id>/<file>, as long as the server keeps that snapshot. Files but data.nq are "
    "made when they are first asked for. Ranges are answered for all files; gzip when accepted."
)

_MORE = "Of {:,} graphs the largest {:,} are listed; the others have files too."


def describe_downloads(
    snapshot: Snapshot,
    names: GraphTitles,
    definitions: Iterable[Definition],
    tables: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what can be downloaded of a snapshot as JSON values."""
    manifest, licence = snapshot.manifest, names.licences.get("")
    listed = largest_graphs(manifest.graphs)
    more = _MORE.format(len(manifest.graphs), len(listed))
    return {
        "snapshot": snapshot.id,
        "made": made_at(snapshot),
        "quads": manifest.quads,
        **_rights(snapshot, names),
        "about": _HOW if len(listed) == len(manifest.graphs) else f"{_HOW} {more}",
        "files": [_whole(snapshot, form, licence) for form in GraphFormat],
        "kgx": [_kgx(snapshot, each, names) for each in kgx_offers(listed)],
        "graphs": [
            {
                "graph": graph or None,
                **_known("title", names.titles.get(graph) if graph else "The default graph"),
                "triples": counts.triples,
                "claims": counts.claims,
                **_known("licence", names.licences.get(graph) if graph else None),
                **_known("attribution", names.attributions.get(graph)),
                "files": [f"{PATH}/{part_name(Part(graph, form))}" for form in GraphFormat],
            }
            for graph, counts in listed.items()
        ],
        "definitions": [
            {
                "link": f"{PATH}/{each.name}",
                "what": each.what,
                "mediaType": each.content_type.partition(";")[0],
                **_known("licence", each.licence),
            }
            for each in definitions
        ],
        "tables": list(tables),
        "snapshots": "/api/v1/snapshots",
    }


def downloads_page(described: Mapping[str, Any]) -> Iterator[str]:
    """Yield the parts of the page with these downloads."""
    yield (
        f"<p>Snapshot <code>{escape(described['snapshot'])}</code> of "
        f"{escape(described['made'])}, {described['quads']:,} quads; "
        f"{link(described['snapshots'], 'all snapshots that are kept')}.</p>"
    )
    yield from _credit(described)
    yield escaped("p", described["about"])
    yield "<h2>The whole data set</h2>"
    yield table(("File", "What", "Media type"), map(_file_row, described["files"]))
    yield "<h2>Nodes and edges in Biolink (KGX)</h2>"
    yield table(("File", "What", "Media type"), map(_file_row, described["kgx"]))
    yield "<h2>Definitions and licences</h2>"
    rows = described["definitions"]
    yield table(
        ("File", "What"),
        ((link(each["link"], each["link"]), escape(each["what"])) for each in rows),
    )
    if described["tables"]:
        yield "<h2>Tables</h2>"
        yield f"<ul>{''.join(f'<li>{link(each, each)}</li>' for each in described['tables'])}</ul>"
    yield "<h2>Graphs</h2>"
    yield table(("Graph", "What", "Triples", "Claims", "Files"), map(_row, described["graphs"]))


def _rights(snapshot: Snapshot, names: GraphTitles) -> dict[str, Any]:
    """Return the licence of all graphs, or the licences with their graphs where there are more."""
    licence, credit = names.licences.get(""), _CREDIT.format(snapshot.id[:12])
    if licence:
        return {"licence": licence, "attribution": credit}
    terms = names.terms(*filter(None, snapshot.manifest.graphs))
    if not terms:
        return {}
    licences = [
        {
            "licence": each.licence,
            "graphs": list(each.graphs),
            "attributions": list(each.attributions),
        }
        for each in terms
    ]
    return {"attribution": credit, "licences": licences, "aboutLicences": _SEVERAL}


def _credit(described: Mapping[str, Any]) -> Iterator[str]:
    if "attribution" not in described:
        return
    credit = escape(described["attribution"])
    if "licence" in described:
        yield f"<p>Please credit it as: {credit} ({link(described['licence'], 'licence')}).</p>"
        return
    yield f"<p>Please credit it as: {credit}, and name the sources below for what is theirs.</p>"
    yield "<h2>Licences</h2>"
    yield escaped("p", described["aboutLicences"])
    rows = (
        (
            link(each["licence"], each["licence"]),
            f"{len(each['graphs']):,}",
            escape("; ".join(each["attributions"]) or _CREDIT.partition(",")[0]),
        )
        for each in described["licences"]
    )
    yield table(("Licence", "Graphs", "Whom to credit"), rows)


def _whole(snapshot: Snapshot, form: GraphFormat, licence: str | None) -> dict[str, Any]:
    name = part_name(Part(None, form))
    described: dict[str, Any] = {
        "link": f"{PATH}/{name}",
        "permanent": f"{PATH}/{snapshot.id}/{name}",
        "what": _WHOLE[form.engine.supports_datasets],
        "mediaType": form.media_type,
        **_known("licence", licence),
    }
    if form is GraphFormat.N_QUADS:
        described |= {"bytes": snapshot.nquads.stat().st_size, "sha256": snapshot.id}
    return described


def _kgx(snapshot: Snapshot, offer: Offer, names: GraphTitles) -> dict[str, Any]:
    return {
        "link": f"{PATH}/{offer.name}",
        "permanent": f"{PATH}/{snapshot.id}/{offer.name}",
        "what": offer.what,
        "mediaType": offer.content_type.partition(";")[0],
        **_known("licence", names.licences.get(offer.graph or "")),
        **_known("attribution", names.attributions.get(offer.graph or "")),
    }


def _known(name: str, value: str | None) -> dict[str, str]:
    return {} if value is None else {name: value}


def _file_row(each: Mapping[str, Any]) -> tuple[str, ...]:
    return link(each["link"], each["link"]), escape(each["what"]), escape(each["mediaType"])


def _row(graph: Mapping[str, Any]) -> tuple[str, ...]:
    files = ", ".join(link(each, each.rpartition(".")[2]) for each in graph["files"])
    name = graph["graph"] or "(default graph)"
    title = escape(graph.get("title", ""))
    return (
        f"<code>{escape(name)}</code>",
        title,
        f"{graph['triples']:,}",
        str(graph["claims"]),
        files,
    )
