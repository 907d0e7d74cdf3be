"""The tests of the service description, which are prose, as checks of what an endpoint says."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse
from w3c_graph import Graph, Term, plain
from w3c_manifest import Case
from w3c_server import Response, Server

__all__ = ["find_description_problem"]

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_ACCEPT = "text/turtle, application/rdf+xml;q=0.8, application/n-triples;q=0.5"

_PROPERTIES = {
    "endpoint": ("Service", None),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
"""The properties of the vocabulary, with domain and range: a class, or None for any resource."""

_BELOW = {
    "Graph": {"Graph", "Dataset"},
    "GraphCollection": {"GraphCollection", "Dataset"},
}


def find_description_problem(case: Case, server: Server) -> str | None:
    """Return what a test of the service description finds wrong, or None."""
    response = server.send("GET", server.address.query, [("Accept", _ACCEPT)])
    try:
        graph = _read(response, server.address.query)
    except (ValueError, SyntaxError) as error:
        return f"{response.summary}: {error}"
    name = case.name.partition("/")[2]
    if name == "has-endpoint-triple":
        return _endpoint_problem(graph, server.address.query)
    return _schema_problem(graph) if name == "conforms-to-schema" else None


def _read(response: Response, base: str) -> Graph:
    rdf_format = RdfFormat.from_media_type(response.media_type)
    if response.status != 200 or rdf_format is None:
        raise ValueError(f"{response.status}, {response.media_type!r} is no RDF")
    quads = parse(response.body, format=rdf_format, base_iri=base)
    return Graph((plain(quad.subject), quad.predicate, plain(quad.object)) for quad in quads)


def _endpoint_problem(graph: Graph, endpoint: str) -> str | None:
    stated = [term for _, predicate, term in graph if predicate.value == f"{_SD}endpoint"]
    return None if NamedNode(endpoint) in stated else f"sd:endpoint is {stated}, not {endpoint}"


def _schema_problem(graph: Graph) -> str | None:
    """Hold the description to domains and ranges, and a service to having an endpoint."""
    services = graph.instances(f"{_SD}Service")
    if not services:
        return "no sd:Service"
    for service in services:
        if len(graph.objects(service, f"{_SD}endpoint")) != 1:
            return f"{service} has not one endpoint"
    for subject, predicate, term in graph:
        problem = _statement_problem(graph, subject, predicate.value, term)
        if problem:
            return problem
    return None


def _statement_problem(graph: Graph, subject: Term, predicate: str, term: Term) -> str | None:
    if not predicate.startswith(_SD):
        return None
    name = predicate.removeprefix(_SD)
    if name not in _PROPERTIES:
        return f"the vocabulary has no property sd:{name}"
    domain, range_ = _PROPERTIES[name]
    if isinstance(term, Literal):
        return f"sd:{name} has the literal {term}"
    if not _may_be(graph, subject, domain):
        return f"the subject of sd:{name} is no sd:{domain}"
    if range_ and not _may_be(graph, term, range_):
        return f"the object of sd:{name} is no sd:{range_}"
    return None


def _may_be(graph: Graph, term: Term, kind: str) -> bool:
    """Tell whether a term is stated to be of a class, or is not stated to be of any other."""
    stated = {
        each.value.removeprefix(_SD)
        for each in graph.objects(term, _RDF_TYPE)
        if isinstance(each, NamedNode | BlankNode) and each.value.startswith(_SD)
    }
    return not stated or bool(stated & _BELOW.get(kind, {kind}))
