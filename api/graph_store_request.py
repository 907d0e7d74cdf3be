"""The Graph Store Protocol: the graph that a request names, and the documents that it brings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import PurePath

from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from api.graph_name import read_graph_name
from api.multipart import Part, read_parts
from api.problems import ParameterError, UnsupportedMedia
from api.request_body import ContentType, read_body, read_content_type, show_content_type
from api.request_parameters import decode_parameters
from kg.formats import GraphFormat, find_graph_format
from kg.namespaces import Namespaces
from kg.writing import Payload

__all__ = ["PATH", "Target", "find_target", "read_payloads"]

PATH = "/rdf-graph-store"

_MULTIPART = ("multipart/form-data", "multipart/mixed")
_UNTYPED = ("", "application/octet-stream")
"""What programs call a file of which they know nothing."""
_MEDIA_TYPES = {f".{each.extension}": each.media_type for each in GraphFormat}


@dataclass(frozen=True)
class Target:
    """The graph that a request means: an IRI, or None for the default graph.

    ``base`` is what relative IRIs of its documents start from; ``is_new`` tells that the server
    chose the name, for a document without one.
    """

    graph: str | None
    base: str
    is_new: bool = False


def find_target(request: Request, own: str, names: Namespaces) -> Target:
    """Return the graph that a request means; ``own`` is the address of the server.

    It is named by ``?graph=`` or ``?default``, or by the address itself; a POST to the service
    makes a new one (sections 4.1, 4.2 and 5.5 of the SPARQL 1.1 Graph Store HTTP Protocol).
    Raises ParameterError.
    """
    parameters = decode_parameters(request.scope["query_string"])
    path = _path(request)
    named = [name for name in ("graph", "default") if name in parameters]
    if len(named) + bool(path) > 1:
        raise ParameterError("graph", "the graph is named twice; name it once")
    if "graph" in named:
        graph = read_graph_name(parameters["graph"][0], "graph", names)
        return Target(graph, graph)
    if "default" in named:
        return Target(None, f"{own}{PATH}")
    if path:
        graph = read_graph_name(f"{own}{PATH}/{path}", "path", names)
        return Target(graph, graph)
    if request.method != "POST":
        raise ParameterError("graph", "name a graph: ?graph=IRI, or ?default for the default graph")
    graph = f"{own}{PATH}/{uuid.uuid4().hex}"
    return Target(graph, graph, is_new=True)


async def read_payloads(request: Request, longest: int) -> tuple[Payload, ...]:
    """Return the RDF documents in the body of a request; ``longest`` is in bytes.

    A POST may bring several as parts. A body without bytes is a graph without triples. Raises
    ParameterError, UnsupportedMedia and TooLarge.
    """
    given = request.headers.get("content-type")
    kind = read_content_type(given)
    if kind.media_type in _MULTIPART and request.method == "POST":
        parts = read_parts(await read_body(request, longest), kind.boundary)
        return tuple(_part_payload(part) for part in parts)
    if kind.media_type:
        media_type = _rdf_media_type(kind, given)
        body = await read_body(request, longest)
        return (Payload(media_type, body),) if body else ()
    if await read_body(request, longest):
        raise _unsupported(given)
    return ()


def _path(request: Request) -> str:
    """Return what stands below the service in the address, as the client encoded it."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    try:
        path = raw.partition(b"?")[0].decode()
    except UnicodeDecodeError:
        raise ParameterError("path", "the address is not UTF-8") from None
    return path.removeprefix(PATH).removeprefix("/")


def _part_payload(part: Part) -> Payload:
    given = part.headers.get("content-type")
    kind = read_content_type(given)
    if kind.media_type in _UNTYPED:
        extension = PurePath(_file_name(part)).suffix.lower()
        kind = ContentType(_MEDIA_TYPES.get(extension, kind.media_type))
    return Payload(_rdf_media_type(kind, given), part.body)


def _file_name(part: Part) -> str:
    _, options = parse_options_header(part.headers.get("content-disposition"))
    return options.get(b"filename", b"").decode("utf-8", "replace")


def _rdf_media_type(kind: ContentType, given: str | None) -> str:
    found = find_graph_format(kind.media_type) if "/" in kind.media_type else None
    if found is None or not kind.is_utf_8:
        raise _unsupported(given)
    return found.media_type


def _unsupported(given: str | None) -> UnsupportedMedia:
    offered = ", ".join(each.media_type for each in GraphFormat)
    return UnsupportedMedia(
        f"a graph comes as {offered}, in UTF-8, and {show_content_type(given)}; curl says it by "
        "-H 'Content-Type: text/turtle' --data-binary @FILE"
    )
