"""Bulk downloads: the whole data set and its graphs in every RDF format, and the definitions."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.answers import Services, write_json
from api.conditional import asks_for_none, digest_tag, knows, not_modified, tagged
from api.download_definitions import CC_BY, Definition, find_definitions
from api.download_index import PATH, describe_downloads, downloads_page
from api.download_offer import KGX, KGX_TYPES, Offer, find_offer
from api.download_sending import FileAnswer, Sent, repr_digest, send_bytes, wants_gzip
from api.html import show_page, write_page
from api.kept_bytes import digest_of_bytes
from api.mapping_set import mapping_set
from api.problems import NotAcceptable
from api.snapshot_models import Downloads
from api.snapshot_names import UnknownSnapshot, get_kept
from api.sparql_contract import written_schema
from api.workshop import engine_from_afar
from kg.formats import GraphFormat
from kg.graph_titles import GraphTitles
from kg.inputs import TOOLS
from kg.negotiation import choose_media_type
from kg.snapshot import Snapshot
from kg.snapshot_shelf import Copy
from kg.snapshot_shelf_parts import Part, part_name
from kg.sources import graph_iri
from kg.sssom_export import CONTENT_TYPE
from kg.sssom_export import FILE_NAME as MAPPINGS

__all__ = ["download_router"]

_NQUADS = part_name(Part(None, GraphFormat.N_QUADS))
_JSON, _HTML = "application/json", "text/html"
_KGX_TYPES = (each.partition(";")[0] for each in KGX_TYPES.values())
_TYPES = {
    each: {"schema": written_schema(each)}
    for each in (*(form.media_type for form in GraphFormat), *_KGX_TYPES)
}
_FILE = "Such as data.nq, data.ttl, ontology.ttl; see /downloads."
_GRAPH_FILE = "The graph and a format, such as documents.ttl."
_KGX_FILE = "Of the claims or an import, nodes or edges, such as claims_nodes.tsv."
_SNAPSHOT = "An id, or its first eight digits or more; current is the served one."
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {**_TYPES, "text/plain": {}}},
    206: {"description": "A range of the file", "content": {**_TYPES, "text/plain": {}}},
}
_INDEX: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The list",
        "model": Downloads,
        "content": {_HTML: {"schema": {"type": "string"}}},
    }
}


def download_router(services: Services) -> APIRouter:
    """Return the routes of the downloads."""
    router, downloads = APIRouter(tags=["downloads"]), _Downloads(services)
    router.add_api_route(
        PATH,
        downloads.index,
        summary="What can be downloaded",
        response_class=Response,
        responses=_INDEX,
        openapi_extra={"x-example": PATH},
    )
    rows = (
        ("/graphs/{file}", downloads.graph, "A graph of the served snapshot", "documents.ttl"),
        ("/kgx/{file}", downloads.kgx, "Nodes or edges in Biolink", "claims_nodes.tsv"),
        ("/{file}", downloads.whole, "A file of the served snapshot", "data.nq"),
        ("/{snapshot}/graphs/{file}", downloads.older_graph, "A graph of a kept snapshot", None),
        ("/{snapshot}/kgx/{file}", downloads.older_kgx, "Such a file of a kept snapshot", None),
        ("/{snapshot}/{file}", downloads.older, "A file of a kept snapshot", None),
    )
    for path, endpoint, summary, example in rows:
        shown = path.replace("{file}", example or "")
        router.add_api_route(
            PATH + path,
            endpoint,
            summary=summary,
            response_class=Response,
            responses=_ANSWERS,
            openapi_extra={"x-example": PATH + shown} if example else None,
        )
    return router


class _Downloads:
    """What the routes do."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._shipped = services.shipped
        self._definitions = find_definitions(self._shipped)

    async def index(self, request: Request) -> Response:
        """Return what can be downloaded: as JSON, or as a page in a browser."""
        accept = ", ".join(request.headers.getlist("accept"))
        media_type = choose_media_type(accept, (_JSON, _HTML))
        if media_type is None:
            raise NotAcceptable(f"this is answered as {_JSON} or {_HTML}, and not as {accept}")
        snapshot = self._services.engine.snapshot
        names = await self._titles(snapshot)
        tables = _tables(await self._services.contract.get(request.app))
        tables += [f"{PATH}/{MAPPINGS}"] if _has_mappings(snapshot) else []

        def write() -> bytes:
            described = describe_downloads(snapshot, names, self._definitions.values(), tables)
            if media_type == _HTML:
                return write_page("Downloads", downloads_page(described))
            return write_json(described)

        body = await self._services.kept.get(
            (PATH, snapshot.id, media_type, bool(names.titles)), write
        )
        digest = (await body.derive("digest", digest_of_bytes)).decode()
        tag = digest_tag(snapshot.id, media_type, digest)
        if knows(request, tag) or asks_for_none(request):
            return not_modified(tag)
        is_page = media_type == _HTML
        answer = show_page(body) if is_page else Response(body, media_type=_JSON)
        answer.headers.update({**tagged(tag), "Sarcoma-KG-Snapshot": snapshot.id})
        return answer

    async def whole(
        self, request: Request, file: Annotated[str, Path(description=_FILE)]
    ) -> Response:
        """Return a file of the served snapshot.

        `data.nq` is the snapshot itself: its SHA-256 is the id. Formats without named graphs
        have each triple once. `Range` is answered for one range, `Repr-Digest` has the digest.
        """
        if file in self._definitions:
            return _definition(request, self._definitions[file])
        if file == MAPPINGS and _has_mappings(self._services.engine.snapshot):
            return _definition(request, await self._mappings())
        return await self._part(request, self._services.engine.snapshot, file)

    async def graph(
        self, request: Request, file: Annotated[str, Path(description=_GRAPH_FILE)]
    ) -> Response:
        """Return a named graph of the served snapshot."""
        return await self._part(request, self._services.engine.snapshot, f"graphs/{file}")

    async def kgx(
        self, request: Request, file: Annotated[str, Path(description=_KGX_FILE)]
    ) -> Response:
        """Return nodes or edges of the served snapshot in the terms of Biolink, as KGX has them.

        Tables have no quotes: read them with tabs between cells, and `|` between the values of
        a list. The claims of the documents, and each import, have files of their own.
        """
        return await self._part(request, self._services.engine.snapshot, f"{KGX}/{file}")

    async def older(
        self,
        request: Request,
        snapshot: Annotated[str, Path(description=_SNAPSHOT)],
        file: Annotated[str, Path(description=_FILE)],
    ) -> Response:
        """Return a file of a snapshot that the server keeps: the served one, and two before it."""
        return await self._part(request, await self._kept(snapshot), file)

    async def older_graph(
        self,
        request: Request,
        snapshot: Annotated[str, Path(description=_SNAPSHOT)],
        file: Annotated[str, Path(description=_GRAPH_FILE)],
    ) -> Response:
        """Return a named graph of a snapshot that the server keeps."""
        return await self._part(request, await self._kept(snapshot), f"graphs/{file}")

    async def older_kgx(
        self,
        request: Request,
        snapshot: Annotated[str, Path(description=_SNAPSHOT)],
        file: Annotated[str, Path(description=_KGX_FILE)],
    ) -> Response:
        """Return nodes or edges of a snapshot that the server keeps, as KGX has them."""
        return await self._part(request, await self._kept(snapshot), f"{KGX}/{file}")

    async def _mappings(self) -> Definition:
        services = self._services
        library = await services.keeper.get()
        making = mapping_set(engine_from_afar(services.engine), library.context.namespaces)
        body = await services.workshop.make(making)
        what = "Mappings to other systems, as a set of SSSOM"
        return Definition(MAPPINGS, what, CONTENT_TYPE, CC_BY, body)

    async def _kept(self, name: str) -> Snapshot:
        return await asyncio.to_thread(get_kept, self._services.engine.snapshot, name)

    async def _titles(self, snapshot: Snapshot) -> GraphTitles:
        kept = await self._services.descriptions.get()
        return kept.names if kept.snapshot.id == snapshot.id else GraphTitles()

    async def _part(self, request: Request, snapshot: Snapshot, name: str) -> Response:
        services = self._services
        offer = find_offer(name, snapshot)
        if offer is None:
            raise HTTPException(404)
        if not await asyncio.to_thread(snapshot.nquads.exists):
            raise UnknownSnapshot(
                f"this server has no copy of snapshot {snapshot.id[:12]}, as its graph is at an "
                "endpoint elsewhere; ask /sparql or /rdf-graph-store for it"
            )
        tag = _tag(snapshot, name, services.version)
        if knows(request, tag) or asks_for_none(request):
            return not_modified(tag)
        is_packed = wants_gzip(request)
        client = services.client_of(request)
        with services.download_gate.entered(client):
            copy = await self._copy(snapshot, name, is_packed=is_packed)
            headers = await self._headers(snapshot, offer)
        sent = Sent(copy, tag, headers, is_packed=is_packed)
        return FileAnswer(sent, services.download_gate.entered(client))

    async def _copy(self, snapshot: Snapshot, name: str, *, is_packed: bool) -> Copy:
        """Return the file to send; the N-Quads of a snapshot need not be made."""
        if name == _NQUADS and not is_packed:
            return Copy(snapshot.nquads, snapshot.id)
        made = await self._services.maker.get(snapshot, name, self._shipped)
        return made.compressed if is_packed else made.plain

    async def _headers(self, snapshot: Snapshot, offer: Offer) -> dict[str, str]:
        kept = await self._services.descriptions.get()
        # What is under several licences leads to the list of them.
        known = kept.names.licences
        licence = known.get(offer.graph or "") or (PATH if known else None)
        file = f"sarcoma-kg-{snapshot.id[:12]}{offer.ending}"
        return {
            "Content-Type": offer.content_type,
            "Content-Disposition": f'attachment; filename="{file}"',
            "Sarcoma-KG-Snapshot": snapshot.id,
            **_licence(licence),
        }


def _tag(snapshot: Snapshot, name: str, version: str) -> str:
    """Return the tag of a file: the N-Quads of a snapshot are what its id says."""
    if name == _NQUADS:
        return f'"{snapshot.id}"'
    return digest_tag(snapshot.id, version, TOOLS["pyoxigraph"], name)


def _licence(licence: str | None) -> dict[str, str]:
    return {"Link": f'<{licence}>; rel="license"'} if licence else {}


def _definition(request: Request, definition: Definition) -> Response:
    sha256 = hashlib.sha256(definition.body).hexdigest()
    tag = f'"{sha256[:32]}"'
    if knows(request, tag) or asks_for_none(request):
        return not_modified(tag)
    body, headers = definition.body, _licence(definition.licence)
    if wants_gzip(request):
        body = gzip.compress(body, mtime=0)
        sha256, tag = hashlib.sha256(body).hexdigest(), f'{tag[:-1]}-gzip"'
        headers["Content-Encoding"] = "gzip"
    headers |= {
        **tagged(tag),
        "Content-Disposition": f'attachment; filename="{definition.name}"',
        "Content-Type": definition.content_type,
        "Repr-Digest": repr_digest(sha256),
    }
    return send_bytes(request, body, tag, headers)


def _tables(contract: Mapping[str, Any]) -> list[str]:
    """Return the addresses of the lists that are answered as CSV, whatever else is asked."""
    return [
        f"{path}?format=csv"
        for path, operations in contract["paths"].items()
        if path.startswith("/api/v1/") and "{" not in path and _is_table(operations.get("get", {}))
    ]


def _has_mappings(snapshot: Snapshot) -> bool:
    return any(graph.startswith(graph_iri("mapping-")) for graph in snapshot.manifest.graphs)


def _is_table(operation: Mapping[str, Any]) -> bool:
    content = operation.get("responses", {}).get("200", {}).get("content", {})
    required = any(each.get("required") for each in operation.get("parameters", ()))
    return "text/csv" in content and not required
